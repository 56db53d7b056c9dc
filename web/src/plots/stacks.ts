// What charts of stacks and years share: axes, layers in their fixed order, thin layers folded, the carbon peak's marks.
import type { projection } from '../api/contracts'
import type { Plot, Series } from '../charts/plot'
import { colourOf, inOrder } from '../colours'
import type { Projection } from '../model/app'
import type { Context } from '../page'
import { withUnit, type Quantity } from '../units'
import { wordOf } from '../word'

// A layer that never reaches this share of the sum cannot be told apart from its neighbours.
const FOLD_SHARE = 0.02
export const plus = (a: number[], b: number[]): number[] => a.map((v, i) => v + (b[i] ?? 0))
export const yearAxis = (years: readonly number[], { say }: Context): Pick<Plot, 'x' | 'xTitle' | 'xTick'> => ({
  x: years.map(String),
  xTitle: say('year'),
  xTick: (i) => years[i]! % 5 === 0,
})
export const ends = (years: readonly number[], values: readonly number[], q: Quantity) => ({
  y0: years[0],
  v0: withUnit(values[0], q),
  y1: years[years.length - 1],
  v1: withUnit(values[values.length - 1], q),
})
export function addTo(rows: Map<string, number[]>, id: string, values: number[]): void {
  const have = rows.get(id)
  rows.set(id, have ? plus(have, values) : values)
}
// Thin layers become one, `other`.
export function folded(rows: Map<string, number[]>, always: string[]): Map<string, number[]> {
  const count = Math.max(0, ...[...rows.values()].map((v) => v.length))
  const sum = Array.from({ length: count }, (_, i) => [...rows.values()].reduce((s, v) => s + Math.max(0, v[i]!), 0))
  const thin = [...rows].filter(([id, v]) => !always.includes(id) && v.every((one, i) => Math.abs(one) < FOLD_SHARE * sum[i]!)).map(([id]) => id)
  if (thin.length < 2) return rows
  const kept = new Map<string, number[]>()
  for (const [id, values] of rows) addTo(kept, thin.includes(id) ? 'other' : id, values)
  return kept
}
// Layers in the palette's order, from the bottom; those that are nothing anywhere are left out.
export function layers(rows: Map<string, number[]>, palette: Record<string, string>, words: string, kind: 'area' | 'bar', { say }: Context): Series[] {
  return inOrder([...rows.keys()], palette)
    .filter((id) => rows.get(id)!.some((v) => Math.abs(v) > 1e-6))
    .map((id) => ({ id, name: wordOf(say, words, id), colour: colourOf(palette, id), values: rows.get(id)!, kind }))
}
export const metricValues = (p: Projection, id: string): number[] | undefined => p.metrics.find((m) => m.metric.metric_id === id)?.region_values

export function peakWords(peak: projection.CarbonPeak, last: number, q: Quantity, { say }: Context): string {
  if (!peak.in_span) return say('noPeak', { year: last })
  const plateau = say('plateau', { first: peak.plateau_first_year, last: peak.plateau_last_year })
  return say('sentences.peak', { year: peak.year, value: withUnit(peak.level_tco2, q), plateau })
}
export function peakMark(peak: projection.CarbonPeak, years: readonly number[], q: Quantity, { say }: Context): Pick<Plot, 'peak' | 'plateau'> {
  if (!peak.in_span) return {}
  const at = (year: number) => years.indexOf(year)
  const text = `${say('carbonPeak')} ${peak.year} · ${withUnit(peak.level_tco2, q)}`
  return {
    peak: { at: at(peak.year), value: peak.level_tco2, text, pin: true },
    plateau: { first: at(peak.plateau_first_year), last: at(peak.plateau_last_year), value: peak.level_tco2 },
  }
}
// The year by which the documents ask the place to peak, when one of them does.
export function peakTarget(p: Projection, place: string, { say }: Context): Plot['limit'] {
  const asked = p.targets.find((t) => t.form === 'peak_year' && t.place === place)?.asked
  const at = asked === undefined ? -1 : p.years.indexOf(asked)
  return at < 0 ? undefined : { at, text: say('beforeTarget', { year: asked }) }
}
