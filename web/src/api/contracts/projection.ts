// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'

export type Verdict = 'VERDICT_UNSPECIFIED' | 'VERDICT_MET' | 'VERDICT_MISSED' | 'VERDICT_ON_TRACK' | 'VERDICT_BEHIND' | 'VERDICT_ALREADY_MET' | 'VERDICT_CANNOT_COMPUTE' | 'VERDICT_TRACKED_ONLY'

export interface ListRegionsRequest {
}

export interface ListRegionsResponse {
  regions: RegionEntry[]
}

export interface RegionEntry {
  place: common.Place
  cities: common.Place[]
  data_revision: string
}

export interface ListScenariosRequest {
  region: string
}

export interface ListScenariosResponse {
  baselines: BaselineEntry[]
}

export interface BaselineEntry {
  baseline: string
  label: common.Label
}

export interface ListLeversRequest {
  region: string
  baseline: string
}

export interface ListLeversResponse {
  levers: LeverEntry[]
}

export interface LeverEntry {
  lever: common.Lever
  years: number[]
  values: number[]
}

export interface ProjectRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  with_city_metrics: boolean
  years: number[]
  only: ProjectionChoice
}

export interface ProjectionChoice {
  fields: string[]
  metric_ids: string[]
  peak_day_years: number[]
}

export interface ProjectResponse {
  projection: Projection
}

