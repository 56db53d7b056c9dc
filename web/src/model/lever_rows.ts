// Levers with their paths in a baseline: asked for once, whoever needs them.
import { call } from '../api/call'
import type { LeverEntry } from './scenario'

const asked = new Map<string, Promise<LeverEntry[]>>()
export function leverRows(region: string, baseline: string): Promise<LeverEntry[]> {
  const key = `${region} ${baseline}`
  const known = asked.get(key)
  if (known) return known
  const asking = call('dafeng.projection.v1.ProjectionService/ListLevers', { region, baseline }).then(({ levers }) => levers)
  asked.set(key, asking)
  asking.catch(() => asked.delete(key))
  return asking
}
