// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface SavedScenario {
  scenario_id: string
  frame: common.Frame
  scenario: common.Scenario
  saved_at: string
  revision: common.Revision
  owner: string
  scope: string
}

export interface SaveScenarioRequest {
  frame: common.Frame
  scenario: common.Scenario
}

export interface SaveScenarioResponse {
  saved: SavedScenario
}

export interface GetScenarioRequest {
  scenario_id: string
}

export interface GetScenarioResponse {
  saved: SavedScenario
  revision_now: common.Revision
}

export interface ListSavedScenariosRequest {
  region: string
  page_size: number
  page_token: string
}

export interface ListSavedScenariosResponse {
  scenarios: SavedScenario[]
  next_page_token: string
}

export interface DeleteScenarioRequest {
  scenario_id: string
}

export interface DeleteScenarioResponse {
}

// The calls by path.
export interface Methods {
  'dafeng.scenarios.v1.ScenarioService/SaveScenario': { request: SaveScenarioRequest; response: SaveScenarioResponse; streams: false }
  'dafeng.scenarios.v1.ScenarioService/GetScenario': { request: GetScenarioRequest; response: GetScenarioResponse; streams: false }
  'dafeng.scenarios.v1.ScenarioService/ListSavedScenarios': { request: ListSavedScenariosRequest; response: ListSavedScenariosResponse; streams: false }
  'dafeng.scenarios.v1.ScenarioService/DeleteScenario': { request: DeleteScenarioRequest; response: DeleteScenarioResponse; streams: false }
}
