// Is there enough: peak load, firm capacity, reserve, loss of load and firm shares of technologies, for chosen years.
import type { Projection } from '../../model/app'
import { fixed } from '../../numbers'
import type { Context } from '../../page'
import { metricValues } from '../../plots/stacks'
import { largestOf, valueText, type Kind, type Quantity } from '../../units'

interface ReserveRow {
  id: string
  name: string
  quantity: Quantity
  values: number[] // in the contract's unit, [year shown]
  metric: string
}
interface ReserveTable {
  years: number[]
  rows: ReserveRow[]
}
interface Line {
  id: string
  metric: string
  kind: Kind
  small?: boolean // values far below one are told as less than a limit
}
const LINES: Line[] = [
  { id: 'peak', metric: 'account.peak_load_mw', kind: 'load' },
  { id: 'net_peak', metric: '', kind: 'load' },
  { id: 'firm', metric: 'power.firm_capacity_mw', kind: 'load' },
  { id: 'reserve', metric: '', kind: 'share' },
  { id: 'lacking', metric: 'power.capacity_lacking_mw', kind: 'load' },
  { id: 'lole', metric: 'power.lole_hours', kind: 'hours' },
  { id: 'eens', metric: 'power.eens_mwh', kind: 'electricity' },
  { id: 'unserved', metric: '', kind: 'electricity' },
  { id: 'curtailed', metric: 'power.curtailment_share', kind: 'share' },
  { id: 'credit_wind', metric: 'power.capacity_credit_wind_share', kind: 'share' },
  { id: 'credit_pv', metric: 'power.capacity_credit_pv_share', kind: 'share' },
  { id: 'credit_battery', metric: 'power.capacity_credit_battery_share', kind: 'share' },
  { id: 'credit_pumped', metric: 'power.capacity_credit_pumped_storage_share', kind: 'share' },
]
export const RESERVE_METRICS = LINES.map((l) => l.metric).filter((m) => m.startsWith('power.'))
const YEARS = [2020, 2025, 2030, 2035, 2040, 2050, 2060]

export function reserveTable(p: Projection, c: Context): ReserveTable {
  const years = [...new Set([...YEARS, c.year])].filter((y) => p.years.includes(y)).sort((a, b) => a - b)
  const own: Record<string, number[] | undefined> = {
    peak: p.peak_load!.peak_load_mw, net_peak: p.peak_load!.net_peak_mw, reserve: p.peak_load!.reserve_margin_share, unserved: p.peak_load!.unserved_mwh,
  }
  const quantity = (line: Line, values: number[]): Quantity => {
    // Energy not served is small: it has the unit of stores.
    if (line.kind === 'electricity') return { ...c.quantity('energyStored'), digits: 0 }
    return c.quantity(line.kind, line.kind === 'load' ? largestOf(own.peak!) : largestOf(values))
  }
  const rows = LINES.flatMap((line): ReserveRow[] => {
    const all = own[line.id] ?? metricValues(p, line.metric)
    if (!all?.length) return []
    const values = years.map((y) => all[p.years.indexOf(y)]!)
    return [{ id: line.id, name: c.say(`power.reserve.${line.id}`), quantity: quantity(line, values), values, metric: line.metric }]
  })
  return { years, rows }
}
// A value that is not nothing is never shown as zero.
export function cell(value: number, q: Quantity): string {
  const least = 10 ** -q.digits
  const shown = value * q.factor
  return shown > 0 && shown < least / 2 ? `< ${fixed(least, q.digits)}` : valueText(value, q)
}
