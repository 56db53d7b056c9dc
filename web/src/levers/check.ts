// The service's own words about a value that it does not take.
import { call, CallError, type FieldViolation } from '../api/call'
import { FIRST_YEAR, inOrder, type Draft } from '../model/scenario'
import { frameNow } from '../model/app'

export interface Refusal {
  zh: string
  en: string
}
const refusalOf = (violations: readonly FieldViolation[]): Refusal => ({
  zh: violations.map((v) => v.description_zh || v.description).join('；'),
  en: violations.map((v) => v.description).join('; '),
})
// A number as the contract's JSON writes it, also where JSON has none.
const written = (value: number) => (Number.isFinite(value) ? value : String(value))

// Asks for one year with this one setting: cheap, and judged by the rules that every scenario is judged by. Undefined:
// the service takes it.
export async function refused(baseline: string, leverId: string, place: string, year: number | undefined, value: number): Promise<Refusal | undefined> {
  const setting = { lever_id: leverId, place, years: year === undefined ? [] : [year], values: [written(value)] }
  try {
    await call('dafeng.projection.v1.ProjectionService/Project', {
      frame: frameNow(),
      scenario: { name: '', baseline, settings: [setting as never] },
      years: [FIRST_YEAR],
      only: { fields: ['carbon_peaks'] },
    })
    return undefined
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return error.violations.length ? refusalOf(error.violations) : { zh: error.message, en: error.message }
  }
}
// Of a refused scenario: what is said about each setting, by lever and place.
export function refusalsOf(error: CallError | undefined, draft: Draft): Map<string, Refusal> {
  const found = new Map<string, FieldViolation[]>()
  const settings = inOrder(draft.settings)
  for (const v of error?.violations ?? []) {
    const at = /^scenario\.settings\[(\d+)\]/.exec(v.field)
    const setting = at ? settings[Number(at[1])] : undefined
    if (setting) found.set(keyOf(setting.lever_id, setting.place), [...(found.get(keyOf(setting.lever_id, setting.place)) ?? []), v])
  }
  return new Map([...found].map(([key, violations]) => [key, refusalOf(violations)]))
}
export const keyOf = (leverId: string, place: string): string => `${leverId} ${place}`
