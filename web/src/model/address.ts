// Keeps address and page the same: what is looked at is written into the fragment, Back and pasted links are read.
import { shallowRef, watch } from 'vue'
import { free } from '../api/gate'
import { begin, comparison, draft, open, PLANNED, start } from './app'
import { fetchSaved, isKept, openedId, openSaved } from './kept'
import { packed, read, unpacked, written } from './link'
import type { Draft } from './scenario'
import { session, USUAL } from './session'
import { startWho } from './who'

// Parts of the last link that could not be read, as written: told, never replaced in silence.
export const unreadable = shallowRef<string[]>([])

// A kept scenario stands in a link by its id, after this sign.
export const KEPT = '@'

let shown = ''
let turn = 0
const subject = () => `${session.region} ${session.city} ${session.view}`
let lastSubject = subject()

async function write(): Promise<void> {
  const own = ++turn
  const [scenario, compared] = await Promise.all([isKept() ? KEPT + openedId.value : packed(draft.value), packed(comparison.value)])
  const address = written(session, scenario, compared)
  if (own !== turn || address === shown) return
  shown = address
  // Another place or view is a step that Back undoes; the rest is not.
  if (subject() === lastSubject) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  lastSubject = subject()
}

let reading = 0
async function follow(): Promise<void> {
  const own = ++reading
  const link = read(location.hash)
  const { problems, scenario, compared, version: _, ...rest } = link
  const told = [...problems]
  const readable = async (text: string | undefined): Promise<Draft | undefined> => {
    if (!text) return undefined
    try {
      return await unpacked(text)
    } catch {
      told.push(text)
      return undefined
    }
  }
  const [one, other] = await Promise.all([readable(scenario?.startsWith(KEPT) ? '' : scenario), readable(compared)])
  if (own !== reading) return // another link was opened meanwhile
  Object.assign(session, { ...USUAL, ...rest })
  lastSubject = subject()
  shown = location.hash
  unreadable.value = told
  openedId.value = ''
  if (!compared) comparison.value = PLANNED
  else if (other) comparison.value = other
  if (one) open(one)
  else if (scenario?.startsWith(KEPT)) await openKept(scenario.slice(KEPT.length))
}
async function openKept(id: string): Promise<void> {
  try {
    openSaved(await fetchSaved(id))
  } catch (error) {
    unreadable.value = [...unreadable.value, `${id}: ${(error as Error).message}`]
  }
}

export async function startAddress(): Promise<void> {
  if (!(await startWho())) await free()
  begin()
  if (location.hash.length > 1) await follow()
  await start()
  watch([session, draft, comparison, openedId], write, { deep: true, immediate: true })
  window.addEventListener('popstate', () => {
    if (location.hash !== shown) void follow()
  })
}
