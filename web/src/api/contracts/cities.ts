// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as projection from './projection'

export interface ListCitiesRequest {
  frame: common.Frame
  scenario: common.Scenario
  years: number[]
}

export interface ListCitiesResponse {
  progress?: common.Progress
  result?: CityTable
}

export interface CityTable {
  region: string
  baseline: string
  years: number[]
  cities: CityEntry[]
  checks: SumCheck[]
  digest: string
  revision: common.Revision
}

export interface CityEntry {
  place: common.Place
  carbon_peak: projection.CarbonPeak
  sectors: CitySector[]
  territorial_tco2: number[]
  co2_share: number[]
  electricity_mwh: number[]
  peak_load_mw: number[]
  gdp_cny: number[]
  population_count: number[]
  figures: CityFigure[]
  targets: projection.TargetResult[]
}

export interface CitySector {
  sector: string
  label: common.Label
  direct_tco2: number[]
}

export interface CityFigure {
  metric_id: string
  label: common.Label
  unit: string
  metric_values: number[]
  metric_share: number[]
}

export interface SumCheck {
  quantity: string
  label: common.Label
  difference_share: number
  holds: boolean
  must_hold: boolean
  remark: common.Label
}

export interface RuleChoice {
  rule: string
  weights: RuleWeight[]
  entropy: boolean
  entropy_rules: string[]
  ability_power?: number
  equal_year: number
  potential_baseline: string
  over_base: boolean
  bounds: CityBound[]
  reserve_share?: number
  incentive_share?: number
  rounding_unit?: number
  base_year: number
  efforts: CityNumber[]
}

export interface RuleWeight {
  rule: string
  weight: number
}

export interface CityNumber {
  place: string
  number: number
}

export interface CityBound {
  place: string
  low?: number
  high?: number
}

export interface BreakDownRequest {
  frame: common.Frame
  scenario: common.Scenario
  target_id: string
  number?: number
  rule: RuleChoice
}

export interface BreakDownResponse {
  progress?: common.Progress
  result?: Breakdown
}

export interface Breakdown {
  target_id: string
  label: common.Label
  metric_id: string
  kind: string
  unit: string
  year: number
  base_year: number
  sense: string
  asked: number
  to_share: number
  reserve: number
  rule: string
  factor: number
  feasible: boolean
  reached: number
  reached_published: number
  reached_incentive?: number
  projected?: number
  cities: CityPart[]
  settings: SettingTaken[]
  notes: common.Label[]
  digest: string
  revision: common.Revision
}

export interface CityPart {
  place: common.Place
  weight: number
  unrounded: number
  number: number
  incentive_number?: number
  bound: string
  base?: number
  projected?: number
  margin?: number
  gdp_ratio: number
}

export interface SettingTaken {
  setting: string
  given: string
  source: string
}

export interface BalancePlansRequest {
  frame: common.Frame
  scenario: common.Scenario
  plans: CityPlan[]
  rule: RuleChoice
  closing: string
  author: string
  date: string
}

export interface CityPlan {
  place: string
  target_id: string
  number: number
  author: string
  date: string
  note: string
}

export interface BalancePlansResponse {
  progress?: common.Progress
  result?: PlanBalance
}

export interface PlanBalance {
  targets: TargetBalance[]
  settings: SettingTaken[]
  revision: common.Revision
}

export interface TargetBalance {
  breakdown: Breakdown
  planned: number
  gap: number
  from_reserve: number
  left: number
  closing: string
  lines: PlanLine[]
  notes: common.Label[]
}

export interface PlanLine {
  place: string
  plan?: number
  by_rule: number
  against_rule?: number
  potential?: number
  adjustment: number
  adjusted: number
  author: string
  date: string
  submitted: string
}

export interface MakeTaskTableRequest {
  frame: common.Frame
  scenario: common.Scenario
  target_ids: string[]
  rule: RuleChoice
  target_rules: TargetRule[]
  profile: string
  done_year: number
  done: DoneNumber[]
}

export interface TargetRule {
  target_id: string
  rule: RuleChoice
}

export interface DoneNumber {
  target_id: string
  place: string
  number: number
  source: string
}

export interface MakeTaskTableResponse {
  progress?: common.Progress
  result?: TaskTable
}

export interface TaskTable {
  region: string
  years: number[]
  rows: TaskRow[]
  left_out: LeftOut[]
  settings: SettingTaken[]
  revision: common.Revision
}

export interface TaskRow {
  place: string
  place_label: common.Label
  department: common.Label
  target_id: string
  indicator: common.Label
  unit: string
  base?: number
  base_year: number
  task_values: number[]
  has_task: boolean[]
  basis: string
  profile: string
  source: string
  status: string
  comment: common.Label
  sum_of_cities: boolean
  number: number
  step: number
  department_provenance: common.Provenance
  remaining: number
  reserve: number
}

export interface LeftOut {
  target_id: string
  reason: common.Label
}

export interface ExportTaskTableRequest {
  table: TaskTable
  format: string
}

export interface ExportTaskTableResponse {
  content: string
  media_type: string
  file_name: string
}

// The calls by path.
export interface Methods {
  'dafeng.cities.v1.CityService/ListCities': { request: ListCitiesRequest; response: ListCitiesResponse; streams: true }
  'dafeng.cities.v1.CityService/BreakDown': { request: BreakDownRequest; response: BreakDownResponse; streams: true }
  'dafeng.cities.v1.CityService/BalancePlans': { request: BalancePlansRequest; response: BalancePlansResponse; streams: true }
  'dafeng.cities.v1.CityService/MakeTaskTable': { request: MakeTaskTableRequest; response: MakeTaskTableResponse; streams: true }
  'dafeng.cities.v1.CityService/ExportTaskTable': { request: ExportTaskTableRequest; response: ExportTaskTableResponse; streams: false }
}
