import { describe, expect, test } from 'vitest'
import { optionOf } from '../charts/option'
import { sumAt, stacked, type Plot } from '../charts/plot'
import { SECTORS } from '../colours'
import type { Projection } from '../model/app'
import type { Band } from '../model/band'
import type { Context } from '../page'
import { quantityOf } from '../units'
import { co2Plot, co2PlotOf, cumulated, lastObservedYear, PER_GDP, POPULATION } from './co2'

const years = [2020, 2025, 2030, 2060]
export const context: Context = {
  say: (key, words) => (words ? `${key} ${JSON.stringify(words)}` : key), language: 'en', units: 'si', place: 'P', scenario: 'S', compared: 'C', year: 2030,
  quantity: (kind, largest) => quantityOf(kind, 'si', 'en', largest),
}
const sector = (id: string, values: number[]) => ({ sector: id, label: { zh: id, en: id }, direct_tco2: values })
const parts = { power: [300e6, 350e6, 340e6, 60e6], industry: [250e6, 240e6, 200e6, 40e6], transport: [50e6, 60e6, 50e6, 10e6] }
const total = years.map((_, i) => Object.values(parts).reduce((s, v) => s + v[i]!, 0))
const metric = (id: string, values: number[]) => ({ metric: { metric_id: id }, region_values: values, place_values: [] })
const projection = (peakYear = 2025): Projection =>
  ({
    years, frame: { region: 'p' }, sectors: Object.entries(parts).map(([id, v]) => sector(id, v)),
    account: { territorial_tco2: total, sink_tco2: [5e6, 5e6, 6e6, 8e6], imported_power_tco2: [40e6, 50e6, 60e6, 10e6], process_tco2: [30e6, 30e6, 20e6, 5e6] },
    carbon_peaks: [{ year: peakYear, level_tco2: total[years.indexOf(peakYear)], in_span: true, plateau_first_year: 2025, plateau_last_year: 2030 }],
    targets: [{ form: 'peak_year', place: 'p', asked: 2030 }], metrics: [metric(PER_GDP, [68, 50, 40, 4]), metric(POPULATION, [85e6, 85e6, 84e6, 72e6])],
  }) as unknown as Projection
const band: Band = { key: 'k', years, p10: total.map((v) => 0.9 * v), p25: total.map((v) => 0.95 * v), p50: total, p75: total.map((v) => 1.05 * v), p90: total.map((v) => 1.1 * v), peakYears: { p10: 2025, p90: 2030 }, members: 100, done: 40 }
const seriesOf = (plot: Plot, hidden = new Set<string>()) => optionOf(plot, hidden).series as { id: string; data: (number | null)[]; areaStyle?: { opacity: number }; markPoint?: { data: unknown[] }; markLine?: { data: unknown[] } }[]

