// A scenario as a file: the JSON that the command line reads and writes too.
import type { Draft, Setting } from './scenario'

export function scenarioFile(draft: Draft): string {
  const settings = draft.settings.map(({ lever_id, place, years, values }) => ({ lever_id, ...(place ? { place } : {}), ...(years.length ? { years } : {}), values }))
  return JSON.stringify({ name: draft.name, baseline: draft.baseline, settings }, null, 2) + '\n'
}
const numbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((v) => typeof v === 'number')
// The draft of a file, undefined when it is no scenario; what it says is checked by the service.
export function readScenarioFile(text: string): Draft | undefined {
  try {
    const given = JSON.parse(text) as Partial<Record<string, unknown>>
    const { name = '', baseline = 'planned', settings = [] } = given
    if (typeof name !== 'string' || typeof baseline !== 'string' || !Array.isArray(settings)) return undefined
    const read = settings.map((one: Partial<Setting>) => ({ lever_id: one.lever_id ?? '', place: one.place ?? '', years: one.years ?? [], values: one.values ?? [] }))
    return read.every((s) => typeof s.lever_id === 'string' && numbers(s.years) && numbers(s.values)) ? { name, baseline, settings: read } : undefined
  } catch {
    return undefined
  }
}
