// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface ListFactorSetsRequest {
  region: string
  as_of_year: number
}

export interface ListFactorSetsResponse {
  sets: FactorSet[]
  revision: common.Revision
}

export interface FactorSet {
  set_id: string
  label: common.Label
  region: string
  in_force_from_year: number
  in_force_to_year: number
  superseded_by: string
  remark: string
  in_force: boolean
  factors: SetFactor[]
}

export interface SetFactor {
  carrier: string
  factor_id: string
  tco2_per_gj: number
  fall_back: boolean
  remark: string
}

export interface ListFactorsRequest {
  region: string
  set_id: string
  carrier: string
  gas: string
  year: number
  text: string
}

export interface ListFactorsResponse {
  factors: Factor[]
  revision: common.Revision
}

export interface Factor {
  factor_id: string
  library: string
  label: common.Label
  carrier: string
  gas_set: string
  covers: common.Label
  unit: string
  ncv_gj_per_unit?: number
  carbon_tc_per_tj?: number
  oxidation_share?: number
  kgco2_per_gj?: number
  tco2_per_tce?: number
  tco2_per_unit?: number
  tce_per_unit?: number
  tco2_per_gj?: number
  uncertainty: FactorUncertainty
  valid_from_year: number
  valid_to_year: number
  superseded_by: string
  provenance: common.Provenance
  note: string
  set_ids: string[]
}

export interface FactorUncertainty {
  share?: number
  grade: string
  basis: string
}

export interface GetFactorRequest {
  region: string
  factor_id: string
}

export interface GetFactorResponse {
  factor: Factor
  earlier: Factor[]
  later: Factor[]
  revision: common.Revision
}

// The calls by path.
export interface Methods {
  'dafeng.factors.v1.FactorService/ListFactorSets': { request: ListFactorSetsRequest; response: ListFactorSetsResponse; streams: false }
  'dafeng.factors.v1.FactorService/ListFactors': { request: ListFactorsRequest; response: ListFactorsResponse; streams: false }
  'dafeng.factors.v1.FactorService/GetFactor': { request: GetFactorRequest; response: GetFactorResponse; streams: false }
}
