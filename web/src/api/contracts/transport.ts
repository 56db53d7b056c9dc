// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface ChargingProfileRequest {
  fleets: ChargingFleet[]
  region: string
  city: string
  weather_year: string
  day_mean_degc: number[]
  base_load_mw: number[]
  with_hours: boolean
}

export interface ChargingFleet {
  fleet_id: string
  vehicle_class: string
  vehicle_count: number
  energy_mwh?: number
  mileage_km?: number
  electricity_kwh_per_100km?: number
  places: ChargingPlace[]
  valley_tariff_share?: number
  smart_share: number
  vehicle_to_grid_share: number
  charger_kw?: number
  plugged_night_share?: number
  plugged_day_share?: number
  battery_kwh?: number
}

export interface ChargingPlace {
  place: string
  share: number
}

export interface ChargingSeries {
  fleet_id: string
  place: string
  energy_mwh: number
  peak_mw: number
  load_mw: number[]
}

export interface ChargingGroup {
  fleet_id: string
  energy_mwh: number
  peak_mw: number
  coincidence_share: number
  moved_mwh: number
  fed_back_mwh: number
  charged_to_feed_back_mwh: number
}

export interface ChargingProfileResponse {
  series: ChargingSeries[]
  groups: ChargingGroup[]
  energy_mwh: number
  month_mwh: number[]
  mean_day_mw: number[]
  peak_mw: number
  peak_hour: number
  controlled_peak_mw: number
  system_peak_mw: number
  controlled_system_peak_mw: number
  load_mw: number[]
  controlled_load_mw: number[]
  notes: string[]
  revision: common.Revision
}

export interface OwnFleet {
  name: string
  first_year: number
  last_year: number
  vehicle_classes: FleetClass[]
  standard_timetable: string
  grid_kgco2_per_kwh: number[]
  month_degc: number[]
  grid_loss_share?: number
  hydrogen_route: string
  with_ages: boolean
}

export interface FleetClass {
  class_id: string
  like_class: string
  life_years?: number
  life_shape?: number
  oldest_age_years?: number
  survival_share: number[]
  powertrains: FleetPowertrain[]
  stock_count: number[]
  sales_count: number[]
  mileage_km?: number
  mileage_decay_per_year?: number
  mileage_ratio: number[]
  retirements: EarlyRetirement[]
}

export interface FleetPowertrain {
  powertrain: string
  opening_by_age: number[]
  opening_count?: number
  opening_growth_per_year?: number
  sales_share: number[]
  fuel_per_100km?: number
  electricity_kwh_per_100km?: number
  improvement_per_year?: number
  electric_distance_share?: number
}

export interface EarlyRetirement {
  powertrains: string[]
  from_year: number
  to_year: number
  rate_per_year: number
  last_model_year: number
  from_age_years: number
  to_standard: string
}

export interface FleetSeries {
  class_id: string
  powertrain: string
  stock_count: number[]
  sales_count: number[]
  scrapped_count: number[]
  retired_early_count: number[]
  distance_km: number[]
  fuel_gj: number[]
  electricity_mwh: number[]
  direct_tco2: number[]
  stock_by_age_count: number[]
}

export interface FleetStandard {
  class_id: string
  standard: string
  stock_count: number[]
}

export interface FleetCarrier {
  carrier: string
  energy_gj: number[]
  direct_tco2: number[]
  well_to_tank_tco2e: number[]
}

export interface FleetPollutant {
  pollutant: string
  exhaust_t: number[]
  other_t: number[]
}

export interface OwnFleetProjection {
  name: string
  years: number[]
  series: FleetSeries[]
  standards: FleetStandard[]
  carriers: FleetCarrier[]
  pollutants: FleetPollutant[]
  stock_above_target_count: number[]
  nev_sales_share: number[]
  nev_stock_share: number[]
  notes: string[]
  revision: common.Revision
}

export interface SplitModesRequest {
  freight: FreightMarket[]
  passengers: PassengerMarket[]
}

export interface FreightMarket {
  market_id: string
  cargo: string
  turnover_tkm: number
  distance_km: number
  modes: FreightMode[]
  contestable_share?: number
  sensitivity?: number
  value_of_time_cny_per_t_h?: number
}

export interface FreightMode {
  mode: string
  share: number
  rate_cny_per_tkm?: number
  terminal_cny_per_t?: number
  speed_km_per_h?: number
  wait_h?: number
  energy_mj_per_tkm?: number
  direct_gco2_per_tkm?: number
  rate_change_cny_per_tkm: number
  terminal_change_cny_per_t: number
  wait_change_h: number
  speed_ratio?: number
}

export interface PassengerMarket {
  market_id: string
  tier: string
  population_count: number
  trips_per_person_day?: number
  modes: PassengerMode[]
  telework_share: number
  nest_dissimilarity?: number
  with_congestion: boolean
  capacity_ratio?: number
}

export interface PassengerMode {
  mode: string
  share?: number
  trip_length_km?: number
  occupancy?: number
  ride_change_min: number
  wait_change_min: number
  cost_change_cny: number
  utility_change: number
}

export interface FreightModeResult {
  mode: string
  cost_before_cny_per_tkm: number
  cost_after_cny_per_tkm: number
  share_before: number
  share_after: number
  turnover_before_tkm: number
  turnover_after_tkm: number
  own_rate_elasticity: number
  rate_elasticities: number[]
  energy_before_gj: number
  energy_after_gj: number
  direct_before_tco2: number
  direct_after_tco2: number
}

export interface FreightSplit {
  market_id: string
  contestable_share: number
  modes: FreightModeResult[]
}

export interface PassengerModeResult {
  mode: string
  share_before: number
  share_after: number
  trips_before_count: number
  trips_after_count: number
  pkm_before: number
  pkm_after: number
  vehicle_km_before: number
  vehicle_km_after: number
}

export interface PassengerSplit {
  market_id: string
  modes: PassengerModeResult[]
  green_share_before: number
  green_share_after: number
  green_without_ebike_share_before: number
  green_without_ebike_share_after: number
  public_motorised_share_before: number
  public_motorised_share_after: number
  congestion_change_min: number
}

export interface SplitModesResponse {
  freight: FreightSplit[]
  passengers: PassengerSplit[]
  notes: string[]
  revision: common.Revision
}

export interface ProjectFleetRequest {
  frame: common.Frame
  scenario: common.Scenario
  fleet: OwnFleet
}

export interface FleetSegment {
  vehicle_class: string
  powertrain: string
  stock_count: number[]
  sales_count: number[]
  scrapped_count: number[]
  distance_km: number[]
}

export interface StandardSegment {
  vehicle_class: string
  standard: string
  stock_count: number[]
}

export interface ProjectFleetResponse {
  places: string[]
  years: number[]
  segments: FleetSegment[]
  revision: common.Revision
  standards: StandardSegment[]
  own_fleet: OwnFleetProjection
}

// The calls by path.
export interface Methods {
  'dafeng.transport.v1.TransportService/ProjectFleet': { request: ProjectFleetRequest; response: ProjectFleetResponse; streams: false }
  'dafeng.transport.v1.TransportService/SplitModes': { request: SplitModesRequest; response: SplitModesResponse; streams: false }
  'dafeng.transport.v1.TransportService/ChargingProfile': { request: ChargingProfileRequest; response: ChargingProfileResponse; streams: false }
}
