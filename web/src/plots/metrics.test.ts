import { describe, expect, it, test } from 'vitest'
import { chartOf, sumAt } from '../charts/plot'
import type { Projection } from '../model/app'
import type { Context } from '../page'
import { quantityOf } from '../units'
import { needsOf } from '../views/needs'
import { CARDS as BUILDING_CARDS } from '../views/buildings/charts'
import { CARDS as TRANSPORT_CARDS } from '../views/transport/charts'
import { messages } from '../i18n'
import { askedLevel } from './asked'
import { knowsCities, metricsOf, metricsPlot, shortNames, type MetricChart } from './metrics'

const YEARS = [2024, 2025, 2026]
const c: Context = {
  say: (key, words) => (words ? `${key} ${Object.values(words).join(' ')}` : key), language: 'en', units: 'si', place: 'Jiangsu', scenario: 'planned', year: 2025, compared: 'frozen',
  quantity: (kind, largest) => quantityOf(kind, 'si', 'en', largest),
}
const metric = (id: string, values: number[], places: number[] = [], label = id) => ({ metric: { metric_id: id, label: { zh: label, en: label }, unit: '', policy_refs: [] }, region_values: values, place_values: places })
const target = (over: Record<string, unknown>) => ({
  target_id: 'JSP-1', metric_id: 't.rail', place: 'jiangsu', year: 2025, section: '三(五)2', form: 'level', compare: 'at_least', asked: 50, unit: '%', value: 60, value_source: { kind: 'model' }, ...over,
})
const projection = (targets: Record<string, unknown>[] = []): Projection => ({
  frame: { region: 'jiangsu' }, years: YEARS, places: ['nanjing', 'wuxi'], targets: targets.map(target),
  metrics: [
    metric('t.road', [300, 320, 340], [100, 110, 120, 200, 210, 220]), metric('t.rail', [100, 130, 160], [40, 50, 60, 60, 80, 100]), metric('t.coast', [0, 0, 0], [0, 0, 0, 0, 0, 0]),
    metric('t.bus', [0.2, 0.5, 0.9]), metric('t.metro', [0.1, 0.2, 0.3]), metric('t.out', [10, 20, 30], [4, 8, 12, 6, 12, 18]),
  ],
}) as unknown as Projection
const part = (id: string, ...metrics: string[]) => ({ id, metrics })
const palette = { road: '#111', rail: '#222', coast: '#333', out: '#444' }
const freight: MetricChart = { id: 'freight', room: 'r', kind: 'freight', draw: 'area', palette, modes: ['stacked', 'shares'], parts: [part('rail', 't.rail'), part('road', 't.road'), part('coast', 't.coast')], asked: [{ metric: 't.rail', over: ['rail'] }] }

describe('a stack of metrics', () => {
  it('has its layers in the order of the palette, without those that are nothing, and their sum', () => {
    const plot = metricsPlot(projection(), freight, c)!
    expect(plot.series.map((s) => s.id)).toEqual(['road', 'rail'])
    expect(YEARS.map((_, i) => sumAt(plot.series, i))).toEqual([400, 450, 500])
    expect(plot.sum).toBe('sum')
  })
  it('adds up the metrics of one layer and turns them into the unit of the chart', () => {
    const chart = { ...freight, parts: [{ ...part('road', 't.road', 't.rail'), factor: 2 }] }
    expect(metricsPlot(projection(), chart, c)!.series[0]!.values).toEqual([800, 900, 1000])
  })
  it('as shares sums to one, has the unit of shares and no target', () => {
    const plot = metricsPlot(projection([{ form: 'rise_from_base' }]), freight, c, { mode: 'shares' })!
    YEARS.forEach((_, i) => expect(sumAt(plot.series, i)).toBeCloseTo(1, 12))
    expect([plot.quantity.unit, plot.yMax, plot.diamonds]).toEqual(['%', 1, undefined])
  })
  it('shares of nothing are nothing, not NaN', () => {
    const chart = { ...freight, parts: [part('coast', 't.coast')] }
    expect(metricsPlot(projection(), chart, c, { mode: 'shares' })!.series).toEqual([])
  })
  it('draws what goes below zero, and what stands as a line over it', () => {
    const plot = metricsPlot(projection(), { ...freight, draw: 'bar', parts: [part('road', 't.road'), { ...part('out', 't.out'), below: true }, { ...part('rail', 't.rail'), line: true }] }, c)!
    expect(plot.series.map((s) => [s.id, s.kind])).toEqual([['road', 'bar'], ['rail', 'line'], ['out', 'bar']])
    expect(plot.series[2]!.values).toEqual([-10, -20, -30])
  })
  it('is not there when one of its metrics is not', () => {
    expect(metricsPlot(projection(), { ...freight, parts: [...freight.parts, part('out', 't.unknown')] }, c)).toBeUndefined()
  })
  it('has the sum of the comparison as a dashed line, and none while shares are shown', () => {
    const other = projection()
    const line = metricsPlot(projection(), freight, c, { compared: other })!.series.find((s) => s.id === 'compared')!
    expect([line.name, line.values, line.kind, line.dash]).toEqual(['frozen', [400, 450, 500], 'line', 'dashed'])
    expect(metricsPlot(projection(), freight, c, { compared: other, mode: 'shares' })!.series.some((s) => s.id === 'compared')).toBe(false)
  })
  it('gives table and picture the same values', () => {
    const chart = chartOf(metricsPlot(projection(), freight, c)!)
    expect(chart.table.rows.map((r) => r.cells)).toEqual([[300, 100], [320, 130], [340, 160]])
  })
})

