// Calls to the gateway: Connect's JSON form over the same origin, typed by the contracts.
import type { Methods } from './contracts'
import { free, hold, MOST_TRIES, needSignIn, pauseMs } from './gate'

export type Method = keyof Methods
// What a caller writes: any part of a message.
type Wish<T> = T extends (infer I)[] ? Wish<I>[] : T extends object ? { [K in keyof T]?: Wish<T[K]> } : T
export type Request<M extends Method> = Wish<Methods[M]['request']>
export type Response<M extends Method> = Methods[M]['response']

export interface FieldViolation {
  field: string
  description: string
  description_zh?: string
}

export class CallError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly violations: FieldViolation[] = [],
    readonly reason = '',
    readonly retryAfterSeconds = 0,
    readonly metadata: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

// Whatever was thrown, as an error of a call.
export const caught = (error: unknown): CallError => (error instanceof CallError ? error : new CallError('unknown', String(error)))

interface ErrorBody {
  code?: string
  message?: string
  details?: { debug?: { field_violations?: FieldViolation[]; reason?: string; metadata?: Record<string, string> } }[]
}

// The service refused a call before it did anything, because it was busy: sending it again is safe.
const BUSY = 'CAPACITY'
// Who asks is told without signing in.
const OPEN: readonly Method[] = ['dafeng.identity.v1.IdentityService/WhoAmI']

// Waits where the gateway says that it is busy or that somebody has to sign in, and sends the call again.
async function post(method: Method, body: unknown, signal?: AbortSignal): Promise<globalThis.Response> {
  for (let tries = 0; ; ) {
    if (!OPEN.includes(method) && !(await free(signal))) throw new CallError('canceled', 'the page asks something newer')
    try {
      return await send(method, body, signal)
    } catch (error) {
      if (!(error instanceof CallError) || OPEN.includes(method)) throw error
      if (error.code === 'unauthenticated') needSignIn()
      else if (error.reason === BUSY && tries < MOST_TRIES) hold(pauseMs(tries++, error.retryAfterSeconds))
      else throw error
    }
  }
}

async function send(method: Method, body: unknown, signal?: AbortSignal): Promise<globalThis.Response> {
  const reply = await fetch(`/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    throw new CallError(signal?.aborted ? 'canceled' : 'offline', String(error))
  })
  if (!reply.ok) {
    const error = (await reply.json().catch(() => ({}))) as ErrorBody
    throw errorOf(error, reply)
  }
  return reply
}

function errorOf(error: ErrorBody, reply?: globalThis.Response): CallError {
  const debugs = (error.details ?? []).map((d) => d.debug)
  const violations = debugs.flatMap((d) => d?.field_violations ?? [])
  const told = debugs.find((d) => d?.reason)
  const code = error.code ?? (reply ? 'unavailable' : 'unknown')
  const wait = Number(reply?.headers.get('retry-after') ?? 0)
  return new CallError(code, error.message ?? `HTTP ${reply?.status ?? ''}`, violations, told?.reason ?? '', wait, told?.metadata)
}

const left = (error: unknown, signal?: AbortSignal) =>
  error instanceof CallError ? error : new CallError(signal?.aborted ? 'canceled' : 'offline', String(error))

// One request, one reply.
export async function call<M extends Method>(method: M, body: Request<M>, signal?: AbortSignal): Promise<Response<M>> {
  const reply = await post(method, body, signal)
  return (await reply.json().catch((error: unknown) => {
    throw left(error, signal)
  })) as Response<M>
}

// One request, a stream of replies (one JSON object a line); an error after the first comes as its last line.
export async function* stream<M extends Method>(method: M, body: Request<M>, signal?: AbortSignal): AsyncGenerator<Response<M>> {
  const reply = await post(method, body, signal)
  const reader = reply.body!.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw left(error, signal)
      })
      const lines = (rest + (value ?? '')).split('\n')
      rest = done ? '' : lines.pop()!
      for (const line of lines.filter(Boolean)) {
        const part = JSON.parse(line) as Response<M> & { error?: ErrorBody }
        if (part.error) throw errorOf(part.error)
        yield part as Awaited<Response<M>>
      }
      if (done) return
    }
  } finally {
    // Whoever stops reading ends the work behind it.
    reader.cancel().catch(() => undefined)
  }
}

export interface Part<T> {
  progress?: { done_count: number; total_count: number; stage?: { zh: string; en: string } }
  result?: T
}
// A long call: tells its progress, answers with its result.
export async function follow<M extends Method>(
  method: M,
  body: Request<M>,
  tell: (progress: NonNullable<Part<unknown>['progress']>) => void,
  signal?: AbortSignal,
): Promise<NonNullable<Response<M> extends Part<infer T> ? T : never>> {
  for await (const part of stream(method, body, signal)) {
    const { progress, result } = part as Part<unknown>
    if (progress) tell(progress)
    if (result) return result as never
  }
  throw new CallError('unavailable', 'the stream ended without a result')
}
