// Long calls of a view: one at a time, with progress and cancel; leaving the view ends them.
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { caught, type CallError } from '../../api/call'

export interface Told {
  done: number
  total: number
  stage: { zh: string; en: string }
}
export function useLongCall<T>() {
  const answer = shallowRef<T>()
  const failure = shallowRef<CallError>()
  const progress = shallowRef<Told>()
  const running = ref(false)
  let own: AbortController | undefined
  function cancel() {
    own?.abort()
    own = undefined
    running.value = false
    progress.value = undefined
  }
  async function run(send: (tell: (p: { done_count: number; total_count: number; stage?: { zh: string; en: string } }) => void, signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    own?.abort()
    const mine = (own = new AbortController())
    running.value = true
    failure.value = progress.value = undefined
    try {
      const found = await send((p) => (progress.value = { done: p.done_count, total: p.total_count, stage: p.stage ?? { zh: '', en: '' } }), mine.signal)
      if (own !== mine) return undefined
      answer.value = found
      return found
    } catch (error) {
      if (own === mine && !mine.signal.aborted) failure.value = caught(error)
      return undefined
    } finally {
      if (own === mine) cancel()
    }
  }
  onBeforeUnmount(cancel)
  return { answer, failure, progress, running, run, cancel }
}
