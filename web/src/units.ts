// Quantities, their units and digits. The contract's units are t, MW, MWh, GJ, tkm, m2 ...; every conversion is here.
import { fixed } from './numbers'

export type Language = 'zh' | 'en'
export type UnitSystem = 'plan' | 'si'
export type Kind =
  | 'co2' | 'load' | 'electricity' | 'energy' | 'freight' | 'passengers' | 'area' | 'vehicles' | 'money' | 'cost' | 'share'
  | 'coalRate' | 'gridFactor' | 'hours' | 'price' | 'ratio' | 'people' | 'energyStored' | 'co2PerGdp' | 'co2PerPerson' | 'perArea' | 'co2PerTkm' | 'coalEquivalent'

// How a quantity is shown: shown value = contract value x factor.
export interface Quantity {
  unit: string
  factor: number
  digits: number
  contractUnit: string
}
interface Scale {
  zh: string
  en: string
  factor: number
  digits: number
}
interface Row {
  contractUnit: string
  plan: Scale[] // largest unit first: the first that gives the largest value at least `LEAST` is taken, else the last
  si: Scale[]
}
const LEAST = 1
const same = (s: Scale): Pick<Row, 'plan' | 'si'> => ({ plan: [s], si: [s] })
const scale = (zh: string, en: string, factor: number, digits: number): Scale => ({ zh, en, factor, digits })

// 1 tce = 29.3076 GJ (GB/T 2589-2020).
const GJ_PER_TCE = 29.3076
const ROWS: Record<Kind, Row> = {
  co2: {
    contractUnit: 't',
    plan: [scale('亿吨', '10⁸ t', 1e-8, 2), scale('万吨', '10⁴ t', 1e-4, 0)],
    si: [scale('Mt', 'Mt', 1e-6, 1), scale('kt', 'kt', 1e-3, 0)],
  },
  load: {
    contractUnit: 'MW',
    plan: [scale('万千瓦', '10⁴ kW', 0.1, 0)],
    si: [scale('GW', 'GW', 1e-3, 1), scale('MW', 'MW', 1, 0)],
  },
  electricity: {
    contractUnit: 'MWh',
    plan: [scale('亿千瓦时', '10⁸ kWh', 1e-5, 0)],
    si: [scale('TWh', 'TWh', 1e-6, 1), scale('GWh', 'GWh', 1e-3, 0)],
  },
  energyStored: { contractUnit: 'MWh', plan: [scale('万千瓦时', '10⁴ kWh', 0.1, 0)], si: [scale('GWh', 'GWh', 1e-3, 1)] },
  energy: { contractUnit: 'GJ', plan: [scale('万吨标准煤', '10⁴ tce', 1e-4 / GJ_PER_TCE, 0)], si: [scale('PJ', 'PJ', 1e-6, 0)] },
  freight: { contractUnit: 'tkm', plan: [scale('亿吨公里', '10⁸ tkm', 1e-8, 0)], si: [scale('10⁹ tkm', 'billion tkm', 1e-9, 1)] },
  passengers: { contractUnit: 'pkm', plan: [scale('亿人公里', '10⁸ pkm', 1e-8, 0)], si: [scale('10⁹ pkm', 'billion pkm', 1e-9, 1)] },
  area: {
    contractUnit: 'm2',
    plan: [scale('亿平方米', '10⁸ m²', 1e-8, 2), scale('万平方米', '10⁴ m²', 1e-4, 0)],
    si: [scale('10⁶ m²', 'million m²', 1e-6, 0)],
  },
  vehicles: { contractUnit: '1', plan: [scale('万辆', '10⁴', 1e-4, 1)], si: [scale('10⁶ 辆', 'million', 1e-6, 2), scale('10³ 辆', 'thousand', 1e-3, 0)] },
  people: { contractUnit: '1', plan: [scale('万人', '10⁴', 1e-4, 1)], si: [scale('10⁶ 人', 'million', 1e-6, 2)] },
  money: {
    contractUnit: 'CNY',
    plan: [scale('亿元', '10⁸ CNY', 1e-8, 1)],
    si: [scale('10⁹ 元', 'billion CNY', 1e-9, 2), scale('10⁶ 元', 'million CNY', 1e-6, 1)],
  },
  cost: { contractUnit: 'CNY/t', ...same(scale('元/吨', 'CNY/t', 1, 0)) },
  price: { contractUnit: 'CNY/MWh', ...same(scale('元/兆瓦时', 'CNY/MWh', 1, 0)) },
  share: { contractUnit: 'share', ...same(scale('%', '%', 100, 1)) },
  coalRate: { contractUnit: 'kgce/MWh', ...same(scale('克标准煤/千瓦时', 'gce/kWh', 1, 0)) },
  gridFactor: { contractUnit: 't/MWh', ...same(scale('千克/千瓦时', 'kg/kWh', 1, 3)) },
  co2PerGdp: {
    contractUnit: 't/10^6 CNY', plan: [scale('吨/万元', 't/10⁴ CNY', 0.01, 3)], si: [scale('吨/百万元', 't/million CNY', 1, 1)],
  },
  co2PerPerson: { contractUnit: 't', ...same(scale('吨/人', 't/person', 1, 2)) },
  perArea: { contractUnit: 'kWh/m2', ...same(scale('千瓦时/平方米', 'kWh/m²', 1, 1)) },
  co2PerTkm: { contractUnit: 'g/tkm', ...same(scale('克/吨公里', 'g/tkm', 1, 1)) },
  coalEquivalent: { contractUnit: 'tce', plan: [scale('万吨标准煤', '10⁴ tce', 1e-4, 0)], si: [scale('PJ', 'PJ', GJ_PER_TCE * 1e-6, 1)] },
  hours: { contractUnit: 'h', ...same(scale('小时', 'h', 1, 1)) },
  ratio: { contractUnit: '1', ...same(scale('', '', 1, 2)) },
}

