// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'
import type * as projection from './projection'

export type GroupBy = 'GROUP_BY_UNSPECIFIED' | 'GROUP_BY_LEVER' | 'GROUP_BY_LEVER_GROUP' | 'GROUP_BY_OWNER'

export type AttributionMethod = 'ATTRIBUTION_METHOD_UNSPECIFIED' | 'ATTRIBUTION_METHOD_EXACT' | 'ATTRIBUTION_METHOD_SAMPLED'

export type Steps = 'STEPS_UNSPECIFIED' | 'STEPS_YEARLY' | 'STEPS_END_POINTS'

export type AccountBoundary = 'ACCOUNT_BOUNDARY_UNSPECIFIED' | 'ACCOUNT_BOUNDARY_DIRECT' | 'ACCOUNT_BOUNDARY_ATTRIBUTED'

export interface CompareScenariosRequest {
  frame: common.Frame
  scenarios: common.Scenario[]
  metric_ids: string[]
  years: number[]
  place: string
  mode: power.DispatchMode
}

export interface CompareScenariosResponse {
  progress?: common.Progress
  result?: ScenarioComparison
}

export interface ScenarioComparison {
  scenarios: ScenarioHeadline[]
  years: number[]
  metrics: ComparedMetric[]
  targets: ComparedTarget[]
  place: string
  notes: common.Label[]
}

export interface ScenarioHeadline {
  scenario_name: string
  baseline: string
  carbon_peaks: projection.CarbonPeak[]
  peak_load_year: number
  peak_load_mw: number
  peak_load_hour: number
  targets_met_count: number
  digest: string
}

export interface ComparedMetric {
  metric: common.Metric
  values: number[]
  differences: number[]
}

export interface ComparedTarget {
  target_id: string
  label: common.Label
  place: string
  compare: string
  asked?: number
  unit: string
  year: number
  answers: TargetAnswer[]
  differs: boolean
}

export interface TargetAnswer {
  verdict: projection.Verdict
  value?: number
  margin?: number
}

export interface AttributeRequest {
  frame: common.Frame
  base: common.Scenario
  changed: common.Scenario
  years: number[]
  metric_ids: string[]
  all_metrics: boolean
  place: string
  group_by: GroupBy
  groups: LeverGroup[]
  open_groups: string[]
  method: AttributionMethod
  run_limit?: number
  seed: number
  mode: power.DispatchMode
}

export interface LeverGroup {
  group_id: string
  label: common.Label
  lever_ids: string[]
}

export interface AttributeResponse {
  progress?: common.Progress
  result?: Attribution
}

export interface Attribution {
  base_name: string
  changed_name: string
  years: number[]
  place: string
  contributors: Contributor[]
  metrics: AttributedMetric[]
  sectors: SectorDifference[]
  wedges: Wedge[]
  run: AttributionRun
  notes: common.Label[]
}

export interface Contributor {
  contributor_id: string
  label: common.Label
  lever_ids: string[]
  group_id: string
}

export interface AttributedMetric {
  metric: common.Metric
  base_values: number[]
  changed_values: number[]
  contributions: number[]
  standalone: number[]
  last_in: number[]
  standard_errors: number[]
}

export interface SectorDifference {
  sector: string
  label: common.Label
  direct_tco2: number[]
  attributed_tco2: number[]
  process_tco2: number[]
}

export interface Wedge {
  contributor_id: string
  low: number[]
  high: number[]
}

export interface AttributionRun {
  method: AttributionMethod
  contributor_count: number
  run_count: number
  run_limit: number
  pair_count: number
  standard_error_share: number
  standard_error_share_max: number
  converged: boolean
  seed: number
}

export interface DecomposeRequest {
  frame: common.Frame
  scenario: common.Scenario
  other: common.Scenario
  from_year: number
  to_year: number
  steps: Steps
  boundary: AccountBoundary
  mode: power.DispatchMode
}

export interface DecomposeResponse {
  progress?: common.Progress
  result?: Decomposition
}

export interface Decomposition {
  base_name: string
  changed_name: string
  from_year: number
  to_year: number
  steps: Steps
  boundary: AccountBoundary
  from_tco2: number
  to_tco2: number
  factors: FactorEffect[]
  apart: SectorChange[]
  notes: common.Label[]
}

export interface FactorEffect {
  factor: string
  label: common.Label
  effect_tco2: number
  sectors: SectorChange[]
}

export interface SectorChange {
  sector: string
  label: common.Label
  change_tco2: number
}

// The calls by path.
export interface Methods {
  'dafeng.comparison.v1.ComparisonService/CompareScenarios': { request: CompareScenariosRequest; response: CompareScenariosResponse; streams: true }
  'dafeng.comparison.v1.ComparisonService/Attribute': { request: AttributeRequest; response: AttributeResponse; streams: true }
  'dafeng.comparison.v1.ComparisonService/Decompose': { request: DecomposeRequest; response: DecomposeResponse; streams: true }
}
