// A scenario as a file: the JSON that the command line reads and writes too.
import { draftFrom, type Draft } from './scenario'

export function scenarioFile(draft: Draft): string {
  const settings = draft.settings.map(({ lever_id, place, years, values }) => ({ lever_id, ...(place ? { place } : {}), ...(years.length ? { years } : {}), values }))
  return JSON.stringify({ name: draft.name, baseline: draft.baseline, settings }, null, 2) + '\n'
}
// The draft of a file, undefined when it is no scenario; what it says is checked by the service.
export function readScenarioFile(text: string): Draft | undefined {
  try {
    const given = JSON.parse(text) as Partial<Record<string, unknown>>
    const { name = '', baseline = 'planned', settings = [] } = given
    return draftFrom(name, baseline, settings)
  } catch {
    return undefined
  }
}
