// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export type WarningQuantity = 'WARNING_QUANTITY_UNSPECIFIED' | 'WARNING_QUANTITY_GAP_RATIO' | 'WARNING_QUANTITY_YEAR_GAP_RATIO' | 'WARNING_QUANTITY_ABSOLUTE_GAP' | 'WARNING_QUANTITY_PROBABILITY_OF_MISSING' | 'WARNING_QUANTITY_WORSENING_COUNT' | 'WARNING_QUANTITY_DATA_AGE_MONTHS'

export type WarningComparison = 'WARNING_COMPARISON_UNSPECIFIED' | 'WARNING_COMPARISON_ABOVE' | 'WARNING_COMPARISON_AT_LEAST' | 'WARNING_COMPARISON_BELOW' | 'WARNING_COMPARISON_AT_MOST' | 'WARNING_COMPARISON_MISSING'

export interface ListRuleSetsRequest {
  region: string
}

export interface ListRuleSetsResponse {
  rule_sets: WarningRuleSet[]
}

export interface WarningCondition {
  quantity: WarningQuantity
  comparison: WarningComparison
  threshold: number
}

export interface WarningRule {
  severity: number
  number: string
  colour: string
  label: common.Label
  conditions: WarningCondition[]
}

export interface WarningRuleSet {
  rule_set_id: string
  version: string
  owner: common.Label
  label: common.Label
  improve_after_count: number
  rules: WarningRule[]
  provenance: common.Provenance
}

export interface OwnRule {
  severity: number
  number: string
  colour: string
  label: common.Label
  conditions: WarningCondition[]
}

export interface OwnRuleSet {
  rule_set_id: string
  version: string
  owner: common.Label
  label: common.Label
  improve_after_count: number
  rules: OwnRule[]
}

export interface AssessWarningRequest {
  frame: common.Frame
  scenario: common.Scenario
  rule_set_id: string
  own_rule_set?: OwnRuleSet
  member_count?: number
  seed?: number
  policy_inputs: string[]
  weather_years: string[]
  issued_year: number
  target_ids: string[]
  assessed_year: number
  without_peaks: boolean
}

export interface AssessWarningResponse {
  progress?: common.Progress
  result?: WarningAssessment
}

export interface WarningColour {
  severity: number
  number: string
  colour: string
  label: common.Label
  rule_index: number
  held_back: boolean
}

export interface WarningChance {
  share: number
  low_share: number
  high_share: number
}

export interface TargetWarning {
  target_id: string
  label: common.Label
  unit: string
  year: number
  asked: number
  observed_year: number
  seen?: number
  required_now?: number
  gap_ratio?: number
  year_gap_ratio?: number
  absolute_gap?: number
  worsening_count: number
  data_age_months?: number
  office_colour: WarningColour
  full_colour: WarningColour
  prior?: WarningChance
  posterior?: WarningChance
  not_evaluated_share: number
  final: boolean
  years_left: number
  remaining?: number
  remaining_per_year?: number
  remaining_unit: string
  sigma_share: number
  residual_correlation: number
  reasons: string[]
}

export interface TargetLeftOut {
  target_id: string
  label: common.Label
  reason: string
}

export interface EnsembleBand {
  quantity: string
  label: common.Label
  unit: string
  year: number
  prior_p10: number
  prior_p50: number
  prior_p90: number
  posterior_p10: number
  posterior_p50: number
  posterior_p90: number
}

export interface PeakYearShare {
  year: number
  prior_share: number
  posterior_share: number
  level_p10_tco2: number
  level_p50_tco2: number
  level_p90_tco2: number
}

export interface InputUsed {
  input_id: string
  lever_id: string
  axis: string
  label: common.Label
  used: boolean
  provenance: common.Provenance
}

export interface SeriesUsed {
  metric_id: string
  statistic: string
  sigma_share: number
  residual_correlation: number
  years: number[]
  provenance: common.Provenance
}

export interface WarningAssessment {
  region: string
  baseline: string
  as_of_year: number
  issued_year: number
  assessed_year: number
  rule_set: WarningRuleSet
  member_count: number
  seed: number
  effective_member_count: number
  likelihood_exponent: number
  flags: string[]
  targets: TargetWarning[]
  left_out: TargetLeftOut[]
  bands: EnsembleBand[]
  carbon_peak_years: PeakYearShare[]
  inputs: InputUsed[]
  series: SeriesUsed[]
  weather_years: string[]
  years: number[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface BacktestRequest {
  frame: common.Frame
  scenario: common.Scenario
  rule_set_id: string
  own_rule_set?: OwnRuleSet
  member_count?: number
  seed?: number
  policy_inputs: string[]
  weather_years: string[]
  issued_year: number
  as_of_years: number[]
}

export interface BacktestResponse {
  progress?: common.Progress
  result?: BacktestResult
}

export interface BacktestCase {
  series_id: string
  label: common.Label
  as_of_year: number
  target_year: number
  asked: number
  unit: string
  seen?: number
  outcome: number
  missed: boolean
  gap_ratio?: number
  prior_share: number
  posterior_share: number
  effective_member_count: number
  office_colour: string
  full_colour: string
  office_warned?: boolean
  full_warned?: boolean
}

export interface Score {
  way: string
  label: common.Label
  as_of_year: number
  case_count: number
  series_count: number
  no_answer_count: number
  hit_count: number
  miss_count: number
  false_alarm_count: number
  correct_negative_count: number
  miss_rate?: number
  miss_rate_low?: number
  miss_rate_high?: number
  false_alarm_rate?: number
  false_alarm_rate_low?: number
  false_alarm_rate_high?: number
  false_alarm_ratio?: number
}

export interface BrierScore {
  way: string
  as_of_year: number
  case_count: number
  brier: number
  base_rate: number
  reference: number
  skill?: number
}

export interface ReliabilityBin {
  low_share: number
  high_share: number
  case_count: number
  mean_share?: number
  missed_share?: number
}

export interface BacktestResult {
  region: string
  baseline: string
  rule_set: WarningRuleSet
  member_count: number
  seed: number
  issued_year: number
  cases: BacktestCase[]
  scores: Score[]
  brier: BrierScore[]
  reliability: ReliabilityBin[]
  notes: common.Label[]
  bootstrap_count: number
  warned_from_severity: number
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

// The calls by path.
export interface Methods {
  'dafeng.warning.v1.WarningService/ListRuleSets': { request: ListRuleSetsRequest; response: ListRuleSetsResponse; streams: false }
  'dafeng.warning.v1.WarningService/AssessWarning': { request: AssessWarningRequest; response: AssessWarningResponse; streams: true }
  'dafeng.warning.v1.WarningService/Backtest': { request: BacktestRequest; response: BacktestResponse; streams: true }
}
