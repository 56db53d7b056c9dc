// When calls may go out. A gateway that is busy names a time, and nothing is sent before it; where somebody has to sign in
// first, calls wait until that is done and then go on. Whoever asks anew meanwhile gives up the older question.
import { computed, shallowRef } from 'vue'

const PAUSES_MS = [1000, 2000, 4000, 8000, 16_000, 30_000]
// Pages that were refused in the same moment come back over a span of time.
const SPREAD = 0.5
export const MOST_TRIES = 8

// Pause before the next try: at least what the service asked for, longer each time, never the same twice.
export function pauseMs(tries: number, askedSeconds: number, random: () => number = Math.random): number {
  const own = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]!
  return Math.max(askedSeconds * 1000, own) * (1 + SPREAD * random())
}

const freeAt = shallowRef(0) // by performance.now()
const now = shallowRef(0)
export const signInNeeded = shallowRef(false)
// Whole seconds until calls go out again; 0: they do.
export const secondsToWait = computed(() => Math.ceil(Math.max(0, freeAt.value - now.value) / 1000))
export const isClosed = (): boolean => signInNeeded.value || performance.now() < freeAt.value

let ticking = 0
function tick(): void {
  now.value = performance.now()
  clearTimeout(ticking)
  if (now.value < freeAt.value) ticking = globalThis.setTimeout(tick, Math.min(250, freeAt.value - now.value + 1)) as unknown as number
  else release()
}
let waiting: (() => void)[] = []
function release(): void {
  if (isClosed()) return
  const all = waiting
  waiting = []
  for (const go of all) go()
}
export function hold(ms: number): void {
  freeAt.value = Math.max(freeAt.value, performance.now() + ms)
  tick()
}
export function needSignIn(): void {
  signInNeeded.value = true
}
export function signedIn(): void {
  signInNeeded.value = false
  release()
}
// Resolves when calls may go out; false when the caller left before.
export function free(signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  if (!isClosed()) return Promise.resolve(true)
  return new Promise((done) => {
    const go = () => {
      signal?.removeEventListener('abort', leave)
      done(true)
    }
    const leave = () => {
      waiting = waiting.filter((one) => one !== go)
      done(false)
    }
    waiting.push(go)
    signal?.addEventListener('abort', leave, { once: true })
  })
}
