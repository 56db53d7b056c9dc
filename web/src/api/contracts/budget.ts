// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface Account {
  kind: string
  place: string
  sector: string
  year: number
}

export interface Posting {
  account: Account
  amount_tco2: number
}

export interface Transaction {
  transaction_id: string
  kind: string
  business_date: string
  recorded_at: string
  author: string
  approver: string
  source: string
  reason: string
  release_status: string
  postings: Posting[]
  reverses: string
  closes_year: number
  previous_digest: string
  digest: string
}

export interface Policy {
  carry_cap_share: string
  borrow_cap_share: string
  overdraft: string
  source: string
}

export interface Ledger {
  ledger_id: string
  region: string
  cities: string[]
  sectors: string[]
  first_year: number
  last_year: number
  boundary: string
  policy: Policy
  transactions: Transaction[]
}

export interface Balance {
  account: Account
  balance_tco2: number
  shown_wan_tco2: number
}

export interface BudgetWarning {
  transaction_id: string
  account: Account
  label: common.Label
  balance_tco2: number
}

export interface YearSummary {
  year: number
  issued_tco2: number
  province_available_tco2: number
  city_available_tco2: number
  reserve_tco2: number
  committed_tco2: number
  emitted_provisional_tco2: number
  emitted_final_tco2: number
  carried_tco2: number
  expired_tco2: number
  adjustment_tco2: number
  sum_tco2: number
  closed: boolean
}

export interface LedgerState {
  balances: Balance[]
  years: YearSummary[]
  warnings: BudgetWarning[]
  digest: string
  transaction_count: number
}

export interface OpenBudgetRequest {
  frame: common.Frame
  scenario: common.Scenario
  first_year: number
  last_year: number
  budgets: YearBudget[]
  rule: string
  reserve_share?: number
  ledger_id: string
  author: string
  approver: string
  business_date: string
  recorded_at: string
  policy: Policy
}

export interface YearBudget {
  year: number
  budget_tco2: number
}

export interface OpenBudgetResponse {
  progress?: common.Progress
  result?: LedgerReport
}

export interface LedgerReport {
  ledger: Ledger
  state: LedgerState
}

export interface PostTransactionsRequest {
  ledger: Ledger
  transactions: Transaction[]
}

export interface PostTransactionsResponse {
  report: LedgerReport
}

export interface CheckLedgerRequest {
  ledger: Ledger
  as_known_on: string
  business_until: string
}

export interface CheckLedgerResponse {
  state: LedgerState
}

export interface CompareBudgetRequest {
  ledger: Ledger
  frame: common.Frame
  scenario: common.Scenario
}

export interface CompareBudgetResponse {
  progress?: common.Progress
  result?: BudgetMemo
}

export interface BudgetMemo {
  ledger_id: string
  baseline: string
  lines: MemoLine[]
  years: MemoLine[]
  ledger_digest: string
  digest: string
  revision: common.Revision
}

export interface MemoLine {
  year: number
  place: string
  sector: string
  projected_tco2: number
  available_tco2: number
  committed_tco2: number
  reserve_tco2: number
  emitted_tco2: number
  over_tco2: number
  shown_wan_tco2: number
}

// The calls by path.
export interface Methods {
  'dafeng.budget.v1.BudgetService/OpenBudget': { request: OpenBudgetRequest; response: OpenBudgetResponse; streams: true }
  'dafeng.budget.v1.BudgetService/PostTransactions': { request: PostTransactionsRequest; response: PostTransactionsResponse; streams: false }
  'dafeng.budget.v1.BudgetService/CheckLedger': { request: CheckLedgerRequest; response: CheckLedgerResponse; streams: false }
  'dafeng.budget.v1.BudgetService/CompareBudget': { request: CompareBudgetRequest; response: CompareBudgetResponse; streams: true }
}
