// What is looked at, but for the scenario: place, view, year, day, units, language. Language and units are remembered.
import { reactive } from 'vue'
import type { Language, UnitSystem } from '../units'

export const VIEWS = ['overview', 'pathway', 'power', 'buildings', 'transport', 'targets', 'cities', 'compare', 'solve'] as const
export type ViewId = (typeof VIEWS)[number]
// How the CO2 chart is shown.
export const CO2_VIEWS = ['stacked', 'total', 'per_gdp', 'per_person', 'cumulative', 'boundary'] as const
export type Co2View = (typeof CO2_VIEWS)[number]
export type Weather = 'normal' | 'hot' | 'cold' | 'low_wind'

export interface Session {
  region: string
  city: string // empty: the whole region
  view: ViewId
  year: number // of peak day, tiles, Sankey
  day: number // number of a picked day, -1: that of the peak
  season: 'summer' | 'winter'
  by: 'cause' | 'supply'
  weather: Weather
  co2: Co2View
  picks: Record<string, string> // what a card with several charts shows, by its name
  language: Language
  units: UnitSystem
}

const REMEMBERED = 'dafeng.preferences'
interface Preferences {
  language?: Language | undefined
  units?: UnitSystem | undefined
}
function preferences(): Preferences {
  try {
    const { language, units } = Object(JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}')) as Record<string, unknown>
    return {
      language: language === 'zh' || language === 'en' ? language : undefined,
      units: units === 'plan' || units === 'si' ? units : undefined,
    }
  } catch {
    return {}
  }
}
// How everything is shown that a link does not say.
export const USUAL = { city: '', year: 2030, day: -1, season: 'summer', by: 'cause', weather: 'normal', co2: 'stacked', picks: {} } as const
export function remember(language: Language, units: UnitSystem): void {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify({ language, units }))
  } catch {
    // Storage may be closed by policy: the choice then lasts as long as the page.
  }
}

function startSession(): Session {
  const kept = preferences()
  const own = typeof navigator === 'undefined' ? 'zh' : navigator.language
  const language = kept.language ?? (own.startsWith('zh') ? 'zh' : 'en')
  return {
    ...USUAL, region: 'jiangsu', view: 'overview', language, units: kept.units ?? (language === 'zh' ? 'plan' : 'si'),
  }
}
export const session = reactive<Session>(startSession())
