// Which scenarios stand side by side: the one in hand, the comparison of the top bar, and up to two more. The first
// comparison in the row is what differences are taken from.
import { computed, reactive, shallowRef, watch } from 'vue'
import { caught, type CallError } from '../../api/call'
import { baselines, change, comparison, draft, keyOf, regions, result, wholeResult, type Result } from '../../model/app'
import { same, type Draft } from '../../model/scenario'
import { session } from '../../model/session'

export const MOST_MEMBERS = 4
const LETTERS = ['A', 'B', 'C', 'D']
export type Pick = { from: 'draft' } | { from: 'comparison' } | { from: 'other'; draft: Draft }
export interface Member {
  key: string
  letter: string
  from: Pick['from']
  draft: Draft
}
export const picks = shallowRef<Pick[]>([{ from: 'draft' }, { from: 'comparison' }])
let touched = false // by the user: then nothing is added by itself

const draftOf = (pick: Pick): Draft => (pick.from === 'draft' ? draft.value : pick.from === 'comparison' ? comparison.value : pick.draft)
// Equal scenarios stand once, under the first of their names.
export function distinct(all: readonly Pick[], of: (pick: Pick) => Draft, key: (d: Draft) => string): Member[] {
  const rows = new Map<string, Omit<Member, 'letter'>>()
  for (const pick of all) {
    const own = of(pick)
    if (!rows.has(key(own))) rows.set(key(own), { key: key(own), from: pick.from, draft: own })
  }
  return [...rows.values()].slice(0, MOST_MEMBERS).map((m, i) => ({ ...m, letter: LETTERS[i]! }))
}
export const members = computed<Member[]>(() => distinct(picks.value, draftOf, keyOf))
// What differences are taken from: the comparison of the top bar when it stands here, else the second in the row.
export const base = computed<Member | undefined>(() => members.value.find((m) => m.from === 'comparison') ?? members.value[1])
export const isMember = (d: Draft): boolean => members.value.some((m) => same(m.draft, d))

export function add(d: Draft): void {
  touched = true
  if (members.value.length < MOST_MEMBERS && !isMember(d)) picks.value = [...picks.value, { from: 'other', draft: d }]
}
export function remove(member: Member): void {
  touched = true
  picks.value = picks.value.filter((p) => keyOf(draftOf(p)) !== member.key)
}
export function restore(from: 'draft' | 'comparison'): void {
  if (!picks.value.some((p) => p.from === from)) picks.value = from === 'draft' ? [{ from }, ...picks.value] : [...picks.value, { from }]
}
// A and B change places: the comparison comes into hand, what was in hand is compared with.
export function flip(words: string): void {
  const [inHand, compared] = [draft.value, comparison.value]
  if (same(inHand, compared)) return
  comparison.value = inHand
  change(compared, words)
}

export const answers = reactive(new Map<string, Result>())
export const refusals = reactive(new Map<string, CallError>())
// Asks for what is not known yet, until `signal` ends; the scenario in hand comes with the page itself.
async function load(wanted: readonly Member[], signal: AbortSignal): Promise<void> {
  for (const key of [...answers.keys(), ...refusals.keys()]) {
    if (wanted.some((m) => m.key === key)) continue
    answers.delete(key)
    refusals.delete(key)
  }
  await Promise.all(
    wanted.filter((m) => m.from !== 'draft' && !answers.has(m.key)).map(async (m) => {
      try {
        const found = await wholeResult(m.draft, signal)
        if (!signal.aborted) answers.set(m.key, found)
      } catch (error) {
        if (!signal.aborted) refusals.set(m.key, caught(error))
      }
    }),
  )
}
export const answerOf = (m: Member): Result | undefined => (m.from === 'draft' ? (result.value?.projection.frame.region === session.region ? result.value : undefined) : answers.get(m.key))

// While the view is open: answers follow the members.
export function followMembers(): () => void {
  let running: AbortController | undefined
  const ends = [
    watch([members, regions], ([now]) => {
      if (!regions.value.length) return
      running?.abort()
      running = new AbortController()
      void load(now, running.signal)
    }, { immediate: true }),
    watch([members, baselines], ([now, known]) => {
      const other = known.find((b) => !now.some((m) => m.draft.baseline === b.baseline && !m.draft.settings.length))
      if (!touched && now.length < 2 && other) picks.value = [...picks.value, { from: 'other', draft: { name: '', baseline: other.baseline, settings: [] } }]
    }, { immediate: true }),
  ]
  return () => {
    running?.abort()
    ends.forEach((end) => end())
  }
}
