// Year paths as they are drawn: points in the unit shown, snapped to whole years and steps, free-hand lines made simple,
// and the presets.
import { LAST_YEAR, type Point } from '../model/scenario'
import { snap, type Scale } from './steps'

const MOST_DRAWN = 9
const TOLERANCE_SHARE = 0.01

export const ascending = (points: readonly Point[]): Point[] => [...points].sort((a, b) => a.year - b.year)
export const snapped = (p: Point, scale: Scale, free: number): Point => ({ year: Math.min(LAST_YEAR, Math.max(free, Math.round(p.year))), value: snap(p.value, scale) })

// A point goes as far as its neighbours let it.
export function movedPoint(points: readonly Point[], at: number, to: Point, scale: Scale, free: number): Point[] {
  const low = at ? points[at - 1]!.year + 1 : free
  const high = at < points.length - 1 ? points[at + 1]!.year - 1 : LAST_YEAR
  const year = Math.min(high, Math.max(low, Math.round(to.year)))
  return points.map((p, i) => (i === at ? { year, value: snap(to.value, scale) } : p))
}
export const withPoint = (points: readonly Point[], point: Point): Point[] => ascending([...points.filter((p) => p.year !== point.year), point])

// Ramer-Douglas-Peucker on (year, value), both as shares of their ranges.
function marked(points: readonly Point[], span: number, range: number, tolerance: number): Point[] {
  if (points.length < 3) return [...points]
  const [first, last] = [points[0]!, points[points.length - 1]!]
  const [dx, dy] = [(last.year - first.year) / span, (last.value - first.value) / range]
  const length = Math.hypot(dx, dy) || 1
  let [far, worst] = [0, 0]
  points.forEach((p, i) => {
    const off = Math.abs(dx * ((p.value - first.value) / range) - dy * ((p.year - first.year) / span)) / length
    if (off > worst) [far, worst] = [i, off]
  })
  if (worst <= tolerance) return [first, last]
  return [...marked(points.slice(0, far + 1), span, range, tolerance).slice(0, -1), ...marked(points.slice(far), span, range, tolerance)]
}
export function simplified(points: readonly Point[], range: number, most = MOST_DRAWN): Point[] {
  const span = Math.max(1, (points[points.length - 1]?.year ?? 0) - (points[0]?.year ?? 0))
  let tolerance = TOLERANCE_SHARE
  let found = marked(points, span, range || 1, tolerance)
  while (found.length > most) found = marked(points, span, range || 1, (tolerance *= 1.3))
  return found
}
// A free-hand line replaces what lies under it; one point a year, the last drawn.
export function drawn(points: readonly Point[], trail: readonly Point[], scale: Scale, free: number): Point[] {
  const byYear = new Map(trail.map((p) => [snapped(p, scale, free).year, snapped(p, scale, free)]))
  const line = ascending([...byYear.values()])
  if (line.length < 2) return line.length ? withPoint(points, line[0]!) : [...points]
  const [from, to] = [line[0]!.year, line[line.length - 1]!.year]
  return ascending([...points.filter((p) => p.year < from || p.year > to), ...simplified(line, scale.high - scale.low)])
}

// Presets: from the last known year (its value stays) to a goal.
interface Start {
  known: number // last known year
  value: number
}
export type Shape = 'hold' | 'linear' | 'fast' | 'slow'
const CURVES: Record<Exclude<Shape, 'hold'>, (x: number) => number> = { linear: (x) => x, fast: (x) => 1 - (1 - x) ** 2, slow: (x) => x ** 2 }
const EVERY = 5
const FINER = 10 // what is calculated is rounded finer than what is drawn by hand

export function shaped(shape: Shape, start: Start, goal: Point, scale: Scale): Point[] {
  const free = start.known + 1
  if (shape === 'hold') return [{ year: free, value: start.value }]
  const fine = { ...scale, step: scale.step / FINER }
  if (goal.year <= free) return [{ year: free, value: snap(goal.value, fine) }]
  const years = shape === 'linear' ? [] : Array.from({ length: LAST_YEAR - free + 1 }, (_, i) => free + i).filter((y) => y % EVERY === 0 && y < goal.year)
  const at = (year: number) => start.value + (goal.value - start.value) * CURVES[shape]((year - start.known) / (goal.year - start.known))
  return [free, ...years.filter((y) => y > free), goal.year].map((year) => ({ year, value: snap(at(year), fine) }))
}
const clampTo = (value: number, s: Scale) => Math.min(s.high, Math.max(s.low, value))
// Every point by the same factor, kept inside the bounds.
export const scaled = (points: readonly Point[], factor: number, scale: Scale): Point[] => points.map((p) => ({ year: p.year, value: snap(p.value * factor, { ...scale, step: scale.step / FINER }) }))
// Another lever's path, inside this one's bounds.
export const copied = (points: readonly Point[], scale: Scale, free: number): Point[] =>
  points.filter((p) => p.year >= free).map((p) => ({ year: p.year, value: clampTo(p.value, scale) }))
