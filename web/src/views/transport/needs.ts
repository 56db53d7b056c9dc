import { metricsOf } from '../../plots/metrics'
import type { Needs } from '../needs'
import { CARDS } from './charts'

export const needs: Needs = { fields: [], metrics: metricsOf(CARDS.flatMap(([, charts]) => charts)) }
