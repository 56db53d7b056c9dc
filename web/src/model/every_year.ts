// A projection of chosen years on the axis of every year: what lies between two of them is drawn on the straight line
// that a chart would draw anyway. Such a result is marked as not complete until the whole one is there.
import type { projection } from '../api/contracts'

const NOT_BY_YEAR = ['frame', 'targets', 'directions', 'carbon_peaks', 'peak_days', 'places', 'revision', 'marginal_factors', 'grid_factor_checks', 'warnings']
const WHOLE_NUMBERS = ['peak_hour', 'summer_peak_hour', 'winter_peak_hour', 'net_peak_hour']

export function onEveryYear(p: projection.Projection, years: readonly number[]): projection.Projection {
  if (p.years.length === years.length) return p
  const chosen = p.years
  const weights = years.map((year) => {
    const after = Math.max(0, chosen.findIndex((y) => y >= year))
    const before = chosen[after] === year ? after : Math.max(0, after - 1)
    const part = before === after ? 0 : (year - chosen[before]!) / (chosen[after]! - chosen[before]!)
    return { before, after, part }
  })
  const row = (values: number[], whole: boolean) =>
    weights.map(({ before, after, part }) => (whole ? values[part < 0.5 ? before : after]! : values[before]! + part * (values[after]! - values[before]!)))
  const spread = (values: number[], whole: boolean): number[] => {
    if (!values.length || values.length % chosen.length) return values
    const rows = values.length / chosen.length
    return Array.from({ length: rows }, (_, r) => row(values.slice(r * chosen.length, (r + 1) * chosen.length), whole)).flat()
  }
  const walk = (value: unknown, name: string): unknown => {
    if (NOT_BY_YEAR.includes(name)) return value
    if (Array.isArray(value)) return typeof value[0] === 'number' ? spread(value as number[], WHOLE_NUMBERS.includes(name)) : value.map((one) => walk(one, name))
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, k)]))
    return value
  }
  return { ...(walk({ ...p, years: [] }, '') as projection.Projection), years: [...years] }
}
