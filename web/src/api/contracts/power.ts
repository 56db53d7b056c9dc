// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface AdequacyUnit {
  unit_id: string
  capacity_mw: number
  forced_outage_share: number
  count: number
  planned_outage_share: number
}

export interface AdequacyResource {
  resource_id: string
  capacity_mw: number
  hourly_mw: number[]
}

export interface AdequacyStore {
  store_id: string
  power_mw: number
  energy_mwh: number
  round_trip_share: number
}

export interface AssessAdequacyRequest {
  load_mw: number[]
  units: AdequacyUnit[]
  resources: AdequacyResource[]
  stores: AdequacyStore[]
  step_hours?: number
  grid_mw?: number
  standard_hours?: number
  credits_at_standard: boolean
}

export interface CapacityCredit {
  resource_id: string
  capacity_mw: number
  elcc_mw: number
  credit_share: number
  at_lole_hours: number
}

export interface AssessAdequacyResponse {
  lole_hours: number
  lold_days: number
  eens_mwh: number
  peak_load_mw: number
  unit_capacity_mw: number
  mean_outage_mw: number
  firm_capacity_mw: number
  reserve_margin_share: number
  least_margin_mw: number
  load_carried_mw: number
  capacity_lacking_mw: number
  standard_hours: number
  credits: CapacityCredit[]
  months: number[]
  risk_hours: number[]
}

export type DispatchMethod = 'DISPATCH_METHOD_UNSPECIFIED' | 'DISPATCH_METHOD_MERIT_ORDER' | 'DISPATCH_METHOD_EXACT_WALK' | 'DISPATCH_METHOD_WALKS_IN_TURN' | 'DISPATCH_METHOD_INTERIOR_POINT' | 'DISPATCH_METHOD_LINEAR_PROGRAMME'

export interface StepSeries {
  series_id: string
  values: number[]
}

export interface CostStep {
  capacity_share: number
  cost_cny_per_mwh: number
}

export interface UnitCommitment {
  min_load_share: number
  no_load_cost_cny_per_mw_h: number
  start_cost_cny_per_mw: number
}

export interface Generator {
  generator_id: string
  group: string
  capacity_mw: number
  availability_share?: number
  availability_series: string
  minimum_mw: number
  minimum_series: string
  cost_cny_per_mwh: number
  cost_series: string
  cost_steps: CostStep[]
  variable: boolean
  tco2_per_mwh: number
  fuel_gj_per_mwh: number
  so2_kg_per_mwh: number
  nox_kg_per_mwh: number
  pm_kg_per_mwh: number
  ramp_mw_per_h?: number
  budget_mwh?: number
  budget_step_count: number
  commitment: UnitCommitment
  reserve_eligible: boolean
}

export interface Storage {
  storage_id: string
  charge_mw: number
  discharge_mw: number
  energy_mwh: number
  charge_efficiency_share: number
  discharge_efficiency_share: number
  throughput_cost_cny_per_mwh: number
  start_mwh?: number
  end_mwh?: number
  loss_share_per_h: number
  inflow_series: string
}

export interface ImportLine {
  line_id: string
  capacity_mw: number
  contract_series: string
  band_share: number
  band_step_count: number
  cost_cny_per_mwh: number
  tco2_per_mwh: number
  renewable_share: number
}

export interface FlexibleLoad {
  flexible_id: string
  baseline_series: string
  power_mw: number
  feed_in_mw: number
  shift_mwh: number
  window_step_count: number
  efficiency_share?: number
  cost_cny_per_mwh: number
}

export interface Reserve {
  load_share: number
  variable_share: number
  constant_mw: number
  shortage_cost_cny_per_mwh: number
}

export interface DispatchInstance {
  name: string
  step_hours?: number
  load_mw: number[]
  value_of_lost_load_cny_per_mwh?: number
  generators: Generator[]
  storages: Storage[]
  lines: ImportLine[]
  flexible_loads: FlexibleLoad[]
  series: StepSeries[]
  reserve: Reserve
  commitment_step_count: number
}

export interface DispatchRequest {
  instance: DispatchInstance
  mode: DispatchMode
  with_steps: boolean
  gap_tolerance_share?: number
}

export interface DispatchResponse {
  result: DispatchResult
}

export interface DispatchStreamRequest {
  request?: DispatchRequest
  series?: StepSeries
}

export interface DispatchStreamResponse {
  result?: DispatchResult
  series?: StepSeries
}

export interface UnitResult {
  unit_id: string
  group: string
  energy_mwh: number
  curtailed_mwh: number
  cost_cny: number
  fuel_gj: number
  energy_tco2: number
  so2_kg: number
  nox_kg: number
  pm_kg: number
  started_mw: number
  full_load_hours: number
  revenue_cny: number
  largest_ramp_mw_per_h: number
}

export interface StorageResult {
  storage_id: string
  charged_mwh: number
  discharged_mwh: number
  cycles_count: number
  start_mwh: number
  end_mwh: number
  spilled_mwh: number
}

export interface Curtailment {
  oversupply_mwh: number
  imports_mwh: number
  minimum_output_mwh: number
}

export interface DispatchResult {
  name: string
  mode: DispatchMode
  method: DispatchMethod
  method_reason: string
  cost_cny: number
  lower_bound_cny: number
  gap_share: number
  cost_without_stores_cny: number
  captured_saving_share: number
  units: UnitResult[]
  storages: StorageResult[]
  curtailment: Curtailment
  load_mwh: number
  unserved_mwh: number
  surplus_mwh: number
  reserve_short_mwh: number
  energy_tco2: number
  mean_price_cny_per_mwh: number
  net_peak_load_mw: number
  net_peak_step: number
  net_ramp_up_mw_per_h: number
  net_ramp_down_mw_per_h: number
  balance_residual_share: number
  series: StepSeries[]
  digest: string
  revision: common.Revision
}