// The unit for values of a size: one a chart, so that axis, marker, headline and tooltip say the same.
export function quantityOf(kind: Kind, system: UnitSystem, language: Language, largest = Infinity): Quantity {
  const row = ROWS[kind]
  const scales = row[system]
  const fit = scales.find((s) => Math.abs(largest) * s.factor >= LEAST) ?? scales[scales.length - 1]!
  return { unit: fit[language], factor: fit.factor, digits: fit.digits, contractUnit: row.contractUnit }
}
export const largestOf = (...rows: readonly (readonly number[])[]): number => rows.reduce((most, row) => row.reduce((m, v) => Math.max(m, Math.abs(v || 0)), most), 0)
export const valueText = (value: number | undefined, q: Quantity): string => fixed(value === undefined ? undefined : value * q.factor, q.digits)
export const withUnit = (value: number | undefined, q: Quantity): string => (q.unit === '%' ? `${valueText(value, q)}%` : `${valueText(value, q)} ${q.unit}`.trim())
// A difference with its sign; shares differ by points.
export function differenceText(value: number | undefined, q: Quantity, points: string): string {
  if (value === undefined || !Number.isFinite(value)) return '—'
  const text = fixed(value * q.factor, q.digits)
  const unit = q.unit === '%' ? ` ${points}` : ` ${q.unit}`
  return (value > 0 && /[1-9]/.test(text) ? `+${text}` : text) + unit
}

// Units of levers, as their rows name them: factor from the row's unit to the one shown.
const LEVER_UNITS: Record<string, { plan: Scale; si: Scale }> = (() => {
  const one = (s: Scale) => ({ plan: s, si: s })
  return {
    share: one(scale('%', '%', 100, 1)),
    'share of capacity': one(scale('%', '%', 100, 1)),
    '1/yr': one(scale('%/年', '%/yr', 100, 2)),
    'fraction since 2020': one(scale('% 较2020年', '% since 2020', 100, 0)),
    GW: { plan: scale('万千瓦', '10⁴ kW', 100, 0), si: scale('GW', 'GW', 1, 2) },
    'Mm2/yr': { plan: scale('万平方米/年', '10⁴ m²/yr', 100, 0), si: scale('10⁶ m²/年', 'million m²/yr', 1, 2) },
    'Mt/yr': { plan: scale('万吨/年', '10⁴ t/yr', 100, 0), si: scale('Mt/年', 'Mt/yr', 1, 1) },
    'TWh/yr': { plan: scale('亿千瓦时/年', '10⁸ kWh/yr', 10, 0), si: scale('TWh/年', 'TWh/yr', 1, 1) },
    'Mm3/yr': { plan: scale('万立方米/年', '10⁴ m³/yr', 100, 0), si: scale('10⁶ m³/年', 'million m³/yr', 1, 2) },
    '10^4 persons': { plan: scale('万人', '10⁴ persons', 1, 0), si: scale('10⁶ 人', 'million', 0.01, 2) },
    ratio: one(scale('倍', '×', 1, 2)),
    CNY: one(scale('元', 'CNY', 1, 0)),
    'CNY/tkm': one(scale('元/吨公里', 'CNY/tkm', 1, 3)),
    'CNY/MWh': one(scale('元/兆瓦时', 'CNY/MWh', 1, 0)),
    'CNY/tCO2': one(scale('元/吨', 'CNY/t', 1, 0)),
    'CNY/t': one(scale('元/吨', 'CNY/t', 1, 0)),
    'CNY/Nm3': one(scale('元/立方米', 'CNY/m³', 1, 2)),
    K: one(scale('K', 'K', 1, 1)),
    degC: one(scale('℃', '°C', 1, 1)),
    km: one(scale('公里', 'km', 1, 0)),
    h: one(scale('小时', 'h', 1, 1)),
    yr: one(scale('年', 'yr', 1, 0)),
    year: one(scale('年', '', 1, 0)),
    'W/m2': one(scale('瓦/平方米', 'W/m²', 1, 0)),
    'm2/person': one(scale('平方米/人', 'm²/person', 1, 1)),
    'points per 1000': one(scale('个/千辆', 'per 1,000', 1, 1)),
    'per 1000': one(scale('辆/千人', 'per 1,000', 1, 0)),
    'person/vehicle': one(scale('人/车', 'persons/car', 1, 2)),
    't/t': one(scale('吨/吨', 't/t', 1, 3)),
    'tce/tce': one(scale('吨标煤/吨标煤', 'tce/tce', 1, 2)),
    'tCO2/MWh': one(scale('千克/千瓦时', 'kg/kWh', 1, 3)),
    'gce/kWh per yr': one(scale('克/千瓦时·年', 'gce/kWh·yr', 1, 2)),
  }
})()
export function leverQuantity(unit: string, system: UnitSystem, language: Language): Quantity {
  const found = LEVER_UNITS[unit]?.[system]
  return found ? { unit: found[language], factor: found.factor, digits: found.digits, contractUnit: unit } : { unit, factor: 1, digits: 2, contractUnit: unit }
}
