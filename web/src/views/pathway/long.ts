// A long question: asked by a button, told its progress, cancelled at will; answers are kept by the question's key, so
// that coming back costs nothing, and the last one stays on show, named as older, when the scenario has moved on.
import { ref, shallowRef, type Ref } from 'vue'
import { caught, type CallError } from '../../api/call'
import type { common } from '../../api/contracts'

const KEPT = 6
type Progress = Pick<common.Progress, 'done_count' | 'total_count'>
interface Answered<A> {
  key: string
  answer: A
}

export function longQuestion<A>() {
  const shown = shallowRef<Answered<A>>()
  const running = ref('') // the key under way
  const progress = shallowRef<Progress>()
  const failure = shallowRef<CallError>()
  const kept = new Map<string, A>()
  let own: AbortController | undefined

  // Shows what is known of the key; false when nothing is.
  function recall(key: string): boolean {
    const known = kept.get(key)
    if (known === undefined) return false
    if (shown.value?.key !== key) shown.value = { key, answer: known }
    failure.value = undefined
    return true
  }
  function cancel(): void {
    own?.abort()
    own = undefined
    running.value = ''
    progress.value = undefined
  }
  async function start(key: string, send: (tell: (p: Progress) => void, signal: AbortSignal) => Promise<A>): Promise<void> {
    cancel()
    if (recall(key)) return
    const turn = (own = new AbortController())
    running.value = key
    failure.value = undefined
    try {
      const answer = await send((p) => own === turn && (progress.value = p), turn.signal)
      if (own !== turn) return
      kept.set(key, answer)
      for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old)
      shown.value = { key, answer }
    } catch (error) {
      if (own === turn) failure.value = caught(error)
    }
    if (own === turn) cancel()
  }
  return { shown, running, progress, failure, recall, cancel, start }
}
// What the state line of such a question reads.
export interface Long {
  shown: Readonly<Ref<{ key: string } | undefined>>
  running: Readonly<Ref<string>>
  progress: Readonly<Ref<Progress | undefined>>
  failure: Readonly<Ref<CallError | undefined>>
  cancel: () => void
}
