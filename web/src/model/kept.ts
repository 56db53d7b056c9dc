// Scenarios that the gateway keeps: saved under what they say, opened by id, listed. The page knows one as the draft's.
import { shallowRef } from 'vue'
import { call, CallError } from '../api/call'
import type { common, scenarios } from '../api/contracts'
import { change, comparison, draft, frameNow, open, opened, scenarioOf } from './app'
import { same, type Draft } from './scenario'
import { session, type Weather } from './session'

export type Saved = scenarios.SavedScenario
// The kept scenario that is open; its id stands in the address while nothing of it is changed.
export const openedId = shallowRef('')
// Versions of a scenario that was saved with another model or other data than answers now.
export const versions = shallowRef<{ then: common.Revision; now: common.Revision }>()

export const draftOf = ({ name, baseline, settings }: common.Scenario): Draft => ({ name, baseline, settings })
export const isKept = (): boolean => openedId.value !== '' && same(draft.value, opened.value) && draft.value.name === opened.value.name

export async function listSaved(signal?: AbortSignal): Promise<Saved[]> {
  const found: Saved[] = []
  let page_token = ''
  do {
    const reply = await call('dafeng.scenarios.v1.ScenarioService/ListSavedScenarios', { region: session.region, page_size: 200, page_token }, signal)
    found.push(...reply.scenarios)
    page_token = reply.next_page_token
  } while (page_token)
  return found
}
export async function save(name: string): Promise<Saved> {
  const named = { ...draft.value, name }
  const { saved } = await call('dafeng.scenarios.v1.ScenarioService/SaveScenario', { frame: frameNow(), scenario: scenarioOf(named) })
  change(named, name)
  opened.value = draft.value
  openedId.value = saved.scenario_id
  versions.value = undefined
  return saved
}
export async function fetchSaved(id: string): Promise<Saved> {
  const { saved, revision_now: now } = await call('dafeng.scenarios.v1.ScenarioService/GetScenario', { scenario_id: id })
  const then = saved.revision
  versions.value = then.model_version === now.model_version && then.data_revision === now.data_revision ? undefined : { then, now }
  return saved
}
// Opens a kept scenario with its place and weather.
export function openSaved(saved: Saved): void {
  if (session.region !== saved.frame.region) session.city = ''
  session.region = saved.frame.region
  session.weather = saved.frame.weather_year as Weather
  open(draftOf(saved.scenario))
  openedId.value = saved.scenario_id
}
export const compareWith = (saved: Saved): void => {
  comparison.value = draftOf(saved.scenario)
}
export async function remove(id: string): Promise<void> {
  await call('dafeng.scenarios.v1.ScenarioService/DeleteScenario', { scenario_id: id })
  if (openedId.value === id) openedId.value = ''
}
export const hasStore = (error: unknown): boolean => !(error instanceof CallError && error.reason === 'NO_STORE')
