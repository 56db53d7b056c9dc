// Metrics of a projection as a plot: stacks, shares of their sum, or lines, with what the documents ask of them. A chart
// is a description; one pure function draws it. Values stay in the contract's units.
import type { common, projection } from '../api/contracts'
import type { Mark, Plot, Series, TipRow } from '../charts/plot'
import { colourOf, inOrder, WITH_IMPORTS, type Palette } from '../colours'
import type { Projection } from '../model/app'
import type { Context } from '../page'
import { clauseText } from '../numbers'
import { askedText } from '../targets'
import { largestOf, type Kind, type Language } from '../units'
import { ends, plus, yearAxis } from './stacks'

export interface Part {
  id: string // in the palette, and in the words of the room
  metrics: string[] // added up
  factor?: number // to the unit of the chart's kind
  below?: boolean // drawn below zero
  line?: boolean // a line over the stack
  dash?: Series['dash']
}
// What documents ask of a metric that the chart draws as one layer or several.
export interface Asked {
  metric: string
  over: string[]
  cumulative?: boolean // the layer holds the sum since the start of the target's years
}
export const MODES = ['stacked', 'shares', 'lines'] as const
export type Mode = (typeof MODES)[number]
export interface MetricChart {
  id: string // words: <room>.charts.<id>, <room>.scopes.<id>
  room: string
  kind: Kind
  draw: 'area' | 'bar' | 'line'
  palette: Palette
  parts: Part[]
  names?: string // table of words for the parts; without a word the service's label is the name
  sum?: string // word for the sum of the stack
  modes?: Mode[] // ways to draw it, the first by default
  asked?: Asked[]
}
export interface Wanted {
  mode?: Mode | undefined
  place?: string // a city, or empty
  compared?: Projection | undefined
}

export const metricsOf = (charts: readonly MetricChart[]): string[] => [
  ...new Set(charts.flatMap((chart) => [...chart.parts.flatMap((p) => p.metrics), ...(chart.asked ?? []).map((a) => a.metric)])),
]

type Row = projection.MetricSeries
const rowOf = (p: Projection, id: string): Row | undefined => p.metrics.find((m) => m.metric.metric_id === id)
// Values of a city, where it was asked for and the metric has them.
function placeValues(p: Projection, row: Row, place: string): number[] | undefined {
  const [at, years] = [p.places.indexOf(place), p.years.length]
  return at < 0 || row.place_values.length < (at + 1) * years ? undefined : row.place_values.slice(at * years, (at + 1) * years)
}
// Whether the projection was asked for values of cities.
export const hasCities = (p: Projection): boolean => p.metrics.some((m) => m.place_values.length > 0)
// Whether a chart exists for the cities; else the region's is shown and said to be.
export const knowsCities = (p: Projection, chart: MetricChart): boolean =>
  chart.parts.every((part) => part.metrics.every((id) => (rowOf(p, id)?.place_values.length ?? 0) > 0))

function valuesOf(p: Projection, part: Part, place: string): number[] | undefined {
  let sum: number[] | undefined
  for (const id of part.metrics) {
    const row = rowOf(p, id)
    const values = row && (place ? placeValues(p, row, place) : row.region_values)
    if (!values?.length) return undefined
    sum = sum ? plus(sum, values) : values
  }
  const factor = (part.factor ?? 1) * (part.below ? -1 : 1)
  return factor === 1 ? sum : sum?.map((v) => v * factor)
}

// Labels of the service without what all of them say: "useful space heat from gas boilers" -> "gas boilers".
const tokens = (text: string, language: Language): string[] => (language === 'zh' ? [...text] : text.split(/(?<= )/))
const sameFirst = (rows: string[][]): number => {
  let n = 0
  while (rows.every((r) => n < r.length - 1 && r[n] === rows[0]![n])) n++
  return n
}
export function shortNames(labels: common.Label[], language: Language): string[] {
  const rows = labels.map((l) => tokens(l[language], language))
  if (rows.length < 2) return labels.map((l) => l[language])
  const first = sameFirst(rows)
  const cut = rows.map((r) => r.slice(first))
  const last = sameFirst(cut.map((r) => [...r].reverse().map((t) => t.trim())))
  return cut.map((r) => r.slice(0, r.length - last).join('').replace(/[\s,;:：]+$/, ''))
}
function namesOf(p: Projection, chart: MetricChart, { say, language }: Context): string[] {
  const labels = chart.parts.map((part) => rowOf(p, part.metrics[0]!)?.metric.label ?? { zh: part.id, en: part.id })
  const short = shortNames(labels, language)
  return chart.parts.map((part, i) => {
    const key = `${chart.names}.${part.id}`
    const word = chart.names ? say(key) : key
    return word === key ? short[i]! : word
  })
}

