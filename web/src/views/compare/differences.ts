// What differs between scenarios, as rows: levers, headline numbers, verdicts. Pure functions; values stay in the
// contract's units. Column 0.. are the scenarios in their order.
import type { projection } from '../../api/contracts'
import type { Projection } from '../../model/app'
import { isConstant, settingOf, valueAt, type Draft, type LeverEntry } from '../../model/scenario'
import type { Kind } from '../../units'

export const ANCHOR_YEARS = [2030, 2035, 2060]
const EQUAL_SHARE = 1e-9
const equal = (a: number, b: number) => Math.abs(a - b) <= EQUAL_SHARE * Math.max(1, Math.abs(a), Math.abs(b))

export interface LeverRow {
  entry: LeverEntry
  place: string
  year: number // 0: a constant
  values: (number | undefined)[]
}
interface Scene {
  draft: Draft
  levers: ReadonlyMap<string, LeverEntry> // as the scenario's baseline has them
}
// Values of every lever at the anchor years, only where scenarios differ. A city's own setting is a row of its own.
export function leverRows(scenes: readonly Scene[], years: readonly number[] = ANCHOR_YEARS): LeverRow[] {
  const first = scenes.find((s) => s.levers.size)?.levers
  if (!first) return []
  const rows: LeverRow[] = []
  for (const entry of first.values()) {
    const id = entry.lever.lever_id
    const places = new Set(['', ...scenes.flatMap((s) => s.draft.settings.filter((one) => one.lever_id === id).map((one) => one.place))])
    for (const place of places) {
      for (const year of isConstant(entry.lever) ? [0] : years) {
        const values = scenes.map((s) => {
          const own = s.levers.get(id)
          return own && valueAt(own, settingOf(s.draft, id, place) ?? settingOf(s.draft, id), year)
        })
        const known = values.filter((v): v is number => v !== undefined)
        if (known.some((v) => !equal(v, known[0]!))) rows.push({ entry, place, year, values })
      }
    }
  }
  return rows
}

export interface NumberRow {
  id: string
  words: string // key of its name
  year: number // 0: none in its name
  kind: Kind | 'year' | 'count'
  values: (number | undefined)[]
}
const at = (p: Projection, values: readonly number[] | undefined, year: number) => values?.[p.years.indexOf(year)]
const GREEN_GROUPS = ['wind', 'solar']
// Wind and photovoltaics together, MW.
export const windAndPv = (p: Projection): number[] | undefined =>
  p.power && p.years.map((_, i) => p.power.technologies.filter((t) => GREEN_GROUPS.includes(t.group)).reduce((s, t) => s + (t.capacity_mw[i] ?? 0), 0))
const MET = ['VERDICT_MET', 'VERDICT_ALREADY_MET']
const met = (p: Projection) => (p.targets.length ? p.targets.filter((t) => MET.includes(t.verdict)).length : undefined)

export function numberRows(all: readonly (Projection | undefined)[], years: readonly number[]): NumberRow[] {
  const row = (id: string, kind: NumberRow['kind'], year: number, of: (p: Projection) => number | undefined): NumberRow => ({
    id, words: `compare.numbers.${id}`, year, kind, values: all.map((p) => (p ? of(p) : undefined)),
  })
  const peak = (p: Projection) => (p.carbon_peaks[0]?.in_span ? p.carbon_peaks[0] : undefined)
  const yearly: [string, Kind, (p: Projection) => readonly number[] | undefined][] = [
    ['co2', 'co2', (p) => p.account.territorial_tco2],
    ['peakLoad', 'load', (p) => p.peak_load?.peak_load_mw],
    ['reserve', 'share', (p) => p.peak_load?.reserve_margin_share],
    ['electricity', 'electricity', (p) => p.account.electricity_consumption_mwh],
    ['nonFossil', 'share', (p) => p.account.non_fossil_share],
    ['windPv', 'load', windAndPv],
  ]
  return [
    row('peakYear', 'year', 0, (p) => peak(p)?.year),
    row('peakLevel', 'co2', 0, (p) => peak(p)?.level_tco2),
    ...yearly.flatMap(([id, kind, of]) => years.map((year) => row(id, kind, year, (p) => at(p, of(p), year)))),
    row('targetsMet', 'count', 0, met),
  ].filter((r) => r.values.some((v) => v !== undefined))
}

export interface TargetRow {
  target: projection.TargetResult
  found: (projection.TargetResult | undefined)[]
}
// Targets whose verdict is not the same in all scenarios; scenarios without answers yet are left open.
export function targetRows(all: readonly (Projection | undefined)[]): TargetRow[] {
  const tables = all.map((p) => new Map((p?.targets ?? []).map((t) => [t.target_id, t])))
  const ids = [...new Set(tables.flatMap((t) => [...t.keys()]))]
  return ids
    .map((id) => tables.map((t) => t.get(id)))
    .filter((found) => new Set(found.filter(Boolean).map((t) => t!.verdict)).size > 1)
    .map((found) => ({ target: found.find(Boolean)!, found }))
}
