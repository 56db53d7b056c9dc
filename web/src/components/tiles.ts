// Classes of a tile map: round bounds, one colour a class, and the text colour that is readable on it.
import { DIVERGING, SEQUENTIAL } from '../colours'

export type TileKind = 'sequential' | 'diverging'
export interface TileClass {
  low: number // from, in shown units
  high: number // below; the last class holds its upper bound too
  openLow?: boolean // holds everything lower, and higher
  openHigh?: boolean
  colour: string
  text: string
}
export interface Tile {
  id: string
  name: string
  initials: string
  row: number
  column: number
}
interface PlaceRow {
  place_id: string
  label?: { zh: string; en: string }
  tile_row?: number
  tile_column?: number
  initials: string
}

const DARK = '#111827'
const LIGHT = '#FFFFFF'
const channel = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const luminance = (hex: string) => {
  const [r, g, b] = [1, 3, 5].map((i) => channel(parseInt(hex.slice(i, i + 2), 16) / 255))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}
export const textOn = (colour: string): string => (contrast(colour, DARK) >= contrast(colour, LIGHT) ? DARK : LIGHT)

const STEPS = [1, 2, 2.5, 5, 10]
// The smallest round step that is at least this large.
export function roundStep(least: number): number {
  if (!(least > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  return power * STEPS.find((s) => s * power >= least * (1 - 1e-9))!
}
const exact = (v: number) => Number(v.toPrecision(12))
// One city far from all others would put them all into one class: then the end classes are open and the rest decides.
const FAR = 1.8
function largest(values: readonly number[]): number {
  const [first = 0, second = 0] = [...values].sort((a, b) => b - a)
  return second > 0 && first > FAR * second ? second : first
}

// Five classes from a round lower bound, or seven symmetric about zero; bounds are in shown units. `least`: the smallest
// step that the shown digits can tell apart.
export function tileClasses(values: readonly number[], kind: TileKind, least = 0): TileClass[] {
  const finite = values.filter(Number.isFinite)
  if (!finite.length) return []
  const colours = kind === 'diverging' ? DIVERGING : SEQUENTIAL
  const low = Math.min(...finite)
  const high = kind === 'diverging' ? largest(finite.map(Math.abs)) : low >= 0 ? largest(finite) : Math.max(...finite)
  let step = roundStep(Math.max(least, (kind === 'diverging' ? 2 * high : high - low) / colours.length))
  const from = () => (kind === 'diverging' ? (-step * colours.length) / 2 : Math.floor(low / step + 1e-9) * step)
  // A lower bound rounded down may leave the highest value above the last class: then a wider step.
  while (from() + step * colours.length < high * (1 - 1e-12)) step = roundStep(step * 1.01)
  const start = from()
  return colours.map((colour, i) => {
    const one: TileClass = { low: exact(start + i * step), high: exact(start + (i + 1) * step), colour, text: textOn(colour) }
    if (i === 0 && low < one.low) one.openLow = true
    if (i === colours.length - 1 && Math.max(...finite) > one.high) one.openHigh = true
    return one
  })
}
export function classOf(value: number | undefined, classes: readonly TileClass[]): TileClass | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined
  return classes.find((c, i) => value < c.high || i === classes.length - 1)
}

// Tiles as the region's data place them; a region without tiles gets a plain grid, row by row.
const PLAIN_COLUMNS = 4
export function tilesOf(places: readonly PlaceRow[], language: 'zh' | 'en'): Tile[] {
  const placed = places.length > 0 && places.every((p) => p.tile_row !== undefined && p.tile_column !== undefined)
  return places.map((p, i) => ({
    id: p.place_id,
    name: (p.label?.[language] ?? p.place_id).replace(/市$/, ''),
    initials: p.initials,
    row: placed ? p.tile_row! : Math.floor(i / PLAIN_COLUMNS),
    column: placed ? p.tile_column! : i % PLAIN_COLUMNS,
  }))
}
