// The scenario in hand, what is compared with it, and their results. Data flows one way: an edit changes the draft, the
// draft asks the gateway, the answer replaces the result whole.
import { computed, nextTick, ref, shallowRef, watch } from 'vue'
import { call, caught, type CallError, type Request } from '../api/call'
import { pauseMs } from '../api/gate'
import type { common, projection } from '../api/contracts'
import { needsOf, slowOf, union } from '../views/needs'
import { latest } from './ask'
import { onEveryYear } from './every_year'
import { historyOf } from './history'
import { leverRows } from './lever_rows'
import { FIRST_YEAR, LAST_YEAR, inOrder, same, type Draft, type LeverEntry } from './scenario'
import { session, type ViewId } from './session'
import { may } from './who'

export type Projection = projection.Projection
export interface Result {
  key: string
  projection: Projection
  complete: boolean // false: of chosen years, targets not answered yet
  view: ViewId | '' // the view whose needs it holds; empty: those of every view
  draft: Draft
  slowMetrics: string[] // those of the view it was asked for
  cities: boolean // metrics hold the values of cities too
}

// Years that a first answer holds: every one of those in which the carbon peak is asked for, then fewer.
const QUICK_YEARS = [...Array.from({ length: 11 }, (_, i) => FIRST_YEAR + i), 2032, 2035, 2040, 2045, 2050, 2055, LAST_YEAR]
export const EVERY_YEAR = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i)
// Views whose charts of metrics follow a picked city.
const BY_CITY: ViewId[] = ['buildings', 'transport']
const KEPT_RESULTS = 20
const SLOW_MS = 10_000
// Nothing is asked before the page of results has begun: other pages use its names of places and scenarios only.
let begun = false
export const begin = (): void => void (begun = true)
export const PLANNED: Draft = { name: '', baseline: 'planned', settings: [] }

export const regions = shallowRef<projection.RegionEntry[]>([])
export const baselines = shallowRef<projection.BaselineEntry[]>([])
export const levers = shallowRef<readonly LeverEntry[]>([])
export const leverById = computed(() => new Map(levers.value.map((l) => [l.lever.lever_id, l])))

const history = historyOf<Draft>(PLANNED, same)
export const draft = history.value
export const { canUndo, canRedo } = history
export const opened = shallowRef<Draft>(PLANNED) // the scenario as it was opened or saved
export const comparison = shallowRef<Draft>(PLANNED)
export const changed = computed(() => !same(draft.value, opened.value))

export const result = shallowRef<Result>()
export const compared = shallowRef<Result>()
// What is compared with, unless it is the scenario on show itself.
export const beside = computed(() => (compared.value && compared.value.key !== result.value?.key ? compared.value : undefined))
export const failure = shallowRef<CallError>()
export const comparedFailure = shallowRef<CallError>()
const firstBusy = ref(false)
const wholeBusy = ref(false)
export const busy = computed(() => firstBusy.value || wholeBusy.value)
export const slow = ref(false)
export const announcement = ref('') // said to screen readers, once a release

export const frameNow = (): Request<'dafeng.projection.v1.ProjectionService/Project'>['frame'] & object => ({
  region: session.region, first_year: FIRST_YEAR, last_year: LAST_YEAR, weather_year: session.weather,
})
export const scenarioOf = (d: Draft): common.Scenario => ({ name: d.name, baseline: d.baseline, settings: inOrder(d.settings) })
export const keyOf = (d: Draft): string => JSON.stringify([frameNow(), d.baseline, inOrder(d.settings)])

// The place and weather are those of the moment of asking: a question may wait while they change.
interface Question {
  key: string
  draft: Draft
  frame: ReturnType<typeof frameNow>
}
const question = (d: Draft): Question => ({ key: keyOf(d), draft: d, frame: frameNow() })
const kept = new Map<string, Result>()
function keep(found: Result): void {
  kept.delete(found.key)
  kept.set(found.key, found)
  for (const key of kept.keys()) if (kept.size > KEPT_RESULTS) kept.delete(key)
}

async function project(q: Question, signal: AbortSignal, quick: boolean): Promise<Result> {
  const { view } = session
  const needs = quick ? needsOf(view) : union()
  const years = quick ? [...new Set([...QUICK_YEARS, session.year])].sort() : []
  const fields = quick ? needs.fields : [...needs.fields, 'targets', 'directions']
  const cities = !!session.city && (!quick || BY_CITY.includes(view))
  const slowMetrics = quick ? [] : slowOf(view)
  const reply = await call('dafeng.projection.v1.ProjectionService/Project', {
    frame: q.frame,
    scenario: scenarioOf(q.draft),
    years,
    with_city_metrics: cities,
    only: { fields, metric_ids: [...needs.metrics, ...slowMetrics], peak_day_years: [session.year] },
  }, signal)
  mark('answered')
  return { key: q.key, draft: q.draft, projection: onEveryYear(reply.projection!, EVERY_YEAR), complete: !quick, view: quick ? view : '', cities, slowMetrics }
}
// A whole result, from what was calculated before where it is known; for comparisons and views of their own.
export async function wholeResult(d: Draft, signal: AbortSignal): Promise<Result> {
  const q = question(d)
  const known = kept.get(q.key)
  if (known) return known
  const found = await project(q, signal, false)
  keep(found)
  return found
}

