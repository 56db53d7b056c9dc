import type { Needs } from '../needs'

export const needs: Needs = { fields: ['power.technologies', 'power.peak_days'], metrics: [] }
