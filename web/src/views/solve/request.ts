// The request of a search, from what is picked. Pure.
import type { Request } from '../../api/call'
import type { projection } from '../../api/contracts'
import { isConstant, settingOf, valueAt, type Draft, type LeverEntry } from '../../model/scenario'

type SolveRequest = Request<'dafeng.solve.v1.SolveService/Solve'>
type Objective = 'LEAST_CHANGE' | 'FEW_LEVERS' | 'LEAST_COST'
type Shortfall = 'SQUARES' | 'SUM' | 'WORST'
type Sense = 'AT_MOST' | 'AT_LEAST'
export interface ExtraGoal {
  metric: string // id, or the carbon peak's level
  year: number
  sense: Sense
  number: number // in the contract's unit
}
export interface KnobPick {
  leverId: string
  year: number // 0: constant
  low?: number | undefined
  high?: number | undefined
}
export interface SolveForm {
  targets: string[]
  extras: ExtraGoal[]
  knobs: KnobPick[]
  objective: Objective
  shortfall: Shortfall
  limit: number // s
}
export const MOST_KNOBS = 60
export const PEAK_LEVEL = 'carbon_peak_level'
// Headline numbers that a goal may be about, by the kind of their unit.
export const EXTRA_METRICS = [
  { id: PEAK_LEVEL, kind: 'co2' }, { id: 'account.territorial_tco2', kind: 'co2' }, { id: 'account.peak_load_mw', kind: 'load' },
  { id: 'account.electricity_consumption_mwh', kind: 'electricity' }, { id: 'account.non_fossil_share', kind: 'share' }, { id: 'account.coal_share', kind: 'share' },
] as const
const PEAK_YEARS = [2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035]
// The level of the carbon peak is not above a number when no year around it is.
function goalsOf(extra: ExtraGoal): NonNullable<SolveRequest['goals']> {
  const years = extra.metric === PEAK_LEVEL ? PEAK_YEARS : [extra.year]
  const metric_id = extra.metric === PEAK_LEVEL ? 'account.territorial_tco2' : extra.metric
  const sense = extra.metric === PEAK_LEVEL ? 'AT_MOST' : extra.sense
  return years.map((year) => ({ metric_id, year, sense: `GOAL_SENSE_${sense}`, number: extra.number }))
}
export function requestOf(form: SolveForm, frame: SolveRequest['frame'] & object, draft: Draft): SolveRequest {
  return {
    frame,
    scenario: { name: '', baseline: draft.baseline, settings: [...draft.settings] },
    knobs: form.knobs.map((k) => ({
      lever_id: k.leverId, year: k.year,
      ...(k.low === undefined ? {} : { low: k.low }), ...(k.high === undefined ? {} : { high: k.high }),
    })),
    goals: [...form.targets.map((target_id) => ({ target_id })), ...form.extras.flatMap(goalsOf)],
    objective: `SOLVE_OBJECTIVE_${form.objective}`,
    shortfall: `SOLVE_SHORTFALL_${form.shortfall}`,
    time_limit_seconds: form.limit,
  }
}
// Where violations of goals stand in the form: the request lists targets first, then extra goals, some as several rows.
export function extraAt(form: SolveForm, goal: number): number {
  let at = form.targets.length
  return form.extras.findIndex((extra) => {
    const count = goalsOf(extra).length
    at += count
    return goal >= at - count && goal < at
  })
}

const MISSED = ['VERDICT_MISSED', 'VERDICT_BEHIND']
const ASKABLE = ['VERDICT_MET', 'VERDICT_ON_TRACK', 'VERDICT_BEHIND', 'VERDICT_MISSED', 'VERDICT_ALREADY_MET']
export const canAsk = (t: projection.TargetResult): boolean => ASKABLE.includes(t.verdict) && t.metric_id !== ''
// Missed or behind now, in a year that levers still reach.
export const toMend = (targets: readonly projection.TargetResult[], lastObserved: number): string[] =>
  targets.filter((t) => MISSED.includes(t.verdict) && canAsk(t) && (t.year || Infinity) > lastObserved).map((t) => t.target_id)

// The year of the knobs that serves the picked goals: the earliest asked, not before levers can move.
const EARLIEST = 2030
export function knobYear(targets: readonly projection.TargetResult[], picked: readonly string[], extras: readonly ExtraGoal[]): number {
  const years = [...targets.filter((t) => picked.includes(t.target_id)).map((t) => t.year), ...extras.map((e) => (e.metric === PEAK_LEVEL ? EARLIEST : e.year))].filter((y) => y >= EARLIEST)
  return years.length ? Math.min(...years) : EARLIEST
}
// Levers that documents name and that can be moved in the year: what is picked at first.
export const policyLevers = (levers: readonly LeverEntry[], year: number): LeverEntry[] =>
  levers.filter((l) => l.lever.policy_refs.length > 0 && !isConstant(l.lever) && l.lever.last_observed_year < year && l.lever.high > l.lever.low).slice(0, MOST_KNOBS)
export const knobOf = (entry: LeverEntry, year: number): KnobPick => ({ leverId: entry.lever.lever_id, year: isConstant(entry.lever) ? 0 : Math.max(year, entry.lever.last_observed_year + 1) })
export const startOf = (entry: LeverEntry, draft: Draft, year: number): number => valueAt(entry, settingOf(draft, entry.lever.lever_id), year)

// Levers that a refusal names, so that they can be held: shares that may not exceed one together.
export const namedIn = (text: string, knobs: readonly KnobPick[]): string[] => knobs.map((k) => k.leverId).filter((id) => new RegExp(`(^|[^\\w.])${id.split('.').join('\\.')}($|[^\\w.])`).test(text))
