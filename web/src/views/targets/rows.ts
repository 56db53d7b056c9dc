// Rows of the table of targets: what is filtered, sorted, grouped and written to a file. Pure functions.
import type { projection, targets as catalogue } from '../../api/contracts'
import type { Say } from '../../page'
import { VERDICTS } from '../../targets'
import type { Language } from '../../units'
import { matches, plain } from '../../search/matches'
import { wordOf } from '../../word'

export type Target = projection.TargetResult
export type Entry = catalogue.TargetEntry
export interface Filter {
  text: string
  verdict: string
  document: string
  sector: string
  place: string
}
export const NO_FILTER: Filter = { text: '', verdict: '', document: '', sector: '', place: '' }
export type SortKey = 'order' | 'target' | 'document' | 'place' | 'sector' | 'asked' | 'base' | 'year' | 'value' | 'margin' | 'verdict'
export type GroupKey = '' | 'document' | 'sector'
export interface Group {
  id: string
  rows: Target[]
}
type Name = (id: string) => string

const searchedText = (t: Target, placeName: Name) =>
  plain([t.target_id, t.label?.zh, t.label?.en, t.document?.zh, t.document?.en, t.section, t.wording, placeName(t.place), t.metric_id].join(' '))
// A city is asked by its own targets and by those that the region asks city by city.
export const holdsFor = (t: Target, place: string): boolean => t.place === place || t.cities.some((c) => c.place === place) || t.cities_without_value.includes(place)

export function filtered(rows: readonly Target[], f: Filter, placeName: Name): Target[] {
  return rows.filter(
    (t) =>
      (!f.verdict || t.verdict === f.verdict) &&
      (!f.document || t.document_id === f.document) &&
      (!f.sector || t.sector === f.sector) &&
      (!f.place || holdsFor(t, f.place)) &&
      matches(searchedText(t, placeName), f.text),
  )
}
// How many of each verdict the other filters leave: they sum to the rows without a filter of verdict.
export function verdictCounts(rows: readonly Target[], f: Filter, placeName: Name): [string, number][] {
  const left = filtered(rows, { ...f, verdict: '' }, placeName)
  return VERDICTS.map((v): [string, number] => [v, left.filter((t) => t.verdict === v).length]).filter(([v, n]) => n > 0 || v === f.verdict)
}
export function choices(rows: readonly Target[], key: 'document_id' | 'sector' | 'place'): [string, number][] {
  const found = new Map<string, number>()
  for (const t of rows) found.set(t[key], (found.get(t[key]) ?? 0) + 1)
  return [...found]
}

type Cell = string | number | undefined
export function sorted(rows: readonly Target[], key: SortKey, down: boolean, names: { placeName: Name; language: Language; entry: (id: string) => Entry | undefined }): Target[] {
  if (key === 'order') return down ? [...rows].reverse() : [...rows]
  const by: Record<Exclude<SortKey, 'order'>, (t: Target) => Cell> = {
    target: (t) => t.label?.[names.language],
    document: (t) => `${t.document?.[names.language]} ${t.section}`,
    place: (t) => names.placeName(t.place),
    sector: (t) => t.sector,
    asked: (t) => t.asked,
    base: (t) => names.entry(t.target_id)?.start_year || undefined,
    year: (t) => t.year || undefined,
    value: (t) => t.value,
    margin: (t) => t.relative_margin ?? t.margin,
    verdict: (t) => VERDICTS.indexOf(t.verdict),
  }
  const cell = by[key]
  const collator = new Intl.Collator(names.language === 'zh' ? 'zh-CN' : 'en', { numeric: true })
  // Rows without a value stand last in both directions.
  return [...rows].sort((one, other) => {
    const [a, b] = [cell(one), cell(other)]
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
    return down ? -order : order
  })
}
export function grouped(rows: readonly Target[], by: GroupKey): Group[] {
  if (!by) return [{ id: '', rows: [...rows] }]
  const found = new Map<string, Target[]>()
  for (const t of rows) {
    const id = by === 'document' ? t.document_id : t.sector
    found.set(id, [...(found.get(id) ?? []), t])
  }
  return [...found].map(([id, own]) => ({ id, rows: own }))
}


// The file: every column, numbers as they were calculated.
export function csvOf(rows: readonly Target[], entry: (id: string) => Entry | undefined, remarks: (t: Target) => string[], words: { say: Say; language: Language; placeName: Name }) {
  const { say, language, placeName } = words
  const columns = [
    say('id'), say('target'), say('targetsView.documentTitle'), say('targetsView.clause'), say('place'), say('sector'), say('targetsView.wording'), say('targetsView.compare'), say('asked'), say('targetsView.unit'),
    say('targetsView.base'), say('year'), say('targetsView.strive'), say('projected'), say('margin'), say('targetsView.relativeMargin'), say('targetsView.tolerance'), say('verdict'), say('targetsView.basis'),
    say('targetsView.required'), say('targetsView.requiredYear'), say('targetsView.metric'), say('byCity'), say('targetsView.readings'), say('targetsView.seen'), say('remarks'),
  ]
  const lines = rows.map((t): (string | number)[] => [
    t.target_id, t.label?.[language] ?? '', t.document?.[language] ?? '', t.section, placeName(t.place), wordOf(say, 'sectors', t.sector), t.wording, t.compare, t.asked ?? '', t.unit,
    entry(t.target_id)?.start_year || '', t.year || '', t.strive ? '1' : '', t.value ?? '', t.margin ?? '', t.relative_margin ?? '', t.tolerance || '', say(`verdicts.${t.verdict}`), t.basis,
    t.required_value ?? '', t.required_year || '', t.metric_id,
    t.cities.map((c) => `${placeName(c.place)} ${c.value} (${c.good ? '✓' : '✕'})`).join('; '),
    t.readings.map((r) => `${r.name} ${r.value ?? ''} ${say(`verdicts.${r.verdict}`)}`).join('; '),
    t.seen_values.map((s) => `${s.place ? placeName(s.place) + ' ' : ''}${s.year} ${s.value} ${s.grade} ${s.source}`).join('; '),
    remarks(t).join('; '),
  ])
  return { columns, lines }
}
