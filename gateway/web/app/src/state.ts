import { reactive, watch } from 'vue'
import type { Language } from './i18n'

// What the page shows; kept in the address, so that a link restores the view.
export interface View { region: string; city: string; scenario: string; language: Language; year: number; season: string; by: 'supply' | 'cause' }

const given = new URLSearchParams(location.hash.slice(1))
export const view = reactive<View>({
  region: given.get('region') ?? 'jiangsu',
  city: given.get('city') ?? '',
  scenario: given.get('scenario') ?? 'planned',
  language: given.get('language') === 'en' ? 'en' : 'zh',
  year: Number(given.get('year')) || 2030,
  season: given.get('season') ?? 'summer',
  by: given.get('by') === 'cause' ? 'cause' : 'supply',
})

watch(view, () => {
  const kept = Object.entries(view).filter(([, v]) => v !== '').map(([k, v]): [string, string] => [k, String(v)])
  history.replaceState(null, '', `#${new URLSearchParams(kept)}`)
})
