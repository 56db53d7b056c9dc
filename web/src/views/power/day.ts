// One day hour by hour: load by cause, and what serves it by source, on one scale. Pure functions; MW.
import type { power, report } from '../../api/contracts'
import type { Chart } from '../../charts/chart'
import { chartOf, type Mark, type Plot, type Series } from '../../charts/plot'
import { CAUSES, colourOf, GROUPS, LOADS, TOTAL } from '../../colours'
import { dateText, fixed } from '../../numbers'
import type { Context } from '../../page'
import { byHour, hourAxis } from '../../plots/power'
import { folded, layers } from '../../plots/stacks'
import { largestOf, valueText, withUnit, type Quantity } from '../../units'
import { wordOf } from '../../word'
import { HOURS } from './dates'

const POINTER = 'power-day'
const SHOWN_CAUSES = 3
const VARIABLE = ['wind', 'solar']
const FLOWS = ['unserved', 'surplus', 'storage_discharge', 'storage_charge', 'import', ...VARIABLE]
const MOST_LAYERS = 8 // more cannot be told apart
const OTHER = 'other'

export interface Day {
  year: number
  day: number // 0 to 364
  peakHour: number // 0 to 23
  netPeakHour: number
  load: number[]
  net: number[]
  curtailed: number[]
  causes: string[]
  byCause: number[] // [cause, hour]
  groups: string[]
  supply: number[] // [group, hour]
}
// How a day is named: that of a season's peak, or one that was picked.
type DayKind = 'peak' | 'picked'
export interface Scale {
  top: number // MW
  bottom: number
}

const highest = (values: readonly number[]): number => values.reduce((best, v, i) => (v > values[best]! ? i : best), 0)

// A peak day of the projection: net load is told less the wind and PV taken, as what was curtailed is not known here.
export function ofProjection(d: power.PeakDay): Day {
  const rows = byHour(d.groups, d.supply_mw)
  const net = d.load_mw.map((load, h) => VARIABLE.reduce((rest, id) => rest - (rows.get(id)?.[h] ?? 0), load))
  return {
    year: d.year, day: Math.floor(d.first_hour / HOURS), peakHour: d.peak_hour - d.first_hour, netPeakHour: highest(net), load: d.load_mw, net,
    curtailed: d.load_mw.map(() => 0), causes: d.causes, byCause: d.load_by_cause_mw, groups: d.groups, supply: d.supply_mw,
  }
}
export function ofReport(d: report.DayHours, year: number): Day {
  return {
    year, day: d.day, peakHour: d.peak_hour, netPeakHour: d.net_peak_hour, load: d.load_mw, net: d.net_load_mw, curtailed: d.curtailed_mw,
    causes: d.causes, byCause: d.load_by_cause_mw, groups: d.groups, supply: d.supply_mw,
  }
}
export const gapOf = (day: Day, firm: number): number[] => day.load.map((load) => Math.max(0, load - firm))

const LINES = 4
const NICE: [below: number, step: number][] = [[1.5, 1], [2.5, 2], [4, 3], [7, 5], [Infinity, 10]]
// The step that the drawing chooses between the lines of an axis, so that ours ends on one of them.
export function stepOf(span: number): number {
  const rough = Math.max(span, 1e-3) / LINES
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * NICE.find(([below]) => rough / power < below)![1]
}
function topOf(highest: number, bottom: number): number {
  let top = highest
  for (let turn = 0; turn < LINES; turn++) {
    const step = stepOf(top - bottom)
    const next = step * Math.ceil(top / step - 1e-9)
    if (next === top) return top
    top = next
  }
  return top
}
const stackAt = (rows: Iterable<number[]>, hour: number, sign: 1 | -1): number => [...rows].reduce((sum, r) => sum + Math.max(0, sign * (r[hour] ?? 0)), 0)
// Both charts of a day stand on this scale, in MW; `held` is never narrowed, so that nothing jumps while a lever moves.
export function scaleOf(day: Day, firm: number, q: Quantity, held?: Scale): Scale {
  const rows = [...byHour(day.groups, day.supply).values()]
  const tops = day.load.map((load, h) => Math.max(load, stackAt(rows, h, 1) + day.curtailed[h]!))
  const bottoms = day.load.map((_, h) => Math.min(day.net[h]!, -stackAt(rows, h, -1)))
  const highest = Math.max(largestOf(tops, Number.isFinite(firm) ? [firm] : []), held?.top ?? 0)
  const bottom = Math.min(Math.min(0, ...bottoms) * 1.05, held?.bottom ?? 0)
  return { top: topOf(highest * q.factor, bottom * q.factor) / q.factor, bottom }
}
export const quantityOfDay = (day: Day, c: Context): Quantity => c.quantity('load', largestOf(day.load))

