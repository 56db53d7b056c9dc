import type { Language } from './i18n'

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
export const FONTS =
  '"PingFang SC","Microsoft YaHei","HarmonyOS Sans SC","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei",system-ui,sans-serif'

export function number(value: number, digits: number, language: Language): string {
  return value.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function significant(value: number, language: Language): string {
  return value.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { maximumSignificantDigits: 4 })
}

// Hour of the year (hour-starting, Beijing time, 365 days) as date and clock.
export function hourText(hour: number, language: Language): string {
  let day = Math.floor(hour / 24)
  let month = 0
  while (day >= DAYS[month]!) day -= DAYS[month++]!
  const clock = hour % 24
  return language === 'zh' ? `${month + 1}月${day + 1}日${clock}时` : `${day + 1}/${month + 1} ${clock}:00`
}

// MW as planners read them: 万千瓦 in Chinese, GW in English.
export const loadOf = (mw: number, language: Language): number => (language === 'zh' ? mw / 10 : mw / 1000)
export const loadUnit = (language: Language): string => (language === 'zh' ? '万千瓦' : 'GW')
export const energyOf = (mwh: number, language: Language): number => (language === 'zh' ? mwh / 1e5 : mwh / 1e6)

export function saveCsv(name: string, columns: string[], rows: (string | number)[][]): void {
  const quote = (cell: string | number) => (typeof cell === 'number' ? String(cell) : `"${cell.replaceAll('"', '""')}"`)
  const text = '\ufeff' + [columns, ...rows].map((r) => r.map(quote).join(',')).join('\r\n')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = `${name}.csv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
