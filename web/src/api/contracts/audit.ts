// Made from the contracts by `make page`; not edited by hand.

export interface AuditEntry {
  seq: number
  at: string
  actor: string
  act: string
  object: string
  scope: string
  outcome: string
  reason: string
  request_id: string
  address: string
  digest: string
  previous: string
  hash: string
  count: number
  algorithm: string
}

export interface ListEntriesRequest {
  actor: string
  act: string
  outcome: string
  page_size: number
  page_token: string
}

export interface ListEntriesResponse {
  entries: AuditEntry[]
  next_page_token: string
}

export interface AuditFault {
  seq: number
  what: string
}

export interface VerifyChainRequest {
}

export interface VerifyChainResponse {
  entry_count: number
  first_seq: number
  last_seq: number
  last_hash: string
  faults: AuditFault[]
  seal_count: number
  notes: string[]
}

// The calls by path.
export interface Methods {
  'dafeng.audit.v1.AuditService/ListEntries': { request: ListEntriesRequest; response: ListEntriesResponse; streams: false }
  'dafeng.audit.v1.AuditService/VerifyChain': { request: VerifyChainRequest; response: VerifyChainResponse; streams: false }
}
