// The year whose point the sliders move.
import type { common } from '../api/contracts'
import { LAST_YEAR, lastKnownYear, type LeverEntry } from '../model/scenario'
import type { Clause } from './clauses'

export const OWN = 0 // each lever's own milestone
export const ANCHOR_CHOICES = [2025, 2030, 2035, 2040, 2045, 2050, 2055, LAST_YEAR]
const USUAL = 2035

interface Anchor {
  year: number
  moved: boolean // the chosen year is observed: the next free one instead
}
// What was last observed of anything: milestones up to then are past.
export const newestObserved = (rows: readonly LeverEntry[]): number => rows.reduce((most, r) => Math.max(most, r.lever.last_observed_year), 0)

export function anchorOf(lever: common.Lever, clauses: readonly Clause[], choice: number, observed: number): Anchor {
  const milestone = clauses.filter((c) => c.here).map((c) => c.target.year).find((year) => year > observed && year <= LAST_YEAR)
  const wanted = choice === OWN ? (milestone ?? USUAL) : choice
  const free = lastKnownYear(lever) + 1
  return wanted < free ? { year: free, moved: true } : { year: wanted, moved: false }
}
