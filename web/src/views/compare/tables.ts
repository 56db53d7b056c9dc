// Rows of the comparison as texts for the page and as numbers for the file.
import type { Cell } from '../../files'
import { fixed } from '../../numbers'
import type { Context } from '../../page'
import { differenceText, largestOf, leverQuantity, valueText, type Quantity } from '../../units'
import { labelOf } from '../../levers/texts'
import { wordOf } from '../../word'
import type { LeverRow, NumberRow, TargetRow } from './differences'

export interface TextRow {
  id: string
  label: string
  detail: string
  unit: string
  values: string[]
  differences: string[] // to the base; empty for the base itself
}
const COUNT: Quantity = { unit: '', factor: 1, digits: 0, contractUnit: '1' }
const plainYear = (value: number | undefined) => (value === undefined ? '—' : String(value))

function quantityOfRow(row: NumberRow, c: Context): Quantity {
  if (row.kind === 'year' || row.kind === 'count') return COUNT
  return c.quantity(row.kind, largestOf(row.values.map((v) => v ?? 0)))
}
const whole = (d: number) => (d > 0 ? `+${d}` : fixed(d, 0))
export function numberText(row: NumberRow, base: number, c: Context): TextRow {
  const q = quantityOfRow(row, c)
  const from = row.values[base]
  const differences = row.values.map((v, i) => {
    if (i === base || v === undefined || from === undefined) return ''
    if (row.kind === 'year') return v === from ? c.say('sameYear') : c.say(v < from ? 'earlier' : 'later', { n: Math.abs(v - from) })
    return row.kind === 'count' ? whole(v - from) : differenceText(v - from, q, c.say('points'))
  })
  const values = row.values.map((v) => (row.kind === 'year' ? plainYear(v) : valueText(v, q)))
  return { id: `${row.id}@${row.year}`, label: c.say(row.words), detail: row.year ? String(row.year) : '', unit: q.unit, values, differences }
}
export function leverText(row: LeverRow, base: number, c: Context, placeName: (id: string) => string): TextRow {
  const { lever } = row.entry
  const q = leverQuantity(lever.unit, c.units, c.language)
  const isYear = lever.unit === 'year'
  const from = row.values[base]
  return {
    id: `${lever.lever_id}:${row.place}@${row.year}`,
    label: labelOf(lever.label, c.language) + (row.place ? ` · ${placeName(row.place)}` : ''),
    detail: row.year ? String(row.year) : c.say('compare.constant'),
    unit: q.unit,
    values: row.values.map((v) => (isYear ? plainYear(v) : valueText(v, q))),
    differences: row.values.map((v, i) => (i === base || v === undefined || from === undefined || v === from ? '' : differenceText(v - from, q, c.say('points')))),
  }
}

// The whole comparison as one file: a row a number, in the contract's unit and in the one shown.
export function fileRows(names: readonly string[], levers: readonly LeverRow[], numbers: readonly NumberRow[], targets: readonly TargetRow[], series: readonly SeriesRow[], base: number, c: Context): { head: string[]; rows: Cell[][] } {
  const others = names.map((_, i) => i).filter((i) => i !== base)
  const head = [
    c.say('compare.part'), 'id', c.say('compare.name'), c.say('place'), c.say('year'), c.say('compare.unit'), ...names,
    ...others.map((i) => `${names[i]} − ${names[base] ?? ''}`),
  ]
  const line = (part: string, id: string, name: string, place: string, year: number, unit: string, values: readonly (number | undefined)[]): Cell[] => [
    part, id, name, place, year || '', unit, ...values.map((v) => v ?? ''),
    ...others.map((i) => (values[i] === undefined || values[base] === undefined ? '' : values[i]! - values[base]!)),
  ]
  const rows: Cell[][] = [
    ...numbers.map((r) => line(c.say('compare.numbersTitle'), r.id, c.say(r.words), '', r.year, quantityOfRow(r, c).contractUnit, r.values)),
    ...levers.map((r) => line(c.say('compare.leversTitle'), r.entry.lever.lever_id, r.entry.lever.label[c.language], r.place, r.year, r.entry.lever.unit, r.values)),
    ...targets.map((r): Cell[] => [
      c.say('compare.targetsTitle'), r.target.target_id, r.target.label[c.language], r.target.place, r.target.year || '', r.target.unit,
      ...r.found.map((t) => (t ? `${wordOf(c.say, 'verdicts', t.verdict)} ${t.value ?? ''}` : '')), ...others.map(() => ''),
    ]),
    ...series.flatMap((s) => s.years.map((year, i) => line(c.say('compare.seriesTitle'), s.id, s.name, '', year, s.unit, s.values.map((v) => v?.[i])))),
  ]
  return { head, rows }
}
interface SeriesRow {
  id: string
  name: string
  unit: string
  years: readonly number[]
  values: (readonly number[] | undefined)[]
}
