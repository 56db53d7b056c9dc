// The hours of one year, asked of the service for one scenario, year and choice of days: one question in flight, the
// latest wins, the last few answers are kept.
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { call, caught, type CallError } from '../../api/call'
import type { report } from '../../api/contracts'
import { scenarioOf, type Result } from '../../model/app'
import { latest } from '../../model/ask'

const MOST_KEPT = 24
export interface Wanted {
  result: Result // a whole one: what is asked while a lever moves would be old when it comes
  year: number
  days: number[] // none: those of both peaks
  map: boolean
}
export interface Hours {
  key: string // of the scenario, place and weather
  region: string
  year: number
  report: report.HoursReport
}
const idOf = (w: Wanted): string => JSON.stringify([w.result.key, w.year, w.days, w.map])
const kept = new Map<string, Hours>()
function keep(id: string, found: Hours): void {
  kept.delete(id)
  kept.set(id, found)
  for (const old of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(old)
}

async function ask({ result, year, days, map }: Wanted, signal: AbortSignal): Promise<Hours> {
  const { frame } = result.projection
  const reply = await call('dafeng.report.v1.ReportService/ReportHours', { frame, scenario: scenarioOf(result.draft), year, days, with_map: map }, signal)
  return { key: result.key, region: frame.region, year, report: reply.report }
}

export function useHours(which: () => Wanted | undefined) {
  const found = shallowRef<Hours>()
  const failure = shallowRef<CallError>()
  const busy = ref(false)
  const show = (hours: Hours) => {
    found.value = hours
    failure.value = undefined
  }
  const asking = latest<Wanted, Hours>(
    ask,
    (hours, wanted) => {
      keep(idOf(wanted), hours)
      show(hours)
    },
    (error) => (failure.value = caught(error)),
    (on) => (busy.value = on),
  )
  const wanted = computed(which)
  function refresh(): void {
    if (!wanted.value) return // what is under way may still be of use
    const known = kept.get(idOf(wanted.value))
    if (!known) return asking.ask(wanted.value)
    asking.cancel()
    show(known)
  }
  watch(() => wanted.value && idOf(wanted.value), refresh, { immediate: true })
  onBeforeUnmount(asking.cancel)
  return { found, failure, busy, refresh }
}
