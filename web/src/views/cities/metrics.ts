// What can be shown by city: values by year, of the cities and of the region, in the contract's units. Pure functions.
import type { cities as contracts, projection } from '../../api/contracts'
import type { TileKind } from '../../components/tiles'
import type { Projection } from '../../model/app'
import type { Context } from '../../page'
import type { Subject } from '../../source'
import { largestOf, type Kind, type Quantity } from '../../units'

export interface CityMetric {
  id: string
  name: string
  kind: TileKind
  quantity: Quantity
  plain?: boolean // years: no thousands, no digits
  values: Map<string, number[]> // by city [year]
  region?: number[] // [year]; sums of cities do not always make it
  additive: boolean // cities sum to the region: shares have a meaning
  subject: (place: string, year: number) => Subject
}
const BASE = 0 // index of 2020
const ownUnit = (zh: string, en: string, factor: number, digits: number, contractUnit: string, { language }: Context): Quantity => ({ unit: language === 'zh' ? zh : en, factor, digits, contractUnit })
const byCity = (p: Projection, of: (c: projection.CityAccount) => number[]): Map<string, number[]> => new Map(p.cities.map((c) => [c.place, of(c)]))
export const change = (values: readonly number[]): number[] => values.map((v) => v / values[BASE]! - 1)
const ratio = (above: readonly number[], below: readonly number[] | undefined): number[] => above.map((v, i) => (below?.[i] ? v / below[i]! : NaN))
const sum = (rows: Iterable<readonly number[]>): number[] => [...rows].reduce<number[]>((all, row) => row.map((v, i) => (all[i] ?? 0) + v), [])

export function cityMetrics(p: Projection, table: contracts.CityTable | undefined, c: Context): CityMetric[] {
  const { say } = c
  const co2 = byCity(p, (one) => one.territorial_tco2)
  const electricity = byCity(p, (one) => one.electricity_mwh)
  const load = byCity(p, (one) => one.peak_load_mw)
  const quantity = (kind: Kind, values: Map<string, number[]>) => c.quantity(kind, Math.max(...[...values.values()].map((v) => largestOf(v))) / 4)
  const of = (metric_id: string) => (place: string, year: number): Subject => ({ metric_id, year, ...(place ? { place } : {}) })
  const account = of('account.territorial_tco2')
  const made: CityMetric[] = [
    { id: 'co2', name: say('cities.metrics.co2'), kind: 'sequential', quantity: cityCo2(co2, c), values: co2, region: p.account!.territorial_tco2, additive: true, subject: account },
    {
      id: 'co2_change', name: say('cities.metrics.co2_change'), kind: 'diverging', quantity: c.quantity('share'), values: new Map([...co2].map(([id, v]) => [id, change(v)])),
      region: change(p.account!.territorial_tco2), additive: false, subject: account,
    },
    { id: 'electricity', name: say('cities.metrics.electricity'), kind: 'sequential', quantity: quantity('electricity', electricity), values: electricity, region: p.account!.electricity_consumption_mwh, additive: true, subject: of('account.electricity_consumption_mwh') },
    { id: 'load', name: say('cities.metrics.load'), kind: 'sequential', quantity: quantity('load', load), values: load, region: p.peak_load!.peak_load_mw, additive: false, subject: of('account.peak_load_mw') },
    {
      id: 'peak_year', name: say('cities.metrics.peak_year'), kind: 'sequential', plain: true, additive: false, subject: account,
      quantity: ownUnit('年', '', 1, 0, 'year', c), values: byCity(p, (one) => p.years.map(() => (one.carbon_peak?.in_span ? one.carbon_peak.year : NaN))),
      region: p.years.map(() => p.carbon_peaks[0]!.year),
    },
  ]
  return table ? [...made, ...fromTable(p, table, co2, c, account)] : made
}
// One unit for cities, whose values are about a tenth of the region's: the smaller one.
function cityCo2(values: Map<string, number[]>, c: Context): Quantity {
  const largest = Math.max(...[...values.values()].map((v) => largestOf(v)))
  return c.units === 'plan' ? c.quantity('co2', 1) : c.quantity('co2', largest)
}

