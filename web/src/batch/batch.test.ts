import { describe, expect, it } from 'vitest'
import { CallError } from '../api/call'
import type { batch } from '../api/contracts'
import type { LeverEntry } from '../model/scenario'
import { bandFrom, onPath, peakYears } from './band'
import { loadShares } from './plots'
import { quantile } from './rows'
import { atEnd, between, canonical, digestOf, firstForm, memberCount, requestId, specOf } from './spec'
import { barsOfEnds } from './tornado'
import { followBatch, quarterOf, type Seen } from './watch'

const DRAFT = { name: '', baseline: 'planned', settings: [] }
const lever = (kind = 'LEVER_KIND_PATH'): LeverEntry =>
  ({ lever: { lever_id: 'a.b', kind, low: 0, high: 100, last_observed_year: 2025, unit: 'GW' }, years: [2020, 2025, 2030, 2060], values: [10, 10, 20, 20] }) as unknown as LeverEntry
const input = (change: string, low: number, high: number, axis = 'parameter', id = 'x'): batch.DescribedInput =>
  ({ input_id: id, axis, lever_id: 'a.b', change, label: { zh: id, en: id }, distributions: [{ year: 2030, low, high, middle: 1, kind: 'triangular', spread: 0, values: [], weights: [] }], group: '', group_correlation: 0 }) as unknown as batch.DescribedInput

describe('a request for a batch', () => {
  it('has the same id for the same contents, in whatever order they were written', () => {
    expect(canonical({ b: 1, a: [2, { d: 3, c: 4 }] })).toBe('{"a":[2,{"c":4,"d":3}],"b":1}')
    expect(requestId('t', { years: [1], scenario: { name: 'n', baseline: 'p' } }, 'v')).toBe(requestId('t', { scenario: { baseline: 'p', name: 'n' }, years: [1] }, 'v'))
  })
  it('has another id for another scenario, another title or other data', () => {
    const spec = { scenario: { baseline: 'planned' } }
    const ids = [requestId('', spec, 'v'), requestId('t', spec, 'v'), requestId('', spec, 'w'), requestId('', { scenario: { baseline: 'frozen' } }, 'v')]
    expect(new Set(ids).size).toBe(4)
    expect(digestOf('达峰')).toMatch(/^[0-9a-f]{32}$/)
  })
  it('holds a parameter that is not ticked and draws a choice that is', () => {
    const inputs = [input('scale', 0.8, 1.2), input('shift', -1, 1, 'policy', 'y')]
    const spec = specOf({ ...firstForm(), fixed: ['x'], policy: ['y'] }, {}, DRAFT, inputs, new Map())
    expect(spec.random!.policy_inputs).toEqual(['y'])
    expect(spec.random!.own_inputs).toMatchObject([{ lever_id: 'a.b', values: [1], change: 'DRAW_CHANGE_SCALE' }])
  })
  it('moves one input at a time to both its ends, beside the scenario itself', () => {
    const inputs = [input('scale', 0.5, 1.5)]
    const form = { ...firstForm(), design: 'one' as const }
    expect(memberCount(form, inputs)).toBe(3)
    const { scenarios } = specOf(form, {}, DRAFT, inputs, new Map([['a.b', lever()]])).list!
    expect(scenarios!.map((s) => s.name)).toEqual(['', 'x:low', 'x:high'])
  })
  it('lets a path deviate in a straight line from the last known year to the anchor, and stay after it', () => {
    const [own] = atEnd(DRAFT, input('scale', 0.5, 1.5), lever(), 'high').settings
    const at = (year: number) => own!.values[own!.years.indexOf(year)]
    expect(own!.years[0]).toBe(2026)
    expect(at(2030)).toBeCloseTo(30)
    expect(at(2060)).toBeCloseTo(30)
    // Half way the own path is between 10 and 20, the factor 1.2 or 1.3: year 2027 has 14 and 1.2.
    expect(at(2027)).toBeCloseTo(14 * 1.2)
  })
  it('keeps ends inside the bounds of the lever', () => {
    const [own] = atEnd(DRAFT, input('scale', 0.5, 9), lever(), 'high').settings
    expect(Math.max(...own!.values)).toBe(100)
  })
})

