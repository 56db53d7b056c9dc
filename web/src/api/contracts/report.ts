// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'
import type * as projection from './projection'

export interface ReportCarbonPeakRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
}

export interface ReportCarbonPeakResponse {
  report: CarbonPeakReport
}

export interface CarbonPeakReport {
  years: number[]
  boundaries: BoundaryReport[]
  indicators: projection.MetricSeries[]
  trends: TrendTest[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface BoundaryReport {
  peak: projection.CarbonPeak
  total_tco2: number[]
  plateaus: PlateauSpan[]
  fall_with_pause_year: number
  confirmed_fall_year: number
  sectors: OwnPeak[]
  cities: OwnPeak[]
  drivers: DriverEffect[]
}

export interface PlateauSpan {
  share: number
  first_year: number
  last_year: number
}

export interface OwnPeak {
  part: string
  label: common.Label
  year: number
  level_tco2: number
  in_span: boolean
  at_peak_tco2: number
  at_peak_share: number
  turn_tco2_per_year: number
}

export interface DriverEffect {
  first_year: number
  last_year: number
  sector: string
  factor: string
  label: common.Label
  effect_tco2: number
}

export interface TrendTest {
  observation: string
  first_year: number
  last_year: number
  count: number
  s: number
  p_value: number
  trend: string
  provenance: common.Provenance
}

export interface ReportPeakLoadRequest {
  frame: common.Frame
  scenario: common.Scenario
  years: number[]
  weather_years: string[]
  mode: power.DispatchMode
}

export interface ReportPeakLoadResponse {
  progress?: common.Progress
  result?: PeakLoadReport
}

export interface PeakLoadReport {
  years: number[]
  weather_years: WeatherPeaks[]
  peaks: SeasonPeak[]
  growths: PeakGrowth[]
  options: ServingOption[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface WeatherPeaks {
  weather_year: string
  summer_mw: number[]
  winter_mw: number[]
  net_peak_mw: number[]
  net_peak_hour: number[]
  reserve_margin_share: number[]
  unserved_mwh: number[]
  lole_hours: number[]
  capacity_lacking_mw: number[]
}

export interface SeasonPeak {
  weather_year: string
  season: string
  year: number
  hour: number
  load_mw: number
  causes: string[]
  cause_mw: number[]
  groups: string[]
  supply_mw: number[]
}

export interface PeakGrowth {
  weather_year: string
  season: string
  first_year: number
  last_year: number
  growth_mw: number
  growth_per_year_share: number
  causes: string[]
  cause_mw: number[]
  moved_hours: number
}

export interface ServingOption {
  weather_year: string
  year: number
  lacking_mw: number
  option: string
  label: common.Label
  credit_share: number
  needed_mw: number
  provenance: common.Provenance
}

export interface ReconcileRequest {
  region: string
}

export interface ReconcileResponse {
  progress?: common.Progress
  result?: Reconciliation
}

export interface Reconciliation {
  region: string
  steps: ReconciliationStep[]
  boundaries: ReconciliationStep[]
  checks: OutsideCheck[]
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface ReconciliationStep {
  step: string
  label: common.Label
  kind: string
  tco2: number
  provenance: common.Provenance
}

export interface OutsideCheck {
  study: string
  label: common.Label
  baseline: string
  study_low_tco2: number
  study_high_tco2: number
  study_first_year: number
  study_last_year: number
  our_year: number
  steps: ReconciliationStep[]
  our_rise_share: number
  study_rise_low_share: number
  study_rise_high_share: number
  same_years: boolean
  level_in_range: boolean
  provenance: common.Provenance
}

export interface ReportHoursRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  year: number
  days: number[]
  with_map: boolean
}

export interface ReportHoursResponse {
  report: HoursReport
}

export interface HoursReport {
  year: number
  days: DayHours[]
  ranks: number[]
  load_duration_mw: number[]
  net_load_duration_mw: number[]
  firm_capacity_mw: number
  hours_above_firm_count: number
  net_hours_above_firm_count: number
  load_map_mw: number[]
  net_load_map_mw: number[]
  curtailed_map_mw: number[]
  price_map_cny_per_mwh: number[]
  summer_peak_day: number
  winter_peak_day: number
  net_peak_day: number
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface DayHours {
  day: number
  peak_hour: number
  net_peak_hour: number
  load_mw: number[]
  net_load_mw: number[]
  curtailed_mw: number[]
  causes: string[]
  load_by_cause_mw: number[]
  groups: string[]
  supply_mw: number[]
}

export interface ReportEnergyFlowRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  years: number[]
}

export interface ReportEnergyFlowResponse {
  years: number[]
  nodes: FlowNode[]
  links: FlowLink[]
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface FlowNode {
  node_id: string
  label: common.Label
  column: number
}

export interface FlowLink {
  from_node: string
  to_node: string
  energy_gj: number[]
}

export interface ExportProjectionRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  language: string
}

export interface ExportProjectionResponse {
  file_name: string
  media_type: string
  content: string
  digest: string
}

// The calls by path.
export interface Methods {
  'dafeng.report.v1.ReportService/ReportCarbonPeak': { request: ReportCarbonPeakRequest; response: ReportCarbonPeakResponse; streams: false }
  'dafeng.report.v1.ReportService/ReportPeakLoad': { request: ReportPeakLoadRequest; response: ReportPeakLoadResponse; streams: true }
  'dafeng.report.v1.ReportService/Reconcile': { request: ReconcileRequest; response: ReconcileResponse; streams: true }
  'dafeng.report.v1.ReportService/ReportHours': { request: ReportHoursRequest; response: ReportHoursResponse; streams: false }
  'dafeng.report.v1.ReportService/ReportEnergyFlow': { request: ReportEnergyFlowRequest; response: ReportEnergyFlowResponse; streams: false }
  'dafeng.report.v1.ReportService/ExportProjection': { request: ExportProjectionRequest; response: ExportProjectionResponse; streams: false }
}
