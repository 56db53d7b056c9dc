// The band of the CO2 chart from a batch: percentiles of every kept year, brought to every year along the scenario's own
// path. "Show the range" runs a small batch once; the second time it is found again.
import { ref, shallowRef } from 'vue'
import { call, CallError, caught } from '../api/call'
import type { batch } from '../api/contracts'
import { EVERY_YEAR, frameNow, keyOf, result } from '../model/app'
import { band, type Band } from '../model/band'
import type { Draft } from '../model/scenario'
import { createBatch, versionNow } from './create'
import { fetchRows, quantile, type Rows } from './rows'
import { between, EVERY_FIFTH, requestId, type Spec } from './spec'
import { followBatch, hasEnded } from './watch'

const METRIC = 'account.territorial_tco2'
const BAND_MEMBERS = 200
const BAND_SEED = 2030
// The same in both languages: the title is part of what is asked.
const BAND_TITLE = 'CO₂ P10–P90'
const bandSpec = (draft: Draft): Spec => ({
  frame: frameNow(),
  scenario: { name: '', baseline: draft.baseline, settings: [...draft.settings] },
  years: EVERY_FIFTH,
  metrics: [{ metric_id: METRIC }, { metric_id: 'account.peak_load_mw' }],
  without_targets: true,
  random: { method: 'DRAW_METHOD_SOBOL', member_count: BAND_MEMBERS, seed: BAND_SEED },
})

// Percentiles of the kept years on every year: their ratios to the scenario's own path run in straight lines.
export function onPath(kept: readonly number[], values: readonly number[], years: readonly number[], path: readonly number[] | undefined): number[] {
  const of = (year: number) => path?.[years.indexOf(year)]
  const ratios = kept.map((year, i): [number, number] => [year, of(year) ? values[i]! / of(year)! : values[i]!])
  return years.map((year) => between(ratios, year) * (of(kept[0]!) ? (of(year) ?? NaN) : 1))
}
export function bandFrom(key: string, rows: Rows, members: number, years: readonly number[], path: readonly number[] | undefined): Band | undefined {
  const columns = [...rows].flatMap(([id, values]) => (id.startsWith(`${METRIC}@`) ? [{ year: Number(id.split('@')[1]), values }] : [])).sort((a, b) => a.year - b.year)
  const done = columns[0]?.values.length ?? 0
  if (!done) return undefined
  const kept = columns.map((c) => c.year)
  const at = (share: number) => onPath(kept, columns.map((c) => quantile(c.values, share)), years, path)
  const peaks = peakYears(rows.get('carbon_peak.year') ?? [], kept)
  return { key, years: [...years], p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9), members, done, ...(peaks ? { peakYears: peaks } : {}) }
}
// Only where every year around is kept: steps of five years say nothing of single years.
export function peakYears(found: readonly number[], kept: readonly number[]): { p10: number; p90: number } | undefined {
  const known = found.filter((y) => y > 0)
  const [p10, p90] = [Math.round(quantile(known, 0.1)), Math.round(quantile(known, 0.9))]
  const around = Array.from({ length: p90 - p10 + 3 }, (_, i) => p10 - 1 + i)
  return known.length && around.every((y) => kept.includes(y)) ? { p10, p90 } : undefined
}
const columnsOf = (columns: readonly batch.BatchColumn[]) => columns.filter((c) => (c.metric_id === METRIC && !c.place) || c.column_id === 'carbon_peak.year').map((c) => c.column_id)

const MOST_ROWS = 10_000
// Fills the band from what is done of a batch over the scenario of this key.
export async function fillBand(key: string, found: batch.Batch, columns: readonly batch.BatchColumn[], signal: AbortSignal): Promise<void> {
  const rows = await fetchRows(found.batch_id, columnsOf(columns), signal, MOST_ROWS)
  const own = result.value
  const path = own?.key === key ? own.projection.account.territorial_tco2 : undefined
  const made = bandFrom(key, rows, found.member_count, EVERY_YEAR, path)
  if (made && !signal.aborted) band.value = made
}

// Over the scenario in hand. `quiet`: there is no store, so there is nothing to offer.
export const bandState = ref<'idle' | 'running' | 'failed' | 'quiet'>('idle')
export const bandProgress = ref({ done: 0, all: BAND_MEMBERS })
export const bandFailure = shallowRef<CallError>()
let running: AbortController | undefined

export function cancelBand(): void {
  running?.abort()
  running = undefined
  if (bandState.value === 'running') bandState.value = 'idle'
}
export async function runBand(draft: Draft): Promise<void> {
  cancelBand()
  const own = (running = new AbortController())
  const [key, spec] = [keyOf(draft), bandSpec(draft)]
  bandState.value = 'running'
  bandProgress.value = { done: 0, all: BAND_MEMBERS }
  try {
    const made = await createBatch(BAND_TITLE, spec, own.signal)
    const { columns } = await call('dafeng.batch.v1.BatchService/GetBatch', { batch_id: made.batch_id }, own.signal)
    let filled = 0
    const tell = ({ batch: now }: { batch: batch.Batch }) => {
      bandProgress.value = { done: now.done_count, all: now.member_count }
      if (now.done_count > filled && !hasEnded(now)) void fillBand(key, now, columns, own.signal).catch(() => undefined)
      filled = now.done_count
    }
    const last = await followBatch(made.batch_id, { columns: ['carbon_peak.tco2'], tell, signal: own.signal })
    if (last) await fillBand(key, last.batch, columns, own.signal)
    if (running === own) bandState.value = 'idle'
  } catch (error) {
    if (own.signal.aborted) return
    const told = caught(error)
    bandState.value = told.reason === 'NO_STORE' ? 'quiet' : 'failed'
    bandFailure.value = told
  }
}
// A band that was run before shows by itself.
export async function findBand(draft: Draft, signal: AbortSignal): Promise<void> {
  const key = keyOf(draft)
  if (band.value?.key === key || bandState.value === 'quiet' || !result.value?.projection.revision) return
  const id = requestId(BAND_TITLE, bandSpec(draft), versionNow())
  try {
    const { batches } = await call('dafeng.batch.v1.BatchService/ListBatches', { region: frameNow()!.region!, page_size: 200 }, signal)
    const found = batches.find((b) => b.request_id === id && b.done_count > 0)
    if (!found) return
    const { columns } = await call('dafeng.batch.v1.BatchService/GetBatch', { batch_id: found.batch_id }, signal)
    await fillBand(key, found, columns, signal)
  } catch (error) {
    if (error instanceof CallError && error.reason === 'NO_STORE') bandState.value = 'quiet'
  }
}
