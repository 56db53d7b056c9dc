// Released results as anybody may read them. The address names the one that is open.
import { ref, shallowRef, watch } from 'vue'
import { call, CallError, caught } from '../api/call'
import type { release } from '../api/contracts'
import { bytesOf, save } from '../files'
import { baselines, regions } from '../model/app'
import { session } from '../model/session'
import type { Frozen } from '../page'

export const all = shallowRef<release.Release[]>([])
export const open = shallowRef<Frozen>()
export const error = shallowRef<CallError>()
export const busy = ref(true)
export const withPast = ref(false)
export const isOne = ref(false) // the address names one result, not the list

let turn = 0
async function tryTo(work: (own: () => boolean) => Promise<void>): Promise<void> {
  const mine = ++turn
  busy.value = true
  error.value = undefined
  try {
    await work(() => mine === turn)
  } catch (e) {
    if (mine === turn) error.value = caught(e)
  } finally {
    if (mine === turn) busy.value = false
  }
}
const idOf = (hash: string): string => hash.replace(/^#\/?/, '')
const isId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id)
export const addressOf = (id: string): string => `#/${id}`

async function list(own: () => boolean): Promise<void> {
  const found: release.Release[] = []
  let page_token = ''
  do {
    const reply = await call('dafeng.release.v1.PublicReleaseService/ListReleased', { with_past: withPast.value, page_size: 200, page_token })
    found.push(...reply.releases)
    page_token = reply.next_page_token
    if (own()) regions.value = reply.regions
  } while (page_token)
  if (!own()) return
  all.value = found
  open.value = undefined
}
async function show(id: string, own: () => boolean): Promise<void> {
  if (!isId(id)) throw new CallError('not_found', id, [], 'UNKNOWN_RELEASE')
  const reply = await call('dafeng.release.v1.PublicReleaseService/GetReleased', { release_id: id })
  if (!own()) return
  regions.value = reply.regions
  baselines.value = reply.baselines
  session.region = reply.projection.frame.region
  open.value = { release: reply.release, projection: reply.projection }
}
export function follow(): Promise<void> {
  const id = idOf(location.hash)
  isOne.value = !!id
  if (open.value?.release.release_id !== id) open.value = undefined // nothing of another result stays under this address
  return tryTo((own) => (id ? show(id, own) : list(own)))
}
export function start(): void {
  window.addEventListener('hashchange', () => void follow())
  watch(withPast, () => void follow())
  void follow()
}
export async function excel(id: string): Promise<void> {
  try {
    const { file_name, content } = await call('dafeng.release.v1.PublicReleaseService/ExportReleased', { release_id: id, language: session.language })
    save(file_name, new Blob([bytesOf(content)], { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }))
  } catch (e) {
    error.value = caught(e)
  }
}
