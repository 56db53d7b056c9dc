import type { Needs } from '../needs'

export const needs: Needs = { fields: [], metrics: [] }
