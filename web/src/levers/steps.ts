// The step of a slider: about a hundred of them between the bounds, a round one (1, 2 or 5 times a power of ten) in the
// unit shown.
import type { Quantity } from '../units'

const STEPS_ABOUT = 100
const ROUND = [1, 2, 5, 10]

export function roundStep(span: number, about = STEPS_ABOUT): number {
  if (!(span > 0)) return 1
  const raw = span / about
  const power = 10 ** Math.floor(Math.log10(raw))
  // The ratio is rounded first: 0.1 / 0.01 must be ten.
  const times = ROUND.find((r) => r >= Number((raw / power).toPrecision(9))) ?? 10
  return Number((times * power).toPrecision(12))
}
const stepDigits = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9))

export interface Scale {
  low: number // all in the unit shown
  high: number
  step: number
  digits: number
}
const clean = (value: number) => Number(value.toPrecision(12))
// Years are whole; everything else has a round step.
export function scaleOf(low: number, high: number, q: Quantity): Scale {
  const [a, b] = [clean(low * q.factor), clean(high * q.factor)]
  const step = q.contractUnit === 'year' ? 1 : roundStep(b - a)
  return { low: a, high: b, step, digits: stepDigits(step) }
}
export const clamp = (value: number, s: Scale): number => Math.min(s.high, Math.max(s.low, value))
// The nearest multiple of the step; the bounds themselves can be reached.
export function snap(value: number, s: Scale): number {
  if (value < s.low + s.step / 2) return s.low
  if (value > s.high - s.step / 2) return s.high
  return clamp(clean(Math.round(value / s.step) * s.step), s)
}
// From the unit shown to that of the contract, without the dust of the division.
export const contractValue = (shown: number, q: Quantity): number => clean(shown / q.factor)
export const shownValue = (value: number, q: Quantity): number => clean(value * q.factor)
