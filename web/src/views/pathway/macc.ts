// The abatement-cost curve: one step a measure, its width the CO2 avoided, its height the cost for a tonne, cheapest left.
import type { abatement } from '../../api/contracts'
import type { Chart } from '../../charts/chart'
import { element } from '../../charts/tooltip'
import { INTERACTION, OTHER_PARTS, PARTS } from '../../colours'
import { FONTS, fixed } from '../../numbers'
import type { Context } from '../../page'
import { largestOf, valueText, withUnit, type Quantity } from '../../units'

export interface Step {
  id: string
  name: string
  colour: string
  start: number // t avoided by the steps before
  width: number // t avoided
  cost: number // CNY/t
  total: number // CNY
}
const LABEL_PX = 40
const NARROW_SHARE = 0.01 // steps narrower than this do not set the axis: their CNY/t may be anything
const MARGIN = 0.12

export function stepsOf(curve: abatement.AbatementCurve, c: Context): Step[] {
  const seen = new Map<string, number>()
  return curve.measures
    .filter((m) => m.rank > 0 && m.cny_per_tco2 !== undefined)
    .sort((a, b) => a.rank - b.rank)
    .map((m) => {
      const owner = m.measure_id.split('.')[0]!
      const shade = seen.get(owner) ?? 0
      seen.set(owner, shade + 1)
      const colours = PARTS[owner] ?? [OTHER_PARTS]
      return {
        id: m.measure_id, name: m.label[c.language], colour: colours[shade % colours.length] ?? INTERACTION,
        start: m.start_tco2, width: m.abatement_tco2, cost: m.cny_per_tco2!, total: m.cost_cny,
      }
    })
}
export const outsideOf = (curve: abatement.AbatementCurve): abatement.MeasureAbatement[] => curve.measures.filter((m) => m.rank === 0)

// Bounds of the cost axis: all steps that are wide enough to be seen; taller ones are cut and say their number.
export function costBounds(steps: readonly Step[]): { low: number; high: number } {
  const whole = steps.reduce((s, one) => s + Math.abs(one.width), 0)
  const wide = steps.filter((s) => Math.abs(s.width) >= NARROW_SHARE * whole)
  const costs = (wide.length ? wide : steps).map((s) => s.cost)
  const [low, high] = [Math.min(0, ...costs), Math.max(0, ...costs)]
  const margin = MARGIN * (high - low || 1)
  return { low: low < 0 ? low - margin : 0, high: high > 0 ? high + margin : 0 }
}

interface Api {
  value(dimension: number): number
  coord(point: [number, number]): [number, number]
}
interface Room {
  coordSys: { x: number; y: number; width: number; height: number }
  dataIndex: number
}
function drawStep(steps: Step[], tonnes: Quantity, bounds: { low: number; high: number }, room: Room, api: Api) {
  const step = steps[room.dataIndex]!
  const top = Math.max(bounds.low, Math.min(bounds.high, step.cost))
  const [x0, y0] = api.coord([step.start * tonnes.factor, 0])
  const [x1, y1] = api.coord([(step.start + step.width) * tonnes.factor, top])
  const [x, width] = [Math.min(x0, x1), Math.abs(x1 - x0)]
  const { y: frameTop, height: frameHeight } = room.coordSys
  const cut = top !== step.cost
  const up = step.cost >= 0
  const label = width < LABEL_PX ? [] : [{
    type: 'text',
    silent: true,
    style: {
      text: cut ? `${step.name} ${up ? '▲' : '▼'} ${fixed(step.cost, 0)}` : step.name, x: x + width / 2, y: up ? Math.max(frameTop + 13, y1 - 3) : Math.min(frameTop + frameHeight - 13, y1 + 3),
      textAlign: 'center', textVerticalAlign: up ? 'bottom' : 'top', fill: '#1F2A37', stroke: '#fff', lineWidth: 3, font: `12px ${FONTS}`, width: width - 4, overflow: 'truncate', ellipsis: '…',
    },
  }]
  return {
    type: 'group',
    children: [
      { type: 'rect', shape: { x, y: frameTop, width: Math.max(width, 1), height: frameHeight }, style: { fill: 'rgba(255,255,255,0)' } },
      { type: 'rect', shape: { x, y: Math.min(y0, y1), width: Math.max(width, 1), height: Math.max(1, Math.abs(y1 - y0)) }, style: { fill: step.colour, stroke: '#fff', lineWidth: width > 3 ? 1 : 0 } },
      ...label,
    ],
  }
}

