// A chart as the card knows it: how it is drawn, and the same as table, legend and words. Values stay in the contract's
// units; a quantity says how they are shown. Every chart is made by a pure function of a view model.
import type { Quantity } from '../units'
import type { EChartsCoreOption } from './echarts'

interface LegendItem {
  id: string
  name: string
  colour: string
  shape: 'fill' | 'line' | 'dashed' | 'hatched'
}
export interface Column {
  name: string
  quantity?: Quantity // none: a text, or a number that is shown as it is
}
interface TableRow {
  label: string
  cells: (number | string | undefined)[]
}
interface ChartTable {
  rowTitle: string
  columns: Column[]
  rows: TableRow[]
}
export interface Chart {
  unit: string
  legend: LegendItem[]
  option: (hidden: ReadonlySet<string>) => EChartsCoreOption
  table: ChartTable
  sentence: string // what the chart says, for those who do not see it
  count: number // positions of the keyboard's cursor
  spokenAt: (index: number, hidden: ReadonlySet<string>) => string
  tipAt?: (index: number) => Record<string, unknown> // payload of showTip; along the x axis when not given
  peakAt?: number // where P leads
  group?: string // charts of one group share their pointer
  renderer?: 'svg' | 'canvas'
  onClick?: (event: { dataIndex: number; seriesId?: string; name: string; value: unknown }) => void
}