let timer = 0
let retries = 0
let settled = true
function show(found: Result): void {
  result.value = found
  failure.value = undefined
  retries = 0
  void nextTick(() => requestAnimationFrame(() => mark(found.complete ? 'whole' : 'first')))
}
// When a gesture ended, its answer came and stood on the screen: for the bench. One of each, so that they do not pile up.
function mark(what: 'released' | 'answered' | 'first' | 'whole'): void {
  performance.clearMarks(`dafeng:${what}`)
  performance.mark(`dafeng:${what}`)
}
// Days of the peaks are asked for one year, slow metrics for one view: others need another answer.
const holdsShown = (found: Result): boolean =>
  found.projection.power.peak_days.some((d) => d.year === session.year) && (found.cities || !session.city) && slowOf(session.view).every((m) => found.slowMetrics.includes(m))
function failed(error: unknown): void {
  const told = caught(error)
  if (told.code === 'canceled') return
  failure.value = told
  askAgain(told)
}
// What passes by itself is asked again, and with it whatever else is missing; not by every page in the same moment.
function askAgain(told: CallError): void {
  if (!['offline', 'unavailable'].includes(told.code)) return
  clearTimeout(timer)
  timer = window.setTimeout(again, pauseMs(retries++, told.retryAfterSeconds))
}
export function again(): void {
  if (!regions.value.length) return void start()
  refresh()
  void compare()
  void loadLevers()
}
const whole = latest<Question, Result>(
  (q, signal) => project(q, signal, false),
  (found) => {
    keep(found)
    show(found)
  },
  failed,
  (on) => (wholeBusy.value = on),
)
let firstAsked = '' // key of the first answer under way
const first = latest<Question, Result>(
  (q, signal) => project(q, signal, true),
  (found) => {
    if (found.key === firstAsked) firstAsked = ''
    show(found)
    if (settled && !firstAsked) whole.ask(question(draft.value))
  },
  (error, q) => {
    if (q.key === firstAsked) firstAsked = ''
    failed(error)
  },
  (on) => (firstBusy.value = on),
)
watch(busy, (on, _, cleanUp) => {
  slow.value = false
  const waiting = on ? window.setTimeout(() => (slow.value = true), SLOW_MS) : 0
  cleanUp(() => clearTimeout(waiting))
})

// Ask for what is in hand now.
export function refresh(): void {
  if (!begun || !may('project')) return
  clearTimeout(timer)
  whole.cancel()
  const q = question(draft.value)
  const known = kept.get(q.key)
  if (known && holdsShown(known)) {
    forget()
    return show({ ...known, draft: q.draft }) // it may have been calculated under another name
  }
  if (result.value?.key === q.key && settled) return whole.ask(q)
  if (q.key === firstAsked) return
  firstAsked = q.key
  first.ask(q)
}
function forget(): void {
  firstAsked = ''
  first.cancel()
}
export function cancel(): void {
  forget()
  whole.cancel()
}

// While a gesture runs: the draft changes, a first answer follows.
export function edit(next: Draft): void {
  settled = false
  history.set(next)
  refresh()
}
// The gesture ends: one step to undo, then the whole answer.
export function commit(words: string): void {
  settled = true
  mark('released')
  if (history.settle(words)) refresh()
  else if (!result.value?.complete) refresh()
}
export function change(next: Draft, words: string): void {
  history.set(next)
  commit(words)
}
// Another scenario in hand; what was done before cannot be undone into it.
export function open(next: Draft): void {
  opened.value = next
  history.restart(next)
  settled = true
  refresh()
}
export function undo(): string | undefined {
  const words = history.undo()
  settled = true
  refresh()
  return words
}
export function redo(): string | undefined {
  const words = history.redo()
  settled = true
  refresh()
  return words
}

let comparing: AbortController | undefined
const comparesItself = (): boolean => keyOf(comparison.value) === keyOf(draft.value)
watch([comparison, () => session.region, () => session.weather, regions, comparesItself], compare)
// Numbers of an older comparison, place or weather never stand under the new name. The scenario in hand comes by itself.
async function compare(): Promise<void> {
  const wanted = keyOf(comparison.value)
  if (!begun || !regions.value.length || compared.value?.key === wanted || !may('project')) return
  comparing?.abort()
  const own = (comparing = new AbortController())
  compared.value = comparedFailure.value = undefined
  if (comparesItself()) return
  try {
    const found = await wholeResult(comparison.value, own.signal)
    if (comparing === own) compared.value = found
  } catch (error) {
    if (comparing !== own) return
    comparedFailure.value = caught(error)
    askAgain(comparedFailure.value)
  }
}
watch([() => session.region, () => session.weather], () => refresh())
// What is on the screen may hold another view's needs, another year's days, or no city's metrics.
watch([() => session.view, () => session.year, () => session.city], () => {
  const now = result.value
  if (now && !(now.complete && holdsShown(now))) refresh()
})
watch([() => session.region, () => draft.value.baseline, regions], loadLevers)

let listed = '' // place and baseline whose levers are known
async function loadLevers(): Promise<void> {
  const [region, baseline] = [session.region, draft.value.baseline]
  const wanted = `${region} ${baseline}`
  const current = () => region === session.region && baseline === draft.value.baseline
  if (!begun || !regions.value.length || listed === wanted) return
  if (listed.split(' ')[0] !== region) levers.value = [] // nothing of another place stays
  listed = ''
  try {
    // Baselines on their own: without them nobody could leave one that is unknown.
    const naming = call('dafeng.projection.v1.ProjectionService/ListScenarios', { region }).then(({ baselines: found }) => {
      if (region === session.region) baselines.value = found
    })
    const [rows] = await Promise.all([leverRows(region, baseline), naming])
    if (!current()) return
    levers.value = rows
    listed = wanted
  } catch (error) {
    if (current()) failed(error)
  }
}
// The first questions of the page.
export async function start(): Promise<void> {
  try {
    refresh()
    const { regions: found } = await call('dafeng.projection.v1.ProjectionService/ListRegions', {})
    regions.value = found
  } catch (error) {
    failed(error)
  }
}
