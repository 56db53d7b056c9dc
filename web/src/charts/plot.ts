// A chart of series over a category axis, as data: what the drawing, the table, the file and the spoken text all read.
import { valueText, type Quantity } from '../units'
import type { Chart } from './chart'
import { optionOf } from './option'
import { spokenAt } from './tooltip'

export interface Series {
  id: string
  name: string
  colour: string
  values: number[] // in the contract's unit; NaN where there is none
  kind: 'area' | 'bar' | 'line'
  dash?: 'dashed' | 'dotted' | number[]
  width?: number
  halo?: boolean // a white edge, for a line over areas
  step?: boolean
  hatched?: boolean
  helper?: boolean // drawn, but not in legend, table, tooltip
  of?: string // id of the series that a helper belongs to: hidden with it
  drawn?: number[] // what is drawn in place of the values, when they stand elsewhere than from zero
  drawnId?: string // id in the drawing, where the same series stands in another order before
  invisible?: boolean // takes its place in the stack, unseen
  stack?: string // a stack of its own over the others
  apart?: boolean // drawn with the stack, but no part of its sum
}
export interface Mark {
  at: number // index on the x axis
  value: number // in the contract's unit
  text: string
  hollow?: boolean
  pin?: boolean // a triangle over the point in place of a ring on it
}
// Percentiles of an ensemble: two thin lines over a stack, whose colours a fill would change; filled where lines stand alone.
export interface BandLines {
  name: string
  filled: boolean
  p10: number[]
  p25: number[]
  p50: number[]
  p75: number[]
  p90: number[]
}
// A line of the tooltip that no series holds.
export interface TipRow {
  name: string
  text: string
}
export interface Plot {
  x: string[]
  xTitle: string
  xTick: (index: number) => boolean
  xLabels?: string[] // what stands at the axis when the names are too long for it
  series: Series[]
  quantity: Quantity
  sentence: string
  sum?: string // name of the sum of the stack in the tooltip, when no line shows it
  peak?: Mark
  second?: Mark // another point, drawn hollow; its text stands in the upper lane
  plateau?: { first: number; last: number; value: number }
  span?: { first: number; last: number } // years within which the peak lies, P10 to P90
  limit?: { at: number; text: string }
  observed?: { at: number; text: string } // what lies before is observed, after it projected
  band?: BandLines
  diamonds?: Mark[] // what documents ask, at its year
  tipRows?: (index: number) => TipRow[]
  yMax?: number // in the contract's unit: charts side by side on one scale
  yMin?: number
  yStep?: number // between lines of the grid
  group?: string // charts of one group share their pointer
}

const shownSeries = (plot: Plot): Series[] => plot.series.filter((s) => !s.helper)
export const stacked = (plot: Plot): Series[] => shownSeries(plot).filter((s) => s.kind !== 'line' && !s.apart)
export const sumAt = (series: Series[], index: number): number => series.reduce((sum, s) => sum + (s.values[index] || 0), 0)

export function chartOf(plot: Plot): Chart {
  const shown = shownSeries(plot)
  return {
    unit: plot.quantity.unit,
    legend: shown.map(({ id, name, colour, kind, dash, hatched }) => ({
      id, name, colour, shape: kind === 'line' ? (dash ? 'dashed' : 'line') : hatched ? 'hatched' : 'fill',
    })),
    option: (hidden) => optionOf(plot, hidden),
    table: {
      rowTitle: plot.xTitle,
      columns: shown.map((s) => ({ name: s.name, quantity: plot.quantity })),
      rows: plot.x.map((label, i) => ({ label, cells: shown.map((s) => s.values[i]) })),
    },
    sentence: plot.sentence,
    count: plot.x.length,
    spokenAt: (index, hidden) => spokenAt(plot, hidden, index),
    ...(plot.peak ? { peakAt: plot.peak.at } : {}),
    ...(plot.group ? { group: plot.group } : {}),
  }
}
export const cellText = (cell: number | string | undefined, quantity: Quantity | undefined): string =>
  typeof cell === 'string' ? cell : quantity ? valueText(cell, quantity) : cell === undefined ? '—' : String(cell)
