import type { Needs } from '../needs'

// `cities` comes with every answer; population, GDP and further figures come from the service of cities.
export const needs: Needs = { fields: [], metrics: [] }
