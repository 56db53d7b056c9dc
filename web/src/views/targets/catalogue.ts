// What the documents say, apart from any scenario: asked once a region.
import { shallowRef, watch } from 'vue'
import { call } from '../../api/call'
import type { targets } from '../../api/contracts'
import { session } from '../../model/session'

interface Catalogue {
  region: string
  entries: Map<string, targets.TargetEntry>
  documents: Map<string, targets.TargetDocument>
  conflicts: targets.Conflict[]
  notChecked: { zh: string; en: string }[]
}
const kept = new Map<string, Catalogue>()
const asked = new Map<string, Promise<Catalogue>>()

// One question a region, however many ask.
function catalogueOf(region: string): Promise<Catalogue> {
  const found = asked.get(region) ?? ask(region).finally(() => asked.delete(region))
  asked.set(region, found)
  return found
}
async function ask(region: string): Promise<Catalogue> {
  const known = kept.get(region)
  if (known) return known
  const [listed, found] = await Promise.all([
    call('dafeng.targets.v1.TargetService/ListTargets', { region }),
    call('dafeng.targets.v1.TargetService/ListConflicts', { region }),
  ])
  const made: Catalogue = {
    region,
    entries: new Map([...listed.targets, ...listed.slots].map((e) => [e.target_id, e])),
    documents: new Map(listed.documents.map((d) => [d.document_id, d])),
    conflicts: found.conflicts,
    notChecked: found.not_checked,
  }
  kept.set(region, made)
  return made
}
// The catalogue of the region on show; empty until it has come.
export function useCatalogue() {
  const catalogue = shallowRef<Catalogue>()
  const failed = shallowRef('')
  watch(
    () => session.region,
    async (region) => {
      catalogue.value = kept.get(region)
      failed.value = ''
      try {
        const found = await catalogueOf(region)
        if (region === session.region) catalogue.value = found
      } catch (error) {
        if (region === session.region) failed.value = String(error)
      }
    },
    { immediate: true },
  )
  return { catalogue, failed }
}
