// Power over the years: generation and capacity by technology, factors, cost. Pure functions; values in the contract's units.
import type { Plot, Series } from '../../charts/plot'
import { COSTS, GROUPS, LOADS, TOTAL } from '../../colours'
import type { Projection } from '../../model/app'
import type { Context } from '../../page'
import { together } from '../../plots/power'
import { addTo, ends, folded, layers, metricValues, yearAxis } from '../../plots/stacks'
import { largestOf } from '../../units'

const STEP_YEARS = 5
const CHARGE = 'storage_charge'

// A technology that has a colour of its own is a layer of its own; the others stand in their group.
const layerOf = (id: string, group: string): string => (id in GROUPS ? id : together(group))

// Every year, or every fifth where bars would be too thin.
export function atYears(plot: Plot, years: readonly number[], every: boolean): Plot {
  if (every) return plot
  const chosen = years.map((y, i) => (y % STEP_YEARS === 0 || i === years.length - 1 ? i : -1)).filter((i) => i >= 0)
  const pick = <T>(values: readonly T[]): T[] => chosen.map((i) => values[i]!)
  return { ...plot, x: pick(plot.x), xTick: () => true, series: plot.series.map((s) => ({ ...s, values: pick(s.values) })) }
}
const positive = (series: Series[], count: number): number[] =>
  Array.from({ length: count }, (_, i) => series.reduce((sum, s) => sum + Math.max(0, s.values[i]!), 0))
const net = (series: Series[], count: number): number[] => Array.from({ length: count }, (_, i) => series.reduce((sum, s) => sum + s.values[i]!, 0))

// Generation, imports and what stores give back; what they take and what is sent out stand below zero.
export function sourcesPlot(p: Projection, c: Context): Plot {
  const { technologies, stores } = p.power!
  const rows = new Map<string, number[]>()
  for (const t of technologies) addTo(rows, layerOf(t.technology, t.group), t.energy_mwh)
  for (const s of stores.filter((one) => one.store_id in GROUPS)) {
    addTo(rows, s.store_id, s.discharged_mwh)
    addTo(rows, CHARGE, s.charged_mwh.map((v) => -v))
  }
  const series = layers(folded(rows, ['import', CHARGE]), GROUPS, 'groups', 'bar', c)
  const q = c.quantity('electricity', largestOf(positive(series, p.years.length)))
  const sum = net(series, p.years.length)
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series,
    sum: c.say('power.netSum'),
    sentence: c.say('power.sentences.generation', { place: c.place, scenario: c.scenario, ...ends(p.years, sum, q) }),
  }
}

// Installed capacity at year end with stores; the highest load, the firm capacity and, where it does not do, what would.
export function capacityPlot(p: Projection, c: Context): Plot {
  const { technologies, stores } = p.power!
  const rows = new Map<string, number[]>()
  for (const t of technologies) addTo(rows, layerOf(t.technology, t.group), t.capacity_mw)
  for (const s of stores.filter((one) => one.store_id in GROUPS)) addTo(rows, s.store_id, s.power_mw)
  const series = layers(folded(rows, ['import']), GROUPS, 'groups', 'bar', c)
  const sum = positive(series, p.years.length)
  const firm = metricValues(p, 'power.firm_capacity_mw')
  const lacking = metricValues(p, 'power.capacity_lacking_mw')
  const required = firm && lacking?.some((v) => v > 1) ? firm.map((v, i) => v + lacking[i]!) : undefined
  const line = (id: string, name: string, colour: string, values: number[] | undefined, dash?: Series['dash']): Series[] =>
    values ? [{ id, name, colour, values, kind: 'line', width: 2, halo: true, ...(dash ? { dash } : {}) }] : []
  const q = c.quantity('load', largestOf(sum))
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series: [
      ...series,
      ...line('required', c.say('power.requiredFirm'), LOADS.firm!, required, 'dashed'),
      ...line('firm', c.say('power.firm'), LOADS.firm!, firm, 'dotted'),
      ...line('load', c.say('peakLoad'), TOTAL, p.peak_load!.peak_load_mw),
    ],
    sum: c.say('sum'),
    sentence: c.say('power.sentences.capacity', { place: c.place, scenario: c.scenario, ...ends(p.years, sum, q) }),
  }
}

const FACTORS: [id: string, metric: string, colour: string][] = [
  ['official', 'power.grid_factor_tco2_per_mwh', LOADS.compared!],
  ['marginal', 'power.marginal_tco2_per_mwh', LOADS.summer!],
  ['consumption', 'power.consumption_tco2_per_mwh', LOADS.net!],
]
export const FACTOR_METRICS = FACTORS.map(([, metric]) => metric)
export function factorPlot(p: Projection, c: Context): Plot | undefined {
  const series = FACTORS.flatMap(([id, metric, colour]): Series[] => {
    const values = metricValues(p, metric)
    return values ? [{ id, name: c.say(`power.factors.${id}`), colour, values, kind: 'line', ...(id === 'official' ? { dash: 'dashed' } : {}) }] : []
  })
  if (!series.length) return undefined
  const q = c.quantity('gridFactor')
  const shown = series[series.length - 1]!
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series,
    sentence: c.say('power.sentences.factor', { place: c.place, scenario: c.scenario, name: shown.name, ...ends(p.years, shown.values, q) }),
  }
}

const COMPONENTS = ['investment', 'fixed_om', 'fuel', 'variable_om', 'start', 'import', 'carbon', 'interruption', 'unserved'] as const
export function costPlot(p: Projection, c: Context): Plot | undefined {
  const cost = p.power!.system_cost
  if (!cost?.total_cny?.length) return undefined
  const rows = new Map<string, number[]>(COMPONENTS.map((id) => [id, cost[`${id}_cny`]]))
  const series = layers(folded(rows, ['unserved']), COSTS, 'power.costs', 'bar', c).map((s) => (s.id === 'unserved' ? { ...s, hatched: true } : s))
  const q = { ...c.quantity('money', largestOf(cost.total_cny)), digits: 0 }
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series,
    sum: c.say('sum'),
    sentence: c.say('power.sentences.cost', { place: c.place, scenario: c.scenario, ...ends(p.years, cost.total_cny, q) }),
  }
}
