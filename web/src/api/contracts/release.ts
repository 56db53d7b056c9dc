// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'
import type * as projection from './projection'

export interface ReleaseStep {
  status: common.ReleaseStatus
  actor: string
  at: string
  reason: string
}

export interface ReleaseSource {
  source_id: string
  title: string
}

export interface ReleaseTarget {
  target_id: string
  verdict: string
}

export interface ReleaseGrade {
  grade: string
  count: number
}

export interface ReleaseManifest {
  title: string
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  revision: common.Revision
  result_digest: string
  content_digest: string
  processor: string
  carbon_peak_year: number
  carbon_peak_tco2: number
  sources: ReleaseSource[]
  targets: ReleaseTarget[]
  grades: ReleaseGrade[]
  sectors: string[]
  scope: string
}

export interface Release {
  release_id: string
  manifest_id: string
  status: common.ReleaseStatus
  manifest: ReleaseManifest
  steps: ReleaseStep[]
  scope: string
  signature: string
  public_key: string
  superseded_by: string
}

export interface SubmitResultRequest {
  frame: common.Frame
  scenario: common.Scenario
  mode: power.DispatchMode
  title: string
  reason: string
}

export interface SubmitResultResponse {
  release: Release
}

export interface ReviewResultRequest {
  release_id: string
  approved: boolean
  reason: string
}

export interface ReviewResultResponse {
  release: Release
}

export interface ReleaseResultRequest {
  release_id: string
  reason: string
  supersedes: string
}

export interface ReleaseResultResponse {
  release: Release
}

export interface WithdrawResultRequest {
  release_id: string
  reason: string
}

export interface WithdrawResultResponse {
  release: Release
}

export interface GetReleaseRequest {
  release_id: string
  with_projection: boolean
}

export interface GetReleaseResponse {
  release: Release
  projection: projection.Projection
}

export interface ListReleasesRequest {
  region: string
  states: common.ReleaseStatus[]
  page_size: number
  page_token: string
}

export interface ListReleasesResponse {
  releases: Release[]
  next_page_token: string
}

export interface ListReleasedRequest {
  region: string
  with_past: boolean
  page_size: number
  page_token: string
}

export interface ListReleasedResponse {
  releases: Release[]
  next_page_token: string
  regions: projection.RegionEntry[]
}

export interface GetReleasedRequest {
  release_id: string
}

export interface GetReleasedResponse {
  release: Release
  projection: projection.Projection
  regions: projection.RegionEntry[]
  baselines: projection.BaselineEntry[]
}

export interface ExportReleasedRequest {
  release_id: string
  language: string
}

export interface ExportReleasedResponse {
  file_name: string
  content: string
}

// The calls by path.
export interface Methods {
  'dafeng.release.v1.ReleaseService/SubmitResult': { request: SubmitResultRequest; response: SubmitResultResponse; streams: false }
  'dafeng.release.v1.ReleaseService/ReviewResult': { request: ReviewResultRequest; response: ReviewResultResponse; streams: false }
  'dafeng.release.v1.ReleaseService/ReleaseResult': { request: ReleaseResultRequest; response: ReleaseResultResponse; streams: false }
  'dafeng.release.v1.ReleaseService/WithdrawResult': { request: WithdrawResultRequest; response: WithdrawResultResponse; streams: false }
  'dafeng.release.v1.ReleaseService/GetRelease': { request: GetReleaseRequest; response: GetReleaseResponse; streams: false }
  'dafeng.release.v1.ReleaseService/ListReleases': { request: ListReleasesRequest; response: ListReleasesResponse; streams: false }
  'dafeng.release.v1.PublicReleaseService/ListReleased': { request: ListReleasedRequest; response: ListReleasedResponse; streams: false }
  'dafeng.release.v1.PublicReleaseService/GetReleased': { request: GetReleasedRequest; response: GetReleasedResponse; streams: false }
  'dafeng.release.v1.PublicReleaseService/ExportReleased': { request: ExportReleasedRequest; response: ExportReleasedResponse; streams: false }
}
