// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'
import type * as projection from './projection'

export type DrawMethod = 'DRAW_METHOD_UNSPECIFIED' | 'DRAW_METHOD_SOBOL' | 'DRAW_METHOD_LATIN_HYPERCUBE'

export type DistributionKind = 'DISTRIBUTION_KIND_UNSPECIFIED' | 'DISTRIBUTION_KIND_UNIFORM' | 'DISTRIBUTION_KIND_TRIANGULAR' | 'DISTRIBUTION_KIND_NORMAL' | 'DISTRIBUTION_KIND_LOGNORMAL' | 'DISTRIBUTION_KIND_DISCRETE'

export type DrawChange = 'DRAW_CHANGE_UNSPECIFIED' | 'DRAW_CHANGE_LEVEL' | 'DRAW_CHANGE_SCALE' | 'DRAW_CHANGE_SHIFT' | 'DRAW_CHANGE_ODDS'

export type TableFormat = 'TABLE_FORMAT_UNSPECIFIED' | 'TABLE_FORMAT_CSV' | 'TABLE_FORMAT_PARQUET'

export type WeatherUse = 'WEATHER_USE_UNSPECIFIED' | 'WEATHER_USE_FRAME' | 'WEATHER_USE_DRAWN' | 'WEATHER_USE_CROSSED'

export type BatchState = 'BATCH_STATE_UNSPECIFIED' | 'BATCH_STATE_QUEUED' | 'BATCH_STATE_RUNNING' | 'BATCH_STATE_PAUSED' | 'BATCH_STATE_COMPLETE' | 'BATCH_STATE_COMPLETE_WITH_FAILURES' | 'BATCH_STATE_CANCELLED'

export type ColumnKind = 'COLUMN_KIND_UNSPECIFIED' | 'COLUMN_KIND_METRIC' | 'COLUMN_KIND_CARBON_PEAK' | 'COLUMN_KIND_TARGET'

export type ResultFormat = 'RESULT_FORMAT_UNSPECIFIED' | 'RESULT_FORMAT_ROWS' | 'RESULT_FORMAT_ARROW' | 'RESULT_FORMAT_PARQUET' | 'RESULT_FORMAT_CSV'

export interface OwnInput {
  lever_id: string
  year: number
  change: DrawChange
  kind: DistributionKind
  low: number
  middle: number
  high: number
  spread: number
  values: number[]
  weights: number[]
}

export interface RandomDesign {
  method: DrawMethod
  member_count: number
  seed: number
  policy_inputs: string[]
  own_inputs: OwnInput[]
}

export interface GridAxis {
  lever_id: string
  place: string
  year: number
  values: number[]
}

export interface GridDesign {
  axes: GridAxis[]
}

export interface OneAtATimeDesign {
  axes: GridAxis[]
}

export interface ListDesign {
  scenarios: common.Scenario[]
  table: string
  table_format: TableFormat
}

export interface MorrisDesign {
  trajectory_count: number
  level_count: number
  seed: number
  policy_inputs: string[]
  own_inputs: OwnInput[]
}

export interface SobolDesign {
  base_count: number
  second_order: boolean
  seed: number
  policy_inputs: string[]
  own_inputs: OwnInput[]
}

export interface BatchMetric {
  metric_id: string
  place: string
}

export interface BatchSpec {
  frame: common.Frame
  scenario: common.Scenario
  years: number[]
  years_around_carbon_peak: boolean
  mode: power.DispatchMode
  random: RandomDesign
  grid: GridDesign
  one_at_a_time: OneAtATimeDesign
  list: ListDesign
  morris: MorrisDesign
  sobol: SobolDesign
  weather_use: WeatherUse
  weather_years: string[]
  metrics: BatchMetric[]
  target_ids: string[]
  without_targets: boolean
}

export interface CreateBatchRequest {
  request_id: string
  title: string
  spec: BatchSpec
  launcher: string
  chunk_size: number
}

export interface BatchColumn {
  column_id: string
  kind: ColumnKind
  metric_id: string
  place: string
  year: number
  unit: string
  label: common.Label
}

export interface Batch {
  batch_id: string
  request_id: string
  title: string
  state: BatchState
  member_count: number
  done_count: number
  failed_count: number
  chunk_count: number
  launcher: string
  created_at: string
  started_at: string
  ended_at: string
  spec_digest: string
  result_digest: string
  revision: common.Revision
  processor: string
  release_status: common.ReleaseStatus
  owner: string
  scope: string
}

export interface CreateBatchResponse {
  batch: Batch
}

export interface GetBatchRequest {
  batch_id: string
}

export interface GetBatchResponse {
  batch: Batch
  spec: BatchSpec
  columns: BatchColumn[]
}

export interface ListBatchesRequest {
  region: string
  states: BatchState[]
  page_size: number
  page_token: string
}

export interface ListBatchesResponse {
  batches: Batch[]
  next_page_token: string
}

export interface ColumnPercentiles {
  column_id: string
  member_count: number
  p05: number
  p10: number
  p50: number
  p90: number
  p95: number
  p10_low: number
  p10_high: number
  p50_low: number
  p50_high: number
  p90_low: number
  p90_high: number
  mean: number
  lowest: number
  highest: number
}

export interface WatchBatchRequest {
  batch_id: string
  resume_token: string
  column_ids: string[]
  interval_s: number
}

export interface WatchBatchResponse {
  batch: Batch
  members_per_s: number
  time_left_s: number
  percentiles: ColumnPercentiles[]
  resume_token: string
}

