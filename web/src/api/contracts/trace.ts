// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'

export type NodeKind = 'NODE_KIND_UNSPECIFIED' | 'NODE_KIND_NUMBER' | 'NODE_KIND_METRIC' | 'NODE_KIND_TARGET' | 'NODE_KIND_RULE' | 'NODE_KIND_STAGE' | 'NODE_KIND_LEVER' | 'NODE_KIND_LEVER_SETTING' | 'NODE_KIND_BASELINE' | 'NODE_KIND_LEAF' | 'NODE_KIND_TABLE' | 'NODE_KIND_TABLE_ROWS' | 'NODE_KIND_OBSERVATION' | 'NODE_KIND_FACTOR' | 'NODE_KIND_FACTOR_SET' | 'NODE_KIND_DOCUMENT' | 'NODE_KIND_AGENT'

export type EdgeRole = 'EDGE_ROLE_UNSPECIFIED' | 'EDGE_ROLE_USED' | 'EDGE_ROLE_WAS_GENERATED_BY' | 'EDGE_ROLE_WAS_DERIVED_FROM' | 'EDGE_ROLE_WAS_ATTRIBUTED_TO' | 'EDGE_ROLE_WAS_INFORMED_BY'

export interface GetTraceRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  metric_id?: string
  target_id?: string
  field_path?: string
  reply: string
  place: string
  year: number
  depth: number
  first_node: number
  node_limit: number
  influence_count: number
  with_prov: boolean
}

export interface GetTraceResponse {
  progress?: common.Progress
  result?: Trace
}

export interface Trace {
  root_id: string
  nodes: TraceNode[]
  edges: TraceEdge[]
  node_count: number
  edge_count: number
  worst_grade: common.Grade
  grades: GradeShare[]
  influences: Influence[]
  manifest: RunManifest
  prov_json: string
}

export interface TraceNode {
  node_id: string
  kind: NodeKind
  label: common.Label
  value?: number
  text: string
  unit: string
  year: number
  place: string
  grade: string
  source: string
  clause: string
  derivation: string
  depth: number
}

export interface TraceEdge {
  from_id: string
  to_id: string
  role: EdgeRole
}

export interface GradeShare {
  grade: common.Grade
  figure_count: number
  figure_share: number
  effect_share?: number
}

export interface Influence {
  lever_id: string
  label: common.Label
  grade: common.Grade
  value: number
  frozen_value: number
  unit: string
  effect: number
}

export interface RunManifest {
  region: string
  baseline: string
  scenario_name: string
  scenario_digest: string
  setting_count: number
  weather_year: string
  as_of_year: number
  factor_set: string
  revision: common.Revision
  result_digest: string
  lineage_digest: string
  release_status: common.ReleaseStatus
}

export interface ListFieldPathsRequest {
  reply: string
}

export interface ListFieldPathsResponse {
  paths: string[]
}

// The calls by path.
export interface Methods {
  'dafeng.trace.v1.TraceService/GetTrace': { request: GetTraceRequest; response: GetTraceResponse; streams: true }
  'dafeng.trace.v1.TraceService/ListFieldPaths': { request: ListFieldPathsRequest; response: ListFieldPathsResponse; streams: false }
}
