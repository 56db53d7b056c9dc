// Metrics of a projection as a plot: stacks, shares of their sum, or lines, with what the documents ask of them. A chart
// is a description; one pure function draws it. Values stay in the contract's units.
import type { common, projection } from '../api/contracts'
import type { Plot, Series } from '../charts/plot'
import { colourOf, inOrder, WITH_IMPORTS, type Palette } from '../colours'
import type { Projection } from '../model/app'
import type { Context } from '../page'
import { largestOf, type Kind, type Language } from '../units'
import { diamondsOf, type Asked, type Diamond } from './asked'
import { ends, plus, yearAxis } from './stacks'

export interface Part {
  id: string // in the palette, and in the words of the room
  metrics: string[] // added up
  factor?: number // to the unit of the chart's kind
  below?: boolean // drawn below zero
  line?: boolean // a line over the stack
  dash?: Series['dash']
}
export const MODES = ['stacked', 'shares', 'lines'] as const
export type Mode = (typeof MODES)[number]
export interface MetricChart {
  id: string // words: <room>.charts.<id>, <room>.scopes.<id>
  room: string
  kind: Kind
  draw: 'area' | 'bar' | 'line'
  palette: Palette
  parts: Part[]
  names?: string // table of words for the parts; without a word the service's label is the name
  sum?: string // word for the sum of the stack
  modes?: Mode[] // ways to draw it, the first by default
  asked?: Asked[]
}
export interface Wanted {
  mode?: Mode | undefined
  place?: string // a city, or empty
  compared?: Projection | undefined
}

export const metricsOf = (charts: readonly MetricChart[]): string[] => [
  ...new Set(charts.flatMap((chart) => [...chart.parts.flatMap((p) => p.metrics), ...(chart.asked ?? []).map((a) => a.metric)])),
]

type Row = projection.MetricSeries
const rowOf = (p: Projection, id: string): Row | undefined => p.metrics.find((m) => m.metric.metric_id === id)
// Values of a city, where it was asked for and the metric has them.
function placeValues(p: Projection, row: Row, place: string): number[] | undefined {
  const [at, years] = [p.places.indexOf(place), p.years.length]
  return at < 0 || row.place_values.length < (at + 1) * years ? undefined : row.place_values.slice(at * years, (at + 1) * years)
}
// Whether the projection was asked for values of cities.
export const hasCities = (p: Projection): boolean => p.metrics.some((m) => m.place_values.length > 0)
// Whether a chart exists for the cities; else the region's is shown and said to be.
export const knowsCities = (p: Projection, chart: MetricChart): boolean =>
  chart.parts.every((part) => part.metrics.every((id) => (rowOf(p, id)?.place_values.length ?? 0) > 0))

function valuesOf(p: Projection, part: Part, place: string): number[] | undefined {
  let sum: number[] | undefined
  for (const id of part.metrics) {
    const row = rowOf(p, id)
    const values = row && (place ? placeValues(p, row, place) : row.region_values)
    if (!values?.length) return undefined
    sum = sum ? plus(sum, values) : values
  }
  const factor = (part.factor ?? 1) * (part.below ? -1 : 1)
  return factor === 1 ? sum : sum?.map((v) => v * factor)
}

// Labels of the service without what all of them say: "useful space heat from gas boilers" -> "gas boilers".
const tokens = (text: string, language: Language): string[] => (language === 'zh' ? [...text] : text.split(/(?<= )/))
const sameFirst = (rows: string[][]): number => {
  let n = 0
  while (rows.every((r) => n < r.length - 1 && r[n] === rows[0]![n])) n++
  return n
}
export function shortNames(labels: common.Label[], language: Language): string[] {
  const rows = labels.map((l) => tokens(l[language], language))
  if (rows.length < 2) return labels.map((l) => l[language])
  const first = sameFirst(rows)
  const cut = rows.map((r) => r.slice(first))
  const last = sameFirst(cut.map((r) => [...r].reverse().map((t) => t.trim())))
  return cut.map((r) => r.slice(0, r.length - last).join('').replace(/[\s,;:：]+$/, ''))
}
function namesOf(p: Projection, chart: MetricChart, { say, language }: Context): string[] {
  const labels = chart.parts.map((part) => rowOf(p, part.metrics[0]!)?.metric.label ?? { zh: part.id, en: part.id })
  const short = shortNames(labels, language)
  return chart.parts.map((part, i) => {
    const key = `${chart.names}.${part.id}`
    const word = chart.names ? say(key) : key
    return word === key ? short[i]! : word
  })
}

