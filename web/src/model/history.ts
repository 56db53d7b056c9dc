// Undo and redo: one step a gesture. `set` while a gesture runs replaces its step; `settle` ends it.
import { computed, shallowRef } from 'vue'

const MOST = 200
export interface Step<T> {
  value: T
  words: string // what the step did, in the words of the moment
}

export function historyOf<T>(first: T, equal: (a: T, b: T) => boolean) {
  const past = shallowRef<Step<T>[]>([])
  const future = shallowRef<Step<T>[]>([])
  const value = shallowRef(first)
  let settled = first // where the running gesture began

  function set(next: T): void {
    value.value = next
  }
  function settle(words: string): boolean {
    if (equal(settled, value.value)) {
      settled = value.value // what counts for equality is; its name may not be
      return false
    }
    past.value = [...past.value, { value: settled, words }].slice(-MOST)
    future.value = []
    settled = value.value
    return true
  }
  function step(from: typeof past, to: typeof past): string | undefined {
    settle('')
    const last = from.value[from.value.length - 1]
    if (!last) return undefined
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, { value: value.value, words: last.words }]
    value.value = settled = last.value
    return last.words
  }
  function restart(next: T): void {
    value.value = settled = next
    past.value = []
    future.value = []
  }
  return {
    value,
    set,
    settle,
    restart,
    undo: () => step(past, future),
    redo: () => step(future, past),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
  }
}