function lines(day: Day, firm: number, c: Context): Series[] {
  const net: Series = { id: 'net', name: c.say('power.netLoad'), colour: LOADS.net!, values: day.net, kind: 'line', dash: 'dashed', halo: true }
  const load: Series = { id: 'load', name: c.say('load'), colour: TOTAL, values: day.load, kind: 'line' }
  const supply: Series = { id: 'firm', name: c.say('power.firm'), colour: LOADS.firm!, values: day.load.map(() => firm), kind: 'line', width: 1.5, step: true, dash: 'dotted' }
  return [...(Number.isFinite(firm) ? [supply] : []), net, load]
}
// What the firm capacity does not cover, hatched from the firm capacity up to the load.
function gapSeries(day: Day, firm: number, c: Context): Series[] {
  const gap = gapOf(day, firm)
  if (!gap.some((v) => v > 0)) return []
  const base = day.load.map((load) => Math.min(load, firm))
  return [
    { id: 'gap_base', name: '', colour: 'transparent', values: base, kind: 'bar', stack: 'gap', helper: true, of: 'gap', apart: true },
    { id: 'gap', name: c.say('power.gap'), colour: colourOf(GROUPS, 'unserved'), values: gap, kind: 'bar', stack: 'gap', hatched: true, apart: true },
  ]
}
function marks(day: Day, firm: number, kind: DayKind, q: Quantity, c: Context): { peak: Mark; second: Mark } {
  const { peakHour, netPeakHour } = day
  const tell = (key: string, hour: number, value: number) => `${c.say(key)} ${c.say('hourTick', { hour })} · ${withUnit(value, q)}`
  const gap = Math.max(...gapOf(day, firm))
  const lacking = gap > 0 ? ` · ${c.say('power.gap')} ${withUnit(gap, { ...q, unit: '' })}` : ''
  return {
    peak: { at: peakHour, value: day.load[peakHour]!, text: tell(`power.${kind}`, peakHour, day.load[peakHour]!) + lacking },
    second: { at: netPeakHour, value: day.net[netPeakHour]!, text: tell('power.netPeak', netPeakHour, day.net[netPeakHour]!) },
  }
}
const shared = (day: Day, firm: number, kind: DayKind, scale: Scale, c: Context): Omit<Plot, 'series' | 'sentence'> => {
  const q = quantityOfDay(day, c)
  return { ...hourAxis(c), ...marks(day, firm, kind, q, c), quantity: q, yMax: scale.top, yMin: scale.bottom, group: POINTER }
}
function sentence(key: string, day: Day, parts: Series[], firm: number, c: Context): string {
  const { peakHour: hour, netPeakHour } = day
  const q = quantityOfDay(day, c)
  const load = day.load[hour]!
  const largest = [...parts].sort((a, b) => b.values[hour]! - a.values[hour]!).slice(0, SHOWN_CAUSES)
  const part = (s: Series) => c.say('sentences.part', { name: s.name, share: fixed((100 * s.values[hour]!) / load, 0) })
  const gap = Math.max(...gapOf(day, firm))
  return c.say(key, {
    date: `${day.year}, ${dateText(day.day * HOURS, c.language)}`, hour, value: withUnit(load, q), parts: largest.map(part).join(c.language === 'zh' ? '、' : ', '),
    hour2: netPeakHour, value2: withUnit(day.net[netPeakHour], q), gap: gap > 0 ? c.say('power.gapWords', { value: withUnit(gap, q) }) : c.say('power.noGap'),
  })
}

// The smallest of too many layers join the other ones; the tooltip still tells them.
function fewer(rows: Map<string, number[]>): Map<string, number[]> {
  if (rows.size <= MOST_LAYERS) return rows
  const size = ([, values]: [string, number[]]) => values.reduce((sum, v) => sum + v, 0)
  const named = [...rows].filter(([id]) => id !== OTHER).sort((a, b) => size(b) - size(a))
  const kept = new Map(named.slice(0, MOST_LAYERS - 1))
  const rest = [...rows].filter(([id]) => !kept.has(id))
  return kept.set(OTHER, hourly((h) => rest.reduce((sum, [, values]) => sum + values[h]!, 0)))
}
const hourly = (value: (h: number) => number): number[] => Array.from({ length: HOURS }, (_, h) => value(h))
function toldApart(rows: Map<string, number[]>, shown: Series[], words: string, q: Quantity, c: Context): Plot['tipRows'] {
  const small = [...rows].filter(([id]) => id !== OTHER && !shown.some((s) => s.id === id))
  return (h) => small.filter(([, values]) => values[h]).map(([id, values]) => ({ name: c.say('power.inOther', { name: wordOf(c.say, words, id) }), text: valueText(values[h], q) }))
}

export function causePlot(day: Day, firm: number, kind: DayKind, scale: Scale, c: Context): Plot {
  const rows = byHour(day.causes, day.byCause)
  const causes = layers(fewer(folded(rows, [])), CAUSES, 'causes', 'bar', c)
  return {
    ...shared(day, firm, kind, scale, c),
    tipRows: toldApart(rows, causes, 'causes', quantityOfDay(day, c), c),
    series: [...causes, ...gapSeries(day, firm, c), ...lines(day, firm, c)],
    sentence: sentence('power.sentences.day', day, causes, firm, c),
  }
}

export function sourcePlot(day: Day, firm: number, kind: DayKind, scale: Scale, c: Context): Plot {
  const rows = byHour(day.groups, day.supply)
  const sources = layers(folded(rows, FLOWS), GROUPS, 'groups', 'bar', c).map((s) => (s.id === 'unserved' ? { ...s, hatched: true } : s))
  const curtailed: Series[] = day.curtailed.some((v) => v > 1)
    ? [{ id: 'curtailed', name: c.say('power.curtailed'), colour: colourOf(GROUPS, 'curtailed'), values: day.curtailed, kind: 'bar', hatched: true, apart: true }]
    : []
  return {
    ...shared(day, firm, kind, scale, c),
    tipRows: toldApart(rows, sources, 'groups', quantityOfDay(day, c), c),
    series: [...sources, ...curtailed, ...lines(day, firm, c).filter((s) => s.id !== 'firm')],
    sentence: sentence('power.sentences.sources', day, sources, firm, c),
  }
}

// What stands over the layers is named first: it is what a day is read for.
export function dayChart(plot: Plot): Chart {
  const chart = chartOf(plot)
  const over = (shape: string) => shape === 'line' || shape === 'dashed'
  return { ...chart, legend: [...chart.legend.filter((l) => over(l.shape)).reverse(), ...chart.legend.filter((l) => !over(l.shape))] }
}
