// Goes to what was found: shows its view and leads eye and keyboard to the place.
import { session } from '../model/session'
import { openLever, openTarget } from '../source'
import type { Entry } from './entries'

const WAIT_MS = 6000

function leadTo(selector: string, until = performance.now() + WAIT_MS): void {
  const there = document.querySelector<HTMLElement>(selector)
  if (!there) {
    if (performance.now() < until) requestAnimationFrame(() => leadTo(selector, until))
    return
  }
  there.scrollIntoView({ block: 'center' })
  const stop = there.matches('a,button,input,select,[tabindex]') ? there : there.querySelector<HTMLElement>('[tabindex="0"],button')
  stop?.focus({ preventScroll: true })
}
export function goTo(e: Entry): void {
  if (e.view) session.view = e.view
  if (e.pick) {
    session.picks = { ...session.picks, [e.pick[0]]: e.pick[1] }
    leadTo(`#view [data-chart="${e.pick[0]}"]`)
  } else if (e.kind === 'lever') openLever(e.id)
  else if (e.kind === 'city') session.city = e.id
  else if (e.kind === 'chart') leadTo(`#view [data-chart="${e.id}"]`)
  else if (e.kind === 'target') {
    openTarget(e.id)
    leadTo(`#view [data-target="${e.id}"]`)
  } else leadTo(`#tab-${session.view}`)
}
