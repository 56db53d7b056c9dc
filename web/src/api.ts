// Calls to the gateway: Connect's JSON form, field names as in the contracts (dafeng.projection.v1).

export interface Label { zh: string; en: string }
export interface Place { place_id: string; label: Label; adcode: string }
export interface RegionEntry { place: Place; cities: Place[] }
export interface BaselineEntry { baseline: string; label: Label }
export interface SectorAccount { sector: string; label: Label; direct_tco2: number[]; process_tco2: number[] }
export interface RegionAccount {
  territorial_tco2: number[]
  imported_power_tco2: number[]
  process_tco2: number[]
  electricity_consumption_mwh: number[]
}
export interface CarbonPeak {
  boundary: string
  label: Label
  year: number
  level_tco2: number
  in_span: boolean
  plateau_first_year: number
  plateau_last_year: number
  clear: boolean
  steady_fall_year: number
}
export interface PeakLoad {
  peak_load_mw: number[]
  peak_hour: number[]
  summer_mw: number[]
  winter_mw: number[]
  net_peak_mw: number[]
  reserve_margin_share: number[]
  unserved_mwh: number[]
}
export interface Technology {
  technology: string
  group: string
  label: Label
  energy_mwh: number[]
  capacity_mw: number[]
}
export interface PeakDay {
  year: number
  season: string
  first_hour: number
  peak_hour: number
  load_mw: number[]
  causes: string[]
  load_by_cause_mw: number[]
  groups: string[]
  supply_mw: number[]
}
export interface TargetResult {
  target_id: string
  label: Label
  document: Label
  section: string
  place: string
  sector: string
  compare: string
  asked?: number
  unit: string
  year: number
  verdict: string
  basis: string
  value?: number
  margin?: number
  reason: string
  met_since_year: number
  form: string
  flags: string[]
  cities: CityVerdict[]
}
export interface CityVerdict { place: string; value: number; margin: number; good: boolean }
export interface CityAccount {
  place: string
  territorial_tco2: number[]
  electricity_mwh: number[]
  peak_load_mw: number[]
  carbon_peak: CarbonPeak
}
export interface Projection {
  frame: { region: string }
  years: number[]
  places: string[]
  baseline: string
  sectors: SectorAccount[]
  account: RegionAccount
  carbon_peaks: CarbonPeak[]
  peak_load: PeakLoad
  power: { technologies: Technology[]; peak_days: PeakDay[] }
  targets: TargetResult[]
  cities: CityAccount[]
  digest: string
  release_status: string
  revision: { model_version: string; data_revision: string }
}
export interface FieldViolation { field: string; description: string }

export class CallError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly violations: FieldViolation[],
  ) {
    super(message)
  }
}

interface ErrorBody {
  code?: string
  message?: string
  details?: { debug?: { field_violations?: FieldViolation[] } }[]
}

async function call<T>(method: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const reply = await fetch(`/dafeng.projection.v1.ProjectionService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    throw new CallError(signal?.aborted ? 'canceled' : 'offline', String(error), [])
  })
  if (!reply.ok) {
    const error = (await reply.json().catch(() => ({}))) as ErrorBody
    const violations = (error.details ?? []).flatMap((d) => d.debug?.field_violations ?? [])
    throw new CallError(error.code ?? '', error.message ?? `HTTP ${reply.status}`, violations)
  }
  return (await reply.json()) as T
}

export const listRegions = (signal?: AbortSignal) => call<{ regions: RegionEntry[] }>('ListRegions', {}, signal)
export const listScenarios = (region: string, signal?: AbortSignal) =>
  call<{ baselines: BaselineEntry[] }>('ListScenarios', { region }, signal)
export const project = (region: string, baseline: string, signal?: AbortSignal) =>
  call<{ projection: Projection }>('Project', { frame: { region }, scenario: { name: baseline, baseline } }, signal)
