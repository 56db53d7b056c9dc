// A scenario in hand: a baseline with changes. Pure functions over plain values; the service checks what they say.
import type { common, projection } from '../api/contracts'

export type Setting = common.LeverSetting
export type LeverEntry = projection.LeverEntry
export interface Draft {
  name: string
  baseline: string
  settings: readonly Setting[]
}
export interface Point {
  year: number
  value: number
}

export const FIRST_YEAR = 2020
export const LAST_YEAR = 2060
export const isConstant = (lever: common.Lever): boolean => lever.kind === 'LEVER_KIND_CONSTANT'
export const same = (a: Draft, b: Draft): boolean => a.baseline === b.baseline && sameSettings(a.settings, b.settings)
// Settings in one order, so that equal scenarios have equal keys.
export const inOrder = (settings: readonly Setting[]): Setting[] =>
  [...settings].sort((a, b) => (a.lever_id + ' ' + a.place < b.lever_id + ' ' + b.place ? -1 : 1))
export const sameSettings = (a: readonly Setting[], b: readonly Setting[]): boolean => JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))
export const settingOf = (draft: Draft, leverId: string, place = ''): Setting | undefined =>
  draft.settings.find((s) => s.lever_id === leverId && s.place === place)

// The same scenario with another setting of a lever; without points the lever is as in the baseline again.
export function withSetting(draft: Draft, leverId: string, points: readonly Point[], place = ''): Draft {
  const others = draft.settings.filter((s) => s.lever_id !== leverId || s.place !== place)
  if (!points.length) return { ...draft, settings: others }
  const ascending = [...points].sort((a, b) => a.year - b.year)
  const own: Setting = { lever_id: leverId, place, years: ascending.map((p) => p.year), values: ascending.map((p) => p.value) }
  return { ...draft, settings: inOrder([...others, own]) }
}
export function withConstant(draft: Draft, leverId: string, value: number, place = ''): Draft {
  const others = draft.settings.filter((s) => s.lever_id !== leverId || s.place !== place)
  return { ...draft, settings: inOrder([...others, { lever_id: leverId, place, years: [], values: [value] }]) }
}
export const without = (draft: Draft, leverId: string, place = ''): Draft => withSetting(draft, leverId, [], place)

function at(years: readonly number[], values: readonly number[], year: number, step: boolean): number {
  if (!years.length) return values[0] ?? NaN
  if (year <= years[0]!) return values[0]!
  const after = years.findIndex((y) => y >= year)
  if (after < 0) return values[values.length - 1]!
  if (step || years[after] === year) return values[after]!
  const [y0, y1, v0, v1] = [years[after - 1]!, years[after]!, values[after - 1]!, values[after]!]
  return v0 + ((v1 - v0) * (year - y0)) / (y1 - y0)
}
export const baselineAt = (entry: LeverEntry, year: number): number => at(entry.years, entry.values, year, entry.lever.kind === 'LEVER_KIND_STEP')

// A lever's value in a year: the baseline up to the first point of its setting, then the setting, held flat after its
// last point; up to the last observed year the baseline, which holds the observed value.
export function valueAt(entry: LeverEntry, setting: Setting | undefined, year: number): number {
  if (!setting?.values.length) return baselineAt(entry, year)
  if (isConstant(entry.lever)) return setting.values[0]!
  const first = setting.years[0]!
  if (year <= entry.lever.last_observed_year) return baselineAt(entry, year)
  if (year >= first) return at(setting.years, setting.values, year, entry.lever.kind === 'LEVER_KIND_STEP')
  return baselineAt(entry, year)
}
// The points that stand for the lever's path now: those of its setting, else the baseline's anchors after what was seen.
export function pointsOf(entry: LeverEntry, setting: Setting | undefined): Point[] {
  if (setting?.years.length) return setting.years.map((year, i) => ({ year, value: setting.values[i]! }))
  return entry.years.map((year, i) => ({ year, value: entry.values[i]! })).filter((p) => p.year > entry.lever.last_observed_year)
}
// The slider moves the point of one year; the others stay. Where the setting has none yet, the baseline's points become its own.
export function moved(draft: Draft, entry: LeverEntry, year: number, value: number, place = ''): Draft {
  const id = entry.lever.lever_id
  if (isConstant(entry.lever)) return withConstant(draft, id, value, place)
  const points = pointsOf(entry, settingOf(draft, id, place)).filter((p) => p.year !== year)
  return withSetting(draft, id, [...points, { year, value }], place)
}

export interface Change {
  leverId: string
  place: string
  before: Setting | undefined
  after: Setting | undefined
}
// What differs between two scenarios on the same or another baseline.
export function changes(from: Draft, to: Draft): Change[] {
  const key = (s: Setting) => `${s.lever_id} ${s.place}`
  const [old, now] = [new Map(from.settings.map((s) => [key(s), s])), new Map(to.settings.map((s) => [key(s), s]))]
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .filter((k) => JSON.stringify(old.get(k)) !== JSON.stringify(now.get(k)))
    .map((k) => {
      const one = (now.get(k) ?? old.get(k))!
      return { leverId: one.lever_id, place: one.place, before: old.get(k), after: now.get(k) }
    })
}
