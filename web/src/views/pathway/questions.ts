// The long answers of this view: they outlive it, so that coming back costs nothing.
import type { abatement, comparison } from '../../api/contracts'
import { watch } from 'vue'
import { session } from '../../model/session'
import { longQuestion } from './long'

interface Named<T> {
  answer: T
  base: string // names of the two scenarios when it was asked
  changed: string
}
export const wedges = longQuestion<Named<comparison.Attribution>>()
export const curves = longQuestion<Named<abatement.AbatementCurve>>()
// Nothing of another place stays on show.
watch(() => [session.region, session.city], () => {
  for (const long of [wedges, curves]) {
    long.cancel()
    long.shown.value = undefined
  }
})
