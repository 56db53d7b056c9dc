// A chart as data, before it is drawn: what the plot, the table, the file and the spoken text all read.
import type { Quantity } from '../numbers'

export interface Series {
  id: string
  name: string
  colour: string
  values: number[] // in the contract's unit
  kind: 'area' | 'bar' | 'line'
  dash?: 'dashed' | 'dotted'
}
export interface Mark {
  at: number // index on the x axis
  value: number // in the contract's unit
  text: string
}
export interface Plot {
  x: string[]
  xTitle: string
  xTick: (index: number) => boolean
  series: Series[]
  quantity: Quantity
  sentence: string
  sum?: string // name of the sum of the stack in the tooltip, when no line shows it
  peak?: Mark
  plateau?: { first: number; last: number; value: number }
  limit?: { at: number; text: string }
}

export const stacked = (plot: Plot): Series[] => plot.series.filter((s) => s.kind !== 'line')
export const sumAt = (series: Series[], index: number): number => series.reduce((sum, s) => sum + (s.values[index] ?? 0), 0)
