// A plot as an ECharts option. Pure: the same plot gives the same option.
import { MARKER, PIN, TARGET_LINE, TOTAL } from '../colours'
import { FONTS, fixed } from '../numbers'
import type { EChartsCoreOption } from './echarts'
import type { Mark, Plot, Series } from './plot'
import { tooltipOf } from './tooltip'

const LINE_WIDTH = 2.5
const round = (value: number) => Number(value.toPrecision(12))
const axisDigits = (value: number) => (Math.abs(value) >= 10 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 2)

// Labels above the plot stand in lanes, one above the other; a label runs to the side that has the room, so that the
// first and the last years clip none.
interface Label {
  at: number
  text: string
  colour: string
  bold?: boolean
  line: 'solid' | 'dotted' | 'dashed'
  lane: number // 0 is next to the plot
  align?: 'left' | 'right'
}
const LANE = 18
function labelsOf({ peak, second, limit, observed }: Plot): Label[] {
  const labels: Label[] = []
  if (peak) labels.push({ ...peak, colour: MARKER, bold: true, line: 'dotted', lane: 0 })
  const upper = peak ? 1 : 0
  if (limit) labels.push({ ...limit, colour: TARGET_LINE, line: 'solid', lane: upper })
  if (second?.text) labels.push({ ...second, colour: TARGET_LINE, line: 'dotted', lane: upper })
  if (observed) labels.push({ ...observed, colour: TARGET_LINE, line: 'dashed', lane: upper, align: 'right' })
  return labels
}
const lanesOf = (plot: Plot): number => Math.max(0, ...labelsOf(plot).map((l) => l.lane + 1))

function labelLine(label: Label, count: number) {
  const part = label.at / Math.max(1, count - 1)
  const align = label.align ?? (part < 0.36 ? 'left' : part > 0.64 ? 'right' : 'center')
  return {
    xAxis: label.at,
    lineStyle: { color: label.colour, width: 1, type: label.line },
    label: {
      show: true, position: 'end', distance: [0, 4 + LANE * label.lane], align, color: label.colour, fontSize: 12,
      fontWeight: label.bold ? 600 : 400, formatter: label.text,
    },
  }
}

function pointOf(mark: Mark, plot: Plot) {
  const coord = [mark.at, mark.value * plot.quantity.factor]
  if (mark.pin) return { coord, symbol: 'triangle', symbolSize: [12, 9], symbolRotate: 180, symbolOffset: [0, -7], itemStyle: { color: PIN, borderColor: '#fff', borderWidth: 1 } }
  return { coord, itemStyle: { color: mark.hollow ? 'transparent' : '#fff', borderColor: MARKER, borderWidth: mark.hollow ? 1.5 : 2.5 } }
}
function diamondOf(mark: Mark, plot: Plot) {
  const part = mark.at / Math.max(1, plot.x.length - 1)
  const aside = part < 0.36 ? 'right' : part > 0.64 ? 'left' : 'top'
  // Under the lowest of few bars stand the names of the axis.
  const lowest = Math.min(...(plot.diamonds ?? []).map((d) => d.value))
  const position = plot.x.length < 10 ? (mark.value < 0 && mark.value > 0.8 * lowest ? 'bottom' : 'top') : aside
  // Beside the point, away from the ends of the axis.
  const height = mark.value / (plot.yMax ?? Math.max(...plot.series.flatMap((s) => s.values.filter(Number.isFinite))))
  const beside = position === 'right' || position === 'left'
  const verticalAlign = height < 0.15 ? 'bottom' : height > 0.85 ? 'top' : 'middle'
  return {
    coord: [mark.at, mark.value * plot.quantity.factor], symbol: 'diamond', symbolSize: 11, itemStyle: { color: MARKER, borderColor: '#fff', borderWidth: 1 },
    label: { show: !!mark.text, formatter: mark.text, position, color: '#1F2A37', fontSize: 12, lineHeight: 17, backgroundColor: 'rgba(255,255,255,0.72)', padding: [0, 4], borderRadius: 2, ...(beside ? { verticalAlign } : {}) },
  }
}
// Over the years of the plateau; it needs room above the highest value.
const BRACKET = 1.025
const ROOM = 1.07
function bracket(plot: Plot) {
  const { plateau, quantity } = plot
  if (!plateau || plateau.last <= plateau.first) return []
  const y = plateau.value * quantity.factor * BRACKET
  const style = { symbol: 'rect', symbolSize: [2, 8], lineStyle: { color: MARKER, width: 2, type: 'solid' }, label: { show: false } }
  return [[{ coord: [plateau.first, y], ...style }, { coord: [plateau.last, y], symbol: 'rect', symbolSize: [2, 8] }]]
}
function room(plot: Plot) {
  const over = plot.plateau || plot.peak?.pin ? [(plot.plateau ?? plot.peak)!.value * ROOM] : []
  const values = [...over, ...(plot.diamonds ?? []).map((m) => m.value)]
  if (!values.length) return []
  const top = Math.max(...values) * plot.quantity.factor
  return [{ id: '_room', type: 'line', silent: true, symbol: 'none', data: plot.x.map((_, i) => (i === 0 ? top : null)), lineStyle: { opacity: 0 } }]
}

