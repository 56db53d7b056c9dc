// Who makes the difference of two scenarios: wedges between their curves. Pure functions; t as the contract has it.
import type { comparison } from '../../api/contracts'
import { chartOf, type Plot, type Series } from '../../charts/plot'
import type { Chart } from '../../charts/chart'
import { optionOf } from '../../charts/option'
import { INTERACTION, inOrder, OTHER_PARTS, PARTS, TOTAL, WITH_IMPORTS } from '../../colours'
import type { Context } from '../../page'
import { yearAxis } from '../../plots/stacks'
import { differenceText, largestOf, type Quantity } from '../../units'

// `shared`: Shapley values, in which interactions are shared out; `alone`: each measure alone against the base, and what
// they make together beyond that as a part of its own. Both sum to the difference.
export type Sharing = 'shared' | 'alone'
export type Form = 'between' | 'difference'
export const MOST_PARTS = 8
const BASELINE = 'baseline' // what no lever carries
export const REST = 'rest'
export const TOGETHER = 'interaction'

export interface Part {
  id: string
  name: string
  colour: string
  values: number[] // t, changed less base, [year]
}
interface Row {
  id: string
  owner: string
  name: string
  values: number[]
}
const largest = (row: Pick<Row, 'values'>): number => Math.max(...row.values.map(Math.abs))
const lastOf = (row: Pick<Row, 'values'>): number => Math.abs(row.values[row.values.length - 1] ?? 0)
const sumOf = (rows: Pick<Row, 'values'>[], count: number): number[] => Array.from({ length: count }, (_, i) => rows.reduce((s, r) => s + r.values[i]!, 0))

function rowsOf(a: comparison.Attribution, sharing: Sharing, c: Context): { rows: Row[]; grey: Row[] } {
  const metric = a.metrics[0]!
  const flat = sharing === 'shared' ? metric.contributions : metric.standalone
  const n = a.years.length
  const all = a.contributors.map((one, i): Row => ({
    id: one.contributor_id, owner: one.contributor_id.split('.')[0]!, name: one.label[c.language], values: flat.slice(n * i, n * (i + 1)),
  }))
  const grey = all.filter((r) => r.id === BASELINE)
  if (sharing === 'alone') {
    const alone = sumOf(all, n)
    const rest = metric.changed_values.map((v, i) => v - metric.base_values[i]! - alone[i]!)
    grey.push({ id: TOGETHER, owner: '', name: c.say('pathway.interaction'), values: rest })
  }
  return { rows: all.filter((r) => r.id !== BASELINE), grey }
}

// At most eight parts and the rest, by sector and then by size in the last year; grey parts at the end.
export function partsOf(a: comparison.Attribution, sharing: Sharing, c: Context): Part[] {
  const { rows, grey } = rowsOf(a, sharing, c)
  const total = Math.max(...sumOf([...rows, ...grey], a.years.length).map(Math.abs))
  const telling = rows.filter((r) => largest(r) > 1e-6 * Math.max(1, total))
  const kept = [...telling].sort((x, y) => largest(y) - largest(x)).slice(0, telling.length <= MOST_PARTS + 1 ? MOST_PARTS + 1 : MOST_PARTS)
  const folded = rows.filter((r) => !kept.includes(r))
  const parts: Part[] = inOrder([...new Set(kept.map((r) => r.owner))], PARTS).flatMap((owner) =>
    kept
      .filter((r) => r.owner === owner)
      .sort((x, y) => lastOf(y) - lastOf(x))
      .map(({ id, name, values }, i) => ({ id, name, values, colour: PARTS[owner]?.[i % PARTS[owner]!.length] ?? OTHER_PARTS })),
  )
  if (folded.length) parts.push({ id: REST, name: c.say('pathway.rest', { n: folded.length }), colour: OTHER_PARTS, values: sumOf(folded, a.years.length) })
  return [...parts, ...grey.filter((r) => largest(r) > 1e-6 * Math.max(1, total)).map(({ id, name, values }, i) => ({ id, name, values, colour: i ? '#E1E5EA' : INTERACTION }))]
}

