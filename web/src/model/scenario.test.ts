import { expect, test } from 'vitest'
import { moved, pointsOf, restored, settingPoints, valueAt, withPath, without, type Draft, type LeverEntry } from './scenario'

const PLANNED: Draft = { name: '', baseline: 'planned', settings: [] }
const YEARS = [2020, 2025, 2030, 2035, 2040, 2060]
const entry = (seen = 2025, kind = 'LEVER_KIND_PATH'): LeverEntry =>
  ({ lever: { lever_id: 'a.b', kind, low: 0, high: 1, last_observed_year: seen }, years: YEARS, values: [0, 0.1, 0.2, 0.3, 0.4, 0.8] }) as unknown as LeverEntry
const every = Array.from({ length: 41 }, (_, i) => 2020 + i)
const path = (e: LeverEntry, d: Draft, place = '') => every.map((y) => valueAt(e, d.settings.find((s) => s.place === place), y))

test('a setting in hand keeps the baseline up to the year before it and joins it by a straight line', () => {
  const draft = withPath(PLANNED, entry(), [{ year: 2030, value: 0.2 }, { year: 2038, value: 0.9 }])
  const at = (year: number) => valueAt(entry(), draft.settings[0], year)
  expect(at(2025)).toBe(0.1)
  expect(at(2030)).toBeCloseTo(0.2)
  expect(at(2034)).toBeCloseTo(0.55)
  expect(at(2060)).toBe(0.9)
})
test('the last known year holds its value where the baseline has no point there', () => {
  const draft = { ...PLANNED, settings: [{ lever_id: 'a.b', place: '', years: [2028], values: [0.8] }] }
  expect(valueAt(entry(2027), draft.settings[0], 2027)).toBeCloseTo(0.14)
  expect(valueAt(entry(2022), draft.settings[0], 2022)).toBeCloseTo(0.04)
})
test('no point lies in a year that the service refuses', () => {
  for (const seen of [0, 2020, 2024, 2025]) {
    const draft = moved(PLANNED, entry(seen), 2035, 0.9)
    expect(draft.settings[0]!.years.every((y) => y > Math.max(seen, 2020))).toBe(true)
    expect(pointsOf(entry(seen), undefined).every((p) => p.year > Math.max(seen, 2020))).toBe(true)
  }
})
test('a setting says no more than what differs, and means the same', () => {
  const all = pointsOf(entry(), undefined).map((p) => (p.year === 2040 ? { ...p, value: 0.7 } : p))
  const short = settingPoints(entry(), all)
  expect(short.map((p) => p.year)).toEqual([2040, 2060])
  const long = { ...PLANNED, settings: [{ lever_id: 'a.b', place: '', years: all.map((p) => p.year), values: all.map((p) => p.value) }] }
  expect(path(entry(), withPath(PLANNED, entry(), all))).toEqual(path(entry(), long))
})
test('moving a lever back to its baseline leaves nothing changed', () => {
  expect(moved(moved(PLANNED, entry(), 2035, 0.9), entry(), 2035, 0.3).settings).toEqual([])
})
test('a point of the baseline that is removed stays removed', () => {
  for (const kind of ['LEVER_KIND_PATH', 'LEVER_KIND_STEP']) {
    const e = entry(2025, kind)
    const draft = withPath(PLANNED, e, pointsOf(e, undefined).filter((p) => p.year !== 2030))
    expect(pointsOf(e, draft.settings[0]).map((p) => p.year)).not.toContain(2030)
    expect(valueAt(e, draft.settings[0], 2030)).toBeCloseTo(kind === 'LEVER_KIND_PATH' ? 0.2 : 0.3)
  }
})
test('a city starts from the path of the region, and follows it again without a setting of its own', () => {
  const region = moved(PLANNED, entry(), 2035, 0.9)
  const city = moved(region, entry(), 2040, 0.5, 'nanjing')
  expect(valueAt(entry(), city.settings.find((s) => s.place === 'nanjing'), 2035)).toBe(0.9)
  const same = moved(city, entry(), 2040, 0.4, 'nanjing')
  expect(same.settings).toEqual(region.settings)
  expect(without(city, 'a.b', 'nanjing').settings).toEqual(region.settings)
})
test('a city can keep the baseline while the region leaves it', () => {
  const region = moved(PLANNED, entry(), 2035, 0.9)
  const city = withPath(region, entry(), pointsOf(entry(), undefined), 'nanjing')
  expect(path(entry(), city, 'nanjing')).toEqual(path(entry(), PLANNED, 'nanjing'))
})
test('a lever set back is as in the other scenario, and no other lever moves', () => {
  const other = moved(PLANNED, entry(), 2035, 0.5)
  const now = { ...other, settings: [...moved(PLANNED, entry(), 2035, 0.9).settings, { lever_id: 'z.z', place: '', years: [], values: [1] }] }
  expect(restored(now, other, 'a.b').settings).toEqual([other.settings[0], now.settings[1]])
  expect(restored(now, PLANNED, 'a.b').settings).toEqual([now.settings[1]])
})