const KINDS: Record<string, Kind> = { MW: 'load', MWh: 'electricity', vehicles: 'vehicles', tCO2: 'co2' }
function fromTable(p: Projection, table: contracts.CityTable, co2: Map<string, number[]>, c: Context, account: CityMetric['subject']): CityMetric[] {
  // The service's years are those of the projection.
  const row = (of: (one: contracts.CityEntry) => number[]) => new Map(table.cities.map((one) => [one.place!.place_id, of(one)]))
  const people = row((one) => one.population_count)
  const gdp = row((one) => one.gdp_cny)
  const per = (below: Map<string, number[]>) => new Map([...co2].map(([id, v]) => [id, ratio(v, below.get(id))]))
  const total = p.account!.territorial_tco2
  const figures = table.cities[0]?.figures ?? []
  const perTenThousandYuan = 1e4
  return [
    { id: 'co2_per_person', name: c.say('cities.metrics.co2_per_person'), kind: 'sequential', quantity: ownUnit('吨/人', 't/person', 1, 1, 't/person', c), values: per(people), region: ratio(total, sum(people.values())), additive: false, subject: account },
    {
      id: 'co2_per_gdp', name: c.say('cities.metrics.co2_per_gdp'), kind: 'sequential', quantity: ownUnit('吨/万元', 't/10⁴ CNY', perTenThousandYuan, 2, 't/CNY', c), values: per(gdp), region: ratio(total, sum(gdp.values())),
      additive: false, subject: account,
    },
    { id: 'population', name: c.say('cities.metrics.population'), kind: 'sequential', quantity: c.quantity('people', c.units === 'plan' ? 0 : Infinity), values: people, region: sum(people.values()), additive: true, subject: (place, year) => ({ reply: 'dafeng.cities.v1.ListCitiesResponse', field_path: 'result.cities[].population_count', year, ...(place ? { place } : {}) }) },
    ...figures.flatMap((f): CityMetric[] => {
      const kind = KINDS[f.unit]
      const values = row((one) => one.figures.find((x) => x.metric_id === f.metric_id)?.metric_values ?? [])
      if (!kind) return []
      return [{ id: f.metric_id, name: f.label?.[c.language] ?? f.metric_id, kind: 'sequential', quantity: c.quantity(kind, Math.max(...[...values.values()].map((v) => largestOf(v))) / 4), values, additive: true, subject: (place, year) => ({ metric_id: f.metric_id, year, ...(place ? { place } : {}) }) }]
    }),
  ]
}

interface Ranked {
  id: string
  name: string
  value: number
  share: number // of the sum of the cities; NaN where it has no meaning
  change: number // since 2020
  peakYear: number // of CO2; 0: no peak in the span
}
// Largest first; a city without a value stands last.
export function ranking(m: CityMetric, at: number, p: Projection, placeName: (id: string) => string): Ranked[] {
  const all = [...m.values].map(([id, v]) => ({ id, value: v[at] ?? NaN, change: m.kind === 'diverging' || m.plain ? NaN : (v[at] ?? NaN) / v[BASE]! - 1 }))
  const sumOfAll = all.reduce((s, one) => s + (one.value || 0), 0)
  const peaks = new Map(p.cities.map((c) => [c.place, c.carbon_peak?.in_span ? c.carbon_peak.year : 0]))
  const low = (v: number) => (Number.isFinite(v) ? v : -Infinity)
  return all
    .map((one) => ({ ...one, name: placeName(one.id), share: m.additive ? one.value / sumOfAll : NaN, peakYear: peaks.get(one.id) ?? 0 }))
    .sort((a, b) => low(b.value) - low(a.value))
}

const highest = (values: readonly number[]): number => values.reduce((best, v, i) => (v > values[best]! ? i : best), 0)
interface PeakSetter {
  city: string
  shiftYears: number // years by which the region would peak earlier (below 0) or later without this city
  without: number // year of the peak of the others together
}
// Which city sets the year in which the region peaks: the one without which the others together peak at the most distant
// year; of equal ones the largest emitter in the peak's year. None when no single city moves it.
export function peakSetter(p: Projection): PeakSetter | undefined {
  const total = p.account!.territorial_tco2
  const at = highest(total)
  const all = p.cities.map((c): PeakSetter & { size: number } => {
    const others = total.map((v, i) => v - c.territorial_tco2[i]!)
    const year = p.years[highest(others)]!
    return { city: c.place, shiftYears: year - p.years[at]!, without: year, size: c.territorial_tco2[at]! }
  })
  const [first] = all.sort((a, b) => Math.abs(b.shiftYears) - Math.abs(a.shiftYears) || b.size - a.size)
  return first?.shiftYears ? { city: first.city, shiftYears: first.shiftYears, without: first.without } : undefined
}
interface Rise {
  city: string
  rise: number // t, from the first year to the region's peak
}
export function largestRise(p: Projection): Rise | undefined {
  const at = highest(p.account!.territorial_tco2)
  const [first] = p.cities.map((c) => ({ city: c.place, rise: c.territorial_tco2[at]! - c.territorial_tco2[BASE]! })).sort((a, b) => b.rise - a.rise)
  return first && first.rise > 0 ? first : undefined
}
// Cities by the year of their carbon peak, the last first; those without a peak in the span before all.
export function lastToPeak(p: Projection): { city: string; year: number }[] {
  const years = p.cities.map((c) => ({ city: c.place, year: c.carbon_peak?.in_span ? c.carbon_peak.year : Infinity }))
  const last = Math.max(...years.map((one) => one.year))
  return years.filter((one) => one.year === last)
}
