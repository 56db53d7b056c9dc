// The targets that tell most: missed first, then behind, on track, met; within a verdict the least margin first.
import type { projection } from '../../api/contracts'

type TargetResult = projection.TargetResult
const RANK = ['VERDICT_MISSED', 'VERDICT_BEHIND', 'VERDICT_ON_TRACK', 'VERDICT_MET', 'VERDICT_ALREADY_MET']
export const MOST = 8

export function telling(targets: readonly TargetResult[], place = '', most = MOST): TargetResult[] {
  const margin = (t: TargetResult) => t.relative_margin ?? Infinity
  const own = targets.filter((t) => RANK.includes(t.verdict) && (!place || t.place === place || t.cities.some((c) => c.place === place)))
  const sorted = own.sort((a, b) => RANK.indexOf(a.verdict) - RANK.indexOf(b.verdict) || margin(a) - margin(b))
  const seen = new Set<string>()
  // One target that several documents set is told once.
  const once = sorted.filter((t) => !t.twin_group || (!seen.has(t.twin_group) && seen.add(t.twin_group)))
  return once.slice(0, most)
}
