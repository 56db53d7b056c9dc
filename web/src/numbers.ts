// Numbers and dates as planners read them; units stand in units.ts.
import type { Language } from './units'

// Single quotes: the names also stand in attributes of drawings.
export const FONTS =
  "'PingFang SC','Microsoft YaHei','HarmonyOS Sans SC','Noto Sans CJK SC','Source Han Sans SC','WenQuanYi Micro Hei',system-ui,sans-serif"
const MISSING = '—'
const formats = new Map<string, Intl.NumberFormat>()

function formatOf(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  let found = formats.get(key)
  if (!found) formats.set(key, (found = new Intl.NumberFormat('en-US', options)))
  return found
}
const minus = (text: string) => text.replace('-', '\u2212')

// A number with fixed digits: thousands by comma in both languages, a true minus sign, a dash when there is none.
export function fixed(value: number | undefined, digits: number): string {
  if (value === undefined || !Number.isFinite(value)) return MISSING
  return minus(formatOf({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)).replace(/^\u2212(0(\.0+)?)$/, '$1')
}
// A number with at most four significant digits; what is below a millionth is rounding of the arithmetic.
const MILLION = 1e6
export function short(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return MISSING
  return minus(formatOf({ maximumSignificantDigits: 4 }).format(Math.round(value * MILLION) / MILLION || 0))
}
export const signed = (value: number | undefined): string => (value !== undefined && value * MILLION >= 0.5 ? '+' : '') + short(value)

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

// Hour of a 365-day year (hour-starting, Beijing time) as a date.
export function dateText(hour: number, language: Language): string {
  let day = Math.floor(hour / 24)
  let month = 0
  while (month < 11 && day >= DAYS[month]!) day -= DAYS[month++]!
  return language === 'zh' ? `${month + 1} 月 ${day + 1} 日` : `${day + 1} ${MONTHS[month]}`
}
export function hourText(hour: number, language: Language): string {
  const clock = hour % 24
  return language === 'zh' ? `${dateText(hour, language)} ${clock} 时` : `${dateText(hour, language)} ${clock}:00–${clock + 1}:00`
}

const DIGITS = '零一二三四五六七八九'
// A clause as printed (三(五)2); in English with arabic numerals: 3(5)2.
export function clauseText(clause: string, language: Language): string {
  if (language === 'zh') return clause
  const latin = clause.replace(/[一二三四五六七八九十]+/g, (numeral) => {
    const [tens, ones] = numeral.includes('十') ? numeral.split('十') : ['none', numeral]
    const high = tens === 'none' ? 0 : tens === '' ? 1 : DIGITS.indexOf(tens!)
    return String(10 * high + (ones ? DIGITS.indexOf(ones) : 0))
  })
  return /^\d/.test(latin) ? `§${latin}` : latin
}
