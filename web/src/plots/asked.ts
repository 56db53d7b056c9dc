// What documents ask of a metric, as diamonds on its chart: the level in the metric's unit, the words, the clause.
import type { projection } from '../api/contracts'
import type { Mark, Series, TipRow } from '../charts/plot'
import type { Projection } from '../model/app'
import { clauseText } from '../numbers'
import type { Context } from '../page'
import { askedText } from '../targets'

type TargetResult = projection.TargetResult
export interface Asked {
  metric: string // of the targets
  over: string[] // layers that together are this metric
  cumulative?: boolean // the layer holds the sum since the start of the target's years
  name?: string // word for these layers together
}
export interface Diamond {
  mark: Mark
  tips: TipRow[]
}

// Units of targets in the contract's units.
const UNIT_FACTORS: Record<string, number> = { '%': 0.01, 'million m2': 1e6 }
const CHANGES: Record<string, number> = { rise_from_base: 1, fall_from_base: -1 }

// The level asked for; `value` is the projected one. None where the answer does not tell it.
export function askedLevel(t: TargetResult, value: number | undefined): number | undefined {
  if (t.asked === undefined) return undefined
  const change = CHANGES[t.form]
  if (!change) return t.form === 'growth_per_year' || !(t.unit in UNIT_FACTORS) ? undefined : t.asked * UNIT_FACTORS[t.unit]!
  // The base follows from the projected change, where the model itself made it.
  if (t.value === undefined || value === undefined || t.value_source?.kind !== 'model' || t.unit !== '%') return undefined
  return (value * (100 + change * t.asked)) / (100 + change * t.value)
}
const askedWords = (t: TargetResult, { say, language }: Context): string => [t.form in CHANGES ? say(`metrics.${t.form}`) : '', askedText(t, say, language)].filter(Boolean).join(' ')

// At the upper edge of the layers of a stack, else on the line's own level. What several documents ask alike is one line
// of text; what stands at one point shares its diamond.
export function diamondsOf(p: Projection, asks: readonly Asked[], series: readonly Series[], place: string, c: Context): Diamond[] {
  const found = new Map<string, { at: number; value: number; clauses: Map<string, string[]> }>()
  for (const asked of asks) {
    const layers = series.filter((s) => asked.over.includes(s.id))
    const lines = layers.every((s) => s.kind === 'line')
    if (!layers.length || (lines && layers.length > 1)) continue
    const below = lines ? [] : series.slice(0, series.indexOf(layers[0]!))
    const name = asked.name ? c.say(asked.name) : series.length > 1 && layers.length === 1 ? layers[0]!.name : ''
    for (const t of p.targets.filter((one) => one.metric_id === asked.metric && one.place === (place || p.frame!.region))) {
      const at = p.years.indexOf(t.year)
      if (at < 0 || (t.form === 'cumulative_flow') !== !!asked.cumulative) continue
      const sum = (rows: readonly Series[]) => rows.reduce((s, row) => s + row.values[at]!, 0)
      const level = askedLevel(t, sum(layers))
      if (level === undefined) continue
      const value = level + sum(below)
      const key = `${at} ${value.toPrecision(6)}`
      const point = found.get(key) ?? { at, value, clauses: new Map<string, string[]>() }
      const what = `${name} ${askedWords(t, c)}`.trim()
      point.clauses.set(what, [...(point.clauses.get(what) ?? []), `${t.target_id} ${clauseText(t.section, c.language)}`])
      found.set(key, point)
    }
  }
  return [...found.values()].map(({ at, value, clauses }) => ({
    mark: { at, value, text: [...clauses].map(([what, where]) => [what, ...where].join(' · ')).join('\n') },
    tips: [...clauses].map(([what, where]) => ({ name: `◆ ${where.join(' · ')}`, text: what })),
  }))
}
