// Results on their way to release, as the gateway keeps them; and the frozen one that is open in place of the page.
import { shallowRef } from 'vue'
import { call } from '../api/call'
import type { release } from '../api/contracts'
import { draft, frameNow, scenarioOf } from './app'
import type { Frozen } from '../page'
import { session } from './session'

export type Release = release.Release
export const frozen = shallowRef<Frozen>()

export async function listReleases(signal?: AbortSignal): Promise<Release[]> {
  const found: Release[] = []
  let page_token = ''
  do {
    const reply = await call('dafeng.release.v1.ReleaseService/ListReleases', { region: session.region, page_size: 200, page_token }, signal)
    found.push(...reply.releases)
    page_token = reply.next_page_token
  } while (page_token)
  return found
}
export const getRelease = async (release_id: string, signal?: AbortSignal): Promise<Release> =>
  (await call('dafeng.release.v1.ReleaseService/GetRelease', { release_id }, signal)).release
export async function openFrozen(release_id: string): Promise<void> {
  const { release: found, projection } = await call('dafeng.release.v1.ReleaseService/GetRelease', { release_id, with_projection: true })
  frozen.value = { release: found, projection }
}
export const submit = async (title: string, reason: string): Promise<Release> =>
  (await call('dafeng.release.v1.ReleaseService/SubmitResult', { frame: frameNow(), scenario: scenarioOf(draft.value), title, reason })).release
export const review = async (release_id: string, approved: boolean, reason: string): Promise<Release> =>
  (await call('dafeng.release.v1.ReleaseService/ReviewResult', { release_id, approved, reason })).release
export const releaseIt = async (release_id: string, reason: string, supersedes: string): Promise<Release> =>
  (await call('dafeng.release.v1.ReleaseService/ReleaseResult', { release_id, reason, supersedes })).release
export const withdraw = async (release_id: string, reason: string): Promise<Release> =>
  (await call('dafeng.release.v1.ReleaseService/WithdrawResult', { release_id, reason })).release
