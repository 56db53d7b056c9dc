// Units of metrics and reply fields as the page's quantities, so that the drawer shows a number as the charts do.
import { quantityOf, withUnit, type Kind, type Language, type UnitSystem } from '../../units'
import { short } from '../../numbers'

const KINDS: Record<string, Kind> = {
  tCO2: 'co2', MW: 'load', MWh: 'electricity', GJ: 'energy', tkm: 'freight', pkm: 'passengers', m2: 'area', vehicles: 'vehicles', persons: 'people', share: 'share',
  'CNY/MWh': 'price', 'CNY/tCO2': 'cost', 'CNY/t': 'cost', CNY: 'money', 'tCO2/MWh': 'gridFactor', 't/MWh': 'gridFactor', 'kgce/MWh': 'coalRate', h: 'hours', hours: 'hours',
}
// A field's name ends in its unit.
const ENDINGS: [RegExp, string][] = [
  [/tco2_per_mwh$/, 'tCO2/MWh'], [/_tco2$/, 'tCO2'], [/_mwh$/, 'MWh'], [/_mw$/, 'MW'], [/_gj$/, 'GJ'], [/_tkm$/, 'tkm'], [/_pkm$/, 'pkm'], [/_m2$/, 'm2'], [/_share$/, 'share'], [/_cny$/, 'CNY'],
]
export const unitOfField = (path: string): string => ENDINGS.find(([ending]) => ending.test(path.replace(/\[\d*\]/g, '')))?.[1] ?? ''
export function numberText(value: number | undefined, unit: string, field: string, system: UnitSystem, language: Language): string {
  if (value === undefined) return '—'
  const named = unit || unitOfField(field)
  if (named === 'year' || /(^|\.|_)year$/.test(field)) return String(Math.round(value))
  const kind = KINDS[named]
  return kind ? withUnit(value, quantityOf(kind, system, language, value)) : `${short(value)} ${named}`.trim()
}