const shareRows = (rows: number[][]): number[][] => {
  const sum = rows.reduce((s, row) => plus(s, row), rows[0]!.map(() => 0))
  return rows.map((row) => row.map((v, i) => (sum[i]! > 0 ? v / sum[i]! : 0)))
}
const total = (rows: number[][], count: number): number[] => rows.reduce((s, row) => plus(s, row), Array.from({ length: count }, () => 0))
const LEAST = 1e-6
const NEAR_ALL = 0.8 // a share that comes near the whole is drawn on the whole
const isLine = (chart: MetricChart, part: Part, mode: Mode): boolean => chart.draw === 'line' || !!part.line || mode === 'lines'

// Series in the palette's order; layers that are nothing anywhere are left out.
function seriesOf(p: Projection, chart: MetricChart, rows: number[][], mode: Mode, c: Context): Series[] {
  const names = namesOf(p, chart, c)
  return inOrder(chart.parts.map((part) => part.id), chart.palette).flatMap((id): Series[] => {
    const i = chart.parts.findIndex((part) => part.id === id)
    const [part, values] = [chart.parts[i]!, rows[i]!]
    const line = isLine(chart, part, mode)
    if (!line && values.every((v) => Math.abs(v) < LEAST)) return []
    const halo = line && chart.draw !== 'line' && mode === 'stacked'
    return [{ id, name: names[i]!, colour: colourOf(chart.palette, id), values, kind: line || chart.draw === 'line' ? 'line' : chart.draw, ...(part.dash ? { dash: part.dash } : {}), ...(halo ? { halo } : {}) }]
  })
}

// Undefined where a metric of the chart is not there.
export function metricsPlot(p: Projection, chart: MetricChart, c: Context, { mode = chart.modes?.[0] ?? 'stacked', place = '', compared }: Wanted = {}): Plot | undefined {
  const all = chart.parts.map((part) => valuesOf(p, part, place))
  if (!all.length || all.some((v) => !v)) return undefined
  const shares = mode === 'shares'
  const series = seriesOf(p, chart, shares ? shareRows(all as number[][]) : (all as number[][]), mode, c)
  const layered = series.filter((s) => s.kind !== 'line')
  const whole = layered.length ? total(layered.map((s) => s.values), p.years.length) : undefined
  const other = shares || place ? undefined : comparedLine(chart, compared, !!whole, mode, c)
  const asked = shares ? [] : diamondsOf(p, chart.asked ?? [], series, place, c)
  const kind = shares ? 'share' : chart.kind
  const upper = total(layered.map((s) => s.values.map((v) => Math.max(0, v))), p.years.length)
  const highest = largestOf(upper, ...series.map((s) => s.values), other?.values ?? [], asked.map((a) => a.mark.value))
  const q = c.quantity(kind, highest)
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series: [...series, ...(other ? [other] : [])],
    ...(!shares && kind !== 'share' && layered.length > 1 ? { sum: c.say(chart.sum ?? 'sum') } : {}),
    ...(kind === 'share' && highest > NEAR_ALL ? { yMax: 1, yStep: 0.25 } : {}),
    ...(asked.length ? { diamonds: asked.map((a) => a.mark), tipRows: (i: number) => asked.flatMap((a) => (a.mark.at === i ? a.tips : [])) } : {}),
    sentence: sentence(p, chart, series, kind === 'share' ? undefined : whole, asked, q, c),
  }
}

// The comparison scenario as a line: of the sum of a stack, or beside a line that stands alone.
function comparedLine(chart: MetricChart, compared: Projection | undefined, stack: boolean, mode: Mode, c: Context): Series | undefined {
  if (!compared) return undefined
  const parts = chart.parts.filter((part) => (stack ? !isLine(chart, part, mode) : true))
  if (parts.some((part) => part.below) || (!stack && parts.length > 1)) return undefined
  const rows = parts.map((part) => valuesOf(compared, part, ''))
  if (!rows.length || rows.some((r) => !r)) return undefined
  return { id: 'compared', name: c.compared, colour: WITH_IMPORTS, values: total(rows as number[][], compared.years.length), kind: 'line', dash: 'dashed', halo: stack }
}

const MOST_TOLD = 4
function sentence(p: Projection, chart: MetricChart, series: Series[], whole: number[] | undefined, asked: Diamond[], q: Plot['quantity'], c: Context): string {
  const course = (s: Series) => {
    const { v0, v1 } = ends(p.years, s.values, q)
    return `${s.name} ${v0} → ${v1}`
  }
  const last = p.years.length - 1
  const years = `${p.years[0]} → ${p.years[last]}`
  const parts = whole ? [c.say('metrics.between', ends(p.years, whole, q))] : [years, ...[...series].sort((a, b) => b.values[last]! - a.values[last]!).slice(0, MOST_TOLD).map(course)]
  const targets = asked.map((a) => `${p.years[a.mark.at]} ${a.mark.text.split('\n').join(', ')}`)
  return c.say('metrics.sentence', {
    place: c.place, scenario: c.scenario, title: c.say(`${chart.room}.charts.${chart.id}`), what: [...parts, ...targets].join(c.language === 'zh' ? '；' : '; '),
  })
}
