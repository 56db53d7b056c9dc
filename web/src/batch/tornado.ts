// What moves a result most: bars around zero, the strongest at the top. Pure.
import type { batch } from '../api/contracts'
import type { Chart } from '../charts/chart'
import { element } from '../charts/tooltip'
import { FONTS, fixed, short } from '../numbers'
import type { Context } from '../page'
import { differenceText, largestOf, leverQuantity, valueText, type Quantity } from '../units'
import type { LeverEntry } from '../model/scenario'

const MOST_BARS = 12
const LOW = '#7FB2E0'
const HIGH = '#1F5C9C'
const RATIO: Quantity = { unit: '', factor: 1, digits: 2, contractUnit: '1' }
interface Bar {
  id: string
  label: string
  low: number // change of the result with the input at its low end; NaN when only a size is known
  high: number
  range: string // of the input, in words
}
const strength = (b: Bar): number => Math.max(Math.abs(b.low) || 0, Math.abs(b.high) || 0)

// The range of an input at its first anchor year: "0.8–1.4 ×", "3.0–4.5 %".
export function rangeText(input: batch.DescribedInput | undefined, entry: LeverEntry | undefined, c: Context): string {
  const d = input?.distributions[0]
  if (!input || !d) return ''
  const factor = input.change === 'scale' || input.change === 'odds'
  const q = factor || !entry ? { unit: '×', factor: 1, digits: 2, contractUnit: '' } : leverQuantity(entry.lever.unit, c.units, c.language)
  const sign = (v: number) => (input.change === 'shift' && v > 0 ? '+' : '') + valueText(v, q)
  const unit = input.change === 'shift' && q.unit === '%' ? ` ${c.say('points')}` : q.unit === '%' ? '%' : ` ${q.unit}`
  const odds = input.change === 'odds' ? ` ${c.say('batch.odds')}` : ''
  return `${sign(d.low)}–${sign(d.high)}${unit}${odds}${d.year ? ` (${d.year})` : ''}`
}
// Changes of a column with one input after the other at both its ends; member 0 is the scenario itself.
export function barsOfEnds(values: readonly number[], names: readonly string[], inputs: ReadonlyMap<string, batch.DescribedInput>, levers: ReadonlyMap<string, LeverEntry>, c: Context): Bar[] {
  const own = values[0]
  const bars = new Map<string, Bar>()
  names.forEach((name, i) => {
    const [id, end] = name.split(':') as [string, 'low' | 'high' | undefined]
    if (!end || own === undefined || values[i] === undefined) return
    const input = inputs.get(id)
    const bar = bars.get(id) ?? { id, label: input?.label[c.language] ?? id, low: 0, high: 0, range: rangeText(input, input && levers.get(input.lever_id), c) }
    bars.set(id, { ...bar, [end]: values[i] - own })
  })
  return sorted([...bars.values()])
}
// Rank correlation of random designs, or the total share of Sobol's indices.
export function barsOfSensitivity(s: batch.ColumnSensitivity, inputs: ReadonlyMap<string, batch.DescribedInput>, levers: ReadonlyMap<string, LeverEntry>, c: Context): Bar[] {
  return sorted(s.inputs.map((i): Bar => {
    const input = inputs.get(i.input_id)
    return { id: i.input_id, label: i.label[c.language], low: NaN, high: i.rank_correlation ?? i.total_share ?? i.mean_effect ?? i.first_order_share ?? NaN, range: rangeText(input, input && levers.get(input.lever_id), c) }
  }))
}
const sorted = (bars: Bar[]) => bars.sort((a, b) => strength(b) - strength(a))

export function tornadoChart(bars: readonly Bar[], q: Quantity | undefined, what: string, c: Context, extra: { name: string; of: (id: string) => string }[] = []): Chart | undefined {
  if (!bars.length) return undefined
  const quantity = q ?? RATIO
  const both = bars.some((b) => Number.isFinite(b.low))
  const shown = bars.slice(0, MOST_BARS)
  const rest = bars.length - shown.length
  const text = (v: number) => (q ? differenceText(v, q, c.say('points')) : fixed(v, 2))
  const sides = both ? (['low', 'high'] as const) : (['high'] as const)
  const words = (b: Bar): [string, string][] => [...sides.map((side): [string, string] => [c.say(`batch.ends.${both ? side : 'effect'}`), text(b[side])]), [c.say('batch.range'), b.range]]
  const most = largestOf(shown.map(strength)) * quantity.factor * 1.05 || 1
  return {
    unit: q ? q.unit : what,
    legend: both ? sides.map((id) => ({ id, name: c.say(`batch.ends.${id}`), colour: id === 'low' ? LOW : HIGH, shape: 'fill' as const })) : [],
    option: (hidden) => ({
      animation: false,
      textStyle: { fontFamily: FONTS },
      grid: { left: 4, right: 16, top: 6, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: {
        trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true, padding: 0, borderWidth: 0, className: 'tip-frame', transitionDuration: 0,
        formatter: (at: { dataIndex: number }[]) => tip(shown[at[0]?.dataIndex ?? 0]!, words),
      },
      xAxis: { type: 'value', min: -most, max: most, axisLabel: { color: '#475467', fontSize: 12, formatter: (v: number) => short(v), hideOverlap: true, showMinLabel: false, showMaxLabel: false }, splitLine: { lineStyle: { color: '#E6EAF0' } } },
      yAxis: { type: 'category', inverse: true, data: shown.map((b) => b.label), axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: '#8A94A3' } }, axisLabel: { color: '#1F2A37', fontSize: 12, width: 150, overflow: 'break', lineHeight: 14 } },
      series: sides.filter((side) => !hidden.has(side)).map((side) => ({
        id: side, type: 'bar', barGap: '-100%', barWidth: 12, itemStyle: { color: side === 'low' ? LOW : HIGH },
        data: shown.map((b) => (Number.isFinite(b[side]) ? b[side] * quantity.factor : null)),
      })),
    }),
    table: {
      rowTitle: c.say('batch.input'),
      columns: [...sides.map((side) => ({ name: c.say(`batch.ends.${both ? side : 'effect'}`), quantity })), { name: c.say('batch.range') }, ...extra.map((e) => ({ name: e.name }))],
      rows: bars.map((b) => ({ label: b.label, cells: [...sides.map((side) => b[side]), b.range, ...extra.map((e) => e.of(b.id))] })),
    },
    sentence: c.say('batch.tornadoSentence', { what, parts: shown.slice(0, 3).map((b) => `${b.label} ${sides.map((s) => text(b[s])).join(' / ')}`).join(c.language === 'zh' ? '、' : ', '), n: rest }),
    count: shown.length,
    spokenAt: (i) => `${shown[i]!.label}: ${words(shown[i]!).map((w) => w.join(' ')).join(', ')}`,
  }
}
function tip(bar: Bar, words: (b: Bar) => [string, string][]): HTMLElement {
  const box = element('div', 'tip')
  box.append(element('div', 'tip-title', bar.label))
  for (const [name, value] of words(bar)) {
    const line = element('div', 'tip-row')
    line.append(element('span', 'tip-name', name), element('span', 'tip-value', value))
    box.append(line)
  }
  return box
}
