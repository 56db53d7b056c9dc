// Charts of several scenarios: overlaid lines, stacks on one scale, differences as bars. Pure functions.
import type { Plot, Series } from '../../charts/plot'
import { GROUPS, inOrder, colourOf, SECTORS } from '../../colours'
import type { Projection } from '../../model/app'
import type { Context } from '../../page'
import { together } from '../../plots/power'
import { addTo, ends, folded, layers, yearAxis } from '../../plots/stacks'
import { largestOf, withUnit, type Kind, type Quantity } from '../../units'
import { windAndPv } from './differences'

export interface Shown {
  id: string
  name: string
  projection: Projection
}
interface LineStyle {
  colour: string
  dash?: Series['dash']
}
// One colour and dash a scenario, in the order of the row.
export const STYLES: LineStyle[] = [{ colour: '#111827' }, { colour: '#0B4F9E', dash: 'dashed' }, { colour: '#B8431A', dash: 'dotted' }, { colour: '#0F7A69', dash: [10, 3, 2, 3] }]

interface Overlay {
  id: string
  kind: Kind
  sources: { metric_id: string }[]
  of: (p: Projection) => number[] | undefined
}
export const OVERLAYS: Overlay[] = [
  { id: 'co2', kind: 'co2', sources: [{ metric_id: 'account.territorial_tco2' }], of: (p) => p.account.territorial_tco2 },
  { id: 'peakLoad', kind: 'load', sources: [{ metric_id: 'account.peak_load_mw' }], of: (p) => p.peak_load?.peak_load_mw },
  { id: 'electricity', kind: 'electricity', sources: [{ metric_id: 'account.electricity_consumption_mwh' }], of: (p) => p.account.electricity_consumption_mwh },
  { id: 'nonFossil', kind: 'share', sources: [{ metric_id: 'account.non_fossil_share' }], of: (p) => p.account.non_fossil_share },
  { id: 'windPv', kind: 'load', sources: [{ metric_id: 'power.renewable_capacity_mw' }], of: windAndPv },
]
export function overlayPlot(overlay: Overlay, all: readonly Shown[], c: Context): Plot | undefined {
  const rows = all.map((s, i) => ({ s, values: overlay.of(s.projection), style: STYLES[i % STYLES.length]! })).filter((r) => r.values?.length)
  if (!rows.length) return undefined
  const q = c.quantity(overlay.kind, largestOf(...rows.map((r) => r.values!)))
  const { years } = rows[0]!.s.projection
  const words = rows.map(({ s, values }) => {
    const { v0, v1 } = ends(years, values!, q)
    return c.say('compare.sentence', { name: s.name, y0: years[0], v0, y1: years[years.length - 1], v1 })
  })
  return {
    ...yearAxis(years, c),
    quantity: q,
    series: rows.map(({ s, values, style }): Series => ({ id: s.id, name: s.name, colour: style.colour, values: values!, kind: 'line', width: 2, ...(style.dash ? { dash: style.dash } : {}) })),
    sentence: words.join(' '),
  }
}

export type StackId = 'co2' | 'generation'
type Rows = Map<string, number[]>
function rowsOf(p: Projection, stack: StackId): Rows {
  const rows: Rows = new Map()
  if (stack === 'co2') for (const s of p.sectors) addTo(rows, s.sector, s.direct_tco2)
  else for (const t of p.power?.technologies ?? []) addTo(rows, together(t.group), t.energy_mwh)
  return rows
}
function seriesOf(rows: Rows, stack: StackId, kind: 'area' | 'bar', p: Projection, c: Context): Series[] {
  if (stack === 'generation') return layers(rows, GROUPS, 'groups', kind, c)
  const label = new Map(p.sectors.map((s) => [s.sector, s.label[c.language]]))
  return inOrder([...rows.keys()], SECTORS).map((id) => ({ id, name: label.get(id) ?? id, colour: colourOf(SECTORS, id), values: rows.get(id)!, kind }))
}
const KINDS: Record<StackId, Kind> = { co2: 'co2', generation: 'electricity' }
const sums = (series: readonly Series[], count: number, sign: 1 | -1) =>
  Array.from({ length: count }, (_, i) => series.reduce((s, one) => s + sign * Math.max(0, sign * (one.values[i] ?? 0)), 0))
