import type { Needs } from '../needs'
import { RESERVE_METRICS } from './reserve'
import { FACTOR_METRICS } from './years'

export const needs: Needs = {
  fields: ['power.technologies', 'power.stores', 'power.peak_days', 'power.system_cost'],
  metrics: [...RESERVE_METRICS, ...FACTOR_METRICS],
}