describe('a picked city', () => {
  it('has its own values', () => {
    expect(metricsPlot(projection(), freight, c, { place: 'wuxi' })!.series.map((s) => s.values)).toEqual([[200, 210, 220], [60, 80, 100]])
  })
  it('is known only where every metric of the chart is', () => {
    expect(knowsCities(projection(), freight)).toBe(true)
    expect(knowsCities(projection(), { ...freight, parts: [...freight.parts, part('out', 't.bus')] })).toBe(false)
  })
  it('has the targets of the city, not of the region', () => {
    const p = projection([{ form: 'rise_from_base', value: 60, asked: 50 }, { form: 'rise_from_base', value: 60, asked: 50, place: 'wuxi', target_id: 'WXP-1' }])
    expect(metricsPlot(p, freight, c, { place: 'wuxi' })!.diamonds!.map((d) => d.text)).toEqual([expect.stringContaining('WXP-1')])
  })
})

describe('what documents ask', () => {
  it('of a layer stands over the layers below it', () => {
    const [diamond] = metricsPlot(projection([{ form: 'rise_from_base', value: 30, asked: 20 }]), freight, c)!.diamonds!
    expect(diamond).toMatchObject({ at: 1, value: 320 + 120 })
    expect(diamond!.text).toBe('t.rail metrics.rise_from_base ≥ 20% · JSP-1 §3(5)2')
  })
  it('of a line alone stands on its own level, with its clause in tooltip and sentence', () => {
    const chart: MetricChart = { id: 'bus', room: 'r', kind: 'share', draw: 'line', palette, parts: [part('road', 't.bus')], asked: [{ metric: 't.bus', over: ['road'] }] }
    const plot = metricsPlot(projection([{ metric_id: 't.bus' }, { metric_id: 't.bus', target_id: 'JSS-2', section: '二' }, { metric_id: 't.bus', year: 2070 }]), chart, c)!
    expect(plot.diamonds).toEqual([{ at: 1, value: 0.5, text: '≥ 50% · JSP-1 §3(5)2 · JSS-2 §2' }])
    expect([plot.tipRows!(1).length, plot.tipRows!(0).length]).toEqual([1, 0])
    expect(plot.sentence).toContain('JSS-2')
  })
  it('different things at one point share a diamond', () => {
    const chart: MetricChart = { id: 'two', room: 'r', kind: 'share', draw: 'line', palette, parts: [part('road', 't.bus'), part('rail', 't.metro')], asked: [{ metric: 't.bus', over: ['road'] }, { metric: 't.metro', over: ['rail'] }] }
    expect(metricsPlot(projection([{ metric_id: 't.bus' }, { metric_id: 't.metro' }]), chart, c)!.diamonds!.map((d) => d.text.split('\n').length)).toEqual([2])
  })
  it('of a sum since the start is no level of a year', () => {
    const asked = { metric: 't.rail', over: ['rail'] }
    const p = projection([{ form: 'cumulative_flow', unit: 'million m2' }])
    expect(metricsPlot(p, { ...freight, asked: [asked] }, c)!.diamonds).toBeUndefined()
    expect(metricsPlot(p, { ...freight, draw: 'line', asked: [{ ...asked, cumulative: true }] }, c)!.diamonds![0]!.value).toBe(50e6)
  })
  it('is a level where its unit, or the projected change, tells it', () => {
    const level = (over: Record<string, unknown>, value = 120) => askedLevel(target(over) as never, value)
    expect(level({})).toBe(0.5)
    expect(level({ form: 'fall_from_base', asked: 10, value: 40 }, 60)).toBeCloseTo(90, 12)
    expect(level({ form: 'rise_from_base', asked: 10, value: 20, value_source: { kind: 'statistic' } })).toBeUndefined()
    expect(level({ form: 'growth_per_year' })).toBeUndefined()
    expect(level({ asked: undefined })).toBeUndefined()
    expect(level({ unit: 'GW' })).toBeUndefined()
  })
})

test('labels lose what all of them say', () => {
  const en = (...labels: string[]) => shortNames(labels.map((l) => ({ zh: l, en: l })), 'en')
  expect(en('useful space heat from gas boilers', 'useful space heat from networks')).toEqual(['gas boilers', 'networks'])
  expect(en('taxis: new-energy share of sales', 'coaches: new-energy share of sales')).toEqual(['taxis', 'coaches'])
  expect(shortNames(['汽油汽车保有量', '纯电动汽车保有量'].map((l) => ({ zh: l, en: l })), 'zh')).toEqual(['汽油', '纯电动'])
  expect(en('one label')).toEqual(['one label'])
})

const cards = [...BUILDING_CARDS, ...TRANSPORT_CARDS]
test.each(cards.flatMap(([name, charts]) => charts.map((chart) => [name, chart.id, chart] as const)))('%s / %s has words, colours and its metrics asked for', (_, id, chart) => {
  const words = (messages.zh as unknown as Record<string, Record<string, Record<string, string>>>)[chart.room]!
  expect([words.charts![id], words.scopes![id], words.picks![id]].every(Boolean)).toBe(true)
  expect(chart.parts.filter((one) => !(one.id in chart.palette))).toEqual([])
  const asked = needsOf(chart.room as 'buildings' | 'transport').metrics
  expect(metricsOf([chart]).filter((m) => !asked.includes(m))).toEqual([])
})
test('a view has at most six cards, each with its own name', () => {
  expect([BUILDING_CARDS.length, TRANSPORT_CARDS.length].every((n) => n <= 6)).toBe(true)
  expect(new Set(cards.map(([name]) => name)).size).toBe(cards.length)
})
