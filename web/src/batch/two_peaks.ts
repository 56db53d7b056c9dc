// Carbon peak and peak load of every member: points while they are few, cells when they are many. Pure.
import { HeatmapChart, ScatterChart } from 'echarts/charts'
import { VisualMapComponent } from 'echarts/components'
import { CanvasRenderer } from 'echarts/renderers'
import type { batch } from '../api/contracts'
import type { Chart } from '../charts/chart'
import { use } from '../charts/echarts'
import { element } from '../charts/tooltip'
import { MARKER, SEQUENTIAL } from '../colours'
import { FONTS, fixed } from '../numbers'
import type { Context } from '../page'
import { largestOf, valueText, withUnit, type Quantity } from '../units'
import { quantile } from './rows'

use([ScatterChart, HeatmapChart, VisualMapComponent, CanvasRenderer])
export interface Point {
  tco2: number
  mw: number
  year: number // 0: still rising at the last kept year
}
const TARGET_YEAR = 2030
const AXIS = { axisLine: { lineStyle: { color: '#8A94A3' } }, splitLine: { lineStyle: { color: '#E6EAF0' } }, axisLabel: { color: '#475467', fontSize: 12, hideOverlap: true } }
const LATE = '#B8431A'
const EARLY = '#225DAE'
const late = (p: Point) => p.year === 0 || p.year > TARGET_YEAR
const frame = (qx: Quantity, qy: Quantity, c: Context) => ({
  animation: false,
  textStyle: { fontFamily: FONTS },
  grid: { left: 8, right: 20, top: 24, bottom: 22, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
  nameX: `${c.say('batch.peakLevel')} (${qx.unit})`,
  nameY: `${c.say('peakLoad')} (${qy.unit})`,
})
function tip(rows: [string, string][], title: string): HTMLElement {
  const box = element('div', 'tip')
  box.append(element('div', 'tip-title', title))
  for (const [name, value] of rows) {
    const line = element('div', 'tip-row')
    line.append(element('span', 'tip-name', name), element('span', 'tip-value', value))
    box.append(line)
  }
  return box
}
const tooltip = (of: (index: number, series: string) => HTMLElement) => ({
  trigger: 'item', confine: true, padding: 0, borderWidth: 0, className: 'tip-frame', transitionDuration: 0,
  formatter: (at: { dataIndex: number; seriesId: string }) => of(at.dataIndex, at.seriesId),
})

export function pointsChart(points: readonly Point[], year: number, c: Context): Chart | undefined {
  if (!points.length) return undefined
  const qx = c.quantity('co2', largestOf(points.map((p) => p.tco2)))
  const qy = c.quantity('load', largestOf(points.map((p) => p.mw)))
  const groups = [{ id: 'early', colour: EARLY, symbol: 'circle', of: points.filter((p) => !late(p)) }, { id: 'late', colour: LATE, symbol: 'diamond', of: points.filter(late) }].filter((g) => g.of.length)
  const [mx, my] = [quantile(points.map((p) => p.tco2), 0.5), quantile(points.map((p) => p.mw), 0.5)]
  const { nameX, nameY, ...rest } = frame(qx, qy, c)
  const words = (p: Point): [string, string][] => [
    [c.say('batch.peakLevel'), withUnit(p.tco2, qx)], [`${c.say('peakLoad')} ${year}`, withUnit(p.mw, qy)], [c.say('batch.peakYear'), p.year ? String(p.year) : c.say('batch.stillRising')],
  ]
  const flat = groups.flatMap((g) => g.of)
  return {
    unit: `${qx.unit} × ${qy.unit}`,
    legend: groups.map((g) => ({ id: g.id, name: c.say(`batch.${g.id}`, { year: TARGET_YEAR }), colour: g.colour, shape: 'fill' })),
    option: (hidden) => ({
      ...rest,
      tooltip: tooltip((i, id) => tip(words(groups.find((g) => g.id === id)?.of[i] ?? flat[0]!), c.say('batch.member'))),
      xAxis: { type: 'value', scale: true, name: nameX, nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: '#475467' }, ...AXIS },
      yAxis: { type: 'value', scale: true, name: nameY, nameTextStyle: { color: '#475467', align: 'left' }, ...AXIS },
      series: groups.filter((g) => !hidden.has(g.id)).map((g, n) => ({
        id: g.id, name: g.id, type: 'scatter', symbol: g.symbol, symbolSize: g.symbol === 'circle' ? 6 : 9, itemStyle: { color: g.colour, opacity: 0.45 },
        data: g.of.map((p) => [p.tco2 * qx.factor, p.mw * qy.factor]),
        ...(n === 0
          ? { markLine: { silent: true, symbol: 'none', animation: false, lineStyle: { color: MARKER, type: 'dashed', width: 1 }, label: { formatter: 'P50', color: MARKER, position: 'insideEndTop' }, data: [{ xAxis: mx * qx.factor }, { yAxis: my * qy.factor }] } }
          : {}),
      })),
    }),
    table: {
      rowTitle: c.say('batch.member'),
      columns: [{ name: c.say('batch.peakYear') }, { name: c.say('batch.peakLevel'), quantity: qx }, { name: `${c.say('peakLoad')} ${year}`, quantity: qy }],
      rows: points.map((p, i) => ({ label: String(i), cells: [p.year ? String(p.year) : c.say('batch.stillRising'), p.tco2, p.mw] })),
    },
    sentence: c.say('batch.twoSentence', { n: points.length, x: withUnit(mx, qx), y: withUnit(my, qy), late: points.filter(late).length, year: TARGET_YEAR }),
    count: flat.length,
    spokenAt: (i) => words(flat[i]!).map((w) => w.join(' ')).join(', '),
    tipAt: (i) => {
      const first = groups[0]!
      return i < first.of.length ? { seriesIndex: 0, dataIndex: i } : { seriesIndex: 1, dataIndex: i - first.of.length }
    },
  }
}

