// Asks for traces and keeps the last ones, so that a number opened again is there at once.
import { follow, type Part, type Request } from '../../api/call'
import type { trace } from '../../api/contracts'
import { draft, frameNow, keyOf, scenarioOf } from '../../model/app'
import type { Draft } from '../../model/scenario'
import type { Subject } from '../../source'

type Ask = Request<'dafeng.trace.v1.TraceService/GetTrace'>
type Tell = (progress: NonNullable<Part<unknown>['progress']>) => void
const KEPT = 6
const kept = new Map<string, trace.Trace>()

export async function traceOf(subject: Subject, tell: Tell, signal: AbortSignal, more: Pick<Ask, 'influence_count' | 'with_prov'> = {}, of: Draft = draft.value): Promise<trace.Trace> {
  const key = JSON.stringify([keyOf(of), subject, more])
  const known = kept.get(key)
  if (known) return known
  const ask: Ask = { ...subject, ...more, frame: frameNow(), scenario: scenarioOf(of) }
  const found = await follow('dafeng.trace.v1.TraceService/GetTrace', ask, tell, signal)
  kept.set(key, found)
  for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old)
  return found
}
