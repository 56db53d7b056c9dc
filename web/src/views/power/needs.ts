import type { Needs } from '../needs'
import { RESERVE_METRICS } from './reserve'
import { FACTOR_METRICS } from './years'

// Risk of loss of load and what plants count for in it.
const ADEQUACY = /\.(lole|eens|capacity_lacking|capacity_credit)_/
export const needs: Needs = {
  fields: ['power.technologies', 'power.stores', 'power.peak_days', 'power.system_cost'],
  metrics: [...RESERVE_METRICS.filter((m) => !ADEQUACY.test(m)), ...FACTOR_METRICS],
  slow: RESERVE_METRICS.filter((m) => ADEQUACY.test(m)),
}