// A round bound above (below) the values, so that all charts have the same ticks.
export function roundBound(value: number): number {
  if (!value) return 0
  const power = 10 ** Math.floor(Math.log10(Math.abs(value)))
  const lead = Math.abs(value) / power
  const step = power * (lead > 5 ? 1 : lead > 2 ? 0.5 : 0.2)
  return Math.sign(value) * Math.ceil(Math.abs(value) / step - 1e-9) * step
}

// Layers that are thin in one scenario may be thick in another: all are folded alike.
function alike(all: readonly Rows[]): Rows[] {
  const ids = [...new Set(all.flatMap((r) => [...r.keys()]))]
  const length = Math.max(0, ...all.flatMap((r) => [...r.values()].map((v) => v.length)))
  const joined: Rows = new Map(ids.map((id) => [id, all.flatMap((r) => r.get(id) ?? Array.from({ length }, () => 0))]))
  const fold = folded(joined, ['import'])
  return all.map((_, n) => new Map([...fold].map(([id, values]) => [id, values.slice(n * length, (n + 1) * length)])))
}
// The same stack of every scenario on one y scale.
export function stackPlots(stack: StackId, all: readonly Shown[], c: Context): Plot[] {
  const kind = stack === 'co2' ? 'area' : 'bar'
  const layersOf = alike(all.map((s) => rowsOf(s.projection, stack))).map((rows, i) => seriesOf(rows, stack, kind, all[i]!.projection, c))
  const tops = layersOf.map((series, i) => sums(series, all[i]!.projection.years.length, 1))
  const lows = layersOf.map((series, i) => sums(series, all[i]!.projection.years.length, -1))
  const q = c.quantity(KINDS[stack], largestOf(...tops))
  const yMax = roundBound(largestOf(...tops) * q.factor) / q.factor
  const low = largestOf(...lows)
  const yMin = low > 1e-6 ? -roundBound(low * q.factor) / q.factor : 0
  return all.map((s, i) => ({
    ...yearAxis(s.projection.years, c),
    quantity: q,
    series: layersOf[i]!,
    sum: c.say('sum'),
    yMax,
    yStep: yMax / 5,
    yMin,
    sentence: c.say('compare.sentence', { name: s.name, ...ends(s.projection.years, tops[i]!, q) }),
  }))
}
// Scenario minus comparison, layer by layer.
export function differencePlots(stack: StackId, all: readonly Shown[], against: Shown, c: Context): { id: string; plot: Plot }[] {
  const others = all.filter((s) => s.id !== against.id)
  const rows = [against, ...others].map((s) => rowsOf(s.projection, stack))
  const [from, ...to] = rows as [Rows, ...Rows[]]
  const differences = alike(
    to.map((own) => new Map([...new Set([...own.keys(), ...from.keys()])].map((id) => [id, minus(own.get(id), from.get(id))]))),
  )
  const made = differences.map((d, i) => seriesOf(d, stack, 'bar', others[i]!.projection, c))
  const count = against.projection.years.length
  const ends = ([1, -1] as const).map((sign) => largestOf(...made.map((series) => sums(series, count, sign))))
  const q = c.quantity(KINDS[stack], Math.max(...ends))
  const [high, low] = ends.map((v) => roundBound(v * q.factor) / q.factor) as [number, number]
  return others.map((s, i) => ({ id: s.id, plot: differencePlot(made[i]!, s, against, q, [-low, high], c) }))
}
const minus = (a: number[] | undefined, b: number[] | undefined) => (a ?? b ?? []).map((_, i) => (a?.[i] ?? 0) - (b?.[i] ?? 0))
function differencePlot(series: Series[], own: Shown, against: Shown, q: Quantity, [yMin, yMax]: [number, number], c: Context): Plot {
  const { years } = own.projection
  const net = years.map((_, i) => series.reduce((s, one) => s + (one.values[i] ?? 0), 0))
  const last = net.length - 1
  return {
    ...yearAxis(years, c),
    quantity: q,
    series: [...series, { id: 'net', name: c.say('compare.net'), colour: '#111827', values: net, kind: 'line', width: 2, halo: true }],
    ...(yMax > yMin ? { yMin, yMax } : {}),
    sentence: c.say('compare.differenceSentence', { name: own.name, other: against.name, year: years[last], value: withUnit(net[last], q) }),
  }
}
