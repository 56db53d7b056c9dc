// What a batch is asked for, made from the form. Pure; the same form gives the same request id, so that the same batch is
// found again.
import type { Request } from '../api/call'
import type { batch, common } from '../api/contracts'
import { FIRST_YEAR, LAST_YEAR, inOrder, isConstant, settingOf, valueAt, withConstant, withSetting, type Draft, type LeverEntry } from '../model/scenario'

export type Design = 'sobol' | 'latin' | 'one' | 'indices'
type CreateRequest = Request<'dafeng.batch.v1.BatchService/CreateBatch'>
export type Spec = NonNullable<CreateRequest['spec']>
export interface BatchForm {
  title: string
  design: Design
  members: number
  base: number // of Sobol's indices: a power of two
  seed: number
  years: number[] // beside the first year, which the service adds
  aroundPeak: boolean
  drawnWeather: boolean
  policy: string[] // choices that are drawn too
  fixed: string[] // parameters that are not
}
export const EVERY_FIFTH = [2025, 2030, 2035, 2040, 2045, 2050, 2055, 2060]
export const FEWEST = 64
export const MOST = 10_000
export const firstForm = (): BatchForm => ({ title: '', design: 'sobol', members: 256, base: 64, seed: 1, years: EVERY_FIFTH, aroundPeak: false, drawnWeather: false, policy: [], fixed: [] })

type Inputs = readonly batch.DescribedInput[]
export const isDrawn = (form: BatchForm, input: batch.DescribedInput): boolean =>
  input.axis === 'policy' ? form.policy.includes(input.input_id) : !form.fixed.includes(input.input_id)
// A parameter that is held: its lever gets a distribution of one value.
const held = (form: BatchForm, inputs: Inputs): Spec['random'] & object => ({
  own_inputs: inputs.filter((i) => i.axis !== 'policy' && form.fixed.includes(i.input_id)).map((i) => ({
    lever_id: i.lever_id, year: i.distributions[0]?.year ?? 0, change: 'DRAW_CHANGE_SCALE', kind: 'DISTRIBUTION_KIND_DISCRETE', values: [1], weights: [1],
  })),
})
export function memberCount(form: BatchForm, inputs: Inputs): number {
  const drawn = inputs.filter((i) => isDrawn(form, i)).length
  if (form.design === 'one') return 1 + 2 * drawn
  return form.design === 'indices' ? form.base * (drawn + 2 + (form.drawnWeather ? 1 : 0)) : form.members
}

export function specOf(form: BatchForm, frame: Spec['frame'] & object, draft: Draft, inputs: Inputs, levers: ReadonlyMap<string, LeverEntry>): Spec {
  const draw = { seed: form.seed, policy_inputs: form.policy, ...held(form, inputs) }
  const spec: Spec = {
    frame,
    scenario: { name: '', baseline: draft.baseline, settings: inOrder(draft.settings) },
    years: form.years,
    years_around_carbon_peak: form.aroundPeak,
    weather_use: form.drawnWeather && form.design !== 'one' ? 'WEATHER_USE_DRAWN' : 'WEATHER_USE_FRAME',
  }
  if (form.design === 'one') return { ...spec, list: { scenarios: oneAtATime(draft, inputs.filter((i) => isDrawn(form, i)), levers) } }
  if (form.design === 'indices') return { ...spec, sobol: { base_count: form.base, second_order: false, ...draw } }
  return { ...spec, random: { method: form.design === 'latin' ? 'DRAW_METHOD_LATIN_HYPERCUBE' : 'DRAW_METHOD_SOBOL', member_count: form.members, ...draw } }
}

// One input after the other at its low and high end: the scenario itself, then two members an input.
function oneAtATime(draft: Draft, inputs: Inputs, levers: ReadonlyMap<string, LeverEntry>): common.Scenario[] {
  const member = (name: string, d: Draft) => ({ name, baseline: d.baseline, settings: inOrder(d.settings) })
  return [
    member('', draft),
    ...inputs.flatMap((input) => {
      const entry = levers.get(input.lever_id)
      return (['low', 'high'] as const).map((end) => member(`${input.input_id}:${end}`, entry ? atEnd(draft, input, entry, end) : draft))
    }),
  ]
}
const ODDS_LIMIT = 1e-9
function applied(change: string, own: number, draw: number, part: number): number {
  if (change === 'scale') return own * (1 + (draw - 1) * part)
  if (change === 'shift') return own + draw * part
  if (change !== 'odds') return own + (draw - own) * part
  const share = Math.min(1 - ODDS_LIMIT, Math.max(ODDS_LIMIT, own))
  const odds = (share / (1 - share)) * (1 + (draw - 1) * part)
  return own <= 0 || own >= 1 ? own : odds / (1 + odds)
}
// The path deviates in a straight line from the last known year to the anchor years, and stays after the last of them.
export function atEnd(draft: Draft, input: batch.DescribedInput, entry: LeverEntry, end: 'low' | 'high'): Draft {
  const { lever } = entry
  const inBounds = (v: number) => Math.min(lever.high, Math.max(lever.low, v))
  const setting = settingOf(draft, lever.lever_id)
  const anchors = input.distributions.filter((d) => d[end] !== undefined)
  if (!anchors.length) return draft
  if (isConstant(lever)) return withConstant(draft, lever.lever_id, inBounds(applied(input.change, valueAt(entry, setting, LAST_YEAR), anchors[0]![end], 1)))
  const first = Math.max(FIRST_YEAR, lever.last_observed_year)
  const years = Array.from({ length: LAST_YEAR - first }, (_, i) => first + 1 + i)
  const neutral = input.change === 'scale' || input.change === 'odds' ? 1 : 0
  const points = years.map((year) => {
    const own = valueAt(entry, setting, year)
    if (input.change === 'level') {
      // Levels differ from the path at the anchors; the difference runs in straight lines.
      const gaps = anchors.map((a): [number, number] => [a.year, a[end] - valueAt(entry, setting, a.year)])
      return { year, value: inBounds(own + between([[first, 0], ...gaps], year)) }
    }
    const draw = between([[first, neutral], ...anchors.map((a): [number, number] => [a.year, a[end]])], year)
    return { year, value: inBounds(applied(input.change, own, draw, 1)) }
  })
  return withSetting(draft, lever.lever_id, points)
}
export function between(points: readonly (readonly [number, number])[], x: number): number {
  const sorted = [...points].sort((a, b) => a[0] - b[0])
  const after = sorted.findIndex(([at]) => at >= x)
  if (after < 0) return sorted[sorted.length - 1]![1]
  if (after === 0 || sorted[after]![0] === x) return sorted[after]![1]
  const [[x0, y0], [x1, y1]] = [sorted[after - 1]!, sorted[after]!]
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}

// 106 bits by multiplication and mixing (browsers offer SHA only to pages over TLS). A clash would be refused by the service.
export function digestOf(text: string): string {
  const part = (seed: number) => {
    let [a, b] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed]
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 2654435761)
      b = Math.imul(b ^ code, 1597334677)
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
    return (b >>> 0).toString(16).padStart(8, '0') + (a >>> 0).toString(16).padStart(8, '0')
  }
  return part(1) + part(2)
}
// Keys in one order, so that equal contents have equal texts.
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`
  }
  return JSON.stringify(value)
}
// `data`: version of model and data, so that results of an older one are not taken for those of today.
export const requestId = (title: string, spec: Spec, data: string): string => `page-${digestOf(canonical([data, title, spec]))}`
