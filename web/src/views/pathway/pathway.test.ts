import { describe, expect, test } from 'vitest'
import type { abatement, comparison, report } from '../../api/contracts'
import { optionOf } from '../../charts/option'
import { PARTS } from '../../colours'
import type { Draft, LeverEntry } from '../../model/scenario'
import type { Context } from '../../page'
import { quantityOf } from '../../units'
import { factorPlot } from './factors'
import { flowOf, sankeyChart } from './flow'
import { longQuestion } from './long'
import { costBounds, maccChart, outsideOf, stepsOf } from './macc'
import { differing, measuresOf } from './measures'
import { MOST_PARTS, partsOf, REST, TOGETHER, wedgeChart, wedgePlot } from './wedges'

const c: Context = {
  say: (key) => key, language: 'en', units: 'si', place: 'P', scenario: 'S', compared: 'C', year: 2030,
  quantity: (kind, largest) => quantityOf(kind, 'si', 'en', largest),
}
const label = (en: string) => ({ zh: en, en })
const names = { base: 'B', changed: 'N' }

// Twelve contributors of three owners; one that changes sign, and what no lever carries.
function attribution(): comparison.Attribution {
  const owners = ['transport', 'power', 'buildings']
  const contributors = Array.from({ length: 12 }, (_, i) => ({ contributor_id: `${owners[i % 3]}.g${i}`, label: label(`m${i}`), lever_ids: [], group_id: '' }))
  contributors.push({ contributor_id: 'baseline', label: label('base'), lever_ids: [], group_id: '' })
  const years = [2025, 2030, 2060]
  const shared = contributors.map((_, i) => (i === 4 ? [2e6, -1e6, -3e6] : i === 12 ? [1e6, 1e6, 1e6] : [-1e5 * i, -2e5 * i, -1e6 * (i + 1)]))
  const alone = shared.map((row) => row.map((v) => 1.2 * v))
  const base = [700e6, 690e6, 500e6]
  const changed = base.map((v, y) => v + shared.reduce((s, row) => s + row[y]!, 0))
  return {
    years, contributors, sectors: [], wedges: [], notes: [], place: '', base_name: 'b', changed_name: 'c', run: {} as never,
    metrics: [{ metric: { metric_id: 'm' } as never, base_values: base, changed_values: changed, contributions: shared.flat(), standalone: alone.flat(), last_in: [], standard_errors: [] }],
  }
}
describe('wedges', () => {
  for (const sharing of ['shared', 'alone'] as const) {
    test(`parts sum to the difference of the two scenarios exactly: ${sharing}`, () => {
      const a = attribution()
      const parts = partsOf(a, sharing, c)
      a.years.forEach((_, i) => expect(parts.reduce((s, p) => s + p.values[i]!, 0)).toBeCloseTo(a.metrics[0]!.changed_values[i]! - a.metrics[0]!.base_values[i]!, 3))
    })
  }
  test('at most eight parts and the rest, in the order of sectors, then by size', () => {
    const parts = partsOf(attribution(), 'shared', c)
    const own = parts.filter((p) => p.id in {} || p.id.includes('.'))
    expect(own.length).toBe(MOST_PARTS)
    expect(parts.map((p) => p.id)).toContain(REST)
    const rank = own.map((p) => Object.keys(PARTS).indexOf(p.id.split('.')[0]!))
    expect(rank).toEqual([...rank].sort((x, y) => x - y))
    own.slice(1).forEach((p, i) => p.id.split('.')[0] === own[i]!.id.split('.')[0] && expect(Math.abs(p.values[2]!)).toBeLessThanOrEqual(Math.abs(own[i]!.values[2]!)))
    expect(new Set(own.map((p) => p.colour)).size).toBe(own.length)
  })
  test('what measures make together beyond each alone is a grey part of its own; shared out there is none', () => {
    expect(partsOf(attribution(), 'alone', c).find((p) => p.id === TOGETHER)).toBeDefined()
    expect(partsOf(attribution(), 'shared', c).find((p) => p.id === TOGETHER)).toBeUndefined()
  })
  test('between the curves the lowering parts end at the base curve', () => {
    const a = attribution()
    const plot = wedgePlot(a, 'shared', 'between', names, c)
    const drawn = (id: string) => plot.series.find((s) => s.id === id)!
    const floor = drawn('_floor').values
    const lowering = plot.series.filter((s) => s.kind === 'area' && !s.helper)
    a.years.forEach((_, i) => expect(floor[i]! + lowering.reduce((s, one) => s + one.drawn![i]!, 0)).toBeCloseTo(a.metrics[0]!.base_values[i]!, 3))
    const raising = plot.series.filter((s) => s.of)
    a.years.forEach((_, i) => expect(floor[i]! + raising.reduce((s, one) => s + one.drawn![i]!, 0) + 0).toBeGreaterThanOrEqual(floor[i]!))
  })
  test('a hidden wedge goes with its raised half, and the others close up to the base curve', () => {
    const a = attribution()
    const chart = wedgeChart(a, 'shared', 'between', names, c)
    const hidden = new Set(['buildings.g11'])
    const series = chart.option(hidden).series as { id: string; data: number[]; type: string; stack?: string }[]
    expect(series.some((s) => s.id.includes('g11'))).toBe(false)
    const stack = series.filter((s) => s.stack === 'all' && !s.id.endsWith('_up'))
    expect(stack.reduce((s, one) => s + one.data[2]!, 0)).toBeCloseTo(500)
    expect(chart.legend.some((l) => l.id.startsWith('_'))).toBe(false)
  })
})