export interface StreamResultsRequest {
  batch_id: string
  format: ResultFormat
  first_member: number
  member_count: number
  column_ids: string[]
  failed_only: boolean
  resume_token: string
}

export interface MemberResult {
  member: number
  values: number[]
  digest: string
  failure: string
  detail: string
}

export interface StreamResultsResponse {
  column_ids: string[]
  rows: MemberResult[]
  data: string
  resume_token: string
}

export interface Threshold {
  column_id: string
  value: number
}

export interface SummariseBatchRequest {
  batch_id: string
  column_ids: string[]
  thresholds: Threshold[]
  sensitivity_column_ids: string[]
  joint_year: number
  joint_carbon_peak_tco2: number
  joint_peak_load_mw: number
}

export interface CountedShare {
  share: number
  low_share: number
  high_share: number
  member_count: number
  not_counted_count: number
}

export interface Exceedance {
  threshold: Threshold
  above: CountedShare
}

export interface TargetChance {
  target_id: string
  met: CountedShare
}

export interface PeakYearClass {
  year: number
  share: number
  p10_tco2: number
  p50_tco2: number
  p90_tco2: number
}

export interface JointPeaks {
  years: PeakYearClass[]
  peak_load_year: number
  kendall_tau?: number
  both_above: CountedShare
  carbon_peak_bounds_tco2: number[]
  peak_load_bounds_mw: number[]
  cell_counts: number[]
  corners: CornerMember[]
}

export interface CornerMember {
  carbon_peak_share: number
  peak_load_share: number
  member: number
  carbon_peak_tco2: number
  peak_load_mw: number
}

export interface InputSensitivity {
  input_id: string
  label: common.Label
  first_order_share?: number
  first_order_half_width_share?: number
  total_share?: number
  total_half_width_share?: number
  mean_effect?: number
  effect_spread?: number
  rank_correlation?: number
  correlated_with: string[]
}

export interface ColumnSensitivity {
  column_id: string
  method: string
  inputs: InputSensitivity[]
  reason: string
  member_count: number
  pairs: InputPair[]
}

export interface InputPair {
  first_input_id: string
  second_input_id: string
  share: number
  half_width_share: number
}

export interface SummariseBatchResponse {
  batch: Batch
  percentiles: ColumnPercentiles[]
  exceedances: Exceedance[]
  targets: TargetChance[]
  all_targets_met: CountedShare
  joint: JointPeaks
  sensitivities: ColumnSensitivity[]
}

export interface GetMemberRequest {
  batch_id: string
  member: number
  without_projection: boolean
}

export interface GetMemberResponse {
  stored: MemberResult
  digest: string
  same: boolean
  scenario: common.Scenario
  weather_year: string
  projection: projection.Projection
}

export interface CancelBatchRequest {
  batch_id: string
}

export interface CancelBatchResponse {
  batch: Batch
}

export interface GetQuotasRequest {
}

export interface Quotas {
  most_members: number
  most_columns: number
  most_open_batches: number
  open_batches: number
  most_table_bytes: number
  retention_days: number
  request_id_days: number
  store_bytes: number
  most_store_bytes: number
  worker_count: number
  classes: ClassQuota[]
}

export interface ClassQuota {
  call_class: string
  most_in_flight: number
  most_waiting: number
  most_waiting_of_a_caller: number
  in_flight: number
  waiting: number
  own_in_flight: number
  own_waiting: number
  default_deadline_s: number
}

export interface GetQuotasResponse {
  quotas: Quotas
}

export interface ListInputsRequest {
  region: string
}

export interface ListInputsResponse {
  inputs: DescribedInput[]
}

export interface DescribedDistribution {
  year: number
  kind: string
  low: number
  middle: number
  high: number
  spread: number
  values: number[]
  weights: number[]
}

export interface DescribedInput {
  input_id: string
  axis: string
  lever_id: string
  label: common.Label
  change: string
  distributions: DescribedDistribution[]
  group: string
  group_correlation: number
  provenance: common.Provenance
}

// The calls by path.
export interface Methods {
  'dafeng.batch.v1.BatchService/CreateBatch': { request: CreateBatchRequest; response: CreateBatchResponse; streams: false }
  'dafeng.batch.v1.BatchService/GetBatch': { request: GetBatchRequest; response: GetBatchResponse; streams: false }
  'dafeng.batch.v1.BatchService/ListBatches': { request: ListBatchesRequest; response: ListBatchesResponse; streams: false }
  'dafeng.batch.v1.BatchService/WatchBatch': { request: WatchBatchRequest; response: WatchBatchResponse; streams: true }
  'dafeng.batch.v1.BatchService/StreamResults': { request: StreamResultsRequest; response: StreamResultsResponse; streams: true }
  'dafeng.batch.v1.BatchService/SummariseBatch': { request: SummariseBatchRequest; response: SummariseBatchResponse; streams: false }
  'dafeng.batch.v1.BatchService/GetMember': { request: GetMemberRequest; response: GetMemberResponse; streams: false }
  'dafeng.batch.v1.BatchService/CancelBatch': { request: CancelBatchRequest; response: CancelBatchResponse; streams: false }
  'dafeng.batch.v1.BatchService/ListInputs': { request: ListInputsRequest; response: ListInputsResponse; streams: false }
  'dafeng.batch.v1.BatchService/GetQuotas': { request: GetQuotasRequest; response: GetQuotasResponse; streams: false }
}