// Units of targets in the contract's units.
const UNIT_FACTORS: Record<string, number> = { '%': 0.01, 'million m2': 1e6 }
// The level that a document asks for, in the unit of the metric; none where it cannot be told from the answer.
export function askedLevel(t: projection.TargetResult, value: number | undefined): number | undefined {
  if (t.asked === undefined) return undefined
  const change = t.form === 'rise_from_base' ? 1 : t.form === 'fall_from_base' ? -1 : 0
  if (!change) return t.form === 'growth_per_year' || !(t.unit in UNIT_FACTORS) ? undefined : t.asked * UNIT_FACTORS[t.unit]!
  // The base follows from the projected change, which the model itself made.
  if (t.value === undefined || value === undefined || t.value_source?.kind !== 'model' || t.unit !== '%') return undefined
  return (value * (1 + (change * t.asked) / 100)) / (1 + (change * t.value) / 100)
}
const CHANGE: Record<string, string> = { rise_from_base: '+', fall_from_base: '\u2212' }
function askedWords(t: projection.TargetResult, { say, language }: Context): string {
  const text = askedText(t, say, language)
  const sign = CHANGE[t.form]
  return sign ? text.replace(/[\d.,]+/, (number) => sign + number) : text
}

interface Found {
  mark: Mark
  year: number
  tip: TipRow
}
// Diamonds of what is asked, at the upper edge of the layers that it is asked of. Documents that ask the same share one.
function diamonds(p: Projection, chart: MetricChart, series: Series[], stack: boolean, place: string, c: Context): Found[] {
  const own = place || p.frame!.region
  const found = new Map<string, Found>()
  for (const asked of chart.asked ?? []) {
    const layers = series.filter((s) => asked.over.includes(s.id))
    if (!layers.length) continue
    const below = stack ? series.slice(0, series.indexOf(layers[0]!)) : []
    for (const t of p.targets.filter((one) => one.metric_id === asked.metric && one.place === own)) {
      const at = p.years.indexOf(t.year)
      if (at < 0 || (t.form === 'cumulative_flow') !== !!asked.cumulative) continue
      const sum = (rows: Series[]) => rows.reduce((s, row) => s + row.values[at]!, 0)
      const level = askedLevel(t, sum(layers))
      if (level === undefined) continue
      const [what, where] = [askedWords(t, c), `${t.target_id} ${clauseText(t.section, c.language)}`]
      const subject = series.length > 1 ? `${(chart.asked!.length > 1 || stack) && layers.length === 1 ? layers[0]!.name : (asked.over.length > 1 ? c.say(`${chart.names}.${asked.metric.split('.')[1]}`) : '')} `.trimStart() : ''
      const key = `${t.year} ${asked.metric} ${level}`
      const before = found.get(key)
      if (before) {
        before.mark.text += ` · ${where}`
        before.tip.name += ` · ${where}`
      } else {
        found.set(key, { year: t.year, mark: { at, value: level + sum(below), text: `${subject}${what} · ${where}` }, tip: { name: `◆ ${subject}${where}`, text: what } })
      }
    }
  }
  return [...found.values()]
}

const shareRows = (rows: number[][]): number[][] => {
  const sum = rows.reduce((s, row) => plus(s, row), rows[0]!.map(() => 0))
  return rows.map((row) => row.map((v, i) => (sum[i]! > 0 ? v / sum[i]! : 0)))
}
const total = (rows: number[][], count: number): number[] => rows.reduce((s, row) => plus(s, row), Array.from({ length: count }, () => 0))
const isLine = (chart: MetricChart, part: Part, mode: Mode): boolean => chart.draw === 'line' || !!part.line || mode === 'lines'

