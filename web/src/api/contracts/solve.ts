// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'
import type * as power from './power'

export type SolveObjective = 'SOLVE_OBJECTIVE_UNSPECIFIED' | 'SOLVE_OBJECTIVE_LEAST_CHANGE' | 'SOLVE_OBJECTIVE_FEW_LEVERS' | 'SOLVE_OBJECTIVE_LEAST_COST'

export type SolveShortfall = 'SOLVE_SHORTFALL_UNSPECIFIED' | 'SOLVE_SHORTFALL_SQUARES' | 'SOLVE_SHORTFALL_SUM' | 'SOLVE_SHORTFALL_WORST'

export type GoalSense = 'GOAL_SENSE_UNSPECIFIED' | 'GOAL_SENSE_AT_LEAST' | 'GOAL_SENSE_AT_MOST'

export type GoalPriority = 'GOAL_PRIORITY_UNSPECIFIED' | 'GOAL_PRIORITY_BINDING' | 'GOAL_PRIORITY_STRIVE'

export type AxisSense = 'AXIS_SENSE_UNSPECIFIED' | 'AXIS_SENSE_MINIMISE' | 'AXIS_SENSE_MAXIMISE'

export type SolveStatus = 'SOLVE_STATUS_UNSPECIFIED' | 'SOLVE_STATUS_MET' | 'SOLVE_STATUS_ALREADY_MET' | 'SOLVE_STATUS_NEAREST' | 'SOLVE_STATUS_NOTHING_SEARCHED'

export interface Knob {
  lever_id: string
  place: string
  year: number
  weight?: number
  low?: number
  high?: number
  locked: boolean
}

export interface Goal {
  target_id: string
  metric_id: string
  place: string
  year: number
  sense: GoalSense
  number?: number
  safety_margin: number
  priority: GoalPriority
}

export interface SolveRequest {
  frame: common.Frame
  scenario: common.Scenario
  knobs: Knob[]
  goals: Goal[]
  objective: SolveObjective
  shortfall: SolveShortfall
  time_limit_seconds: number
  mode: power.DispatchMode
  without_conflicts: boolean
}

export interface SolveResponse {
  progress?: common.Progress
  result?: SolveResult
}

export interface KnobResult {
  lever_id: string
  label: common.Label
  place: string
  year: number
  unit: string
  low: number
  high: number
  weight: number
  locked: boolean
  before: number
  after: number
  multiplier: number
  reason: string
}

export interface GoalResult {
  goal_id: string
  label: common.Label
  metric_id: string
  place: string
  year: number
  sense: GoalSense
  number: number
  unit: string
  tolerance: number
  safety_margin: number
  priority: GoalPriority
  searched: boolean
  reason: string
  before?: number
  after?: number
  margin_before?: number
  margin_after?: number
  met_before: boolean
  met_after: boolean
  multiplier: number
}

export interface Witness {
  without_goal_id: string
  settings: common.LeverSetting[]
}

export interface Conflict {
  goal_ids: string[]
  proved: boolean
  evaluation_count: number
  witnesses: Witness[]
}

export interface SolveSetting {
  name: string
  value: number
  unit: string
}

export interface SolveResult {
  frame: common.Frame
  scenario: common.Scenario
  status: SolveStatus
  complete: boolean
  objective: SolveObjective
  shortfall: SolveShortfall
  objective_value: number
  cost_change_cny?: number
  cost_year: number
  settings: common.LeverSetting[]
  knobs: KnobResult[]
  goals: GoalResult[]
  conflicts: Conflict[]
  run_count: number
  years: number[]
  verified: boolean
  projection_digest: string
  solver_settings: SolveSetting[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
  whole_run_count: number
}

export interface Axis {
  change: boolean
  metric_id: string
  place: string
  year: number
  sense: AxisSense
}

export interface TradeOffRequest {
  frame: common.Frame
  scenario: common.Scenario
  knobs: Knob[]
  goals: Goal[]
  first: Axis
  second: Axis
  point_count: number
  time_limit_seconds: number
  mode: power.DispatchMode
}

export interface TradeOffResponse {
  progress?: common.Progress
  result?: TradeOffResult
}

export interface FrontAxis {
  axis_id: string
  label: common.Label
  unit: string
  sense: string
}

export interface FrontEntry {
  settings: common.LeverSetting[]
  first: number
  second: number
  exchange: number
  met: boolean
  projection_digest: string
  verified: boolean
  knob_values: number[]
}

export interface TradeOffResult {
  frame: common.Frame
  scenario: common.Scenario
  first: FrontAxis
  second: FrontAxis
  complete: boolean
  knobs: KnobResult[]
  points: FrontEntry[]
  run_count: number
  years: number[]
  solver_settings: SolveSetting[]
  digest: string
  revision: common.Revision
  release_status: common.ReleaseStatus
}

// The calls by path.
export interface Methods {
  'dafeng.solve.v1.SolveService/Solve': { request: SolveRequest; response: SolveResponse; streams: true }
  'dafeng.solve.v1.SolveService/TradeOff': { request: TradeOffRequest; response: TradeOffResponse; streams: true }
}
