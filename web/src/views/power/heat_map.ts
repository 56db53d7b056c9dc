// The year as days and hours, one cell an hour; a click picks the day. With its parts of ECharts in a chunk of its own.
import { HeatmapChart } from 'echarts/charts'
import { VisualMapComponent } from 'echarts/components'
import { CanvasRenderer } from 'echarts/renderers'
import type { report } from '../../api/contracts'
import type { Chart } from '../../charts/chart'
import { use } from '../../charts/echarts'
import { element } from '../../charts/tooltip'
import { MARKER, SEQUENTIAL } from '../../colours'
import { dateText, fixed, FONTS, hourText } from '../../numbers'
import type { Context } from '../../page'
import { largestOf, valueText, withUnit, type Kind } from '../../units'
import { firstDays, HOURS } from './dates'

use([HeatmapChart, VisualMapComponent, CanvasRenderer])

export const MAPS = ['load', 'net_load', 'curtailed', 'price'] as const
export type MapOf = (typeof MAPS)[number]
const FIELDS: Record<MapOf, { field: 'load_map_mw' | 'net_load_map_mw' | 'curtailed_map_mw' | 'price_map_cny_per_mwh'; kind: Kind }> = {
  load: { field: 'load_map_mw', kind: 'load' },
  net_load: { field: 'net_load_map_mw', kind: 'load' },
  curtailed: { field: 'curtailed_map_mw', kind: 'load' },
  price: { field: 'price_map_cny_per_mwh', kind: 'price' },
}
const ALL_BUT = 0.02 // share of hours that may lie above the scale when a few of them are far from the others
const FAR = 3

// Ends of the colour scale. A few hours of scarcity would leave all others in one colour: the scale then ends below them.
export function endsOf(values: readonly number[]): { low: number; high: number; cut: boolean } {
  const sorted = [...values].sort((a, b) => a - b)
  const most = sorted[sorted.length - 1] ?? 0
  const nearly = sorted[Math.floor((1 - ALL_BUT) * (sorted.length - 1))] ?? 0
  const cut = nearly > 0 && most > FAR * nearly
  return { low: sorted[0] ?? 0, high: cut ? nearly : most, cut }
}

export function heatMapChart(hours: report.HoursReport, of: MapOf, picked: number, pick: (day: number) => void, c: Context): Chart | undefined {
  const { field, kind } = FIELDS[of]
  const values = hours[field]
  if (!values.length) return undefined
  const q = c.quantity(kind, largestOf(values))
  const days = Math.floor(values.length / HOURS)
  const { low, high, cut } = endsOf(values)
  const at = (day: number) => values.slice(HOURS * day, HOURS * (day + 1))
  const month = (day: number) => c.say('power.months').split(' ')[firstDays.indexOf(day)] ?? ''
  const top = largestOf(values)
  const when = values.indexOf(top)
  const highHour = (day: number) => at(day).reduce((best, v, i, all) => (v > all[best]! ? i : best), 0)

  return {
    unit: q.unit,
    renderer: 'canvas',
    legend: [],
    option: () => ({
      animation: false,
      textStyle: { fontFamily: FONTS },
      grid: { left: 4, right: 14, top: 6, bottom: 30, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: {
        confine: true, transitionDuration: 0, padding: 0, borderWidth: 0, className: 'tip-frame',
        formatter: ({ dataIndex }: { dataIndex: number }) => {
          const box = element('div', 'tip')
          box.append(element('div', 'tip-title', hourText(dataIndex, c.language)), element('div', '', withUnit(values[dataIndex], q)), element('div', 'tip-unit', c.say('power.clickPicks')))
          return box
        },
      },
      xAxis: {
        type: 'category', data: Array.from({ length: days }, (_, d) => d), axisLine: { lineStyle: { color: '#8A94A3' } },
        axisTick: { interval: (i: number) => firstDays.includes(i) }, axisLabel: { color: '#475467', fontSize: 12, interval: (i: number) => firstDays.includes(i), align: 'left', formatter: (d: string) => month(Number(d)) },
      },
      yAxis: { type: 'category', data: Array.from({ length: HOURS }, (_, h) => h), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: '#475467', fontSize: 12, interval: (i: number) => i % 6 === 0, formatter: (h: string) => c.say('hourTick', { hour: h }) } },
      visualMap: {
        type: 'continuous', min: low * q.factor, max: Math.max(high, low + 1) * q.factor, calculable: false, orient: 'horizontal', right: 10, bottom: 0, itemWidth: 10, itemHeight: 140,
        inRange: { color: [...SEQUENTIAL] }, text: [`${cut ? '≥ ' : ''}${withUnit(high, q)}`, valueText(low, q)], textStyle: { color: '#475467', fontSize: 12 },
      },
      series: [{
        id: 'hours', type: 'heatmap', progressive: 0, emphasis: { disabled: true }, itemStyle: { borderWidth: 0 },
        data: values.map((v, i) => [Math.floor(i / HOURS), i % HOURS, v * q.factor]),
        markLine: { silent: true, animation: false, symbol: 'none', label: { show: false }, lineStyle: { color: MARKER, width: 1.5, type: 'solid' }, data: picked >= 0 ? [{ xAxis: picked }] : [] },
      }],
    }),
    table: {
      rowTitle: c.say('power.day'),
      columns: Array.from({ length: HOURS }, (_, h) => ({ name: c.say('hourTick', { hour: h }), quantity: q })),
      rows: Array.from({ length: days }, (_, d) => ({ label: dateText(HOURS * d, c.language), cells: at(d) })),
    },
    sentence: c.say('power.sentences.map', { place: c.place, scenario: c.scenario, year: hours.year, what: c.say(`power.maps.${of}`), top: withUnit(top, q), when: hourText(when, c.language) }),
    count: days,
    spokenAt: (d) => c.say('power.sentences.mapDay', {
      date: dateText(HOURS * d, c.language), low: valueText(Math.min(...at(d)), q), high: valueText(Math.max(...at(d)), q), unit: q.unit, hour: fixed(highHour(d), 0),
    }),
    tipAt: (d) => ({ seriesIndex: 0, dataIndex: HOURS * d + highHour(d) }),
    peakAt: Math.floor(when / HOURS),
    onClick: ({ dataIndex }) => pick(Math.floor(dataIndex / HOURS)),
  }
}
