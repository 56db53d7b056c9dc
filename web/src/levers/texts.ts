// Values of a lever in words.
import { fixed } from '../numbers'
import type { Language, Quantity } from '../units'
import type { Scale } from './steps'
import { shownValue } from './steps'

// As many digits as the step has, and one more where the value lies between two steps. Years have no commas.
export function leverText(value: number | undefined, q: Quantity, scale: Scale): string {
  if (value === undefined || !Number.isFinite(value)) return '—'
  const shown = shownValue(value, q)
  if (q.contractUnit === 'year') return String(Math.round(shown))
  const most = scale.digits + 1
  const digits = [scale.digits, most].find((d) => Number(shown.toFixed(d)) === shown) ?? most
  return fixed(shown, digits).replace(scale.digits < digits ? /(\.\d*?)0+$/ : /$^/, '$1')
}
export const leverWithUnit = (value: number | undefined, q: Quantity, scale: Scale): string => {
  const text = leverText(value, q, scale)
  return q.unit.startsWith('%') ? `${text}${q.unit}` : `${text} ${q.unit}`.trim()
}
// Labels begin with a capital in English, wherever the row has none.
export const labelOf = (label: Record<Language, string>, language: Language): string =>
  language === 'en' ? label.en.charAt(0).toUpperCase() + label.en.slice(1) : label.zh