export function cellsChart(joint: batch.JointPeaks, c: Context): Chart | undefined {
  const { carbon_peak_bounds_tco2: bx, peak_load_bounds_mw: by, cell_counts: counts } = joint
  const [nx, ny] = [bx.length - 1, by.length - 1]
  if (nx < 1 || ny < 1) return undefined
  const [qx, qy] = [c.quantity('co2', largestOf(bx)), c.quantity('load', largestOf(by))]
  const cells = counts.map((n, i) => ({ n, x: Math.floor(i / ny), y: i % ny })).filter((cell) => cell.n)
  const most = Math.max(1, ...cells.map((cell) => cell.n))
  const range = (b: number[], i: number, q: Quantity) => `${valueText(b[i], q)}–${valueText(b[i + 1], q)}`
  const { nameX, nameY, ...rest } = frame(qx, qy, c)
  const words = (i: number): [string, string][] => [[nameX, range(bx, cells[i]!.x, qx)], [nameY, range(by, cells[i]!.y, qy)], [c.say('batch.members'), fixed(cells[i]!.n, 0)]]
  const labels = (b: number[], n: number, q: Quantity) => Array.from({ length: n }, (_, i) => valueText((b[i]! + b[i + 1]!) / 2, q))
  return {
    unit: c.say('batch.members'),
    legend: [],
    renderer: 'canvas',
    option: () => ({
      ...rest,
      tooltip: tooltip((i) => tip(words(i), c.say('batch.cell'))),
      visualMap: { show: false, min: 0, max: most, inRange: { color: SEQUENTIAL } },
      xAxis: { type: 'category', data: labels(bx, nx, qx), name: nameX, nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: '#475467' }, ...AXIS },
      yAxis: { type: 'category', data: labels(by, ny, qy), name: nameY, nameTextStyle: { color: '#475467', align: 'left' }, ...AXIS },
      series: [{ id: 'cells', type: 'heatmap', data: cells.map((cell) => [cell.x, cell.y, cell.n]), itemStyle: { borderColor: '#fff', borderWidth: 1 } }],
    }),
    table: {
      rowTitle: nameX,
      columns: [{ name: nameY }, { name: c.say('batch.members') }],
      rows: cells.map((cell) => ({ label: range(bx, cell.x, qx), cells: [range(by, cell.y, qy), String(cell.n)] })),
    },
    sentence: c.say('batch.cellsSentence', { n: counts.reduce((s, n) => s + n, 0) }),
    count: cells.length,
    spokenAt: (i) => words(i).map((w) => w.join(' ')).join(', '),
    tipAt: (i) => ({ seriesIndex: 0, dataIndex: i }),
  }
}