describe('following a batch', () => {
  const seen = (done: number, state: string): batch.WatchBatchResponse =>
    ({ batch: { state, done_count: done, member_count: 4 }, members_per_s: 1, time_left_s: 1, percentiles: [{ column_id: `c${done}` }], resume_token: `t${done}` }) as unknown as batch.WatchBatchResponse
  it('connects again where it stopped when the stream breaks, and keeps what came before', async () => {
    const tokens: string[] = []
    const broken: number[] = []
    async function* watch({ resume_token }: { resume_token: string }) {
      tokens.push(resume_token)
      if (tokens.length === 1) {
        yield seen(1, 'BATCH_STATE_RUNNING')
        throw new CallError('offline', 'gone')
      }
      if (tokens.length === 2) throw new CallError('unavailable', 'still gone')
      yield seen(4, 'BATCH_STATE_COMPLETE')
    }
    let last: Seen | undefined
    const end = await followBatch('b', { watch, tell: (s) => (last = s), broken: (n) => broken.push(n), signal: new AbortController().signal, pauses: [0] })
    expect(tokens).toEqual(['', 't1', 't1'])
    expect(broken).toEqual([1, 2, 0])
    expect(end).toBe(last)
    expect([...end!.percentiles.keys()]).toEqual(['c1', 'c4'])
  })
  it('connects again when the stream ends before the batch does', async () => {
    let turns = 0
    async function* watch() {
      yield seen(++turns, turns > 2 ? 'BATCH_STATE_COMPLETE' : 'BATCH_STATE_RUNNING')
    }
    await followBatch('b', { watch, tell: () => undefined, signal: new AbortController().signal, pauses: [0] })
    expect(turns).toBe(3)
  })
  it('tells what does not pass by itself', async () => {
    // eslint-disable-next-line require-yield
    async function* watch(): AsyncGenerator<batch.WatchBatchResponse> {
      throw new CallError('not_found', 'no such batch')
    }
    await expect(followBatch('b', { watch, tell: () => undefined, signal: new AbortController().signal, pauses: [0] })).rejects.toThrow('no such batch')
  })
  it('announces quarters', () => {
    expect([0, 49, 50, 120, 200].map((n) => quarterOf(n, 200))).toEqual([0, 0, 25, 50, 100])
    expect(quarterOf(0, 0)).toBe(0)
  })
})

describe('statistics of a batch', () => {
  it('takes percentiles between order statistics', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([1, 2], 0.25)).toBe(1.25)
    expect(quantile([], 0.5)).toBeNaN()
  })
  it('brings percentiles of kept years to every year along the own path', () => {
    // The path is not straight between the kept years; the ratio to it is.
    expect(onPath([2020, 2022], [10, 24], [2020, 2021, 2022], [10, 30, 20])).toEqual([10, 33, 24])
    expect(onPath([2020, 2022], [10, 20], [2020, 2021, 2022], undefined)).toEqual([10, 15, 20])
  })
  it('makes the band from the members that are done', () => {
    const rows = new Map([['account.territorial_tco2@2020', [1, 2, 3]], ['account.territorial_tco2@2021', [2, 4, 6]], ['carbon_peak.year', [2021, 2021, 2021]]])
    const made = bandFrom('k', rows, 9, [2020, 2021], undefined)!
    expect(made).toMatchObject({ key: 'k', members: 9, done: 3, p50: [2, 4] })
    expect(made.peakYears).toBeUndefined()
    expect(bandFrom('k', new Map(), 9, [2020], undefined)).toBeUndefined()
  })
  it('says a span of peak years only where single years are kept', () => {
    expect(peakYears([2028, 2029, 2029], [2027, 2028, 2029, 2030])).toEqual({ p10: 2028, p90: 2029 })
    expect(peakYears([2025, 2030], [2025, 2030, 2035])).toBeUndefined()
    expect(peakYears([0, 0], [2025])).toBeUndefined()
  })
  it('sums the joint table over the carbon peak', () => {
    const joint = { peak_load_bounds_mw: [0, 1, 2], cell_counts: [1, 2, 3, 4] } as unknown as batch.JointPeaks
    expect(loadShares(joint)).toEqual([0.4, 0.6])
  })
  it('draws straight lines between points and holds the ends', () => {
    expect([1, 2, 3, 9].map((x) => between([[2, 10], [4, 30]], x))).toEqual([10, 10, 20, 30])
  })
  it('tells the change of a result with each input at its ends, the strongest first', () => {
    const context = { language: 'zh', units: 'plan', say: (key: string) => key } as never
    const inputs = new Map([['x', input('scale', 0.8, 1.2)], ['y', input('shift', -1, 1, 'parameter', 'y')]])
    const bars = barsOfEnds([100, 99, 102, 90, 105], ['', 'x:low', 'x:high', 'y:low', 'y:high'], inputs, new Map(), context)
    expect(bars.map((b) => [b.id, b.low, b.high])).toEqual([['y', -10, 5], ['x', -1, 2]])
  })
})
