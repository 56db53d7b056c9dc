// Keeps address and page the same: what is looked at is written into the fragment, Back and pasted links are read.
import { shallowRef, watch } from 'vue'
import { comparison, draft, open, start } from './app'
import { packed, read, unpacked, written } from './link'
import { session } from './session'

// Parts of the last link that could not be read, as written: told, never replaced in silence.
export const unreadable = shallowRef<string[]>([])

let shown = ''
let turn = 0
const subject = () => `${session.region} ${session.city} ${session.view}`
let lastSubject = subject()

async function write(): Promise<void> {
  const own = ++turn
  const [scenario, compared] = await Promise.all([packed(draft.value), packed(comparison.value)])
  const address = written(session, scenario, compared)
  if (own !== turn || address === shown) return
  shown = address
  // Another place or view is a step that Back undoes; the rest is not.
  if (subject() === lastSubject) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  lastSubject = subject()
}

async function follow(): Promise<void> {
  const link = read(location.hash)
  const { problems, scenario, compared, version: _, ...rest } = link
  const told = [...problems]
  const open1 = async (text: string | undefined) => {
    if (!text) return undefined
    try {
      return await unpacked(text)
    } catch {
      told.push(text)
      return undefined
    }
  }
  const [one, other] = await Promise.all([open1(scenario), open1(compared)])
  Object.assign(session, { city: '', ...rest })
  lastSubject = subject()
  shown = location.hash
  unreadable.value = told
  if (other) comparison.value = other
  if (one) open(one)
}

export async function startAddress(): Promise<void> {
  if (location.hash.length > 1) await follow()
  await start()
  watch([session, draft, comparison], write, { deep: true, immediate: true })
  window.addEventListener('popstate', () => {
    if (location.hash !== shown) void follow()
  })
}
