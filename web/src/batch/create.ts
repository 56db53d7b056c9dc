// Asks for a batch, or finds the one that was asked for before.
import { call } from '../api/call'
import type { batch } from '../api/contracts'
import { result } from '../model/app'
import { requestId, type Spec } from './spec'

export const versionNow = (): string => JSON.stringify(result.value?.projection.revision ?? {})
// One that was cancelled is not taken up again: the same once more has the next id.
const MOST_TRIES = 20
export async function createBatch(title: string, spec: Spec, signal: AbortSignal): Promise<batch.Batch> {
  const id = requestId(title, spec, versionNow())
  for (let turn = 1; ; turn++) {
    const reply = await call('dafeng.batch.v1.BatchService/CreateBatch', { request_id: turn > 1 ? `${id}-${turn}` : id, title, spec }, signal)
    if (reply.batch.state !== 'BATCH_STATE_CANCELLED' || turn >= MOST_TRIES) return reply.batch
  }
}
