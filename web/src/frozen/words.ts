// Moments as people read them; the contract writes them in UTC.
import type { Language } from '../units'

const ZONE = 'Asia/Shanghai'
const locale = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en-GB')
export function momentText(at: string | undefined, language: Language): string {
  if (!at || Number.isNaN(Date.parse(at))) return '—'
  return new Date(at).toLocaleString(locale(language), { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false })
}
// The day, as year-month-day in both languages.
export function dayText(at: string | undefined): string {
  if (!at || Number.isNaN(Date.parse(at))) return '—'
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at))
}
