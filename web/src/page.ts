// What every component reads: words, units, names of the place and scenario on show, and the line that says what a
// result is. One composable, so that pictures, tables, files and charts say the same.
import { computed, inject, type InjectionKey, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { release } from './api/contracts'
import { baselines, comparison, draft, keyOf, regions, result, type Projection } from './model/app'
import { digestOf, digests } from './model/digest'
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

// A result frozen on its way to release: what stands inside shows it instead of the scenario in hand.
export interface Frozen {
  release: release.Release
  projection: Projection
}
export const FROZEN: InjectionKey<Readonly<Ref<Frozen>>> = Symbol('frozen')
const DIGEST_CHARACTERS = 8

export function usePage() {
  const { t } = useI18n()
  const say: Say = (key, words) => t(key, words ?? {})
  const frozen = inject(FROZEN, undefined)
  const p = computed<Projection | undefined>(() => (frozen ? frozen.value.projection : result.value?.projection))
  const place = computed(() => placeName(frozen ? frozen.value.projection.frame.region : session.city || session.region))
  // Of what is on show; a name given since is its name too.
  const scenario = computed(() => {
    if (frozen) return frozen.value.release.manifest.title
    return draftName(!result.value || result.value.key === keyOf(draft.value) ? draft.value : result.value.draft)
  })
  const city = computed(() => (session.city && !frozen ? p.value?.cities.find((c) => c.place === session.city) : undefined))
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
    const own = frozen ? frozen.value.release.manifest.scenario.settings.length : result.value!.draft.settings.length
    const digest = frozen ? frozen.value.release.manifest.result_digest : p.value.digest || digests.value.get(result.value!.key)
    const parts = [`${place.value} · ${scenario.value} (${p.value.baseline}${own ? ` +${own}` : ''})`, say(`weathers.${p.value.frame.weather_year}`)]
    return [...parts, `${t('model')} ${model}`, `${t('data')} ${data.slice(0, DIGEST_CHARACTERS)}`, digest ? `${t('digest')} ${digest.slice(0, DIGEST_CHARACTERS)}` : ''].filter(Boolean).join(' · ')
  })
  const status = computed(() => {
    const state = frozen ? frozen.value.release.status : p.value?.release_status
    const word = say(`release.${state ?? 'RELEASE_STATUS_INTERNAL'}`)
    return frozen ? `${word} · ${frozen.value.release.release_id}` : word
  })
  // Before something leaves the page: its note names the digest too.
  async function stamp(): Promise<void> {
    if (!frozen && result.value) await digestOf(result.value)
  }
  return { t, say, p, place, scenario, city, context, note, status, stamp }
}