export interface Projection {
  frame: common.Frame
  scenario_name: string
  baseline: string
  places: string[]
  years: number[]
  sectors: SectorAccount[]
  account: RegionAccount
  carbon_peaks: CarbonPeak[]
  peak_load: PeakLoad
  power: power.Outcome
  targets: TargetResult[]
  metrics: MetricSeries[]
  cities: CityAccount[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
  directions: DirectionResult[]
}

export interface SectorAccount {
  sector: string
  label: common.Label
  direct_tco2: number[]
  place_direct_tco2: number[]
  attributed_tco2: number[]
  process_tco2: number[]
  electricity_mwh: number[]
  carriers: CarrierSeries[]
  parts: PartSeries[]
}

export interface CarrierSeries {
  carrier: string
  energy_gj: number[]
}

export interface PartSeries {
  part: string
  direct_tco2: number[]
}

export interface RegionAccount {
  territorial_tco2: number[]
  imported_power_tco2: number[]
  process_tco2: number[]
  sink_tco2: number[]
  primary_coal_equivalent_gj: number[]
  primary_calorific_gj: number[]
  coal_share: number[]
  non_fossil_local_share: number[]
  non_fossil_with_imports_share: number[]
  non_fossil_share: number[]
  power_coal_share: number[]
  co2_per_gdp_fall_since_2005_share: number[]
  energy_per_gdp_fall_since_2020_share: number[]
  electricity_consumption_mwh: number[]
  gdp_index: number[]
  electricity_tco2_per_mwh: number[]
}

export interface CarbonPeak {
  boundary: string
  label: common.Label
  year: number
  level_tco2: number
  in_span: boolean
  plateau_first_year: number
  plateau_last_year: number
  plateau_share: number
  clear: boolean
  steady_fall_year: number
  steady_fall_run_count: number
  leading_sector: string
  second_peak_year: number
  leading_city: string
  status: string
}

export interface PeakLoad {
  peak_load_mw: number[]
  peak_hour: number[]
  summer_mw: number[]
  winter_mw: number[]
  net_peak_mw: number[]
  causes: string[]
  by_cause_mw: number[]
  reserve_margin_share: number[]
  unserved_mwh: number[]
}

export interface CityVerdict {
  place: string
  value: number
  margin: number
  good: boolean
  verdict: Verdict
  value_kind: string
}

export interface ValueSource {
  kind: string
  place: string
  year: number
  value: number
  status: string
  source: string
  clause: string
  grade: string
  office: string
  date: string
  counts: boolean
}

export interface ReadingVerdict {
  name: string
  metric_id: string
  verdict: Verdict
  value?: number
  margin?: number
  reason: string
  main: boolean
}

export interface TargetResult {
  target_id: string
  label: common.Label
  document: common.Label
  section: string
  place: string
  sector: string
  form: string
  compare: string
  asked?: number
  unit: string
  year: number
  year_assumed: boolean
  metric_id: string
  verdict: Verdict
  basis: string
  value?: number
  margin?: number
  tolerance: number
  met_since_year: number
  reason: string
  flags: string[]
  cities: CityVerdict[]
  document_id: string
  wording: string
  strive: boolean
  relative_margin?: number
  tolerance_needed?: number
  required_value?: number
  required_year: number
  splice_gap?: number
  splice_year: number
  value_source: ValueSource
  seen_values: ValueSource[]
  readings: ReadingVerdict[]
  twin_group: string
  set_by: common.Label
  cities_without_value: string[]
  tolerance_from: string
}

export interface DirectionResult {
  direction_id: string
  label: common.Label
  document: string
  section: string
  place: string
  rule: string
  first_year: number
  last_year: number
  metric_id: string
  holds?: boolean
  first_broken_year: number
  broken_count: number
  change_share?: number
  reason: string
  document_id: string
  basis: string
  tolerance_share: number
  seen_values: ValueSource[]
}

export interface MetricSeries {
  metric: common.Metric
  region_values: number[]
  place_values: number[]
}

export interface CityAccount {
  place: string
  territorial_tco2: number[]
  electricity_mwh: number[]
  peak_load_mw: number[]
  carbon_peak: CarbonPeak
}

export interface CompareRequest {
  frame: common.Frame
  scenarios: common.Scenario[]
  mode: power.DispatchMode
}

export interface CompareResponse {
  scenarios: ComparedScenario[]
}

export interface ComparedScenario {
  scenario_name: string
  baseline: string
  carbon_peak: CarbonPeak
  years: number[]
  territorial_tco2: number[]
  peak_load_mw: number[]
  difference_tco2: number[]
  difference_peak_load_mw: number[]
  targets_met_count: number
  changed_target_ids: string[]
  digest: string
}

export interface CheckBaseRequest {
  region: string
}

export interface CheckBaseResponse {
  checks: BaseCheck[]
  factors: CalibrationFactor[]
}

export interface BaseCheck {
  check: string
  label: common.Label
  model: number
  statistic: number
  unit: string
  difference_share: number
  tolerance_share: number
  passed: boolean
  provenance: common.Provenance
}

export interface CalibrationFactor {
  factor: string
  statistic: string
  value: number
  low: number
  high: number
}

export interface CheckHindcastRequest {
  region: string
  as_of_year: number
  last_year: number
  baseline: string
}

export interface CheckHindcastResponse {
  rows: HindcastRow[]
  as_of_year: number
  baseline: string
  digest: string
}

export interface HindcastRow {
  quantity: string
  label: common.Label
  group: string
  year: number
  modelled?: number
  statistic: number
  unit: string
  difference_share?: number
  provenance: common.Provenance
  hidden: boolean
  remark: common.Label
}

// The calls by path.
export interface Methods {
  'dafeng.projection.v1.ProjectionService/ListRegions': { request: ListRegionsRequest; response: ListRegionsResponse; streams: false }
  'dafeng.projection.v1.ProjectionService/ListScenarios': { request: ListScenariosRequest; response: ListScenariosResponse; streams: false }
  'dafeng.projection.v1.ProjectionService/ListLevers': { request: ListLeversRequest; response: ListLeversResponse; streams: false }
  'dafeng.projection.v1.ProjectionService/Project': { request: ProjectRequest; response: ProjectResponse; streams: false }
  'dafeng.projection.v1.ProjectionService/Compare': { request: CompareRequest; response: CompareResponse; streams: false }
  'dafeng.projection.v1.ProjectionService/CheckBase': { request: CheckBaseRequest; response: CheckBaseResponse; streams: false }
  'dafeng.projection.v1.ProjectionService/CheckHindcast': { request: CheckHindcastRequest; response: CheckHindcastResponse; streams: false }
}
