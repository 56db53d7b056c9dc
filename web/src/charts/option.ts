// A plot as an ECharts option. Pure: the same plot gives the same option.
import { MARKER, TARGET_LINE } from '../colours'
import { FONTS, fixed } from '../numbers'
import type { EChartsCoreOption } from './echarts'
import type { Mark, Plot, Series } from './plot'
import { tooltipOf } from './tooltip'

const LINE_WIDTH = 2.5
const axisDigits = (value: number) => (Math.abs(value) >= 10 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 2)

// Two lanes of labels above the plot: the upper for targets, the lower for the maximum; neither is ever clipped.
function lane(at: number, count: number, upper: boolean, colour: string, text: string) {
  const left = at < 0.55 * count
  return {
    show: true,
    position: 'end',
    distance: [0, upper ? 21 : 4],
    align: left ? 'left' : 'right',
    color: colour,
    fontSize: 12,
    fontWeight: upper ? 400 : 600,
    formatter: text,
  }
}

function marks(plot: Plot) {
  const { peak, second, plateau, span, limit, quantity, x } = plot
  const lines: object[] = []
  const point = (mark: Mark, colour: string, width: number) => ({
    coord: [mark.at, mark.value * quantity.factor], itemStyle: { color: colour, borderColor: MARKER, borderWidth: width },
  })
  const line = (at: number, colour: string, type: string, upper: boolean, text: string) => ({
    xAxis: at,
    lineStyle: { color: colour, width: 1, type },
    label: lane(at, x.length, upper, colour, text),
  })
  if (limit) lines.push(line(limit.at, TARGET_LINE, 'solid', true, limit.text))
  if (peak) lines.push(line(peak.at, MARKER, 'dotted', false, peak.text))
  if (plateau && plateau.last > plateau.first) {
    const y = plateau.value * quantity.factor * 1.02
    const style = { lineStyle: { color: MARKER, width: 2, type: 'solid' }, label: { show: false } }
    lines.push([{ coord: [plateau.first, y], ...style }, { coord: [plateau.last, y] }] as unknown as object)
  }
  return {
    markLine: { silent: true, animation: false, symbol: 'none', data: lines },
    markPoint: {
      silent: true,
      animation: false,
      symbol: 'circle',
      symbolSize: 9,
      data: [peak && point(peak, '#fff', 2.5), second && point(second, 'transparent', 1.5)].filter(Boolean),
    },
    markArea: span && { silent: true, animation: false, itemStyle: { color: MARKER, opacity: 0.08 }, data: [[{ xAxis: span.first }, { xAxis: span.last }]] },
  }
}

const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: 'rgba(255,255,255,0.75)' }
function halo(s: Series, plot: Plot) {
  return { ...seriesOf({ ...s, id: `${s.id}_halo`, colour: '#fff', dash: undefined, width: (s.width ?? LINE_WIDTH) + 2, halo: false } as Series, plot, false), z: 4 }
}

function seriesOf(s: Series, plot: Plot, carriesMarks: boolean) {
  return {
    id: s.id,
    name: s.name,
    type: s.kind === 'bar' ? 'bar' : 'line',
    data: s.values.map((v) => (Number.isFinite(v) ? v * plot.quantity.factor : null)),
    step: s.step ? 'middle' : undefined,
    stack: s.kind === 'line' ? undefined : 'all',
    symbol: 'none',
    silent: true,
    z: s.kind === 'line' ? 5 : 2,
    barCategoryGap: plot.x.length > 24 ? '22%' : '0%',
    itemStyle: { color: s.colour, borderColor: '#fff', borderWidth: s.kind === 'bar' ? 0.5 : 0, ...(s.hatched ? { decal: HATCH } : {}) },
    lineStyle: s.kind === 'area' ? { width: 1, color: '#fff' } : { width: s.width ?? (s.dash ? 2 : LINE_WIDTH), type: s.dash ?? 'solid', color: s.colour },
    areaStyle: s.kind === 'area' ? { opacity: 1, color: s.colour } : undefined,
    ...(carriesMarks ? marks(plot) : {}),
  }
}

export function optionOf(plot: Plot, hidden: ReadonlySet<string>): EChartsCoreOption {
  const shown = plot.series.filter((s) => !hidden.has(s.id))
  const lanes = (plot.peak || plot.limit ? 20 : 0) + (plot.limit ? 17 : 0)
  return {
    animation: false,
    textStyle: { fontFamily: FONTS },
    grid: { left: 4, right: 14, top: 10 + lanes, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      padding: 0,
      borderWidth: 0,
      className: 'tip-frame',
      axisPointer: { type: 'line', lineStyle: { color: '#475467', type: 'solid' }, label: { show: false } },
      formatter: (points: { dataIndex: number }[]) => tooltipOf(plot, hidden, points[0]?.dataIndex ?? 0),
    },
    xAxis: {
      type: 'category',
      data: plot.x,
      boundaryGap: plot.series.some((s) => s.kind === 'bar'),
      axisTick: { alignWithLabel: true, interval: (i: number) => plot.xTick(i) },
      axisLine: { lineStyle: { color: '#8A94A3' }, onZero: true },
      axisLabel: { color: '#475467', fontSize: 12, interval: (i: number) => plot.xTick(i), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      max: plot.yMax === undefined ? null : plot.yMax * plot.quantity.factor,
      // A thin layer below zero does not claim a whole step of the axis.
      min: plot.yMin === undefined ? (v: { min: number; max: number }) => (v.min < 0 && v.min > -0.12 * v.max ? 1.05 * v.min : null) : plot.yMin * plot.quantity.factor,
      splitLine: { lineStyle: { color: '#E6EAF0' } },
      axisLabel: { color: '#475467', fontSize: 12, showMinLabel: !plot.series.some((s) => s.values.some((v) => v < 0)), formatter: (v: number) => fixed(v, axisDigits(v)) },
    },
    series: shown.flatMap((s, i) => [...(s.halo ? [halo(s, plot)] : []), seriesOf(s, plot, i === shown.length - 1)]),
  }
}
