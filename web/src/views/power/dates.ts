// Days of a year of 365 days, numbered from 0 (1 January), as dates of the calendar. 29 February is shown as the 28th.
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
export const LAST_DAY = 364
export const HOURS = 24

const two = (n: number) => String(n).padStart(2, '0')
export const firstDays: readonly number[] = DAYS.map((_, month) => DAYS.slice(0, month).reduce((sum, n) => sum + n, 0))
export const monthOf = (day: number): number => firstDays.filter((first) => first <= day).length // 1 to 12
export const isoOf = (year: number, day: number): string => `${year}-${two(monthOf(day))}-${two(day - firstDays[monthOf(day) - 1]! + 1)}`

export function dayOf(iso: string): number | undefined {
  const [, month, date] = iso.split('-').map(Number)
  if (!month || !date || month > DAYS.length) return undefined
  return firstDays[month - 1]! + Math.min(date, DAYS[month - 1]!) - 1
}
