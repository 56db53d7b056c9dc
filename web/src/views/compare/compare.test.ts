import { describe, expect, it } from 'vitest'
import type { Projection } from '../../model/app'
import type { Draft, LeverEntry } from '../../model/scenario'
import type { Context } from '../../page'
import { quantityOf, type Kind } from '../../units'
import { leverRows, numberRows, targetRows } from './differences'
import { distinct, type Pick } from './members'
import { differencePlots, roundBound, stackPlots } from './plots'
import { fileRows, numberText } from './tables'

const context = { say: (key: string) => key, language: 'zh', units: 'plan', quantity: (kind: Kind, largest?: number) => quantityOf(kind, 'plan', 'zh', largest) } as unknown as Context
const entry = (values: number[]): LeverEntry => ({ lever: { lever_id: 'a.b', kind: 'LEVER_KIND_PATH', unit: 'share', last_observed_year: 2025, label: { zh: '抓手', en: 'lever' } }, years: [2025, 2030, 2060], values }) as unknown as LeverEntry
const draft = (baseline: string, values: number[] = []): Draft => ({ name: '', baseline, settings: values.length ? [{ lever_id: 'a.b', place: '', years: [2030, 2060], values }] : [] })
const scene = (d: Draft, values: number[]) => ({ draft: d, levers: new Map([['a.b', entry(values)]]) })
const projection = (industry: number[], power: number[], verdict = 'VERDICT_MET', peak = 2025): Projection =>
  ({
    years: [2025, 2030],
    sectors: [{ sector: 'industry', label: { zh: '工业', en: 'industry' }, direct_tco2: industry }, { sector: 'power', label: { zh: '电力', en: 'power' }, direct_tco2: power }],
    account: { territorial_tco2: industry.map((v, i) => v + power[i]!), electricity_consumption_mwh: [1, 2], non_fossil_share: [0.1, 0.2] },
    carbon_peaks: [{ in_span: true, year: peak, level_tco2: 7e8 }],
    peak_load: { peak_load_mw: [1e5, 2e5], reserve_margin_share: [0.1, 0.1] },
    power: { technologies: [{ group: 'wind', capacity_mw: [1, 2], energy_mwh: [1, 2] }, { group: 'coal', capacity_mw: [5, 5], energy_mwh: [1, 2] }] },
    targets: [{ target_id: 'T1', verdict, label: { zh: '目标', en: 'target' }, place: 'p', unit: '%', year: 2030 }],
  }) as unknown as Projection

describe('differences between scenarios', () => {
  it('lists a lever in the years in which its value differs, with the baseline of each scenario', () => {
    const rows = leverRows([scene(draft('a'), [0, 0.5, 1]), scene(draft('b'), [0, 0.2, 1])], [2030, 2060])
    expect(rows.map((r) => [r.year, r.values])).toEqual([[2030, [0.5, 0.2]]])
  })
  it('lists nothing when a setting says what the baseline has', () => {
    expect(leverRows([scene(draft('a'), [0, 0.5, 1]), scene(draft('a', [0.5, 1]), [0, 0.5, 1])])).toEqual([])
  })
  it('has a row of its own for a setting of a city', () => {
    const city: Draft = { ...draft('a'), settings: [{ lever_id: 'a.b', place: 'suzhou', years: [2030], values: [0.9] }] }
    const rows = leverRows([scene(draft('a'), [0, 0.5, 1]), scene(city, [0, 0.5, 1])], [2030])
    expect(rows.map((r) => [r.place, r.values])).toEqual([['suzhou', [0.5, 0.9]]])
  })
  it('gives headline numbers, wind and photovoltaics summed', () => {
    const rows = numberRows([projection([1, 1], [1, 1]), projection([2, 2], [2, 2], 'VERDICT_MISSED', 2030)], [2030])
    const of = (id: string) => rows.find((r) => r.id === id)!.values
    expect(of('windPv')).toEqual([2, 2])
    expect(of('peakYear')).toEqual([2025, 2030])
    expect(of('targetsMet')).toEqual([1, 0])
  })
  it('says years earlier or later, never a number with a unit', () => {
    const row = numberRows([projection([1, 1], [1, 1]), projection([1, 1], [1, 1], 'VERDICT_MET', 2030)], []).find((r) => r.id === 'peakYear')!
    expect(numberText(row, 1, context)).toMatchObject({ values: ['2025', '2030'], differences: ['earlier', ''] })
  })
  it('keeps only targets with different verdicts, and leaves unanswered ones open', () => {
    const [a, b] = [projection([1, 1], [1, 1]), projection([1, 1], [1, 1], 'VERDICT_MISSED')]
    expect(targetRows([a, b]).map((r) => r.target.target_id)).toEqual(['T1'])
    expect(targetRows([a, undefined])).toEqual([])
  })
  it('files differences in the contract’s unit, scenario minus base', () => {
    const numbers = numberRows([projection([3, 3], [0, 0]), projection([1, 1], [0, 0])], [2030])
    const { head, rows } = fileRows(['A', 'B'], [], numbers, [], [], 1, context)
    expect(head[head.length - 1]).toBe('A − B')
    const co2 = rows.find((r) => r[1] === 'co2')!
    expect(co2.slice(-3)).toEqual([3, 1, 2])
  })
})

describe('charts of several scenarios', () => {
  const shown = (id: string, p: Projection) => ({ id, name: id, projection: p })
  it('stand on one scale that holds the largest of them', () => {
    const [a, b] = stackPlots('co2', [shown('a', projection([3e8, 3e8], [1e8, 1e8])), shown('b', projection([5e8, 6e8], [1e8, 1e8]))], context)
    expect(a!.yMax).toBe(b!.yMax)
    expect(a!.yMax).toBeGreaterThanOrEqual(7e8)
    expect(a!.series.map((s) => s.id)).toEqual(b!.series.map((s) => s.id))
  })
  it('show differences whose layers sum to the difference of the totals, signed', () => {
    const [made] = differencePlots('co2', [shown('a', projection([3, 3], [1, 1])), shown('b', projection([1, 1], [2, 2]))], shown('b', projection([1, 1], [2, 2])), context)
    expect(made!.plot.series.map((s) => [s.id, s.values])).toEqual([['industry', [2, 2]], ['power', [-1, -1]], ['net', [1, 1]]])
    expect(made!.plot.yMin).toBeCloseTo(-1)
    expect(made!.plot.yMax).toBeCloseTo(2)
  })
  it('have round bounds', () => {
    expect([7.09, 0.31, 1.1, 24_000, -4.2, 0].map(roundBound)).toEqual([8, 0.35, 1.2, 25_000, -4.5, 0].map((v) => expect.closeTo(v)))
  })
})

describe('scenarios side by side', () => {
  it('stand once when they are equal, four at most, with letters', () => {
    const picks: Pick[] = [{ from: 'draft' }, { from: 'comparison' }, ...['x', 'y', 'z'].map((b): Pick => ({ from: 'other', draft: draft(b) }))]
    const of = (p: Pick) => (p.from === 'other' ? p.draft : draft('planned'))
    const made = distinct(picks, of, (d) => d.baseline)
    expect(made.map((m) => [m.letter, m.from, m.draft.baseline])).toEqual([['A', 'draft', 'planned'], ['B', 'other', 'x'], ['C', 'other', 'y'], ['D', 'other', 'z']])
  })
})
