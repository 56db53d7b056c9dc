// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'
import type * as projection from './projection'

export type ConflictKind = 'CONFLICT_KIND_UNSPECIFIED' | 'CONFLICT_KIND_DUPLICATE' | 'CONFLICT_KIND_WORDING' | 'CONFLICT_KIND_NUMBER' | 'CONFLICT_KIND_SENSE' | 'CONFLICT_KIND_UNIT' | 'CONFLICT_KIND_SCOPE' | 'CONFLICT_KIND_YEAR' | 'CONFLICT_KIND_LEVEL' | 'CONFLICT_KIND_PATH' | 'CONFLICT_KIND_ARITHMETIC' | 'CONFLICT_KIND_JOINT' | 'CONFLICT_KIND_OVERTAKEN'

export interface ListTargetsRequest {
  region: string
  place: string
}

export interface ListTargetsResponse {
  documents: TargetDocument[]
  targets: TargetEntry[]
  rules: RuleEntry[]
  slots: TargetEntry[]
}

export interface TargetDocument {
  document_id: string
  label: common.Label
  source: string
  target_count: number
  rule_count: number
  slot_count: number
}

export interface TargetEntry {
  target_id: string
  label: common.Label
  document_id: string
  section: string
  wording: string
  place: string
  sector: string
  scope: string
  form: string
  compare: string
  sense: string
  number?: number
  unit: string
  year: number
  year_assumed: string
  start_year: number
  start_assumed: boolean
  path: string
  tolerance: number
  strive: boolean
  readings: TargetReading[]
  must_agree: boolean
  observed_ids: string[]
  cities: string[]
  twin_group: string
  set_by: common.Label
  note: string
}

export interface TargetReading {
  metric_id: string
  scale: number
  name: string
}

export interface RuleEntry {
  direction_id: string
  label: common.Label
  document_id: string
  section: string
  place: string
  rule: string
  first_year: number
  last_year: number
  metric_id: string
}

export interface EnteredValue {
  item_id: string
  place: string
  year: number
  value?: number
  source: string
  office: string
  date: string
  status: string
  role: string
}

export interface OwnTolerance {
  target_id: string
  tolerance?: number
}

export interface EvaluateTargetsRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  entered: EnteredValue[]
  tolerances: OwnTolerance[]
  anchor: string
  no_assumed_years: boolean
  without_projection: boolean
}

export interface EvaluateTargetsResponse {
  progress?: common.Progress
  result?: TargetReport
}

export interface TargetReport {
  frame: common.Frame
  scenario_name: string
  baseline: string
  projected: boolean
  targets: projection.TargetResult[]
  rules: projection.DirectionResult[]
  slots: projection.TargetResult[]
  counts: VerdictCount[]
  conflicts: Conflict[]
  settings: TargetSetting[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

export interface VerdictCount {
  document_id: string
  verdict: projection.Verdict
  binding_count: number
  strive_count: number
}

export interface TargetSetting {
  name: string
  value: string
  unit: string
  label: common.Label
}

export interface ListConflictsRequest {
  region: string
  as_of_year: number
}

export interface ListConflictsResponse {
  conflicts: Conflict[]
  not_checked: common.Label[]
  settings: TargetSetting[]
}

export interface Conflict {
  kind: ConflictKind
  severity: string
  target_ids: string[]
  statements: Statement[]
  binding_target_id: string
  label: common.Label
}

export interface Statement {
  target_id: string
  document: common.Label
  section: string
  place: string
  label: common.Label
  wording: string
  compare: string
  number?: number
  unit: string
  year: number
  year_assumed: boolean
  strive: boolean
}

// The calls by path.
export interface Methods {
  'dafeng.targets.v1.TargetService/ListTargets': { request: ListTargetsRequest; response: ListTargetsResponse; streams: false }
  'dafeng.targets.v1.TargetService/EvaluateTargets': { request: EvaluateTargetsRequest; response: EvaluateTargetsResponse; streams: true }
  'dafeng.targets.v1.TargetService/ListConflicts': { request: ListConflictsRequest; response: ListConflictsResponse; streams: false }
}