export type DispatchMode = 'DISPATCH_MODE_UNSPECIFIED' | 'DISPATCH_MODE_FAST' | 'DISPATCH_MODE_FAST_COMMITMENT' | 'DISPATCH_MODE_ACCURATE' | 'DISPATCH_MODE_ACCURATE_COMMITMENT' | 'DISPATCH_MODE_FAST_COMMITMENT_ONE_PASS'

export interface PutShapesRequest {
  shapes: common.LoadShape[]
}

export interface PutShapesResponse {
  new_count: number
}

export interface LoadComponent {
  component_id: string
  cause: string
  shape_digest: string
  energy_mwh: number[]
}

export interface OnSiteSupply {
  technology: string
  shape_digest: string
  capacity_mw: number[]
  energy_mwh: number[]
}

export interface ChpHeat {
  shape_digest: string
  heat_gj: number[]
}

export interface FlexibleDemand {
  flexible_load_id: string
  shape_digest: string
  energy_mwh: number[]
  power_mw: number[]
  feed_in_mw: number[]
  window_hours: number
  efficiency_share: number
}

export interface ScenarioInput {
  scenario: common.Scenario
  loads: LoadComponent[]
  on_site_supplies: OnSiteSupply[]
  chp_heats: ChpHeat[]
  flexible_demands: FlexibleDemand[]
}

export interface ProjectRequest {
  frame: common.Frame
  scenarios: ScenarioInput[]
  mode: DispatchMode
  years: number[]
  without_adequacy: boolean
  only: common.MetricChoice
  hours: HoursChoice
  without_digest: boolean
  shapes: common.LoadShape[]
}

export interface HoursChoice {
  year: number
  days: number[]
}

export interface ProjectResponse {
  index: number
  outcome: Outcome
}

export interface Technology {
  technology: string
  group: string
  label: common.Label
  capacity_mw: number[]
  energy_mwh: number[]
  curtailed_mwh: number[]
  fuel_gj: number[]
  carrier: string
  energy_tco2: number[]
  imported: boolean
  non_fossil: boolean
  investment_cny: number[]
  fixed_om_cny: number[]
  variable_cost_cny: number[]
  carbon_cost_cny: number[]
  levelised_cost_cny_per_mwh: number[]
  so2_t: number[]
  nox_t: number[]
  pm_t: number[]
  hydrogen_gj: number[]
}

export interface Store {
  store_id: string
  label: common.Label
  power_mw: number[]
  energy_capacity_mwh: number[]
  charged_mwh: number[]
  discharged_mwh: number[]
  investment_cny: number[]
  fixed_om_cny: number[]
  variable_cost_cny: number[]
}

export interface SystemCost {
  investment_cny: number[]
  fixed_om_cny: number[]
  fuel_cny: number[]
  variable_om_cny: number[]
  start_cny: number[]
  import_cny: number[]
  interruption_cny: number[]
  carbon_cny: number[]
  unserved_cny: number[]
  total_cny: number[]
}

export interface GridFactorCheck {
  year: number
  model_tco2_per_mwh: number
  official_tco2_per_mwh: number
  official_over_model_ratio: number
  official_scope_tco2_per_mwh: number
  official_over_scope_ratio: number
}

export interface MarginalFactors {
  year: number
  marginal_tco2_per_mwh: number[]
}

export interface PeakDay {
  year: number
  season: string
  first_hour: number
  peak_hour: number
  load_mw: number[]
  causes: string[]
  load_by_cause_mw: number[]
  groups: string[]
  supply_mw: number[]
}

export interface Outcome {
  years: number[]
  technologies: Technology[]
  stores: Store[]
  demand_mwh: number[]
  loss_mwh: number[]
  plant_own_use_mwh: number[]
  unserved_mwh: number[]
  surplus_mwh: number[]
  summer_peak_load_mw: number[]
  summer_peak_hour: number[]
  winter_peak_load_mw: number[]
  winter_peak_hour: number[]
  net_peak_load_mw: number[]
  net_peak_hour: number[]
  reserve_margin_share: number[]
  mean_price_cny_per_mwh: number[]
  variable_cost_cny: number[]
  net_coal_rate_kgce_per_mwh: number[]
  balance_residual_share: number[]
  peak_days: PeakDay[]
  indicators: PowerIndicator[]
  mode: DispatchMode
  gap_share: number[]
  digest: string
  revision: common.Revision
  supply_tco2_per_mwh: number[]
  system_cost: SystemCost
  grid_factor_checks: GridFactorCheck[]
  marginal_factors: MarginalFactors[]
  warnings: PlausibilityWarning[]
  year_hours?: YearHours
}

export interface YearHours {
  year: number
  load_mw: number[]
  net_load_mw: number[]
  curtailed_mw: number[]
  price_cny_per_mwh: number[]
  days: PeakDay[]
}

export interface PlausibilityWarning {
  warning_id: string
  technology: string
  year: number
  last_year: number
  value: number
  limit: number
  unit: string
  text: common.Label
  provenance: common.Provenance
}

export interface PowerIndicator {
  metric_id: string
  region_values: number[]
  place_values: number[]
}

// The calls by path.
export interface Methods {
  'dafeng.power.v1.PowerService/PutShapes': { request: PutShapesRequest; response: PutShapesResponse; streams: false }
  'dafeng.power.v1.PowerService/Project': { request: ProjectRequest; response: ProjectResponse; streams: true }
  'dafeng.power.v1.PowerService/AssessAdequacy': { request: AssessAdequacyRequest; response: AssessAdequacyResponse; streams: false }
  'dafeng.power.v1.PowerService/Dispatch': { request: DispatchRequest; response: DispatchResponse; streams: false }
}
