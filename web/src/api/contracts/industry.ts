// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface ProjectBranchesRequest {
  frame: common.Frame
  scenario: common.Scenario
}

export interface Branch {
  branch: string
  label: common.Label
  activity_index: number[]
  electricity_mwh: number[]
  fuel_gj: number[]
  energy_tco2: number[]
  process_tco2: number[]
}

export interface ProjectBranchesResponse {
  years: number[]
  branches: Branch[]
  revision: common.Revision
}

// The calls by path.
export interface Methods {
  'dafeng.industry.v1.IndustryService/ProjectBranches': { request: ProjectBranchesRequest; response: ProjectBranchesResponse; streams: false }
}
