// What the panel shows, shared by its parts: owner, search, anchor year, scope, the open editor; and the lever as a row
// sees it. A row computes only its own setting, so that a moving slider draws one row and not all.
import { computed, ref, shallowReactive, shallowRef, watch } from 'vue'
import { call } from '../api/call'
import type { targets } from '../api/contracts'
import { comparison, draft, failure, levers, opened } from '../model/app'
import { leverRows } from '../model/lever_rows'
import { changes, type LeverEntry, type Setting } from '../model/scenario'
import { session } from '../model/session'
import { anchorOf, newestObserved, OWN } from './anchor'
import { keyOf, refusalsOf, type Refusal } from './check'
import { clausesOf, type TargetRow } from './clauses'

export const owner = ref('')
export const search = ref('')
export const anchorChoice = ref(OWN)
export const cityOnly = ref(false) // settings go to the city of the session
export const editing = ref('') // the lever whose path is open
export const openGroups = shallowReactive(new Set<string>())
export const closedGroups = shallowReactive(new Set<string>())

// Targets of the region: asked number, form and clause of each.
const register = shallowRef<targets.ListTargetsResponse & { region: string }>()
export const targetRows = computed(() => new Map<string, TargetRow>([...(register.value?.targets ?? []), ...(register.value?.slots ?? [])].map((t) => [t.target_id, t])))
export const documents = computed(() => new Map((register.value?.documents ?? []).map((d) => [d.document_id, d])))
watch(levers, async (rows) => {
  const { region } = session
  if (!rows.length || register.value?.region === region) return
  try {
    const found = await call('dafeng.targets.v1.TargetService/ListTargets', { region })
    if (region === session.region) register.value = { ...found, region }
  } catch {
    register.value = undefined // levers work without their clauses; the failure box tells a lost connection
  }
}, { immediate: true })

export const newest = computed(() => newestObserved(levers.value))
const bySetting = (settings: readonly Setting[]) => new Map(settings.map((s) => [keyOf(s.lever_id, s.place), s]))
const ofDraft = computed(() => bySetting(draft.value.settings))
const ofOpened = computed(() => bySetting(opened.value.settings))
const ofComparison = computed(() => bySetting(comparison.value.settings))

// Rows of the baseline that the comparison scenario stands on, where it is another one.
const otherRows = shallowRef(new Map<string, LeverEntry>())
const kept = new Map<string, Map<string, LeverEntry>>()
export async function rowsOf(region: string, baseline: string): Promise<Map<string, LeverEntry>> {
  const key = `${region} ${baseline}`
  const known = kept.get(key)
  if (known) return known
  const found = new Map((await leverRows(region, baseline)).map((r) => [r.lever.lever_id, r]))
  kept.set(key, found)
  return found
}
watch([levers, comparison], async ([rows, other]) => {
  if (!rows.length) return
  const { region } = session
  try {
    const found = await rowsOf(region, other.baseline)
    if (region === session.region && other === comparison.value) otherRows.value = found
  } catch {
    otherRows.value = new Map() // no tick of the comparison then
  }
}, { immediate: true })

// Settings that the service refused with the last projection.
const refusals = shallowRef(new Map<string, Refusal>())
watch(failure, (error) => (refusals.value = refusalsOf(error, draft.value)))

export const changedLevers = computed(() => new Set(changes(opened.value, draft.value).map((c) => c.leverId)))
export const changedOf = (id: string): number => levers.value.filter((l) => l.lever.owner === id && changedLevers.value.has(l.lever.lever_id)).length

// Place that settings of a lever go to: the city when it is picked for the panel and the lever differs by city.
const placeOf = (entry: LeverEntry): string => (cityOnly.value && entry.lever.by_city ? session.city : '')
watch(() => session.city, (city) => {
  if (!city) cityOnly.value = false
})

// One lever as its row needs it. Every part is computed by itself: what did not change draws nothing.
export function useLever(of: () => LeverEntry) {
  const id = () => of().lever.lever_id
  const place = computed(() => placeOf(of()))
  const own = computed(() => ofDraft.value.get(keyOf(id(), place.value)))
  const region = computed(() => ofDraft.value.get(keyOf(id(), '')))
  const setting = computed(() => own.value ?? region.value)
  const atOpening = computed(() => ofOpened.value.get(keyOf(id(), place.value)))
  const changed = computed(() => JSON.stringify(own.value) !== JSON.stringify(atOpening.value))
  const clauses = computed(() => clausesOf(of().lever, targetRows.value, [session.region, place.value]))
  const anchor = computed(() => anchorOf(of().lever, clauses.value, anchorChoice.value, newest.value))
  const other = computed(() => {
    const key = keyOf(id(), place.value)
    return { entry: otherRows.value.get(id()), setting: ofComparison.value.get(key) ?? ofComparison.value.get(keyOf(id(), '')) }
  })
  const refusal = computed(() => refusals.value.get(keyOf(id(), place.value)))
  return { place, own, setting, atOpening, changed, clauses, anchor, other, refusal }
}
