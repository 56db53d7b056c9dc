// Made-up power of three years and one day, for tests.
import type { common, power, report } from '../../api/contracts'
import type { Projection } from '../../model/app'
import type { Context } from '../../page'
import { quantityOf } from '../../units'
import { ofReport, type Day } from './day'

export const HOURS = 24
export const hours = (value: (h: number) => number): number[] => Array.from({ length: HOURS }, (_, h) => value(h))
export const context = (units: 'plan' | 'si' = 'plan'): Context => ({
  say: (key, words) => (words ? `${key} ${Object.values(words).join(' ')}` : key), language: 'zh', units, place: '江苏', scenario: '规划目标', year: 2030, compared: '冻结',
  quantity: (kind, largest) => quantityOf(kind, units, 'zh', largest),
})

const label: common.Label = { zh: '', en: '' }
const technology = (id: string, group: string, capacity: number[], energy: number[], imported = false) =>
  ({ technology: id, group, label, imported, capacity_mw: capacity, energy_mwh: energy }) as power.Technology
const store = (id: string, mw: number[], charged: number[], discharged: number[]) =>
  ({ store_id: id, label, power_mw: mw, energy_capacity_mwh: mw, charged_mwh: charged, discharged_mwh: discharged }) as power.Store
const cost = (v: number): number[] => [v, v, v]
const metric = (id: string, values: number[]) => ({ metric: { metric_id: id }, region_values: values, place_values: [] }) as unknown as Projection['metrics'][number]

export const YEARS = [2029, 2030, 2031]
export const projection = {
  frame: { region: 'jiangsu', first_year: 2029, last_year: 2031, weather_year: 'normal' },
  years: YEARS,
  peak_load: { peak_load_mw: [900, 1000, 1100], summer_mw: [900, 1000, 1100], winter_mw: [800, 900, 950], net_peak_mw: [850, 880, 900], reserve_margin_share: [0.1, 0.05, -0.02], unserved_mwh: [0, 0, 12] },
  power: {
    technologies: [
      technology('rooftop_pv', 'solar', [500, 600, 700], [5000, 6000, 7000]), technology('coal_usc_1000', 'coal', [800, 800, 800], [40000, 39000, 38000]),
      technology('coal_sub_300', 'coal', [100, 100, 50], [4000, 3000, 2000]), technology('offshore_wind', 'wind', [100, 200, 300], [3000, 6000, 9000]),
      technology('onshore_wind', 'wind', [100, 100, 100], [2000, 2000, 2000]), technology('import_one', 'import', [200, 200, 200], [9000, 9000, 9000], true),
      technology('nuclear', 'nuclear', [100, 100, 100], [8000, 8000, 8000]), technology('utility_pv', 'solar', [100, 150, 200], [1500, 2000, 2500]),
    ],
    stores: [store('battery', [50, 60, 90], [1500, 2500, 3500], [1200, 2000, 3000]), store('pumped_storage', [60, 60, 60], [1900, 1900, 1900], [1500, 1500, 1500]), store('shiftable_load', [9, 9, 9], [5, 5, 5], [5, 5, 5])],
    peak_days: [],
    system_cost: {
      investment_cny: cost(5e10), fixed_om_cny: cost(2e10), fuel_cny: cost(9e10), variable_om_cny: cost(1e10), start_cny: cost(1e7), import_cny: cost(3e10), interruption_cny: cost(1e7),
      carbon_cny: cost(2e10), unserved_cny: [0, 0, 1e7], total_cny: [2.2002e11, 2.2002e11, 2.2003e11],
    },
  },
  metrics: [
    metric('power.firm_capacity_mw', [990, 1050, 1080]), metric('power.capacity_lacking_mw', [0, 0, 40]), metric('power.lole_hours', [1e-6, 0, 12]),
    metric('power.eens_mwh', [0.002, 0, 98504]), metric('power.consumption_tco2_per_mwh', [0.5, 0.45, 0.4]), metric('power.capacity_credit_wind_share', [0.08, 0.2, 0.25]),
  ],
} as unknown as Projection

const CAUSES: [string, (h: number) => number][] = [['cooling', (h) => (h > 12 ? 300 : 60)], ['industry', () => 600], ['ev_charging', (h) => 40 + h], ['losses', () => 50]]
const load = hours((h) => CAUSES.reduce((sum, [, of]) => sum + of(h), 0))
const solar = hours((h) => (h > 6 && h < 18 ? 200 : 0))
const wind = hours(() => 50)
const charge = hours((h) => (h === 10 ? -30 : 0))
const coal = load.map((v, h) => v - solar[h]! - wind[h]! - charge[h]!)
export const dayHours: report.DayHours = {
  day: 191, peak_hour: 23, net_peak_hour: 23, load_mw: load, net_load_mw: load.map((v, h) => v - solar[h]! - wind[h]! - (h === 12 ? 20 : 0)), curtailed_mw: hours((h) => (h === 12 ? 20 : 0)),
  causes: CAUSES.map(([id]) => id), load_by_cause_mw: CAUSES.flatMap(([, of]) => hours(of)), groups: ['coal', 'wind', 'solar', 'storage_charge', 'unserved'],
  supply_mw: [coal, wind, solar, charge, hours(() => 0)].flat(),
}
export const day: Day = ofReport(dayHours, 2030)
const RANKS = [0, 1, 2, 199, 4000, 8759]
export const report_: report.HoursReport = {
  year: 2030, days: [dayHours], ranks: RANKS, load_duration_mw: [1013, 1000, 990, 900, 700, 400], net_load_duration_mw: [990, 980, 970, 800, 500, -50], firm_capacity_mw: 985,
  hours_above_firm_count: 3, net_hours_above_firm_count: 1, load_map_mw: Array.from({ length: 8760 }, (_, i) => 400 + (i % 24)), net_load_map_mw: [], curtailed_map_mw: [],
  price_map_cny_per_mwh: [], summer_peak_day: 191, winter_peak_day: 19, net_peak_day: 190, revision: { model_version: '', data_revision: '' } as common.Revision, release_status: 'RELEASE_STATUS_INTERNAL',
}
