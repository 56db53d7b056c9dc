// What differs from the opened scenario, in words; and what each difference alone does to the two peaks.
import { call } from '../api/call'
import { EVERY_YEAR, frameNow, scenarioOf } from '../model/app'
import { changes, isConstant, settingAt, settingOf, valueAt, without, withSetting, type Change, type Draft, type LeverEntry, type Setting } from '../model/scenario'

export interface Difference {
  change: Change
  entry: LeverEntry | undefined
  year: number // of the two values: the lever's own, or the first in which they differ
  before: number
  after: number
}
export function differencesOf(
  from: Draft, to: Draft, rowsBefore: ReadonlyMap<string, LeverEntry>, rowsAfter: ReadonlyMap<string, LeverEntry>, anchorYear: (entry: LeverEntry) => number,
): Difference[] {
  return changes(from, to).map((change) => {
    const [old, entry] = [rowsBefore.get(change.leverId), rowsAfter.get(change.leverId)]
    if (!old || !entry) return { change, entry, year: 0, before: NaN, after: NaN }
    const [a, b] = [settingAt(from, change.leverId, change.place), settingAt(to, change.leverId, change.place)]
    const differs = (year: number) => valueAt(old, a, year) !== valueAt(entry, b, year)
    const own = anchorYear(entry)
    const year = isConstant(entry.lever) || differs(own) ? own : (EVERY_YEAR.find(differs) ?? own)
    return { change, entry, year, before: valueAt(old, a, year), after: valueAt(entry, b, year) }
  })
}
// The opened scenario with one change alone.
export function alone(from: Draft, to: Draft, { leverId, place }: Change): Draft {
  const own: Setting | undefined = settingOf(to, leverId, place)
  if (!own) return without(from, leverId, place)
  if (own.years.length) return withSetting(from, leverId, own.years.map((year, i) => ({ year, value: own.values[i]! })), place)
  return { ...without(from, leverId, place), settings: [...without(from, leverId, place).settings, own] }
}

export interface Peaks {
  year: number
  reached: boolean
  tco2: number
  mw: number
}
// One projection of the peaks only.
export async function peaksOf(draft: Draft, year: number, signal: AbortSignal): Promise<Peaks> {
  const { projection } = await call('dafeng.projection.v1.ProjectionService/Project', {
    frame: frameNow(), scenario: scenarioOf(draft), only: { fields: ['carbon_peaks', 'peak_load'] },
  }, signal)
  const [peak] = projection.carbon_peaks
  return { year: peak!.year, reached: peak!.in_span, tco2: peak!.level_tco2, mw: projection.peak_load.peak_load_mw[projection.years.indexOf(year)] ?? NaN }
}
