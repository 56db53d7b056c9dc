// The batches of the page: the form, the list, the one that is open with its progress and results. It outlives the view,
// and a reload takes up what was open.
import { computed, reactive, ref, shallowRef } from 'vue'
import { call, caught, type CallError } from '../api/call'
import type { batch, common } from '../api/contracts'
import { draft, frameNow, keyOf, leverById } from '../model/app'
import { session } from '../model/session'
import { fillBand } from './band'
import { createBatch } from './create'
import { fetchRows, type Rows } from './rows'
import { firstForm, specOf } from './spec'
import { followBatch, hasEnded, quarterOf, type Seen } from './watch'

export const form = reactive(firstForm())
export const inputs = shallowRef<batch.DescribedInput[]>([])
export const quotas = shallowRef<batch.Quotas>()
export const list = shallowRef<batch.Batch[]>([])
export const storeless = ref(false)
export const failure = shallowRef<CallError>() // of the form
export const trouble = shallowRef<CallError>() // of reading and following
export const attempts = ref(0) // of connecting again
export const creating = ref(false)

interface Opened {
  id: string
  seen: Seen
  spec: batch.BatchSpec
  columns: batch.BatchColumn[]
}
export const opened = shallowRef<Opened>()
export const summary = shallowRef<batch.SummariseBatchResponse>()
export const rows = shallowRef<Rows>(new Map())
export const quarter = ref(0) // the last quarter told
export const fanMetric = ref('account.territorial_tco2') // whose percentiles are followed
export const sensitive = ref('carbon_peak.tco2') // column whose sensitivities are asked
export const draftOf = (spec: batch.BatchSpec | undefined) => ({ name: '', baseline: spec?.scenario.baseline ?? '', settings: spec?.scenario.settings ?? ([] as common.LeverSetting[]) })
// True when the batch varies exactly the scenario on show.
const ofThisScenario = computed(() => {
  const spec = opened.value?.spec
  return spec !== undefined && spec.frame.region === session.region && spec.frame.weather_year === session.weather && keyOf(draftOf(spec)) === keyOf(draft.value)
})

function told(error: unknown, place: typeof failure): void {
  const found = caught(error)
  if (found.code === 'canceled') return
  if (found.reason === 'NO_STORE') storeless.value = true
  else place.value = found
}

const REMEMBERED = 'dafeng.batch'
const remember = (id: string) => {
  try {
    sessionStorage.setItem(`${REMEMBERED}.${session.region}`, id)
  } catch {
    // Storage may be closed by policy: the list still has it.
  }
}
function remembered(): string {
  try {
    return sessionStorage.getItem(`${REMEMBERED}.${session.region}`) ?? ''
  } catch {
    return ''
  }
}

// What the form needs; with it the batch that was open before.
export async function startBatches(signal: AbortSignal): Promise<void> {
  trouble.value = undefined
  try {
    const region = session.region
    const [{ inputs: found }, { quotas: limits }] = await Promise.all([
      call('dafeng.batch.v1.BatchService/ListInputs', { region }, signal),
      call('dafeng.batch.v1.BatchService/GetQuotas', {}, signal),
    ])
    inputs.value = found
    quotas.value = limits
    await refreshList(signal)
    const id = opened.value?.spec.frame.region === region ? opened.value.id : remembered()
    if (id && list.value.some((b) => b.batch_id === id)) void open(id)
  } catch (error) {
    told(error, trouble)
  }
}
async function refreshList(signal?: AbortSignal): Promise<void> {
  const { batches } = await call('dafeng.batch.v1.BatchService/ListBatches', { region: session.region, page_size: 50 }, signal)
  list.value = batches
}
const specNow = () => specOf(form, frameNow()!, draft.value, inputs.value, leverById.value)

export async function create(): Promise<void> {
  creating.value = true
  failure.value = undefined
  try {
    const made = await createBatch(form.title.trim(), specNow(), new AbortController().signal)
    await refreshList()
    void open(made.batch_id)
  } catch (error) {
    told(error, failure)
  } finally {
    creating.value = false
  }
}
export async function cancelBatch(id: string): Promise<void> {
  try {
    await call('dafeng.batch.v1.BatchService/CancelBatch', { batch_id: id })
    await refreshList()
  } catch (error) {
    told(error, trouble)
  }
}

