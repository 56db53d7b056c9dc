// What every component reads: words, units, names of the place and scenario on show, and the line that says what a
// result is. One composable, so that pictures, tables, files and charts say the same.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { baselines, comparison, draft, keyOf, regions, result, type Projection } from './model/app'
import type { Draft } from './model/scenario'
import { session } from './model/session'
import { quantityOf, type Kind, type Language, type Quantity, type UnitSystem } from './units'

export type Say = (key: string, words?: Record<string, unknown>) => string
// What a pure chart function is given beside the projection.
export interface Context {
  say: Say
  language: Language
  units: UnitSystem
  quantity: (kind: Kind, largest?: number) => Quantity
  place: string
  scenario: string
  year: number
  compared: string // name of the comparison scenario
}

export function placeName(id: string): string {
  const all = regions.value.flatMap((r) => [r.place, ...r.cities])
  return all.find((p) => p.place_id === id)?.label[session.language] ?? id
}
export function baselineName(id: string): string {
  const found = baselines.value.find((b) => b.baseline === id)?.label[session.language]
  return found?.split(/[:：]/)[0] ?? id
}
export const draftName = (d: Draft): string => d.name || baselineName(d.baseline)
// What stands beside it must be told apart from its baseline.
export const comparedName = (d: Draft): string => d.name || `${baselineName(d.baseline)}${d.settings.length ? ` +${d.settings.length}` : ''}`

export function usePage() {
  const { t } = useI18n()
  const say: Say = (key, words) => t(key, words ?? {})
  const p = computed<Projection | undefined>(() => result.value?.projection)
  const place = computed(() => placeName(session.city || session.region))
  // Of what is on show; a name given since is its name too.
  const scenario = computed(() => draftName(!result.value || result.value.key === keyOf(draft.value) ? draft.value : result.value.draft))
  const city = computed(() => (session.city ? p.value?.cities.find((c) => c.place === session.city) : undefined))
  const context = computed<Context>(() => {
    const { language, units, year } = session
    return {
      say, language, units, place: place.value, scenario: scenario.value, year, compared: comparedName(comparison.value),
      quantity: (kind, largest) => quantityOf(kind, units, language, largest),
    }
  })
  // Status of release and identity: under every chart, in every file.
  const note = computed(() => {
    if (!p.value) return ''
    const { model_version: model, data_revision: data } = p.value.revision
    const own = result.value!.draft.settings.length
    const parts = [`${place.value} · ${scenario.value} (${p.value.baseline}${own ? ` +${own}` : ''})`, say(`weathers.${p.value.frame.weather_year}`)]
    return [...parts, `${t('model')} ${model}`, `${t('data')} ${data.slice(0, 8)}`, p.value.digest ? `${t('digest')} ${p.value.digest.slice(0, 8)}` : ''].filter(Boolean).join(' · ')
  })
  const status = computed(() => say(`release.${p.value?.release_status ?? 'RELEASE_STATUS_INTERNAL'}`))
  return { t, say, p, place, scenario, city, context, note, status }
}
