import { expect, test } from 'vitest'
import { latest } from './ask'
import { onEveryYear } from './every_year'
import { historyOf } from './history'
import { packed, read, unpacked, written } from './link'
import { changes, moved, same, valueAt, withSetting, type Draft, type LeverEntry } from './scenario'
import { readScenarioFile, scenarioFile } from './scenario_file'
import type { Session } from './session'

const PLANNED: Draft = { name: '', baseline: 'planned', settings: [] }
const entry = (kind = 'LEVER_KIND_PATH', seen = 2025): LeverEntry =>
  ({ lever: { lever_id: 'a.b', kind, low: 0, high: 1, last_observed_year: seen }, years: [2020, 2025, 2030, 2060], values: [0, 0.1, 0.2, 0.8] }) as unknown as LeverEntry
const wait = (ms = 0) => new Promise((done) => setTimeout(done, ms))

test('a lever follows its baseline up to the first point of its setting and is flat after the last', () => {
  const draft = withSetting(PLANNED, 'a.b', [{ year: 2035, value: 0.5 }, { year: 2030, value: 0.3 }])
  const setting = draft.settings[0]!
  expect(setting.years).toEqual([2030, 2035])
  expect(valueAt(entry(), setting, 2020)).toBe(0)
  expect(valueAt(entry(), setting, 2030)).toBe(0.3)
  expect(valueAt(entry(), setting, 2032)).toBeCloseTo(0.38)
  expect(valueAt(entry(), setting, 2060)).toBe(0.5)
  expect(valueAt(entry(), undefined, 2045)).toBeCloseTo(0.5)
})
test('a step holds the value of its next point', () => {
  expect(valueAt(entry('LEVER_KIND_STEP'), undefined, 2026)).toBe(0.2)
})
test('moving a lever changes one year and keeps the others', () => {
  const draft = moved(PLANNED, entry(), 2035, 0.9)
  expect(draft.settings[0]!.years).toEqual([2035, 2060])
  expect(draft.settings[0]!.values).toEqual([0.9, 0.8])
  expect(valueAt(entry(), draft.settings[0], 2030)).toBe(0.2)
  expect(changes(PLANNED, draft).map((c) => c.leverId)).toEqual(['a.b'])
})
test('undo and redo lead back to the same scenarios, one step a gesture', () => {
  const h = historyOf(PLANNED, same)
  const steps = [0.3, 0.4, 0.5].map((v) => moved(h.value.value, entry(), 2035, v))
  for (const s of steps) {
    h.set(moved(s, entry(), 2035, 0.1)) // on the way
    h.set(s)
    h.settle('x')
  }
  expect(h.undo()).toBe('x')
  expect(h.value.value).toBe(steps[1])
  h.undo()
  h.undo()
  expect(h.value.value).toBe(PLANNED)
  expect(h.undo()).toBeUndefined()
  h.redo()
  h.redo()
  h.redo()
  expect(h.value.value).toBe(steps[2])
})
test('one question is in flight, the latest waits, those between are never sent', async () => {
  const sent: number[] = []
  const heard: number[] = []
  const asking = latest<number, number>(async (q) => (sent.push(q), await wait(5), q), (a) => void heard.push(a), () => undefined)
  for (const q of [1, 2, 3, 4]) asking.ask(q)
  await wait(40)
  expect(sent).toEqual([1, 4])
  expect(heard).toEqual([1, 4])
})
test('an answer after a cancel is dropped', async () => {
  const heard: number[] = []
  const asking = latest<number, number>(async (q) => (await wait(5), q), (a) => void heard.push(a), () => undefined)
  asking.ask(1)
  asking.cancel()
  asking.ask(2)
  await wait(30)
  expect(heard).toEqual([2])
})
test('a link says scenario, comparison and view, and reads back the same', async () => {
  const draft: Draft = { name: '海上风电 first', baseline: 'reference', settings: [{ lever_id: 'a.b', place: '', years: [2030, 2035], values: [0.1, 1 / 3] }] }
  const session = { region: 'jiangsu', city: 'nantong', view: 'power', year: 2035, day: 17, season: 'winter', by: 'supply', weather: 'hot', co2: 'total', picks: { fleet: 'sales', building_stock: 'by_type.shares' }, language: 'en', units: 'si' } as Session
  const hash = written(session, await packed(draft), 'frozen')
  const link = read(hash)
  expect(link.problems).toEqual([])
  expect(link).toMatchObject({ region: 'jiangsu', city: 'nantong', view: 'power', year: 2035, day: 17, season: 'winter', by: 'supply', weather: 'hot', co2: 'total', picks: { fleet: 'sales', building_stock: 'by_type.shares' }, compared: 'frozen' })
  expect(await unpacked(link.scenario!)).toEqual(draft)
})
const linkOf = async (content: BlobPart): Promise<string> => {
  const small = new Uint8Array(await new Response(new Blob([content]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer())
  return `planned~${btoa(Array.from(small, (byte) => String.fromCharCode(byte)).join(''))}`
}
test('a short link that unpacks to a hundred megabytes is refused', async () => {
  await expect(unpacked(await linkOf(new Uint8Array(100_000_000)))).rejects.toThrow('too large')
})
test('a link that says no scenario is refused', async () => {
  for (const bad of [3, null, ['x', 3], [3, []], ['x', [['a', '', [2030], ['1']]]], ['x', [[1, '', [], [1]]]]]) await expect(unpacked(await linkOf(JSON.stringify(bad)))).rejects.toThrow()
  await expect(unpacked('planned~!!')).rejects.toThrow()
})
test('a scenario of sixty levers fits a link and reads back', async () => {
  const settings = Array.from({ length: 60 }, (_, i) => ({ lever_id: `sector.lever_${i}`, place: '', years: [2030, 2035, 2060], values: [i / 7, i / 3, i] }))
  const draft: Draft = { name: '', baseline: 'planned', settings }
  expect(await unpacked(await packed(draft))).toEqual(draft)
})
test('a name given to what is in hand is not undone with the next step', () => {
  const h = historyOf<Draft>(PLANNED, same)
  h.set({ ...PLANNED, name: 'kept' })
  h.settle('name')
  h.set({ ...PLANNED, name: 'kept', baseline: 'reference' })
  h.settle('baseline')
  h.undo()
  expect(h.value.value.name).toBe('kept')
})
test('parts of a link that cannot be read are told', () => {
  expect(read('#/jiangsu/atlantis?y=2061&w=wet&d=-1&p=fleet').problems.sort()).toEqual(['atlantis', 'd=-1', 'p=fleet', 'w=wet', 'y=2061'])
})
test('a scenario file reads back the same, and what is none is refused', () => {
  const draft = moved({ ...PLANNED, name: 'x' }, entry(), 2035, 0.9)
  expect(readScenarioFile(scenarioFile(draft))).toEqual(draft)
  for (const bad of ['', '[]x', '{"settings": 3}', '{"settings": [{"lever_id": "a", "values": ["1"]}]}']) expect(readScenarioFile(bad)).toBeUndefined()
})
test('years that were not asked for lie on the line between those that were', () => {
  const p = { years: [2020, 2030], account: { territorial_tco2: [0, 10] }, peak_load: { peak_hour: [5, 9], by_cause_mw: [0, 10, 5, 5] }, carbon_peaks: [{ year: 2030 }], power: { peak_days: [{ load_mw: [1, 2] }] } }
  const years = [2020, 2025, 2030]
  const every = onEveryYear(p as never, years) as unknown as typeof p
  expect(every.years).toEqual(years)
  expect(every.account.territorial_tco2).toEqual([0, 5, 10])
  expect(every.peak_load.peak_hour).toEqual([5, 9, 9])
  expect(every.peak_load.by_cause_mw).toEqual([0, 5, 10, 5, 5, 5])
  expect(every.power.peak_days[0]!.load_mw).toEqual([1, 2])
})
