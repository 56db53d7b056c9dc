// The digest of what is on show: SHA-256 over every value, so it costs as much as all of them. It is asked for when
// something leaves the page (a file, a picture, paper) or is handed in, once a scenario.
import { shallowRef } from 'vue'
import { call } from '../api/call'
import { scenarioOf, type Result } from './app'

const KEPT = 50
export const digests = shallowRef<ReadonlyMap<string, string>>(new Map())
// Empty when it cannot be had: nobody is kept from their file by it.
export async function digestOf(of: Pick<Result, 'key' | 'draft' | 'projection'>, signal?: AbortSignal): Promise<string> {
  const known = of.projection.digest || digests.value.get(of.key)
  if (known) return known
  const { region, first_year, last_year, weather_year } = of.projection.frame
  try {
    const { projection } = await call('dafeng.projection.v1.ProjectionService/Project', {
      frame: { region, first_year, last_year, weather_year }, scenario: scenarioOf(of.draft), only: { fields: ['digest'], metric_ids: ['power.firm_capacity_mw'] },
    }, signal)
    digests.value = new Map([...digests.value, [of.key, projection.digest] as const].slice(-KEPT))
    return projection.digest
  } catch {
    return ''
  }
}