const measure = (id: string, rank: number, start: number, width: number, cost: number | undefined): abatement.MeasureAbatement =>
  ({ measure_id: id, label: label(id), rank, start_tco2: start, abatement_tco2: width, cost_cny: (cost ?? 0) * width, cny_per_tco2: cost, outside: rank ? 'OUTSIDE_CURVE_UNSPECIFIED' : 'OUTSIDE_CURVE_NO_EFFECT', standalone_abatement_tco2: width, last_in_abatement_tco2: width }) as abatement.MeasureAbatement
const curve = { year: 2035, first_year: 2035, exact: true, abatement_tco2: 10e6, cost_cny: 1e9, measures: [measure('power.b', 2, 4e6, 5.99e6, 120), measure('buildings.a', 1, 0, 4e6, -300), measure('transport.c', 3, 9.99e6, 1e4, 90_000), measure('industry.d', 0, 0, 0, undefined)] } as unknown as abatement.AbatementCurve
describe('abatement-cost curve', () => {
  test('steps stand one after the other, cheapest first, and their widths sum to the package', () => {
    const steps = stepsOf(curve, c)
    expect(steps.map((s) => s.id)).toEqual(['buildings.a', 'power.b', 'transport.c'])
    steps.slice(1).forEach((s, i) => expect(s.start).toBeCloseTo(steps[i]!.start + steps[i]!.width))
    expect(steps.reduce((s, one) => s + one.width, 0)).toBeCloseTo(10e6)
  })
  test('a step too narrow to be seen does not set the axis of costs', () => {
    const { low, high } = costBounds(stepsOf(curve, c))
    expect(low).toBeLessThan(-300)
    expect(high).toBeGreaterThan(120)
    expect(high).toBeLessThan(1000)
  })
  test('measures outside the curve are in the table with the reason', () => {
    expect(outsideOf(curve).map((m) => m.measure_id)).toEqual(['industry.d'])
    const rows = maccChart(curve, c).table.rows
    expect(rows).toHaveLength(4)
    expect(rows[3]!.cells[0]).toContain('OUTSIDE_CURVE_NO_EFFECT')
  })
  test('names stand on steps of at least 40 px; the whole column answers to the pointer', () => {
    const { series } = maccChart(curve, c).option(new Set()) as { series: { renderItem: (room: unknown, api: unknown) => { children: { type: string; shape?: { height: number } }[] } }[] }
    const draw = (dataIndex: number) => series[0]!.renderItem({ dataIndex, coordSys: { x: 0, y: 0, width: 500, height: 300 } }, { coord: ([x, y]: [number, number]) => [50 * x, 150 - y / 10] }).children
    expect(draw(1).some((d) => d.type === 'text')).toBe(true)
    expect(draw(2).some((d) => d.type === 'text')).toBe(false)
    expect(draw(2)[0]!.shape!.height).toBe(300)
  })
})

const flows: report.ReportEnergyFlowResponse = {
  years: [2020, 2030], revision: {} as never, release_status: 'RELEASE_STATUS_INTERNAL' as never,
  nodes: [['wind', 0], ['coal', 0], ['tiny', 0], ['generation', 1], ['direct_coal', 1], ['direct_tiny', 1], ['electricity', 2], ['fuels', 2], ['industry', 3], ['losses', 3]].map(([id, column]) => ({ node_id: String(id), label: label(String(id)), column: Number(column) })),
  links: ([['wind', 'generation', 100], ['coal', 'generation', 300], ['coal', 'direct_coal', 200], ['tiny', 'direct_tiny', 1], ['generation', 'electricity', 250], ['generation', 'losses', 150], ['direct_coal', 'fuels', 200], ['direct_tiny', 'fuels', 1], ['electricity', 'industry', 250], ['fuels', 'industry', 201]] as const).map(([from, to, v]) => ({ from_node: from, to_node: to, energy_gj: [0, v * 1e6] })),
}
describe('energy flow', () => {
  test('what enters a node leaves it, but for the first and the last column', () => {
    for (const n of flowOf(flows, 2030, c).nodes) if (n.column > 0 && n.column < 3) expect(n.taken).toBeCloseTo(n.given)
  })
  test('carriers too thin to be seen are joined, nothing is lost', () => {
    const flow = flowOf(flows, 2030, c)
    expect(flow.nodes.some((n) => n.id === 'tiny')).toBe(false)
    const first = flow.nodes.filter((n) => n.column === 0)
    expect(first.reduce((s, n) => s + n.value, 0)).toBeCloseTo(601e6)
    expect(flow.nodes.filter((n) => n.column === 3).reduce((s, n) => s + n.value, 0)).toBeCloseTo(601e6)
  })
  test('nodes keep the order of the contract, each in its column, and links never lead back', () => {
    const flow = flowOf(flows, 2030, c)
    expect(flow.nodes.map((n) => n.id).slice(0, 2)).toEqual(['wind', 'coal'])
    const column = new Map(flow.nodes.map((n) => [n.id, n.column]))
    for (const l of flow.links) expect(column.get(l.to)!).toBeGreaterThan(column.get(l.from)!)
  })
  test('nodes are named by unique ids; the table holds every link', () => {
    const chart = sankeyChart(flows, 2030, c)
    const [series] = chart.option(new Set()).series as { data: { name: string }[]; links: unknown[] }[]
    expect(new Set(series!.data.map((n) => n.name)).size).toBe(series!.data.length)
    expect(chart.table.rows).toHaveLength(series!.links.length)
  })
  test('a year without any flow draws nothing and throws nothing', () => {
    expect(flowOf(flows, 2020, c)).toEqual({ nodes: [], links: [] })
    expect(() => sankeyChart(flows, 2020, c).option(new Set())).not.toThrow()
  })
})

