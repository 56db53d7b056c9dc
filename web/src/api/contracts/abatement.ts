// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'

export type OutsideCurve = 'OUTSIDE_CURVE_UNSPECIFIED' | 'OUTSIDE_CURVE_NO_EFFECT' | 'OUTSIDE_CURVE_OPPOSITE_SIGN'

export type SynergyQuadrant = 'SYNERGY_QUADRANT_UNSPECIFIED' | 'SYNERGY_QUADRANT_BOTH_FALL' | 'SYNERGY_QUADRANT_CO2_RISES' | 'SYNERGY_QUADRANT_BOTH_RISE' | 'SYNERGY_QUADRANT_POLLUTION_RISES'

export interface Measure {
  measure_id: string
  label: common.Label
  settings: common.LeverSetting[]
}

export interface DrawAbatementCurveRequest {
  frame: common.Frame
  scenario: common.Scenario
  measures: Measure[]
  year: number
  first_year: number
  last_year: number
  step_years?: number
  co2_metric_id: string
  discount_share_per_year?: number
  discount_tonnes: boolean
  run_limit?: number
  seed: number
  mode: power.DispatchMode
  leave_out_unserved: boolean
}

export interface DrawAbatementCurveResponse {
  progress?: common.Progress
  result?: AbatementCurve
}

export interface AbatementCurve {
  measures: MeasureAbatement[]
  abatement_tco2: number
  cost_cny: number
  base_tco2: number
  base_cost_cny: number
  first_year: number
  last_year: number
  years: number[]
  co2_metric_id: string
  cost_metric_id: string
  discount_share_per_year: number
  discount_tonnes: boolean
  effect_share_min: number
  exact: boolean
  run_count: number
  pair_count: number
  standard_error_share: number
  seed: number
  notes: common.Label[]
  present_value_year: number
  base_unserved_cny: number
  unserved_cny: number
  leave_out_unserved: boolean
}

export interface MeasureAbatement {
  measure_id: string
  label: common.Label
  abatement_tco2: number
  cost_cny: number
  cny_per_tco2?: number
  rank: number
  start_tco2: number
  no_regret: boolean
  outside: OutsideCurve
  standalone_abatement_tco2: number
  standalone_cost_cny: number
  standalone_cny_per_tco2?: number
  last_in_abatement_tco2: number
  last_in_cost_cny: number
  incremental_rank: number
  incremental_abatement_tco2: number
  incremental_cost_cny: number
  incremental_cny_per_tco2?: number
  incremental_no_regret: boolean
  standard_error_tco2: number
  standard_error_cny: number
  unserved_cny: number
}

export interface AssessSynergyRequest {
  frame: common.Frame
  scenario: common.Scenario
  measures: Measure[]
  year: number
  years: number[]
  co2_metric_id: string
  mode: power.DispatchMode
}

export interface AssessSynergyResponse {
  progress?: common.Progress
  result?: SynergyReport
}

export interface SynergyReport {
  year: number
  effects: CoControl[]
  coordinations: Coordination[]
  pollutants: PollutantRule[]
  co2_metric_id: string
  effect_share_min: number
  coordination_rule: CoordinationRule
  notes: common.Label[]
}

export interface PollutantRule {
  metric_id: string
  label: common.Label
  kg_per_equivalent?: number
}

export interface CoordinationRule {
  worst_ratio: number
  best_ratio: number
  index_min: number
  pollution_weight_share: number
  base_year: number
}

export interface CoControl {
  measure_id: string
  label: common.Label
  place: string
  avoided_tco2: number
  avoided_co2_share: number
  avoided_equivalents: number
  avoided_pollution_share: number
  quadrant: SynergyQuadrant
  size_share: number
  angle_deg: number
  elasticity_ratio?: number
  rank_score_share: number
  rank: number
  pollutants: PollutantEffect[]
}

export interface PollutantEffect {
  metric_id: string
  avoided_t: number
  avoided_share: number
  elasticity_ratio?: number
}

export interface Coordination {
  measure_id: string
  place: string
  year: number
  pollution_index: number
  carbon_index: number
  coupling: number
  level: number
  degree: number
  band: common.Label
  outside_bounds: boolean
}

// The calls by path.
export interface Methods {
  'dafeng.abatement.v1.AbatementService/DrawAbatementCurve': { request: DrawAbatementCurveRequest; response: DrawAbatementCurveResponse; streams: true }
  'dafeng.abatement.v1.AbatementService/AssessSynergy': { request: AssessSynergyRequest; response: AssessSynergyResponse; streams: true }
}
