// The projection on show: asked for when place or scenario change; the latest question wins, old answers are dropped.
import { ref, shallowRef, watch } from 'vue'
import { CallError, listRegions, listScenarios, project, type BaselineEntry, type Projection, type RegionEntry } from './api'
import { view } from './state'

const SLOW_MS = 10_000

export function useProjection() {
  const regions = shallowRef<RegionEntry[]>([])
  const baselines = shallowRef<BaselineEntry[]>([])
  const result = shallowRef<Projection>()
  const failure = shallowRef<CallError>()
  const busy = ref(false)
  const slow = ref(false)
  let asking: AbortController | undefined
  let scenariosOf = ''

  async function load(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    const region = view.region
    busy.value = true
    slow.value = false
    failure.value = undefined
    const timer = setTimeout(() => (slow.value = mine === asking), SLOW_MS)
    try {
      if (!regions.value.length) regions.value = (await listRegions(mine.signal)).regions
      if (scenariosOf !== region) {
        baselines.value = (await listScenarios(region, mine.signal)).baselines
        scenariosOf = region
      }
      const reply = await project(region, view.scenario, mine.signal)
      if (mine === asking) result.value = reply.projection
    } catch (error) {
      if (mine !== asking) return
      failure.value = error instanceof CallError ? error : new CallError('', String(error), [])
    } finally {
      clearTimeout(timer)
      if (mine === asking) busy.value = slow.value = false
    }
  }
  function cancel(): void {
    asking?.abort()
    asking = undefined
    busy.value = slow.value = false
    failure.value = new CallError('canceled', '', [])
  }
  watch(() => [view.region, view.scenario], load, { immediate: true })
  return { regions, baselines, result, failure, busy, slow, load, cancel }
}
