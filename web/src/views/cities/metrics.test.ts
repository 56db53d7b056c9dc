import { describe, expect, it } from 'vitest'
import type { Projection } from '../../model/app'
import type { Context } from '../../page'
import { quantityOf } from '../../units'
import { cityMetrics, largestRise, lastToPeak, peakSetter, ranking } from './metrics'

const YEARS = [2020, 2021, 2022]
const city = (place: string, co2: number[], year: number, in_span = true) => ({ place, territorial_tco2: co2, electricity_mwh: co2, peak_load_mw: co2, carbon_peak: { year, in_span, level_tco2: Math.max(...co2) } })
const projection = (cities: ReturnType<typeof city>[]) => {
  const total = YEARS.map((_, i) => cities.reduce((sum, c) => sum + c.territorial_tco2[i]!, 0))
  return { years: YEARS, cities, account: { territorial_tco2: total, electricity_consumption_mwh: total }, peak_load: { peak_load_mw: total }, carbon_peaks: [{ year: 2022, in_span: true }] } as unknown as Projection
}
const context = { say: (key: string) => key, language: 'zh', units: 'plan', quantity: (kind: never, largest?: number) => quantityOf(kind, 'plan', 'zh', largest) } as unknown as Context
const P = projection([city('a', [10e6, 12e6, 20e6], 2022, false), city('b', [30e6, 31e6, 25e6], 2021)])

describe('cities side by side', () => {
  it('shows the change since the first year about zero, in the same unit everywhere', () => {
    const found = cityMetrics(P, undefined, context)
    expect(found.find((m) => m.id === 'co2')!.quantity.unit).toBe('万吨')
    const changes = found.find((m) => m.id === 'co2_change')!
    expect(changes.kind).toBe('diverging')
    expect(changes.values.get('a')!.map((v) => Number(v.toFixed(9)))).toEqual([0, 0.2, 1])
  })
  it('ranks the largest first and gives shares that sum to one', () => {
    const rows = ranking(cityMetrics(P, undefined, context)[0]!, 2, P, (id) => id)
    expect(rows.map((r) => r.id)).toEqual(['b', 'a'])
    expect(rows.reduce((sum, r) => sum + r.share, 0)).toBeCloseTo(1)
    expect(rows.map((r) => r.peakYear)).toEqual([2021, 0])
  })
  it('names the city without which the others would peak in another year', () => {
    expect(peakSetter(P)).toEqual({ city: 'a', shiftYears: -1, without: 2021 })
    expect(peakSetter(projection([city('a', [1, 2, 3], 2022), city('b', [1, 2, 3], 2022)]))).toBeUndefined()
  })
  it('names who adds most up to the peak, and who peaks last', () => {
    expect(largestRise(P)).toEqual({ city: 'a', rise: 10e6 })
    expect(lastToPeak(P)).toEqual([{ city: 'a', year: Infinity }])
  })
  it('has figures per person once the cities are listed', () => {
    const entry = (id: string) => ({ place: { place_id: id }, population_count: [1e6, 1e6, 1e6], gdp_cny: [1e11, 1e11, 1e11], figures: [{ metric_id: 'power.pv_capacity_mw', unit: 'MW', label: { zh: '光伏', en: 'PV' }, metric_values: [1, 2, 3] }] })
    const found = cityMetrics(P, { cities: [entry('a'), entry('b')] } as never, context)
    expect(found.find((m) => m.id === 'co2_per_person')!.values.get('a')).toEqual([10, 12, 20])
    expect(found.find((m) => m.id === 'power.pv_capacity_mw')!.values.get('b')).toEqual([1, 2, 3])
  })
})