const area = (part: Part, drawn: number[], form: Form): Series => ({ id: part.id, drawnId: `${form}.${part.id}`, name: part.name, colour: part.colour, values: part.values, drawn, kind: 'area' })
// Between the curves: on an unseen floor stand what lowers, up to the base curve, and on it what raises.
function between(parts: Part[], base: number[], hidden: ReadonlySet<string>): Series[] {
  const down = (p: Part) => p.values.map((v) => Math.max(0, -v))
  const up = (p: Part) => p.values.map((v) => Math.max(0, v))
  const shown = parts.filter((p) => !hidden.has(p.id))
  const floor = base.map((v, i) => v - shown.reduce((s, p) => s + Math.max(0, -p.values[i]!), 0))
  const lowering = [...parts].reverse().map((p) => area(p, down(p), 'between'))
  const raising = parts.filter((p) => p.values.some((v) => v > 0)).map((p): Series => ({ ...area(p, up(p), 'between'), id: `_${p.id}_up`, drawnId: `_${p.id}_up`, of: p.id, helper: true }))
  return [{ id: '_floor', name: '', colour: '#fff', values: floor, kind: 'area', helper: true, invisible: true }, ...lowering, ...raising]
}

export function wedgePlot(a: comparison.Attribution, sharing: Sharing, form: Form, names: { base: string; changed: string }, c: Context, hidden: ReadonlySet<string> = new Set()): Plot {
  const { base_values: base, changed_values: changed } = a.metrics[0]!
  const parts = partsOf(a, sharing, c)
  const net = changed.map((v, i) => v - base[i]!)
  const size = form === 'between' ? largestOf(base, changed) : Math.max(largestOf(net), ...parts.map((p) => largestOf(p.values)))
  const q = c.quantity('co2', size)
  const line = (id: string, name: string, colour: string, values: number[]): Series => ({ id, name, colour, values, kind: 'line', ...(id === 'base' ? { dash: 'dashed' as const, halo: true } : {}) })
  const series =
    form === 'between'
      ? [...between(parts, base, hidden), line('base', names.base, WITH_IMPORTS, base), line('changed', names.changed, TOTAL, changed)]
      : [...parts.map((p) => area(p, p.values, 'difference')), line('net', c.say('pathway.net_difference'), TOTAL, net)]
  return { ...yearAxis(a.years, c), quantity: q, series, sentence: sentenceOf(a, parts, names, q, c) }
}
function sentenceOf(a: comparison.Attribution, parts: Part[], names: { base: string; changed: string }, q: Quantity, c: Context): string {
  const at = Math.max(0, a.years.indexOf(c.year))
  const { base_values: base, changed_values: changed } = a.metrics[0]!
  const three = [...parts].sort((x, y) => Math.abs(y.values[at]!) - Math.abs(x.values[at]!)).slice(0, 3)
  const told = three.map((p) => `${p.name} ${differenceText(p.values[at], q, '')}`).join(c.language === 'zh' ? '、' : ', ')
  return c.say('pathway.wedgeSentence', { ...names, year: a.years[at], value: differenceText(changed[at]! - base[at]!, q, ''), parts: told })
}
// What is hidden changes where the others stand: the plot is made anew for it.
export function wedgeChart(a: comparison.Attribution, sharing: Sharing, form: Form, names: { base: string; changed: string }, c: Context): Chart {
  const made = (hidden: ReadonlySet<string>) => wedgePlot(a, sharing, form, names, c, hidden)
  const chart = chartOf(made(new Set()))
  // The curves first; then the parts from the top down, as they lie.
  const lines = chart.legend.filter((l) => l.shape === 'line' || l.shape === 'dashed')
  const fills = chart.legend.filter((l) => !lines.includes(l))
  return { ...chart, legend: [...lines, ...(form === 'between' ? fills.reverse() : fills)], option: (hidden) => optionOf(made(hidden), hidden) }
}
