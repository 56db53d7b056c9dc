// Who asks, by the gateway's own word, and what they may do. The gateway refuses what they may not; the page says so before.
import { computed, shallowRef } from 'vue'
import { call, CallError } from '../api/call'
import type { identity } from '../api/contracts'
import { needSignIn, signedIn, signInNeeded } from '../api/gate'

export type Who = identity.WhoAmIResponse
export type Act = 'project' | 'see_drafts' | 'keep' | 'batch' | 'submit' | 'see_releases' | 'review' | 'release'
export const who = shallowRef<Who>() // undefined: not told, so nothing is held back
export const isOpen = computed(() => !who.value || who.value.sign_in === 'open')
const signInPath = computed(() => who.value?.sign_in_path || '/sign-in')
export const allows = (one: Who | undefined, act: Act): boolean => !one || one.acts.includes(act)
export const may = (act: Act): boolean => allows(who.value, act)

// Whose work is on the page; another person does not get to see it.
let user = ''
let timer = 0
const LONGEST_MS = 2 ** 31 - 1
function askWhenItEnds(expires: string): void {
  clearTimeout(timer)
  const left = Date.parse(expires) - Date.now()
  if (left > 0) timer = window.setTimeout(() => void askWho(), Math.min(left + 1000, LONGEST_MS))
}
// Tells whether calls may go out.
export async function askWho(): Promise<boolean> {
  try {
    const found = await call('dafeng.identity.v1.IdentityService/WhoAmI', {})
    if (user && found.user_id && found.user_id !== user) return leaveTo('/')
    if (!found.user_id) {
      if (who.value) who.value = { ...who.value, sign_in_path: found.sign_in_path }
      else who.value = found
      needSignIn()
      return false
    }
    user = found.user_id
    who.value = found
    askWhenItEnds(found.expires_at)
    signedIn()
    return true
  } catch (error) {
    // A gateway that is away says nothing of who asks: what is asked of it tells the rest.
    if (error instanceof CallError && error.code === 'unauthenticated') needSignIn()
    return !signInNeeded.value
  }
}
function leaveTo(address: string): false {
  window.onbeforeunload = null
  location.replace(address) // without a fragment: loaded anew, also from itself
  return false
}

// People sign in beside the page, in a window of its own, so that nothing on the page is lost; it closes when it comes
// back to the page.
const WINDOW = 'dafeng-sign-in'
const CHANNEL = 'dafeng'
export function openSignIn(): void {
  if (!window.open(signInPath.value, WINDOW, 'popup,width=560,height=680')) location.assign(signInPath.value)
}
export const isSignInWindow = (): boolean => window.name === WINDOW
export function closeSignInWindow(): void {
  new BroadcastChannel(CHANNEL).postMessage('signed in')
  window.close()
}
// A token of this installation becomes a session; the page keeps nothing of it.
export async function signInWith(token: string): Promise<boolean> {
  const reply = await fetch(signInPath.value, { method: 'POST', body: new URLSearchParams({ token }) }).catch(() => undefined)
  return !!reply?.ok && askWho()
}
// Ends the session; the page begins anew, with nothing of it.
export async function signOut(): Promise<void> {
  needSignIn()
  await fetch('/sign-out', { method: 'POST' }).catch(() => undefined)
  leaveTo('/')
}
export function startWho(): Promise<boolean> {
  new BroadcastChannel(CHANNEL).onmessage = () => void askWho()
  const look = () => {
    if (signInNeeded.value && document.visibilityState === 'visible') void askWho()
  }
  window.addEventListener('focus', look)
  // Back may bring a page out of the browser's memory, which somebody else left there.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) void askWho()
  })
  document.addEventListener('visibilitychange', look)
  return askWho()
}