const entry = (id: string, values: number[], seen = 2025): LeverEntry =>
  ({ lever: { lever_id: id, owner: id.split('.')[0], group: 'g', label: label(id), group_label: label('group'), kind: 'LEVER_KIND_PATH', last_observed_year: seen }, years: [2020, 2060], values }) as unknown as LeverEntry
const draft = (baseline: string, settings: Draft['settings'] = []): Draft => ({ name: '', baseline, settings })
const map = (...entries: LeverEntry[]) => new Map(entries.map((e) => [e.lever.lever_id, e]))
describe('measures', () => {
  const setting = { lever_id: 'a.x', place: '', years: [2030], values: [0.7] }
  test('on one baseline the settings that differ are the measures', () => {
    const levers = map(entry('a.x', [0, 1]), entry('a.y', [0, 1]))
    const found = differing(draft('p'), draft('p', [setting]), levers, levers)
    expect(measuresOf(found, levers)).toEqual([{ measure_id: 'a.x', label: label('a.x'), settings: [setting] }])
  })
  test('what only the comparison sets goes back to the path of the baseline', () => {
    const levers = map(entry('a.x', [0, 1]))
    const [back] = differing(draft('p', [setting]), draft('p'), levers, levers)
    expect(back!.years[0]).toBe(2026)
    expect(back!.values[back!.values.length - 1]).toBeCloseTo(1)
  })
  test('between baselines every lever whose path differs is carried over, up to nothing that is observed', () => {
    const found = differing(draft('a'), draft('b'), map(entry('a.x', [0, 1]), entry('a.y', [0, 1])), map(entry('a.x', [0, 2]), entry('a.y', [0, 1])))
    expect(found.map((s) => s.lever_id)).toEqual(['a.x'])
    expect(found[0]!.years[0]).toBe(2026)
  })
  test('many levers make a measure a group', () => {
    const many = Array.from({ length: 9 }, (_, i) => entry(`a.x${i}`, [0, i]))
    const found = measuresOf(many.map((e) => ({ lever_id: e.lever.lever_id, place: '', years: [2030], values: [1] })), map(...many))
    expect(found.map((m) => m.measure_id)).toEqual(['a.g'])
    expect(found[0]!.settings).toHaveLength(9)
  })
})

test('factors of a change sum over sectors, with a mark at each sum', () => {
  const effect = (factor: string, a: number, b: number) => ({ factor, label: label(factor), effect_tco2: a + b, sectors: [{ sector: 'power', label: label('power'), change_tco2: a }, { sector: 'industry', label: label('industry'), change_tco2: b }] })
  const d = { from_year: 2020, to_year: 2035, from_tco2: 10e6, to_tco2: 14e6, factors: [effect('activity', 5e6, 2e6), effect('energy_intensity', -2e6, -1e6)], apart: [] } as unknown as comparison.Decomposition
  const plot = factorPlot(d, c)
  expect(plot.series.map((s) => s.id)).toEqual(['industry', 'power'])
  expect(plot.diamonds!.map((m) => m.value)).toEqual([7e6, -3e6])
  expect(plot.diamonds!.reduce((s, m) => s + m.value, 0)).toBe(d.to_tco2 - d.from_tco2)
  expect(() => optionOf(plot, new Set())).not.toThrow()
})
test('a cancelled question answers nothing; an answer is kept by its key', async () => {
  const long = longQuestion<number>()
  const slow = long.start('a', (_, signal) => new Promise((done) => signal.addEventListener('abort', () => done(1))))
  expect(long.running.value).toBe('a')
  long.cancel()
  await slow
  expect(long.shown.value).toBeUndefined()
  await long.start('b', async () => 2)
  let asked = 0
  await long.start('b', async () => ++asked)
  expect(long.shown.value).toEqual({ key: 'b', answer: 2 })
  expect(asked).toBe(0)
})