let following: AbortController | undefined
// Leaving the view ends the connection, not the batch.
export function leave(): void {
  following?.abort()
  following = undefined
}
export async function open(id: string): Promise<void> {
  leave()
  const own = (following = new AbortController())
  trouble.value = undefined
  attempts.value = 0
  if (opened.value?.id !== id) {
    opened.value = undefined
    summary.value = undefined
    rows.value = new Map()
    quarter.value = 0
  }
  remember(id)
  try {
    const { batch: found, spec, columns } = await call('dafeng.batch.v1.BatchService/GetBatch', { batch_id: id }, own.signal)
    opened.value = { id, spec, columns, seen: { batch: found, rate: 0, left: 0, percentiles: opened.value?.seen.percentiles ?? new Map() } }
    quarter.value = quarterOf(found.done_count, found.member_count)
    const last = await followBatch(id, {
      columns: columns.filter((c) => c.column_id === 'carbon_peak.tco2' || (c.metric_id === fanMetric.value && !c.place)).map((c) => c.column_id),
      tell: (seen) => {
        opened.value = { id, spec, columns, seen }
        quarter.value = quarterOf(seen.batch.done_count, seen.batch.member_count)
        list.value = list.value.map((b) => (b.batch_id === id ? seen.batch : b))
        if (!hasEnded(seen.batch)) void digest(own.signal)
      },
      broken: (n) => (attempts.value = n),
      signal: own.signal,
    })
    if (last) {
      await digest(own.signal, true)
      quotas.value = (await call('dafeng.batch.v1.BatchService/GetQuotas', {}, own.signal)).quotas
    }
  } catch (error) {
    if (!own.signal.aborted) told(error, trouble)
  }
}

const MOST_POINTS = 2000
const EVERY_MS = 4000
let digested = 0
// Statistics over what is done: at most every few seconds while it runs, and whole at the end.
async function digest(signal: AbortSignal, last = false): Promise<void> {
  const now = opened.value
  if (!now || !now.seen.batch.done_count || (!last && performance.now() - digested < EVERY_MS)) return
  digested = performance.now()
  const listed = Boolean(now.spec.list?.scenarios?.length)
  try {
    summary.value = await call('dafeng.batch.v1.BatchService/SummariseBatch', {
      batch_id: now.id, column_ids: ['carbon_peak.tco2'], ...(listed ? {} : { sensitivity_column_ids: [sensitive.value] }),
    }, signal)
    const wanted = listed ? now.columns.filter((c) => c.kind !== 'COLUMN_KIND_TARGET').map((c) => c.column_id) : ['carbon_peak.year', 'carbon_peak.tco2', jointColumn(now.columns)]
    if (listed || now.seen.batch.done_count <= MOST_POINTS) rows.value = await fetchRows(now.id, wanted.filter((id) => now.columns.some((c) => c.column_id === id)), signal)
    if (!listed && now.spec.weather_use === 'WEATHER_USE_FRAME' && ofThisScenario.value) await fillBand(keyOf(draft.value), now.seen.batch, now.columns, signal)
  } catch (error) {
    if (last && !signal.aborted) told(error, trouble)
  }
}
// Percentiles of another metric: the same batch is followed anew.
export function showMetric(id: string): void {
  fanMetric.value = id
  if (opened.value) void open(opened.value.id)
}
const JOINT_YEAR = 2030
// Peak load of the joint picture, as the service takes it: of 2030 when kept, else of the last year.
export function jointColumn(columns: readonly batch.BatchColumn[]): string {
  const loads = columns.filter((c) => c.metric_id === 'account.peak_load_mw' && !c.place)
  return (loads.find((c) => c.year === JOINT_YEAR) ?? loads[loads.length - 1])?.column_id ?? ''
}
// Another column's sensitivities.
export async function askSensitivity(column: string): Promise<void> {
  sensitive.value = column
  if (following) await digest(following.signal, true)
}
// Members a second of the last batch that ended: what an estimate of time is made from.
export const knownRate = computed(() => {
  const ended = list.value.find((b) => b.state === 'BATCH_STATE_COMPLETE' && b.started_at && b.ended_at && b.member_count >= 64)
  if (!ended) return undefined
  const seconds = (Date.parse(ended.ended_at) - Date.parse(ended.started_at)) / 1000
  return seconds > 0 ? ended.member_count / seconds : undefined
})
