// The difference of two scenarios as measures on top of the one: lever by lever while few differ, else by group.
import type { abatement } from '../../api/contracts'
import { changes, FIRST_YEAR, isConstant, LAST_YEAR, settingOf, valueAt, type Draft, type LeverEntry, type Setting } from '../../model/scenario'

const FEW = 8
type Levers = ReadonlyMap<string, LeverEntry>

const freeYears = (entry: LeverEntry): number[] => {
  const first = Math.max(entry.lever.last_observed_year, FIRST_YEAR) + 1
  return Array.from({ length: LAST_YEAR - first + 1 }, (_, i) => first + i)
}
// A lever's path in a scenario as a setting of every year that may still be set.
function wholePath(entry: LeverEntry, setting: Setting | undefined, place: string): Setting {
  const id = entry.lever.lever_id
  if (isConstant(entry.lever)) return { lever_id: id, place, years: [], values: [valueAt(entry, setting, FIRST_YEAR)] }
  const years = freeYears(entry)
  return { lever_id: id, place, years, values: years.map((year) => valueAt(entry, setting, year)) }
}
const equal = (a: Setting, b: Setting): boolean => JSON.stringify(a.values) === JSON.stringify(b.values)

// Settings that turn `base` into `changed`. On one baseline: the settings that differ, and the baseline's own path where
// only `base` sets it. On two: every lever whose path differs, carried over whole.
export function differing(base: Draft, changed: Draft, baseLevers: Levers, levers: Levers): Setting[] {
  if (base.baseline === changed.baseline) {
    return changes(base, changed).flatMap(({ leverId, place, after }) => {
      const entry = levers.get(leverId)
      if (!entry) return []
      return [after ?? wholePath(entry, place ? settingOf(changed, leverId) : undefined, place)]
    })
  }
  return [...levers].flatMap(([id, entry]) => {
    const from = baseLevers.get(id)
    if (!from || (!isConstant(entry.lever) && !freeYears(entry).length)) return []
    const own = wholePath(entry, settingOf(changed, id), '')
    const cities = changed.settings.filter((s) => s.lever_id === id && s.place)
    return [...(equal(own, wholePath(from, settingOf(base, id), '')) ? [] : [own]), ...cities]
  })
}

export function measuresOf(settings: readonly Setting[], levers: Levers): abatement.Measure[] {
  const each = new Set(settings.map((s) => s.lever_id)).size <= FEW
  const found = new Map<string, abatement.Measure>()
  for (const setting of settings) {
    const { lever } = levers.get(setting.lever_id)!
    const id = each ? lever.lever_id : `${lever.owner}.${lever.group}`
    const measure = found.get(id) ?? { measure_id: id, label: each ? lever.label : lever.group_label, settings: [] }
    measure.settings.push(setting)
    found.set(id, measure)
  }
  return [...found.values()]
}
