// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'

export interface ReportCostRequest {
  frame: common.Frame
  scenarios: common.Scenario[]
  years: number[]
  mode: power.DispatchMode
  social_discount_share_per_year?: number
  npv_first_year?: number
  npv_last_year?: number
}

export interface ReportCostResponse {
  progress?: common.Progress
  result?: CostReport
}

export interface CostReport {
  years: number[]
  price_year: number
  social_discount_share_per_year: number
  present_value_year: number
  npv_first_year: number
  npv_last_year: number
  scenarios: ScenarioCost[]
  notes: common.Label[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface ScenarioCost {
  scenario_name: string
  baseline: string
  annuity_discount_share_per_year: number
  parts: CostPart[]
  total_cny: number[]
  cost_per_gdp_share: number[]
  cost_per_person_cny: number[]
  difference_cny: number[]
  carbon_payment_cny: number[]
  with_imported_power_tco2: number[]
  avoided_tco2: number[]
  pollutants: PollutantSeries[]
  npv_cny: number
  npv_difference_cny: number
  span_avoided_tco2: number
  abatement_cost_cny_per_tco2?: number
  npv_difference_without_lost_load_cny: number
  abatement_cost_without_lost_load_cny_per_tco2?: number
}

export interface CostPart {
  part: string
  sector: string
  kind: string
  label: common.Label
  cost_cny: number[]
  difference_cny: number[]
}

export interface PollutantSeries {
  metric_id: string
  label: common.Label
  emission_t: number[]
  avoided_t: number[]
}

// The calls by path.
export interface Methods {
  'dafeng.cost.v1.CostService/ReportCost': { request: ReportCostRequest; response: ReportCostResponse; streams: true }
}
