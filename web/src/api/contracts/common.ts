// Made from the contracts by `make page`; not edited by hand.

export type Grade = 'GRADE_UNSPECIFIED' | 'GRADE_A' | 'GRADE_B' | 'GRADE_C'

export type LeverKind = 'LEVER_KIND_UNSPECIFIED' | 'LEVER_KIND_PATH' | 'LEVER_KIND_CONSTANT' | 'LEVER_KIND_STEP'

export type ReleaseStatus = 'RELEASE_STATUS_UNSPECIFIED' | 'RELEASE_STATUS_INTERNAL' | 'RELEASE_STATUS_SUBMITTED' | 'RELEASE_STATUS_REVIEWED' | 'RELEASE_STATUS_RELEASED' | 'RELEASE_STATUS_SUPERSEDED' | 'RELEASE_STATUS_WITHDRAWN'

export interface Label {
  zh: string
  en: string
}

export interface Provenance {
  source: string
  clause: string
  derivation: string
  grade: Grade
}

export interface Lever {
  lever_id: string
  owner: string
  group: string
  label: Label
  unit: string
  kind: LeverKind
  low: number
  high: number
  last_observed_year: number
  policy_refs: string[]
  source: string
  grade: Grade
  note: string
  by_city: boolean
  group_label: Label
}

export interface LeverSetting {
  lever_id: string
  place: string
  years: number[]
  values: number[]
}

export interface Scenario {
  name: string
  baseline: string
  settings: LeverSetting[]
}

export interface Frame {
  region: string
  first_year: number
  last_year: number
  weather_year: string
  as_of_year: number
  factor_set: string
}

export interface LoadShape {
  shape_id: string
  digest: string
  cause: string
  label: Label
  hourly_share: number[]
}

export interface Metric {
  metric_id: string
  label: Label
  unit: string
  policy_refs: string[]
}

export interface Place {
  place_id: string
  label: Label
  adcode: string
  tile_row?: number
  tile_column?: number
  initials: string
}

export interface Revision {
  model_version: string
  data_revision: string
}

export interface Progress {
  done_count: number
  total_count: number
  stage: Label
}

export interface MetricChoice {
  metric_ids: string[]
}

// The calls by path.
export interface Methods {
}
