// The course of what a target asks about: the model's values in the target's terms, what was seen, and the number asked
// as a diamond at its year. Pure functions.
import type { projection } from '../../api/contracts'
import { chartOf, type Plot, type Series } from '../../charts/plot'
import type { Chart } from '../../charts/chart'
import { TOTAL, WITH_IMPORTS } from '../../colours'
import type { Context } from '../../page'
import { yearAxis } from '../../plots/stacks'
import { askedText, factorOf, isYear, unitText } from '../../targets'
import type { Quantity } from '../../units'
import type { Entry, Target } from './rows'

const PERCENT = 100
const SAME = 1e-6
type ByYear = Map<number, number>

// The metric as the target compares it: per cent of a base, per cent a year, a sum since the start, or the value itself.
export function compared(form: string, start: number, years: readonly number[], values: readonly number[]): ByYear {
  const own = new Map(years.map((y, i): [number, number] => [y, values[i]!]))
  const base = own.get(start)
  if (form === 'cumulative_flow') {
    let sum = 0
    return new Map(years.filter((y) => y >= start && own.has(start)).map((y) => [y, (sum += own.get(y)!)]))
  }
  if (form === 'growth_per_year' && base) return new Map(years.filter((y) => y > start).map((y) => [y, PERCENT * ((own.get(y)! / base) ** (1 / (y - start)) - 1)]))
  const sign = form === 'fall_from_base' ? -1 : form === 'rise_from_base' ? 1 : 0
  if (sign && base) return new Map(years.filter((y) => y >= start).map((y) => [y, sign * PERCENT * (own.get(y)! / base - 1)]))
  return own
}
// A target about a share that is a fall already is compared as it stands: the way that gives the value answered is right.
export function inTargetTerms(t: Target, entry: Entry | undefined, years: readonly number[], metric: readonly number[]): ByYear | undefined {
  const scale = entry?.readings.find((r) => r.metric_id === t.metric_id)?.scale ?? 1
  const scaled = metric.map((v) => v * scale)
  const plain = compared('level', 0, years, scaled)
  const ways = [compared(t.form, entry?.start_year ?? 0, years, scaled), plain]
  const answer = t.basis === 'projected' ? t.value : undefined
  if (answer === undefined) return t.form === 'level' || t.form === 'full_coverage' || t.form === 'level_each_city' ? plain : ways[0]
  return ways.find((way) => Math.abs((way.get(t.year) ?? NaN) - answer) <= SAME * Math.max(1, Math.abs(answer)))
}
export function metricOf(series: projection.MetricSeries, place: string, region: string, places: readonly string[], years: number): number[] | undefined {
  if (place === region) return series.region_values
  const at = places.indexOf(place)
  return at >= 0 && series.place_values.length ? series.place_values.slice(at * years, (at + 1) * years) : undefined
}

const digitsFor = (largest: number) => (largest >= 1000 ? 0 : largest >= 10 ? 1 : 2)
export function trendChart(t: Target, entry: Entry | undefined, years: readonly number[], metric: readonly number[], c: Context, metricQuantity: Quantity): Chart | undefined {
  const event = isYear(t) // a year is asked for: the course of the metric itself, with that year
  const model = event ? new Map(years.map((y, i): [number, number] => [y, metric[i]!])) : inTargetTerms(t, entry, years, metric)
  if (!model) return undefined
  const seen = event ? [] : t.seen_values.filter((s) => s.counts && !s.place)
  const from = Math.min(years[0]!, ...seen.map((s) => s.year))
  const axis = Array.from({ length: years[years.length - 1]! - from + 1 }, (_, i) => from + i)
  const factor = factorOf(t, c.language)
  const asked = !event && t.asked !== undefined && axis.includes(t.year) ? t.asked : undefined
  const largest = Math.max(...[...model.values(), ...seen.map((s) => s.value), asked ?? 0].map((v) => Math.abs(v) * factor).filter(Number.isFinite))
  const quantity: Quantity = event ? metricQuantity : { unit: unitText(t, c.say), factor, digits: digitsFor(largest), contractUnit: t.unit }
  const line: Series = { id: 'model', name: c.say('targetsView.modelled'), colour: TOTAL, values: axis.map((y) => model.get(y) ?? NaN), kind: 'line' }
  const points = (id: string, name: string, colour: string, at: (year: number) => number | undefined): Series => ({ id, name, colour, values: axis.map((y) => at(y) ?? NaN), kind: 'line', width: 0 })
  const series = [
    line,
    ...(seen.length ? [points('seen', c.say('targetsView.seen'), WITH_IMPORTS, (y) => seen.find((s) => s.year === y)?.value)] : []),
    ...(asked !== undefined ? [points('asked', `${c.say('asked')} ${askedText(t, c.say, c.language)}`, '#B42318', (y) => (y === t.year ? asked : undefined))] : []),
  ]
  const plot: Plot = {
    ...yearAxis(axis, c), quantity, series,
    sentence: `${t.label?.[c.language]}: ${askedText(t, c.say, c.language)}`,
    ...(event && t.asked !== undefined && axis.includes(t.asked) ? { limit: { at: axis.indexOf(t.asked), text: askedText(t, c.say, c.language) } } : {}),
  }
  const chart = chartOf(plot)
  return { ...chart, option: (hidden) => marked(chart.option(hidden), t) }
}
// Points instead of lines: what was seen as dots, the number asked as a diamond.
function marked(option: ReturnType<Chart['option']>, t: Target): ReturnType<Chart['option']> {
  const series = (option.series as { id: string }[]).map((s) => {
    if (s.id === 'seen') return { ...s, symbol: 'circle', symbolSize: 7, showAllSymbol: true }
    if (s.id === 'asked') return { ...s, symbol: 'diamond', symbolSize: 13, showAllSymbol: true, itemStyle: { color: t.strive ? '#fff' : '#B42318', borderColor: '#B42318', borderWidth: 2 }, z: 6 }
    return s
  })
  return { ...option, series, yAxis: { ...(option.yAxis as object), scale: true } }
}
