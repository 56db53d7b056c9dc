import type { Needs } from '../needs'
import { needs as pathway } from '../pathway/needs'

export const needs: Needs = { fields: ['power.technologies', 'power.peak_days'], metrics: pathway.metrics }
