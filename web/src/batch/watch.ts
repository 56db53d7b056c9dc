// Follows a batch until it ends, over any number of connections: streams end after ten minutes, networks break. What was
// seen is not sent again; the pause between attempts grows while nothing comes.
import { CallError, stream } from '../api/call'
import type { batch } from '../api/contracts'

const ENDED = ['BATCH_STATE_COMPLETE', 'BATCH_STATE_COMPLETE_WITH_FAILURES', 'BATCH_STATE_CANCELLED']
export const hasEnded = (b: Pick<batch.Batch, 'state'>): boolean => ENDED.includes(b.state)
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000]
// Pages that lost the gateway in the same moment come back over a span of time.
const SPREAD = 0.5
// What comes again by itself; anything else is told.
const PASSING = ['offline', 'unavailable', 'deadline_exceeded', 'resource_exhausted', 'aborted', 'unknown']

export interface Seen {
  batch: batch.Batch
  rate: number // members a second
  left: number // seconds
  percentiles: Map<string, batch.ColumnPercentiles>
}
type Watch = (body: { batch_id: string; resume_token: string; column_ids: string[]; interval_s: number }, signal: AbortSignal) => AsyncIterable<batch.WatchBatchResponse>
const overHttp: Watch = (body, signal) => stream('dafeng.batch.v1.BatchService/WatchBatch', body, signal)
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true })
  })

interface Following {
  columns?: string[]
  tell: (seen: Seen) => void
  broken?: (attempt: number) => void // 0: connected again
  signal: AbortSignal
  watch?: Watch
  pauses?: number[]
}
export async function followBatch(id: string, { columns = [], tell, broken, signal, watch = overHttp, pauses = PAUSES_MS }: Following): Promise<Seen | undefined> {
  let token = ''
  let failures = 0
  let last: Seen | undefined
  const percentiles = new Map<string, batch.ColumnPercentiles>()
  while (!signal.aborted) {
    try {
      for await (const part of watch({ batch_id: id, resume_token: token, column_ids: columns, interval_s: 1 }, signal)) {
        if (failures) broken?.(0)
        failures = 0
        token = part.resume_token || token
        for (const p of part.percentiles) percentiles.set(p.column_id, p)
        last = { batch: part.batch, rate: part.members_per_s, left: part.time_left_s, percentiles: new Map(percentiles) }
        tell(last)
      }
      if (last && hasEnded(last.batch)) return last
    } catch (error) {
      if (signal.aborted) return last
      if (!(error instanceof CallError) || !PASSING.includes(error.code)) throw error
      failures++
      broken?.(failures)
    }
    await pause(pauses[Math.min(Math.max(0, failures - 1), pauses.length - 1)]! * (1 + SPREAD * Math.random()), signal)
  }
  return last
}

// Quarters that progress has passed since the last time, to be announced.
export const quarterOf = (done: number, all: number): number => (all ? Math.floor((4 * done) / all) * 25 : 0)