describe('CO2 by sector', () => {
  test('layers stand in the palette\'s order and sum to the total, sinks below zero apart', () => {
    const plot = co2Plot(projection(), context)
    const layers = stacked(plot).filter((s) => s.id !== 'sinks')
    const order = Object.keys(SECTORS)
    expect(layers.map((s) => order.indexOf(s.id))).toEqual([...layers.map((s) => order.indexOf(s.id))].sort((a, b) => a - b))
    years.forEach((_, i) => expect(sumAt(layers, i)).toBeCloseTo(total[i]!))
    expect(plot.series.find((s) => s.id === 'sinks')!.values).toEqual([-5e6, -5e6, -6e6, -8e6])
  })
  test('the marker stands on the year and level of the carbon peak, the bracket on its plateau, the line on the target year', () => {
    const plot = co2Plot(projection(), context)
    expect(plot.peak).toMatchObject({ at: 1, value: total[1], pin: true })
    expect(plot.plateau).toMatchObject({ first: 1, last: 2 })
    expect(plot.limit).toMatchObject({ at: 2 })
  })
  test('labels of a peak in the first and in the last year run into the plot', () => {
    for (const [year, align] of [[2020, 'left'], [2060, 'right']] as const) {
      const last = seriesOf(co2Plot(projection(year), context)).find((s) => s.markLine)!
      const lines = last.markLine!.data as { xAxis?: number; label: { align: string; fontWeight: number } }[]
      expect(lines.find((l) => l.label?.fontWeight === 600)!.label.align).toBe(align)
    }
  })
  test('the target and the peak stand in lanes of their own', () => {
    const lines = seriesOf(co2Plot(projection(), context)).find((s) => s.markLine)!.markLine!.data as { label?: { distance?: number[] } }[]
    const lanes = lines.flatMap((l) => (l.label?.distance ? [l.label.distance[1]] : []))
    expect(new Set(lanes).size).toBe(2)
  })
  test('over a stack the ensemble is two thin lines without fill; over the total it is filled', () => {
    const over = seriesOf(co2PlotOf('stacked', projection(), context, { band })!)
    expect(over.filter((s) => s.id.startsWith('_p')).map((s) => s.id)).toEqual(['_p10', '_p90'])
    expect(over.find((s) => s.id === '_p10')!.areaStyle).toBeUndefined()
    const alone = seriesOf(co2PlotOf('total', projection(), context, { band })!)
    const edges = ['_base', '_low', '_middle', '_high'].map((id) => alone.find((s) => s.id === id)!.data[0]!)
    expect(edges.reduce((s, v) => s! + v!, 0)).toBeCloseTo((1.1 * total[0]!) / 1e6)
    expect(co2PlotOf('total', projection(), context, { band })!.span).toEqual({ first: 1, last: 2 })
  })
  test('the comparison is told in the tooltip as a difference', () => {
    const other = { ...projection(), account: { ...projection().account, territorial_tco2: total.map((v) => v + 10e6) } }
    const plot = co2Plot(projection(), context, other)
    expect(plot.tipRows!(0).map((r) => r.text)).toEqual(['\u221210.0'])
    expect(plot.series.find((s) => s.id === 'compared')).toMatchObject({ dash: 'dashed', halo: true })
  })
})
describe('other views of CO2', () => {
  test('cumulated values end at the sum of all years', () => {
    expect(cumulated([1, 2, 3])).toEqual([1, 3, 6])
    const plot = co2PlotOf('cumulative', projection(), context, {})!
    expect(plot.series[0]!.values[3]).toBeCloseTo(total.reduce((s, v) => s + v, 0))
  })
  test('CO2 per person is the total over the population, per GDP the account\'s own number with its unit', () => {
    expect(co2PlotOf('per_person', projection(), context, {})!.series[0]!.values[0]).toBeCloseTo(600e6 / 85e6)
    const perGdp = co2PlotOf('per_gdp', projection(), context, {})!
    expect(perGdp.series[0]!.values).toEqual([68, 50, 40, 4])
    expect(perGdp.quantity.unit).toBe('t/million CNY')
  })
  test('without the metrics there is no plot rather than a wrong one', () => {
    const bare = { ...projection(), metrics: [] }
    expect(co2PlotOf('per_gdp', bare, context, {})).toBeUndefined()
    expect(co2PlotOf('per_person', bare, context, {})).toBeUndefined()
  })
  test('the widest boundary is territorial with imports and process; net takes the sinks off', () => {
    const of = new Map(co2PlotOf('boundary', projection(), context, {})!.series.map((s) => [s.id, s.values[0]!]))
    expect(of.get('all')).toBeCloseTo(670e6)
    expect(of.get('net')).toBeCloseTo(665e6)
    expect(of.get('with_imports')).toBeCloseTo(640e6)
    expect(of.get('with_process')).toBeCloseTo(630e6)
  })
})
test('the observed line stands at the year that most levers know', () => {
  const lever = (year: number) => ({ lever: { last_observed_year: year } }) as never
  expect(lastObservedYear([lever(2020), lever(2025), lever(2025), lever(0), lever(0), lever(0)])).toBe(2025)
  expect(lastObservedYear([])).toBeUndefined()
})
