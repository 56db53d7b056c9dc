// Charts of a batch. Pure functions of what the service told.
import type { batch } from '../api/contracts'
import { chartOf, type Plot, type Series } from '../charts/plot'
import type { Chart } from '../charts/chart'
import { MARKER, TOTAL } from '../colours'
import { fixed } from '../numbers'
import type { Context } from '../page'
import { yearAxis } from '../plots/stacks'
import { largestOf, withUnit, type Kind, type Quantity } from '../units'
import { between } from './spec'

const KINDS: Record<string, Kind> = { tCO2: 'co2', t: 'co2', MW: 'load', MWh: 'electricity', GJ: 'energy', share: 'share', CNY: 'money', h: 'hours', 'CNY/MWh': 'price', 'tCO2/MWh': 'gridFactor', 1: 'ratio' }
export const quantityOfUnit = (unit: string, c: Context, largest?: number): Quantity =>
  KINDS[unit] ? c.quantity(KINDS[unit]!, largest) : { unit, factor: 1, digits: 2, contractUnit: unit }

interface MetricChoice {
  id: string
  label: string
  unit: string
  columns: batch.BatchColumn[] // by year
}
// Metrics of the whole region that are kept for at least two years.
export function metricsOf(columns: readonly batch.BatchColumn[], language: Context['language']): MetricChoice[] {
  const found = new Map<string, MetricChoice>()
  for (const c of columns) {
    if (c.kind !== 'COLUMN_KIND_METRIC' || c.place) continue
    const one = found.get(c.metric_id) ?? { id: c.metric_id, label: c.label[language], unit: c.unit, columns: [] }
    one.columns.push(c)
    found.set(c.metric_id, one)
  }
  return [...found.values()].filter((m) => m.columns.length > 1).map((m) => ({ ...m, columns: [...m.columns].sort((a, b) => a.year - b.year) }))
}

const LOWER = '#0B4F9E'
const UPPER = '#B8431A'
const LINES = ['p05', 'p10', 'p50', 'p90', 'p95'] as const
const BOUNDS = ['p10_low', 'p10_high', 'p90_low', 'p90_high'] as const
// Percentiles over the years; between kept years straight lines are drawn, the table has the kept ones.
export function fanChart(metric: MetricChoice, percentiles: ReadonlyMap<string, batch.ColumnPercentiles>, done: number, all: number, c: Context): Chart | undefined {
  const known = metric.columns.filter((col) => percentiles.has(col.column_id))
  if (known.length < 2) return undefined
  const kept = known.map((col) => col.year)
  const at = (name: (typeof LINES | typeof BOUNDS)[number]) => known.map((col) => percentiles.get(col.column_id)![name])
  const years = Array.from({ length: kept[kept.length - 1]! - kept[0]! + 1 }, (_, i) => kept[0]! + i)
  const drawn = (values: number[]) => years.map((year) => between(kept.map((y, i): [number, number] => [y, values[i]!]), year))
  const q = quantityOfUnit(metric.unit, c, largestOf(at('p95')))
  const line = (id: string, values: number[], rest: Partial<Series>): Series => ({ id, name: c.say(`batch.lines.${id}`), colour: TOTAL, values: drawn(values), kind: 'line', ...rest })
  const bounds = BOUNDS.map((id, i): Series => line(id, at(id), { width: 1, dash: 'dotted', colour: MARKER, ...(i ? { of: 'bounds', helper: true } : { id: 'bounds', name: c.say('batch.lines.bounds') }) }))
  const last = known.length - 1
  const text = (name: (typeof LINES)[number]) => withUnit(at(name)[last], q)
  const plot: Plot = {
    ...yearAxis(years, c),
    quantity: q,
    series: [...bounds, line('p10', at('p10'), { width: 1.5, colour: LOWER }), line('p90', at('p90'), { width: 1.5, colour: UPPER }), line('p50', at('p50'), { width: 2.5 })],
    band: { name: '', filled: true, p10: drawn(at('p05')), p25: drawn(at('p10')), p50: drawn(at('p50')), p75: drawn(at('p90')), p90: drawn(at('p95')) },
    sentence: c.say('batch.fanSentence', { name: metric.label, year: kept[last], p10: text('p10'), p50: text('p50'), p90: text('p90'), done, all }),
  }
  const columns = [...LINES, ...BOUNDS]
  return {
    ...chartOf(plot),
    table: {
      rowTitle: c.say('year'),
      columns: columns.map((id) => ({ name: c.say(`batch.lines.${id}`), quantity: q })),
      rows: kept.map((year, i) => ({ label: String(year), cells: columns.map((id) => at(id)[i]) })),
    },
  }
}

const SHARE: Quantity = { unit: '%', factor: 100, digits: 1, contractUnit: 'share' }
const bars = (x: string[], xTitle: string, name: string, values: number[], sentence: string, every = 1): Chart =>
  chartOf({ x, xTitle, xTick: (i) => i % every === 0, quantity: SHARE, series: [{ id: 'share', name, colour: '#225DAE', values, kind: 'bar' }], sentence })

export function peakYearChart(joint: batch.JointPeaks, c: Context): Chart | undefined {
  if (!joint.years.length) return undefined
  const years = [...joint.years].sort((a, b) => (a.year || Infinity) - (b.year || Infinity))
  const name = (year: number) => (year ? String(year) : c.say('batch.stillRising'))
  const largest = [...years].sort((a, b) => b.share - a.share)[0]!
  return bars(years.map((y) => name(y.year)), c.say('batch.peakYear'), c.say('batch.shareOfMembers'), years.map((y) => y.share), c.say('batch.peakYearSentence', { year: name(largest.year), share: fixed(100 * largest.share, 1) }))
}
// Members in each bin of the peak load, over all bins of the carbon peak.
export function loadShares(joint: batch.JointPeaks): number[] {
  const bins = Math.max(0, joint.peak_load_bounds_mw.length - 1)
  const counts = Array.from({ length: bins }, (_, b) => joint.cell_counts.reduce((s, n, i) => s + (i % bins === b ? n : 0), 0))
  const all = counts.reduce((s, n) => s + n, 0)
  return counts.map((n) => (all ? n / all : 0))
}
export function peakLoadChart(joint: batch.JointPeaks, c: Context): Chart | undefined {
  const shares = loadShares(joint)
  if (!shares.length) return undefined
  const bounds = joint.peak_load_bounds_mw
  const q = c.quantity('load', largestOf(bounds))
  const middle = (i: number) => fixed(((bounds[i]! + bounds[i + 1]!) / 2) * q.factor, q.digits)
  const ends = { low: withUnit(bounds[0], q), high: withUnit(bounds[bounds.length - 1], q), year: joint.peak_load_year }
  return bars(shares.map((_, i) => middle(i)), `${c.say('peakLoad')} (${q.unit})`, c.say('batch.shareOfMembers'), shares, c.say('batch.peakLoadSentence', ends), 4)
}
