// The search of the page: form, progress, answer. It outlives the view; leaving the view cancels what runs.
import { reactive, ref, shallowRef } from 'vue'
import { CallError, caught, follow } from '../../api/call'
import type { solve } from '../../api/contracts'
import { draft, frameNow, keyOf } from '../../model/app'
import type { Draft } from '../../model/scenario'
import { namedIn, requestOf, type SolveForm } from './request'

const USUAL_LIMIT_S = 60
export const form = reactive<SolveForm>({ targets: [], extras: [], knobs: [], objective: 'LEAST_CHANGE', shortfall: 'SQUARES', limit: USUAL_LIMIT_S })
export const touched = reactive({ targets: false, knobs: false }) // by the user: then defaults stay away
export const progress = shallowRef<{ runs: number; stage: { zh: string; en: string } | undefined }>()
export const failure = shallowRef<CallError>()
export const answer = shallowRef<{ key: string; of: Draft; result: solve.SolveResult; held: string[] }>()
export const running = ref(false)
let own: AbortController | undefined

export function cancelSolve(): void {
  own?.abort()
  own = undefined
  running.value = false
}
const MOST_HOLDS = 4
// Levers whose shares would exceed one together are held, told, and the search is made once more.
export async function solveNow(): Promise<void> {
  cancelSolve()
  const mine = (own = new AbortController())
  const of = draft.value
  const held: string[] = []
  running.value = true
  failure.value = answer.value = progress.value = undefined
  try {
    for (let turn = 0; ; turn++) {
      const knobs = form.knobs.filter((k) => !held.includes(k.leverId))
      try {
        const result = await follow('dafeng.solve.v1.SolveService/Solve', requestOf({ ...form, knobs }, frameNow()!, of), (p) => {
          progress.value = { runs: p.done_count, stage: p.stage }
        }, mine.signal)
        if (own === mine) answer.value = { key: keyOf(of), of, result, held: [...held] }
        break
      } catch (error) {
        const again = error instanceof CallError ? error.violations.filter((v) => v.field === 'scenario.settings').flatMap((v) => namedIn(v.description, knobs)) : []
        if (!again.length || turn >= MOST_HOLDS || again.length === knobs.length) throw error
        held.push(...new Set(again))
      }
    }
  } catch (error) {
    const told = caught(error)
    if (own === mine && told.code !== 'canceled') failure.value = told
  }
  if (own === mine) running.value = false
}
