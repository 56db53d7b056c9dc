// What the page shows, kept in the fragment of the address: a link restores the view and nothing of it reaches a log.
import { reactive, watch } from 'vue'
import type { Language } from './i18n'

export interface View {
  region: string
  city: string
  scenario: string
  language: Language
  year: number
  season: string
  by: 'supply' | 'cause'
}

function read(): View {
  const given = new URLSearchParams(location.hash.slice(1))
  return {
    region: given.get('region') ?? 'jiangsu',
    city: given.get('city') ?? '',
    scenario: given.get('scenario') ?? 'planned',
    language: given.get('language') === 'en' ? 'en' : 'zh',
    year: Number(given.get('year') ?? 2030),
    season: given.get('season') === 'winter' ? 'winter' : 'summer',
    by: given.get('by') === 'cause' ? 'cause' : 'supply',
  }
}
export const view = reactive<View>(read())

const subject = () => `${view.region} ${view.city} ${view.scenario}`
let shown = subject()
watch(view, () => {
  const kept = Object.entries(view).filter(([, v]) => v !== '').map(([k, v]): [string, string] => [k, String(v)])
  const address = `#${new URLSearchParams(kept)}`
  if (address === location.hash) return
  // Another place or scenario is a step that Back undoes; the rest is not.
  if (subject() === shown) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  shown = subject()
})
// Back, forward, or an address typed by hand.
window.addEventListener('popstate', () => {
  const now = read()
  shown = `${now.region} ${now.city} ${now.scenario}`
  Object.assign(view, now)
})