// Undefined where a metric of the chart is not there.
export function metricsPlot(p: Projection, chart: MetricChart, c: Context, { mode = chart.modes?.[0] ?? 'stacked', place = '', compared }: Wanted = {}): Plot | undefined {
  const all = chart.parts.map((part) => valuesOf(p, part, place))
  if (!all.length || all.some((v) => !v)) return undefined
  const rows = all as number[][]
  const names = namesOf(p, chart, c)
  const shares = mode === 'shares'
  const drawn = shares ? shareRows(rows) : rows
  const order = inOrder(chart.parts.map((part) => part.id), chart.palette)
  const series = order.flatMap((id): Series[] => {
    const i = chart.parts.findIndex((part) => part.id === id)
    const [part, values] = [chart.parts[i]!, drawn[i]!]
    const line = isLine(chart, part, mode)
    if (!line && values.every((v) => Math.abs(v) < 1e-6)) return []
    return [{ id, name: names[i]!, colour: colourOf(chart.palette, id), values, kind: line ? 'line' : (chart.draw as 'area' | 'bar'), ...(part.dash ? { dash: part.dash } : {}), ...(line && chart.draw !== 'line' && mode === 'stacked' ? { halo: true } : {}) }]
  })
  const layered = series.filter((s) => s.kind !== 'line')
  const whole = layered.length ? total(layered.map((s) => s.values), p.years.length) : undefined
  const other = shares || place ? undefined : comparedLine(chart, compared, whole !== undefined, mode, c)
  const asks = shares ? [] : diamonds(p, chart, series, whole !== undefined, place, c)
  const kind = shares ? 'share' : chart.kind
  const highest = largestOf(whole ? total(layered.map((s) => s.values.map((v) => Math.max(0, v))), p.years.length) : [], ...series.map((s) => s.values), other?.values ?? [], asks.map((a) => a.mark.value))
  const q = c.quantity(kind, highest)
  const told = whole && !shares ? ends(p.years, whole, q) : undefined
  const tips = new Map<number, TipRow[]>()
  for (const a of asks) tips.set(a.mark.at, [...(tips.get(a.mark.at) ?? []), a.tip])
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series: [...series, ...(other ? [other] : [])],
    ...(whole && !shares && layered.length > 1 ? { sum: c.say(chart.sum ?? 'sum') } : {}),
    ...(kind === 'share' && highest > 0.8 ? { yMax: 1 } : {}),
    ...(asks.length ? { diamonds: asks.map((a) => a.mark), tipRows: (i: number) => tips.get(i) ?? [] } : {}),
    sentence: sentence(p, chart, series, told, asks, q, c),
  }
}

// The comparison scenario as a line: of the sum of a stack, or beside a line that stands alone.
function comparedLine(chart: MetricChart, compared: Projection | undefined, stack: boolean, mode: Mode, c: Context): Series | undefined {
  if (!compared) return undefined
  const parts = chart.parts.filter((part) => (stack ? !isLine(chart, part, mode) : true))
  if (parts.some((part) => part.below) || (!stack && parts.length > 1)) return undefined
  const rows = parts.map((part) => valuesOf(compared, part, ''))
  if (!rows.length || rows.some((r) => !r)) return undefined
  return { id: 'compared', name: c.compared, colour: WITH_IMPORTS, values: total(rows as number[][], compared.years.length), kind: 'line', dash: 'dashed', halo: stack }
}

const MOST_TOLD = 4
function sentence(p: Projection, chart: MetricChart, series: Series[], told: ReturnType<typeof ends> | undefined, asks: Found[], q: Plot['quantity'], c: Context): string {
  const title = c.say(`${chart.room}.charts.${chart.id}`)
  const joint = c.language === 'zh' ? '；' : '; '
  const target = asks.map((a) => `${a.year} ${a.mark.text}`)
  const one = (s: Series) => {
    const { v0, v1 } = ends(p.years, s.values, q)
    return `${s.name} ${v0} → ${v1}`
  }
  const parts = told ? [c.say('metrics.between', told)] : [...series].reverse().slice(0, MOST_TOLD).map(one)
  const years = told ? '' : `${p.years[0]} → ${p.years[p.years.length - 1]}: `
  return c.say('metrics.sentence', { place: c.place, scenario: c.scenario, title, what: years + [...parts, ...target].join(joint) })
}
