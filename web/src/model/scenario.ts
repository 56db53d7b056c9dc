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
const areNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((v) => typeof v === 'number')
// A draft of what a file or a link says; undefined when it is none. The service checks ids and bounds.
export function draftFrom(name: unknown, baseline: unknown, settings: unknown): Draft | undefined {
  if (typeof name !== 'string' || typeof baseline !== 'string' || !Array.isArray(settings)) return undefined
  const read = (settings as Partial<Record<keyof Setting, unknown>>[]).map(({ lever_id, place = '', years = [], values = [] }) => ({ lever_id, place, years, values }))
  const sound = (s: (typeof read)[number]): s is Setting => typeof s.lever_id === 'string' && typeof s.place === 'string' && areNumbers(s.years) && areNumbers(s.values)
  return read.every(sound) ? { name, baseline, settings: read } : undefined
}
export const isConstant = (lever: common.Lever): boolean => lever.kind === 'LEVER_KIND_CONSTANT'
export const same = (a: Draft, b: Draft): boolean => a.baseline === b.baseline && sameSettings(a.settings, b.settings)
// Settings in one order, so that equal scenarios have equal keys.
export const inOrder = (settings: readonly Setting[]): Setting[] =>
  [...settings].sort((a, b) => (a.lever_id + ' ' + a.place < b.lever_id + ' ' + b.place ? -1 : 1))
const sameSettings = (a: readonly Setting[], b: readonly Setting[]): boolean => JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))
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
export const baselineAt = (entry: LeverEntry, year: number): number => at(entry.years, entry.values, year, isStep(entry.lever))
export const isStep = (lever: common.Lever): boolean => lever.kind === 'LEVER_KIND_STEP'
// The last year whose value no scenario changes: the base year, or the last observed one.
export const lastKnownYear = (lever: common.Lever): number => Math.max(lever.last_observed_year, FIRST_YEAR)
// The setting that holds for a place: its own, else the region's.
export const settingAt = (draft: Draft, leverId: string, place: string): Setting | undefined =>
  settingOf(draft, leverId, place) ?? (place ? settingOf(draft, leverId) : undefined)

// The whole path, as the service makes it: the baseline's points before the first of the setting, what holds in the last
// known year, then the setting, flat after its last point.
function pathOf(entry: LeverEntry, setting: Setting | undefined): Point[] {
  const base = entry.years.map((year, i) => ({ year, value: entry.values[i]! }))
  if (!setting?.years.length) return base
  const first = setting.years[0]!
  const before = base.filter((p) => p.year < first)
  const hold = lastKnownYear(entry.lever)
  if (!isStep(entry.lever) && hold >= (base[0]?.year ?? LAST_YEAR) && hold < first && !before.some((p) => p.year === hold)) {
    before.push({ year: hold, value: baselineAt(entry, hold) })
    before.sort((a, b) => a.year - b.year)
  }
  return [...before, ...setting.years.map((year, i) => ({ year, value: setting.values[i]! }))]
}
export function valueAt(entry: LeverEntry, setting: Setting | undefined, year: number): number {
  if (!setting?.values.length) return baselineAt(entry, year)
  if (isConstant(entry.lever)) return setting.values[0]!
  const path = pathOf(entry, setting)
  return at(path.map((p) => p.year), path.map((p) => p.value), year, isStep(entry.lever))
}
// The points that may be moved: all of the path after the last known year.
export const pointsOf = (entry: LeverEntry, setting: Setting | undefined): Point[] =>
  pathOf(entry, setting).filter((p) => p.year > lastKnownYear(entry.lever))

// Points as the shortest setting that says them. Leading points that the baseline has too are left out: it holds up to
// the first point. Where one of its points is not wanted, the point before it stays, or one in the first free year, so
// that the setting begins before it.
export function settingPoints(entry: LeverEntry, points: readonly Point[]): Point[] {
  const ascending = [...points].sort((a, b) => a.year - b.year)
  if (!ascending.length) return []
  const hold = lastKnownYear(entry.lever)
  const unwanted = entry.years.find((year) => year > hold && !ascending.some((p) => p.year === year))
  const own = ascending.findIndex((p) => !entry.years.includes(p.year) || baselineAt(entry, p.year) !== p.value)
  if (unwanted === undefined) return own < 0 ? [] : ascending.slice(own)
  const before = ascending.filter((p) => p.year < unwanted).length - 1
  if (before >= 0) return ascending.slice(own < 0 ? before : Math.min(own, before))
  const [first] = ascending
  const [value, free] = [baselineAt(entry, hold), hold + 1]
  const share = (free - hold) / (first!.year - hold)
  return [{ year: free, value: isStep(entry.lever) ? first!.value : value + share * (first!.value - value) }, ...ascending]
}
// The draft with a lever's path through given points.
export function withPath(draft: Draft, entry: LeverEntry, points: readonly Point[], place = ''): Draft {
  const id = entry.lever.lever_id
  const short = settingPoints(entry, points)
  const region = place ? settingOf(draft, id) : undefined
  if (!region) return withSetting(draft, id, short, place)
  const next = withSetting(draft, id, short.length ? short : points, place)
  const own = settingOf(next, id, place)!
  const equal = JSON.stringify([own.years, own.values]) === JSON.stringify([region.years, region.values])
  return equal ? without(draft, id, place) : next
}
// The slider moves the point of one year; the others stay.
export function moved(draft: Draft, entry: LeverEntry, year: number, value: number, place = ''): Draft {
  const id = entry.lever.lever_id
  if (isConstant(entry.lever)) {
    const inherited = (place ? settingOf(draft, id)?.values[0] : undefined) ?? entry.values[0]
    return value === inherited ? without(draft, id, place) : withConstant(draft, id, value, place)
  }
  const points = pointsOf(entry, settingAt(draft, id, place)).filter((p) => p.year !== year)
  return withPath(draft, entry, [...points, { year, value }], place)
}
// A lever as another scenario has it.
export function restored(draft: Draft, from: Draft, leverId: string, place = ''): Draft {
  const own = settingOf(from, leverId, place)
  const others = draft.settings.filter((s) => s.lever_id !== leverId || s.place !== place)
  return { ...draft, settings: inOrder(own ? [...others, own] : others) }
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
