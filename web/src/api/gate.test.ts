import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { latest } from '../model/ask'
import { call, CallError } from './call'
import { free, hold, isClosed, MOST_TRIES, needSignIn, pauseMs, secondsToWait, signedIn } from './gate'

// One clock for all tests: the gate remembers moments.
beforeAll(() => void vi.useFakeTimers())
afterAll(() => void vi.useRealTimers())
afterEach(async () => {
  signedIn()
  await vi.advanceTimersByTimeAsync(600_000)
  vi.unstubAllGlobals()
})
const reply = (status: number, body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers })
const busy = (seconds = 2) => reply(429, { code: 'resource_exhausted', message: 'busy', details: [{ debug: { reason: 'CAPACITY' } }] }, { 'retry-after': String(seconds) })
const project = (body: unknown, signal?: AbortSignal) => call('dafeng.projection.v1.ProjectionService/ListRegions', body as never, signal)

test('the pause is at least what the service asks for, grows, and differs from page to page', () => {
  expect(pauseMs(0, 0, () => 0)).toBe(1000)
  expect(pauseMs(0, 5, () => 0)).toBe(5000)
  expect(pauseMs(3, 0, () => 0)).toBe(8000)
  expect(pauseMs(99, 0, () => 1)).toBe(45_000)
  expect(new Set([0.1, 0.5, 0.9].map((r) => pauseMs(1, 2, () => r))).size).toBe(3)
})
test('a call that the busy service refused is sent again after the time it named, and not before', async () => {
  const sent = vi.fn().mockResolvedValueOnce(busy(2)).mockResolvedValueOnce(reply(200, { regions: [] }))
  vi.stubGlobal('fetch', sent)
  const answer = project({})
  await vi.advanceTimersByTimeAsync(1900)
  expect(sent).toHaveBeenCalledTimes(1)
  expect(secondsToWait.value).toBeGreaterThan(0)
  await vi.advanceTimersByTimeAsync(1200)
  expect(await answer).toEqual({ regions: [] })
  expect(sent).toHaveBeenCalledTimes(2)
  expect(secondsToWait.value).toBe(0)
})
test('other calls wait too while the service is busy', async () => {
  const sent = vi.fn().mockImplementation(async () => reply(200, {}))
  vi.stubGlobal('fetch', sent)
  hold(3000)
  void project({})
  void project({})
  await vi.advanceTimersByTimeAsync(2900)
  expect(sent).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(300)
  expect(sent).toHaveBeenCalledTimes(2)
})
test('trying ends some time, and says so', async () => {
  vi.stubGlobal('fetch', vi.fn().mockImplementation(async () => busy(1)))
  const failed = project({}).catch((e: unknown) => e)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(((await failed) as CallError).reason).toBe('CAPACITY')
  expect(vi.mocked(fetch)).toHaveBeenCalledTimes(MOST_TRIES + 1)
})
test('a refusal that is no lack of room is told at once', async () => {
  const quota = reply(429, { code: 'resource_exhausted', details: [{ debug: { reason: 'QUOTA' } }] })
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(quota))
  await expect(project({})).rejects.toMatchObject({ reason: 'QUOTA' })
  expect(vi.mocked(fetch)).toHaveBeenCalledTimes(1)
})
test('while the service is busy only the newest question is kept, and the older one never goes out', async () => {
  const bodies: string[] = []
  vi.stubGlobal('fetch', vi.fn().mockImplementation(async (_: string, { body }: RequestInit) => {
    bodies.push(String(body))
    return bodies.length === 1 ? busy(2) : reply(200, {})
  }))
  const heard: number[] = []
  const asking = latest<number, number>(async (q, signal) => (await project({ q }, signal), q), (a) => void heard.push(a), () => heard.push(-1))
  asking.ask(1)
  await vi.advanceTimersByTimeAsync(100)
  asking.ask(2)
  asking.ask(3)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(bodies.map((b) => (JSON.parse(b) as { q: number }).q)).toEqual([1, 3])
  expect(heard).toEqual([3])
})
test('a call that needs a sign-in waits for it and goes on by itself', async () => {
  const sent = vi.fn().mockResolvedValueOnce(reply(401, { code: 'unauthenticated' })).mockResolvedValueOnce(reply(200, { regions: [] }))
  vi.stubGlobal('fetch', sent)
  const answer = project({})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(isClosed()).toBe(true)
  expect(sent).toHaveBeenCalledTimes(1)
  signedIn()
  expect(await answer).toEqual({ regions: [] })
})
test('who leaves while a call is held back hears that it was cancelled', async () => {
  vi.stubGlobal('fetch', vi.fn())
  needSignIn()
  const own = new AbortController()
  const answer = project({}, own.signal).catch((e: unknown) => (e as CallError).code)
  own.abort()
  expect(await answer).toBe('canceled')
  expect(await free(own.signal)).toBe(false)
  expect(vi.mocked(fetch)).not.toHaveBeenCalled()
})
