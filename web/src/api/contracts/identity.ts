// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface HeldRole {
  role_id: string
  label: common.Label
}

export interface WhoAmIRequest {
}

export interface WhoAmIResponse {
  user_id: string
  kind: string
  roles: HeldRole[]
  scopes: string[]
  acts: string[]
  sign_in: string
  sign_in_path: string
  expires_at: string
}

// The calls by path.
export interface Methods {
  'dafeng.identity.v1.IdentityService/WhoAmI': { request: WhoAmIRequest; response: WhoAmIResponse; streams: false }
}
