// Duration curves of load and net load, of this scenario and the comparison: hours from the highest to the lowest.
import type { report } from '../../api/contracts'
import type { Chart } from '../../charts/chart'
import { element } from '../../charts/tooltip'
import { LOADS, MARKER } from '../../colours'
import { FONTS, fixed } from '../../numbers'
import type { Context } from '../../page'
import { largestOf, valueText, withUnit } from '../../units'

const TOP_HOURS = 200
const YEAR_HOURS = 8760

interface Curve {
  id: string
  name: string
  colour: string
  values: number[] // MW, [rank]
  dashed: boolean
}
function curvesOf(own: report.HoursReport, other: report.HoursReport | undefined, c: Context): Curve[] {
  const curve = (id: string, name: string, values: number[], dashed: boolean): Curve => ({ id, name, colour: LOADS[id]!, values, dashed })
  return [
    ...(other ? [curve('compared', c.say('power.ofScenario', { what: c.say('load'), name: c.compared }), other.load_duration_mw, true)] : []),
    ...(other ? [curve('compared_net', c.say('power.ofScenario', { what: c.say('power.netLoad'), name: c.compared }), other.net_load_duration_mw, true)] : []),
    curve('net', c.say('power.netLoad'), own.net_load_duration_mw, false),
    curve('load', c.say('load'), own.load_duration_mw, false),
  ]
}
// How many of the ranks told are among the first `hours` of the year.
export const shownCount = (ranks: readonly number[], hours: number): number => ranks.filter((r) => r < hours).length

const axis = { axisLabel: { color: '#475467', fontSize: 12, hideOverlap: true, formatter: (v: number) => fixed(v, 0) } }

export function durationChart(own: report.HoursReport, other: report.HoursReport | undefined, zoomed: boolean, c: Context): Chart {
  const hours = zoomed ? TOP_HOURS : YEAR_HOURS
  const count = shownCount(own.ranks, hours)
  const ranks = own.ranks.slice(0, count)
  const curves = curvesOf(own, other, c).map((one) => ({ ...one, values: one.values.slice(0, count) }))
  const firm = own.firm_capacity_mw
  const q = c.quantity('load', largestOf(own.load_duration_mw))
  const above = own.hours_above_firm_count
  const words = { place: c.place, scenario: c.scenario, year: own.year, above, netAbove: own.net_hours_above_firm_count }
  const inWords = (i: number) => c.say('power.rank', { n: fixed(ranks[i]! + 1, 0) })
  const shown = (hidden: ReadonlySet<string>) => curves.filter((one) => !hidden.has(one.id))

  function tip(i: number, hidden: ReadonlySet<string>): HTMLElement {
    const box = element('div', 'tip')
    box.append(element('div', 'tip-title', inWords(i)))
    for (const one of shown(hidden).reverse()) {
      const line = element('div', 'tip-row')
      const swatch = element('span', 'swatch swatch-line')
      swatch.style.setProperty('--colour', one.colour)
      line.append(swatch, element('span', 'tip-name', one.name), element('span', 'tip-value', valueText(one.values[i], q)))
      box.append(line)
    }
    box.append(element('div', 'tip-unit', q.unit))
    return box
  }
  const marks = {
    markLine: {
      silent: true, animation: false, symbol: 'none', data: [{
        yAxis: firm * q.factor, lineStyle: { color: LOADS.firm, width: 1.5, type: 'dotted' },
        label: { position: 'insideEndTop', color: LOADS.firm, fontSize: 12, formatter: `${c.say('power.firm')} ${withUnit(firm, q)}` },
      }],
    },
    ...(above ? { markArea: { silent: true, animation: false, itemStyle: { color: MARKER, opacity: 0.1 }, label: { show: true, position: 'insideTopLeft', color: MARKER, fontSize: 12, fontWeight: 600, formatter: c.say('power.hoursCount', { n: above }) }, data: [[{ xAxis: 0 }, { xAxis: above }]] } } : {}),
  }
  return {
    unit: q.unit,
    legend: curves.map(({ id, name, colour, dashed }) => ({ id, name, colour, shape: dashed ? 'dashed' : 'line' })),
    option: (hidden) => ({
      animation: false,
      textStyle: { fontFamily: FONTS },
      grid: { left: 4, right: 18, top: 14, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: {
        trigger: 'axis', confine: true, transitionDuration: 0, padding: 0, borderWidth: 0, className: 'tip-frame',
        axisPointer: { type: 'line', lineStyle: { color: '#475467', type: 'solid' }, label: { show: false } },
        formatter: (points: { dataIndex: number }[]) => tip(points[0]?.dataIndex ?? 0, hidden),
      },
      xAxis: { type: 'value', min: 0, max: hours, interval: zoomed ? 50 : 2000, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: '#8A94A3' } }, ...axis },
      yAxis: {
        type: 'value', splitNumber: 4, scale: zoomed,
        // A few hours below zero do not claim a whole step of the axis.
        min: (v: { min: number; max: number }) => (!zoomed && v.min < 0 && v.min > -0.12 * v.max ? 1.05 * v.min : null),
        splitLine: { lineStyle: { color: '#E6EAF0' } }, axisLabel: { ...axis.axisLabel, showMinLabel: zoomed || !curves.some((one) => one.values.some((v) => v < 0)) },
      },
      series: shown(hidden).map((one, i, all) => ({
        id: one.id, name: one.name, type: 'line', symbol: 'none', silent: true, z: one.dashed ? 4 : 5,
        data: one.values.map((v, k) => [ranks[k]!, v * q.factor]),
        lineStyle: { width: one.dashed ? 2 : 2.5, type: one.dashed ? 'dashed' : 'solid', color: one.colour },
        itemStyle: { color: one.colour },
        ...(i === all.length - 1 ? marks : {}),
      })),
    }),
    table: {
      rowTitle: c.say('power.rankTitle'),
      columns: curves.map((one) => ({ name: one.name, quantity: q })),
      rows: ranks.map((rank, i) => ({ label: String(rank + 1), cells: curves.map((one) => one.values[i]) })),
    },
    sentence: c.say('power.sentences.duration', { ...words, top: withUnit(own.load_duration_mw[0], q), low: withUnit(own.load_duration_mw[own.load_duration_mw.length - 1], q), firm: withUnit(firm, q) }),
    count,
    spokenAt: (i, hidden) => `${inWords(i)}: ${shown(hidden).reverse().map((one) => `${one.name} ${valueText(one.values[i], q)}`).join(', ')} (${q.unit})`,
    peakAt: 0,
  }
}
