// One question in flight, one waiting, the latest wins: what is asked while an answer is under way waits, and replaces
// what waited before. An answer that something newer has overtaken is dropped, and so is a question that is held back
// itself, because the gateway is busy: it never goes out before the newer one.
import { isClosed } from '../api/gate'

interface Asking<Q> {
  ask(question: Q): void
  cancel(): void
}

export function latest<Q, A>(
  send: (question: Q, signal: AbortSignal) => Promise<A>,
  answered: (answer: A, question: Q) => void,
  failed: (error: unknown, question: Q) => void,
  busy: (on: boolean) => void = () => undefined,
): Asking<Q> {
  let running: AbortController | undefined
  let waiting: { question: Q } | undefined

  async function run(question: Q): Promise<void> {
    const own = (running = new AbortController())
    busy(true)
    try {
      const answer = await send(question, own.signal)
      if (running === own) answered(answer, question)
    } catch (error) {
      if (running === own && !own.signal.aborted) failed(error, question)
    }
    if (running !== own) return
    running = undefined
    const next = waiting
    waiting = undefined
    if (next) void run(next.question)
    else busy(false)
  }
  return {
    ask(question) {
      if (running && !isClosed()) waiting = { question }
      else {
        running?.abort()
        waiting = undefined
        void run(question)
      }
    },
    cancel() {
      waiting = undefined
      running?.abort()
      if (running) busy(false)
      running = undefined
    },
  }
}
