// The long answers of this view: they outlive it, so that coming back costs nothing.
import type { abatement, comparison } from '../../api/contracts'
import { longQuestion } from './long'

export interface Named<T> {
  answer: T
  base: string // names of the two scenarios when it was asked
  changed: string
}
export const wedges = longQuestion<Named<comparison.Attribution>>()
export const curves = longQuestion<Named<abatement.AbatementCurve>>()
