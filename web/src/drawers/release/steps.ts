// What can be done to a release next, and what keeps the user from it; told before it is tried. The service decides.
import type { release } from '../../api/contracts'
import { allows, type Who } from '../../model/who'

export type Release = release.Release
export type Status = Release['status']
type StepAct = 'review' | 'release' | 'withdraw'
type Hindrance = '' | 'role' | 'open' | 'author' | 'reviewer' | 'releaser'
interface Offer {
  act: StepAct
  hindrance: Hindrance
}

const NEXT: Partial<Record<Status, StepAct>> = { RELEASE_STATUS_SUBMITTED: 'review', RELEASE_STATUS_REVIEWED: 'release', RELEASE_STATUS_RELEASED: 'withdraw' }
// Who took a step that led to a state had this part.
const PARTS: Partial<Record<Status, 'author' | 'reviewer' | 'releaser'>> = {
  RELEASE_STATUS_SUBMITTED: 'author', RELEASE_STATUS_REVIEWED: 'reviewer', RELEASE_STATUS_INTERNAL: 'reviewer', RELEASE_STATUS_RELEASED: 'releaser',
}
const OTHERS: Record<StepAct, ('author' | 'reviewer' | 'releaser')[]> = { review: ['author', 'releaser'], release: ['author', 'reviewer'], withdraw: [] }
const folded = (id: string) => id.normalize('NFKC').trim().toLowerCase()

// Parts that a user has had in a release, over all its rounds.
export function partsOf(r: Release, user: string): Set<string> {
  const own = r.steps.filter((s) => user && folded(s.actor) === folded(user))
  return new Set(own.map((s) => PARTS[s.status] ?? ''))
}
export function offerOf(r: Release, who: Who | undefined): Offer | undefined {
  const act = NEXT[r.status]
  if (!act) return undefined
  if (!allows(who, act === 'withdraw' ? 'release' : act)) return { act, hindrance: 'role' }
  if (who?.sign_in === 'open') return { act, hindrance: 'open' }
  const had = partsOf(r, who?.user_id ?? '')
  return { act, hindrance: OTHERS[act].find((part) => had.has(part)) ?? '' }
}
// Returned: it has been submitted, and is internal again.
export const isReturned = (r: Release): boolean => r.status === 'RELEASE_STATUS_INTERNAL' && r.steps.length > 1

export const STATUSES: Status[] = [
  'RELEASE_STATUS_SUBMITTED', 'RELEASE_STATUS_REVIEWED', 'RELEASE_STATUS_RELEASED', 'RELEASE_STATUS_SUPERSEDED', 'RELEASE_STATUS_WITHDRAWN', 'RELEASE_STATUS_INTERNAL',
]
