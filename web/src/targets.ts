// Words and counts of answered targets.
import type { projection } from './api/contracts'
import { fixed, short, signed } from './numbers'
import type { Say } from './page'
import type { Language } from './units'
import { wordOf } from './word'

type TargetResult = projection.TargetResult

export const VERDICTS = [
  'VERDICT_MET', 'VERDICT_ALREADY_MET', 'VERDICT_ON_TRACK', 'VERDICT_BEHIND', 'VERDICT_MISSED', 'VERDICT_CANNOT_COMPUTE',
  'VERDICT_TRACKED_ONLY', 'VERDICT_UNSPECIFIED',
]
const MET = ['VERDICT_MET', 'VERDICT_ALREADY_MET']

// Met, or met already: the count that Compare gives too.
export const metCount = (targets: TargetResult[]): number => targets.filter((t) => MET.includes(t.verdict)).length
export function countsOf(targets: TargetResult[]): [string, number][] {
  return VERDICTS.map((v): [string, number] => [v, targets.filter((t) => t.verdict === v).length]).filter(([, n]) => n > 0)
}

const SIGNS: Record<string, Record<Language, string>> = {
  at_least: { zh: '≥', en: '≥' },
  more_than: { zh: '>', en: '>' },
  at_most: { zh: '≤', en: '≤' },
  about: { zh: '约', en: '≈' },
  equal: { zh: '=', en: '=' },
}
// Chinese documents count in 万 and 亿: the factor from the register's unit to the unit of the Chinese word.
const ZH_FACTORS: Record<string, number> = { GW: 100, GWh: 100, 'million m2': 100, 'million m3': 100, 'billion CNY': 10, 'Mt/yr': 100 }
export const factorOf = (t: Pick<TargetResult, 'unit'>, language: Language) => (language === 'zh' ? (ZH_FACTORS[t.unit] ?? 1) : 1)
export const isYear = (t: Pick<TargetResult, 'unit'>) => t.unit === 'year'
export function unitText(t: Pick<TargetResult, 'unit'>, say: Say): string {
  const key = `units.${t.unit}`
  const word = say(key)
  return word === key ? t.unit : word
}
const join = (value: string, unit: string) => (unit === '%' || !unit ? value + unit : `${value} ${unit}`)

export function askedText(t: TargetResult, say: Say, language: Language): string {
  if (t.asked === undefined) return say('deferred')
  if (isYear(t)) return t.compare === 'before' ? say('before', { year: t.asked }) : say('inYear', { year: t.asked })
  const sign = SIGNS[t.compare]?.[language] ?? ''
  return `${sign}${sign.length ? ' ' : ''}${join(short(t.asked * factorOf(t, language)), unitText(t, say))}`
}
export function valueOf(t: TargetResult, value: number | undefined, say: Say, language: Language): string {
  if (value === undefined) return '—'
  return isYear(t) ? fixed(value, 0).split(',').join('') : join(short(value * factorOf(t, language)), unitText(t, say))
}
export const marginOf = (t: TargetResult, value: number | undefined, language: Language): string =>
  value === undefined ? '—' : signed(value * factorOf(t, language))

// Why there is no answer: a word, with what follows the colon (an owner or cities).
export function reasonText(reason: string, say: Say, placeName: (id: string) => string): string {
  if (!reason) return ''
  const [id, rest] = reason.split(':')
  const places = rest && id === 'NO_CITY_DATA' ? `: ${rest.split(',').map(placeName).join(', ')}` : ''
  return wordOf(say, 'reasons', id!) + places
}

// Remarks carry their figures in the id: worst_city:xuzhou, last_observed_2022:25.1, cities_good_9_of_13.
export function flagText(t: TargetResult, flag: string, say: Say, placeName: (id: string) => string, language: Language): string {
  const figure = (text: string, sign = false) => (sign ? signed : short)(Number(text) * factorOf(t, language))
  const [id, rest] = flag.split(':')
  const found = /^(last_observed|was_met_in|splice_gap|rests_on_estimate|path_from_first_value)_(\d{4})$/.exec(id!)
  if (found) return `${wordOf(say, 'flags', found[1]!)} ${found[2]}${rest ? `: ${figure(rest, found[1] === 'splice_gap')}` : ''}`
  const cities = /^cities_good_(\d+)_of_(\d+)$/.exec(id!)
  if (cities) return `${wordOf(say, 'flags', 'cities_good')} ${cities[1]}/${cities[2]}`
  const event = /^(carbon_peak|plateau_until)_(\d{4})$/.exec(id!)
  if (event) return `${wordOf(say, 'flags', event[1]!)} ${event[2]}`
  const reading = id === 'depends_on_reading' && /^(\w+)=(.*)$/.exec(rest ?? '')
  if (reading) return `${wordOf(say, 'flags', id!)} (${wordOf(say, 'targetsView.readingNames', reading[1]!)}: ${figure(reading[2]!)})`
  return wordOf(say, 'flags', id!) + (rest ? `: ${placeName(rest)}` : '')
}
