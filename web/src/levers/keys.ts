// Keys of the whole page; `/` is the search's own. Single letters can be switched off (they may collide with speech input or other aids).
import { defineAsyncComponent, nextTick, onBeforeUnmount, onMounted, ref, watch } from 'vue'
import { closeDrawer, drawer, openDrawer } from '../drawer'
import { announcement, redo, undo } from '../model/app'
import { session, VIEWS } from '../model/session'
import type { Say } from '../page'

const REMEMBERED = 'dafeng.singleKeys'
const ChangesDrawer = defineAsyncComponent(() => import('./ChangesDrawer.vue'))
const KeysDrawer = defineAsyncComponent(() => import('./KeysDrawer.vue'))

const remembered = (): boolean => {
  try {
    return localStorage.getItem(REMEMBERED) !== 'off'
  } catch {
    return true
  }
}
export const singleKeys = ref(remembered())
watch(singleKeys, (on) => {
  try {
    localStorage.setItem(REMEMBERED, on ? 'on' : 'off')
  } catch {
    // Storage may be closed by policy: the choice then lasts as long as the page.
  }
})

const flip = (title: string, body: Parameters<typeof openDrawer>[1]) => (drawer.value?.title === title ? closeDrawer() : openDrawer(title, body))
export const showChanges = (say: Say): void => flip(say('levers.changes'), ChangesDrawer)
const showKeys = (say: Say): void => flip(say('levers.keys.title'), KeysDrawer)

// Where a letter is text, it is not a command.
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(target.type)
}
// Said after what the result itself says, which may be known at once.
async function back(on: boolean, say: Say): Promise<void> {
  const words = on ? undo() : redo()
  await nextTick()
  if (words !== undefined) announcement.value = say(on ? 'undone' : 'redone', { what: words })
}
function turn(by: number): void {
  session.view = VIEWS[(VIEWS.indexOf(session.view) + by + VIEWS.length) % VIEWS.length]!
}

export function usePageKeys(say: Say): void {
  const single: Record<string, () => void> = {
    u: () => showChanges(say), '?': () => showKeys(say), '[': () => turn(-1), ']': () => turn(1),
  }
  function key(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || typing(event.target)) return
    const letter = event.key.toLowerCase()
    if (event.ctrlKey || event.metaKey) {
      if (event.altKey || (letter !== 'z' && letter !== 'y')) return
      event.preventDefault()
      return void back(letter === 'z' && !event.shiftKey, say)
    }
    const does = event.altKey || !singleKeys.value ? undefined : single[letter]
    if (!does) return
    event.preventDefault()
    does()
  }
  onMounted(() => window.addEventListener('keydown', key))
  onBeforeUnmount(() => window.removeEventListener('keydown', key))
}
