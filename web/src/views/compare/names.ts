// Names of the scenarios that stand side by side.
import { baselineName, type Say } from '../../page'
import type { Draft } from '../../model/scenario'

export const scenarioName = (d: Draft, say: Say): string => {
  const name = d.name || baselineName(d.baseline)
  return d.settings.length && !d.name ? `${name} ${say('modified', { n: d.settings.length })}` : name
}
export const memberName = (m: { draft: Draft }, say: Say): string => scenarioName(m.draft, say)