function tipOf(step: Step, tonnes: Quantity, cost: Quantity, money: Quantity, c: Context): HTMLElement {
  const box = element('div', 'tip')
  box.append(element('div', 'tip-title', step.name))
  for (const [name, text] of [
    [c.say('pathway.abated'), withUnit(step.width, tonnes)], [c.say('pathway.perTonne'), withUnit(step.cost, cost)], [c.say('pathway.costs'), withUnit(step.total, money)],
    [c.say('pathway.upTo'), withUnit(step.start + step.width, tonnes)],
  ] as const) {
    const line = element('div', 'tip-row')
    line.append(element('span', 'tip-name', name), element('span', 'tip-value', text))
    box.append(line)
  }
  return box
}

export function maccChart(curve: abatement.AbatementCurve, c: Context): Chart {
  const steps = stepsOf(curve, c)
  const ends = steps.flatMap((s) => [s.start, s.start + s.width])
  const tonnes = c.quantity('co2', largestOf(ends))
  const cost = c.quantity('cost')
  const money = c.quantity('money', largestOf(curve.measures.map((m) => m.cost_cny)))
  const bounds = costBounds(steps)
  const [first, last] = [Math.min(0, ...ends) * tonnes.factor, Math.max(0, ...ends) * tonnes.factor]
  const axis = { axisLabel: { color: '#475467', fontSize: 12 }, splitLine: { lineStyle: { color: '#E6EAF0' } } }
  const outside = (m: abatement.MeasureAbatement) => (m.rank ? String(m.rank) : c.say(`pathway.outside.${m.outside}`))
  return {
    unit: cost.unit,
    legend: [],
    option: () => ({
      animation: false,
      textStyle: { fontFamily: FONTS },
      grid: { left: 4, right: 24, top: 24, bottom: 22, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { trigger: 'item', confine: true, transitionDuration: 0, padding: 0, borderWidth: 0, className: 'tip-frame', formatter: ({ dataIndex }: { dataIndex: number }) => tipOf(steps[dataIndex]!, tonnes, cost, money, c) },
      xAxis: {
        ...axis, type: 'value', min: first, max: last, name: `${c.say('pathway.abated')} (${tonnes.unit})`, nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: '#475467', fontSize: 12 },
        axisLine: { show: true, onZero: true, lineStyle: { color: '#8A94A3' } }, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, showMaxLabel: false, formatter: (v: number) => fixed(v, last - first < 10 ? 2 : 0) },
      },
      yAxis: { ...axis, type: 'value', min: bounds.low, max: bounds.high, axisLabel: { ...axis.axisLabel, showMinLabel: bounds.low === 0, showMaxLabel: bounds.high === 0, formatter: (v: number) => fixed(v, 0) } },
      series: [{
        id: 'steps', type: 'custom', clip: true, data: steps.map((s) => [s.start * tonnes.factor, s.cost]),
        renderItem: (room: Room, api: Api) => drawStep(steps, tonnes, bounds, room, api),
      }],
    }),
    table: {
      rowTitle: c.say('pathway.measure'),
      columns: [
        { name: c.say('pathway.rank') }, { name: c.say('pathway.abated'), quantity: tonnes }, { name: c.say('pathway.perTonne'), quantity: cost }, { name: c.say('pathway.costs'), quantity: money },
        { name: c.say('pathway.abatedAlone'), quantity: tonnes }, { name: c.say('pathway.abatedLast'), quantity: tonnes },
      ],
      rows: [...curve.measures].sort((a, b) => (a.rank || Infinity) - (b.rank || Infinity) || b.abatement_tco2 - a.abatement_tco2).map((m) => ({
        label: m.label[c.language],
        cells: [outside(m), m.abatement_tco2, m.cny_per_tco2, m.cost_cny, m.standalone_abatement_tco2, m.last_in_abatement_tco2],
      })),
    },
    sentence: c.say('pathway.maccSentence', {
      year: curve.first_year, abated: withUnit(curve.abatement_tco2, tonnes), cost: withUnit(curve.cost_cny, money),
      parts: [...steps].sort((a, b) => Math.abs(b.width) - Math.abs(a.width)).slice(0, 3).map((s) => `${s.name} ${valueText(s.width, tonnes)}`).join(c.language === 'zh' ? '、' : ', '),
    }),
    count: steps.length,
    spokenAt: (i) => (steps[i] ? `${steps[i]!.name}: ${withUnit(steps[i]!.width, tonnes)}, ${withUnit(steps[i]!.cost, cost)}` : ''),
  }
}
