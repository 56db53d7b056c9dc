import type { Needs } from '../needs'

// Targets and directions come with every whole answer; a first answer has none of them.
export const needs: Needs = { fields: [], metrics: [] }