function marks(plot: Plot) {
  const { peak, second, span, x, diamonds = [] } = plot
  return {
    markLine: { silent: true, animation: false, symbol: 'none', data: [...labelsOf(plot).map((l) => labelLine(l, x.length)), ...bracket(plot)] },
    markPoint: {
      z: 8, // over lines, so that its words can be read
      silent: true,
      animation: false,
      symbol: 'circle',
      symbolSize: 9,
      data: [...[peak, second && { ...second, hollow: true }].flatMap((m) => (m ? [pointOf(m, plot)] : [])), ...diamonds.map((m) => diamondOf(m, plot))],
    },
    markArea: span && { silent: true, animation: false, itemStyle: { color: MARKER, opacity: 0.08 }, data: [[{ xAxis: span.first }, { xAxis: span.last }]] },
  }
}

// Edges of an ensemble as lines over a stack, or as fills between them on an unseen base.
function bandSeries(plot: Plot) {
  const { band, quantity } = plot
  if (!band) return []
  const scaled = (values: number[]) => values.map((v) => (Number.isFinite(v) ? v * quantity.factor : null))
  const common = { type: 'line', silent: true, symbol: 'none', z: 4 }
  const line = (id: string, values: number[], width: number) => ({ ...common, id, data: scaled(values), lineStyle: { width, color: TOTAL, type: 'solid' } })
  if (!band.filled) return [line('_p10', band.p10, 1), line('_p90', band.p90, 1)]
  const between = (id: string, low: number[], high: number[], opacity: number) => ({
    ...common, id, z: 1, stack: 'band', stackStrategy: 'all', data: scaled(high.map((v, i) => v - low[i]!)), lineStyle: { opacity: 0 }, areaStyle: { color: TOTAL, opacity },
  })
  const nothing = band.p10.map(() => 0)
  return [
    between('_base', nothing, band.p10, 0), between('_low', band.p10, band.p25, 0.2), between('_middle', band.p25, band.p75, 0.35),
    between('_high', band.p75, band.p90, 0.2), { ...line('_p50', band.p50, 1), lineStyle: { width: 1, color: '#fff', type: 'solid' } },
  ]
}

const HATCH = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: 'rgba(255,255,255,0.75)' }
// A stack of its own lies over others: its hatching lets them be seen.
const fillOf = (s: Series) => {
  if (!s.hatched) return { color: s.colour }
  return s.stack ? { color: 'transparent', decal: { ...HATCH, color: s.colour } } : { color: s.colour, decal: HATCH }
}
function halo(s: Series, plot: Plot) {
  return { ...seriesOf({ ...s, id: `${s.id}_halo`, colour: '#fff', dash: undefined, width: (s.width ?? LINE_WIDTH) + 2, halo: false } as Series, plot, false), z: 4 }
}

function seriesOf(s: Series, plot: Plot, carriesMarks: boolean) {
  return {
    id: s.drawnId ?? s.id,
    name: s.name,
    type: s.kind === 'bar' ? 'bar' : 'line',
    data: (s.drawn ?? s.values).map((v) => (Number.isFinite(v) ? v * plot.quantity.factor : null)),
    step: s.step ? 'middle' : undefined,
    stack: s.kind === 'line' ? undefined : (s.stack ?? 'all'),
    barGap: '-100%', // stacks of their own lie over the others
    symbol: 'none',
    silent: true,
    z: s.kind === 'line' ? 5 : s.stack ? 3 : 2,
    barCategoryGap: plot.x.length > 24 ? '22%' : plot.x.length < 10 ? '45%' : '0%',
    itemStyle: { borderColor: '#fff', borderWidth: s.kind === 'bar' && !s.stack ? 0.5 : 0, ...fillOf(s) },
    lineStyle: s.kind === 'area' ? { width: s.invisible ? 0 : 1, color: '#fff' } : { width: s.width ?? (s.dash ? 2 : LINE_WIDTH), type: s.dash ?? 'solid', color: s.colour },
    areaStyle: s.kind === 'area' ? { opacity: s.invisible ? 0 : 1, color: s.colour } : undefined,
    ...(carriesMarks ? marks(plot) : {}),
  }
}

export function optionOf(plot: Plot, hidden: ReadonlySet<string>): EChartsCoreOption {
  const shown = plot.series.filter((s) => !hidden.has(s.of ?? s.id))
  return {
    animation: false,
    textStyle: { fontFamily: FONTS },
    grid: { left: 4, right: 14, top: 10 + LANE * lanesOf(plot), bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
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
      axisLabel: { color: '#475467', fontSize: 12, interval: (i: number) => plot.xTick(i), hideOverlap: !plot.xLabels, ...(plot.xLabels ? { formatter: (_: string, i: number) => plot.xLabels![i] } : {}) },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      ...(plot.yStep === undefined ? {} : { interval: round(plot.yStep * plot.quantity.factor) }),
      max: plot.yMax === undefined ? null : round(plot.yMax * plot.quantity.factor),
      // A thin layer below zero does not claim a whole step of the axis.
      min: plot.yMin === undefined ? (v: { min: number; max: number }) => (v.min < 0 && v.min > -0.12 * v.max ? 1.05 * v.min : null) : round(plot.yMin * plot.quantity.factor),
      splitLine: { lineStyle: { color: '#E6EAF0' } },
      axisLabel: { color: '#475467', fontSize: 12, showMinLabel: !((plot.yMin ?? 0) < 0) && !plot.series.some((s) => (s.drawn ?? s.values).some((v) => v < 0)), formatter: (v: number) => fixed(v, axisDigits(v)) },
    },
    series: [
      ...shown.flatMap((s, i) => [...(s.halo ? [halo(s, plot)] : []), seriesOf(s, plot, i === shown.length - 1)]),
      ...bandSeries(plot),
      ...room(plot),
    ],
  }
}
