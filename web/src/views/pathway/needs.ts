import type { Needs } from '../needs'

// CO2 per GDP and per person.
export const needs: Needs = { fields: [], metrics: ['account.co2_per_gdp_tco2_per_million_cny', 'industry.population_count'] }
