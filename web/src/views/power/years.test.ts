import { describe, expect, it } from 'vitest'
import { stacked, sumAt } from '../../charts/plot'
import { GROUPS } from '../../colours'
import type { Projection } from '../../model/app'
import { peakLoadPlot } from '../../plots/power'
import { durationChart, shownCount } from './duration'
import { context, projection, report_, YEARS } from './fixture'
import { cell, reserveTable } from './reserve'
import { atYears, capacityPlot, costPlot, factorPlot, sourcesPlot } from './years'

const c = context()
const ids = (plot: { series: { id: string; kind: string }[] }) => plot.series.filter((s) => s.kind !== 'line').map((s) => s.id)

describe('generation', () => {
  const plot = sourcesPlot(projection, c)
  it('tells onshore and offshore wind, rooftop and utility PV apart, coal classes together, in the palette’s order', () => {
    expect(ids(plot)).toEqual(['nuclear', 'coal', 'import', 'onshore_wind', 'offshore_wind', 'utility_pv', 'rooftop_pv', 'pumped_storage', 'battery', 'storage_charge'])
    expect(plot.series.find((s) => s.id === 'coal')!.values).toEqual([44000, 42000, 40000])
  })
  it('has charging below zero, and sums to what is served', () => {
    expect(plot.series.find((s) => s.id === 'storage_charge')!.values).toEqual([-3400, -4400, -5400])
    const { technologies, stores } = projection.power!
    const served = technologies.reduce((s, t) => s + t.energy_mwh[1]!, 0) + stores.reduce((s, one) => s + one.discharged_mwh[1]! - one.charged_mwh[1]!, 0)
    expect(sumAt(stacked(plot), 1)).toBeCloseTo(served, 6)
  })
  it('leaves out load that is only shifted', () => {
    expect(ids(plot)).not.toContain('shiftable_load')
  })
})

describe('capacity', () => {
  const plot = capacityPlot(projection, c)
  it('has stores, the peak load and the firm capacity', () => {
    expect(ids(plot)).toContain('battery')
    expect(plot.series.find((s) => s.id === 'load')!.values).toEqual([900, 1000, 1100])
    expect(plot.series.find((s) => s.id === 'required')!.values).toEqual([990, 1050, 1120])
    const order = Object.keys(GROUPS)
    expect(ids(plot)).toEqual([...ids(plot)].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
  })
  it('has no required capacity where none is lacking', () => {
    const enough = { ...projection, metrics: projection.metrics.map((m) => (m.metric.metric_id.includes('lacking') ? { ...m, region_values: [0, 0, 0] } : m)) }
    expect(capacityPlot(enough, c).series.some((s) => s.id === 'required')).toBe(false)
  })
})

describe('cost and factor', () => {
  it('has components that sum to the total', () => {
    const plot = costPlot(projection, c)!
    YEARS.forEach((_, i) => expect(sumAt(stacked(plot), i) / projection.power!.system_cost.total_cny[i]!).toBeCloseTo(1, 9))
  })
  it('shows the factors that are there and none when none is', () => {
    expect(factorPlot(projection, c)!.series.map((s) => s.id)).toEqual(['consumption'])
    expect(factorPlot({ ...projection, metrics: [] }, c)).toBeUndefined()
    expect(costPlot({ ...projection, power: { ...projection.power, system_cost: {} } } as Projection, c)).toBeUndefined()
  })
})

describe('bars of chosen years', () => {
  it('keeps every fifth year and the last, with their values', () => {
    const few = atYears(capacityPlot(projection, c), YEARS, false)
    expect(few.x).toEqual(['2030', '2031'])
    expect(few.series.find((s) => s.id === 'load')!.values).toEqual([1000, 1100])
    expect(atYears(capacityPlot(projection, c), YEARS, true).x).toHaveLength(3)
  })
})

describe('peak load by year', () => {
  it('has both seasons, net load and the comparison', () => {
    expect(peakLoadPlot(projection, c, projection).series.map((s) => s.id)).toEqual(['compared', 'net', 'winter', 'summer'])
    expect(peakLoadPlot(projection, c).series.map((s) => s.id)).toEqual(['net', 'winter', 'summer'])
  })
})

describe('duration curves', () => {
  const chart = durationChart(report_, report_, false, c)
  it('stand over their hours, of this scenario and the comparison', () => {
    const series = chart.option(new Set()).series as { id: string; data: [number, number][] }[]
    expect(series.map((s) => s.id)).toEqual(['compared', 'compared_net', 'net', 'load'])
    expect(series[3]!.data.map(([x]) => x)).toEqual(report_.ranks)
    series[3]!.data.forEach(([, y], i) => expect(y).toBeCloseTo(report_.load_duration_mw[i]! * 0.1, 9))
  })
  it('mark the hours above the firm capacity', () => {
    const [last] = (chart.option(new Set()).series as { markArea?: { data: object[][] } }[]).slice(-1)
    expect(last!.markArea!.data[0]).toEqual([{ xAxis: 0 }, { xAxis: 3 }])
  })
  it('show the top 200 hours on request', () => {
    expect(shownCount(report_.ranks, 200)).toBe(4)
    const zoomed = durationChart(report_, undefined, true, c)
    expect(zoomed.count).toBe(4)
    expect(zoomed.table.rows.map((r) => r.label)).toEqual(['1', '2', '3', '200'])
    expect(zoomed.legend.map((l) => l.id)).toEqual(['net', 'load'])
  })
})

describe('the table of reserve and risk', () => {
  const table = reserveTable(projection, c)
  const shown = (id: string) => {
    const row = table.rows.find((r) => r.id === id)!
    return row.values.map((v) => cell(v, row.quantity))
  }
  it('has the years of the projection and what is known of them', () => {
    expect(table.years).toEqual([2030])
    expect(table.rows.map((r) => r.id)).not.toContain('credit_pv')
    expect(shown('reserve')).toEqual(['5.0'])
  })
  it('never shows as zero what is not', () => {
    const q = table.rows.find((r) => r.id === 'lole')!.quantity
    expect(cell(1e-6, q)).toBe('< 0.1')
    expect(cell(0, q)).toBe('0.0')
    expect(cell(12.34, q)).toBe('12.3')
  })
})
