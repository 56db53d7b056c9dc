// A target shared out to cities and their plans beside it, as rows of one table. Pure functions.
import type { cities as contracts, projection } from '../../api/contracts'

const FORMS = ['level', 'cumulative_flow', 'fall_from_base', 'full_coverage']
// Targets of the region that a metric answers and that can be an amount, a share or a fall of cities.
export const breakable = (targets: readonly projection.TargetResult[], region: string): projection.TargetResult[] =>
  targets.filter((t) => t.place === region && t.metric_id && t.asked !== undefined && FORMS.includes(t.form))

interface BalanceRow {
  place: string
  projected?: number
  byRule: number
  plan?: number
  againstRule?: number
  adjustment?: number
  adjusted?: number
}
export function tableOf(breakdown: contracts.Breakdown, balance: contracts.TargetBalance | undefined): BalanceRow[] {
  const lines = new Map((balance?.lines ?? []).map((l) => [l.place, l]))
  return breakdown.cities.map((c) => {
    const place = c.place!.place_id
    const line = lines.get(place)
    const own: BalanceRow = { place, byRule: c.number }
    if (c.projected !== undefined) own.projected = c.projected
    if (!line) return own
    if (line.plan !== undefined) own.plan = line.plan
    if (line.against_rule !== undefined) own.againstRule = line.against_rule
    return { ...own, adjustment: line.adjustment, adjusted: line.adjusted }
  })
}
export const sumOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((v): v is number => v !== undefined)
  return known.length ? known.reduce((a, b) => a + b, 0) : undefined
}
// What was typed: full-width digits and thousands are read, what is no number is named.
const FULL_WIDTH = /[０-９．，－]/g
export function given(typed: Readonly<Record<string, string>>): { plans: [string, number][]; wrong: string[] } {
  const plans: [string, number][] = []
  const wrong: string[] = []
  for (const [place, text] of Object.entries(typed)) {
    const plain = String(text).replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[,\s%]/g, '')
    if (!plain) continue
    const number = Number(plain)
    if (Number.isFinite(number)) plans.push([place, number])
    else wrong.push(place)
  }
  return { plans, wrong }
}
