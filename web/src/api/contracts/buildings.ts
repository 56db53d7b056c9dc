// Made from the contracts by `make page`; not edited by hand.
import type * as common from './common'

export interface ProjectStockRequest {
  frame: common.Frame
  scenario: common.Scenario
}

export interface StockSegment {
  building_type: string
  standard: string
  floor_area_m2: number[]
  retrofit: string
}

export interface StockVintage {
  building_type: string
  completed_from_year: number
  completed_to_year: number
  floor_area_m2: number[]
}

export interface ProjectStockResponse {
  places: string[]
  years: number[]
  segments: StockSegment[]
  completed_m2: number[]
  demolished_m2: number[]
  retrofitted_m2: number[]
  revision: common.Revision
  vintages: StockVintage[]
  retrofit_shortfall_m2: number[]
  vacant_m2: number[]
  urban_population_count: number[]
  rural_population_count: number[]
  prefabricated_m2: number[]
  two_star_m2: number[]
}

export interface EstimateRooftopPvRequest {
  roofs: Roof[]
  weather: WeatherSource
  module_w_per_m2?: number
  loss_share?: number
  inverter_efficiency_share?: number
  dc_ac_ratio?: number
  temperature_coefficient_per_k?: number
  ground_albedo?: number
  with_hours: boolean
}

export interface Roof {
  roof_id: string
  roof_area_m2: number
  roof_kind: string
  usable_share?: number
  module_share_of_usable?: number
  coverage_share?: number
  coverage_basis: string
  tilt_deg?: number
  azimuth_deg?: number
  flush?: boolean
  load_kw: number[]
}

export interface EstimateRooftopPvResponse {
  yields: RoofYield[]
  total: RoofYield
  weather: WeatherReport
  revision: common.Revision
}

export interface RoofYield {
  roof_id: string
  capacity_kw: number
  potential_kw: number
  coverage_share: number
  capped: boolean
  energy_kwh: number
  yield_kwh_per_kw: number
  performance_ratio: number
  monthly_kwh: number[]
  self_used_kwh: number
  exported_kwh: number
  self_consumption_share: number
  self_sufficiency_share: number
  output_kw: number[]
}

export interface WeatherSource {
  place: PlaceWeather
  epw_file: string
  hourly: HourlyWeather
}

export interface PlaceWeather {
  region: string
  city: string
  weather_year: string
  warming_k: number
}

export interface HourlyWeather {
  latitude_deg?: number
  longitude_deg?: number
  elevation_m: number
  utc_offset_hours?: number
  outdoor_degc: number[]
  global_horizontal_w_per_m2: number[]
  direct_normal_w_per_m2: number[]
  diffuse_horizontal_w_per_m2: number[]
  relative_humidity_share: number[]
  wind_m_per_s: number[]
  sun_minute?: number
}

export interface WeatherReport {
  name: string
  latitude_deg: number
  longitude_deg: number
  elevation_m: number
  mean_degc: number
  highest_degc: number
  lowest_degc: number
  hdd18_k_d: number
  cdd26_k_d: number
  global_horizontal_kwh_per_m2: number
  sun_minute: number
  closure_ratio: number
  notes: string[]
}

export interface SimulateZoneRequest {
  zone: Zone
  weather: WeatherSource
  with_hours: boolean
}

export interface Zone {
  floor_area_m2: number
  volume_m3: number
  surfaces: OpaqueSurface[]
  windows: Window[]
  thermal_bridge_w_per_k: number
  inner_surface_area_m2?: number
  thermal_mass: ThermalMass
  infiltration_per_h: number[]
  ventilation_m3_per_h: number[]
  heat_recovery_share: number
  natural_ventilation: NaturalVentilation
  air_density_by_elevation?: boolean
  internal_gain_w: number[]
  internal_convective_share?: number
  latent_gain_w: number[]
  solar_to_air_share: number
  solar_lost_share: number
  heating_setpoint_degc: number[]
  cooling_setpoint_degc: number[]
  heating_capacity_w?: number
  cooling_capacity_w?: number
  ground_degc: number[]
  ground_albedo?: number
  comfort_humidity_kg_per_kg?: number
  sky_difference_k?: number
}

export interface Layer {
  name: string
  thickness_m: number
  conductivity_w_per_m_k: number
  density_kg_per_m3: number
  specific_heat_j_per_kg_k: number
  resistance_m2_k_per_w: number
}

export interface OpaqueSurface {
  surface_id: string
  boundary: string
  area_m2: number
  azimuth_deg: number
  tilt_deg?: number
  layers: Layer[]
  u_value_w_per_m2_k?: number
  heat_capacity_j_per_m2_k: number
  solar_absorptance?: number
  emissivity?: number
  outer_resistance_m2_k_per_w?: number
  inner_resistance_m2_k_per_w?: number
  flow_factor?: number
}

export interface Window {
  window_id: string
  area_m2: number
  azimuth_deg: number
  tilt_deg?: number
  u_value_w_per_m2_k: number
  solar_heat_gain_share: number
  frame_share: number
  panes?: number
  shading_share: number[]
  shade: Shade
}

export interface Shade {
  overhang_depth_m: number
  overhang_gap_m: number
  fin_depth_m: number
  fin_gap_m: number
  window_height_m: number
  window_width_m: number
}

export interface ThermalMass {
  mass_class: string
  heat_capacity_j_per_k: number
  mass_area_m2: number
}

export interface NaturalVentilation {
  air_change_per_h: number
  above_degc: number
  below_degc: number
  first_month: number
  last_month: number
}

export interface SimulateZoneResponse {
  heating_kwh: number
  sensible_cooling_kwh: number
  latent_cooling_kwh: number
  peak_heating_w: number
  peak_heating_hour: number
  peak_cooling_w: number
  peak_cooling_hour: number
  mean_air_degc: number
  highest_air_degc: number
  lowest_air_degc: number
  unmet_heating_hours: number
  unmet_cooling_hours: number
  largest_residual_share: number
  parameters: ZoneParameters
  flows: ZoneFlows
  hours: ZoneHours
  weather: WeatherReport
  notes: string[]
  revision: common.Revision
}

export interface ZoneParameters {
  windows_w_per_k: number
  opaque_w_per_k: number
  mass_surface_w_per_k: number
  surface_air_w_per_k: number
  mean_ventilation_w_per_k: number
  heat_capacity_j_per_k: number
  mass_area_m2: number
  inner_surface_area_m2: number
}

export interface ZoneFlows {
  windows_kwh: number[]
  opaque_kwh: number[]
  ventilation_kwh: number[]
  solar_kwh: number[]
  internal_kwh: number[]
  heating_kwh: number[]
  cooling_kwh: number[]
  storage_kwh: number[]
}

export interface ZoneHours {
  air_degc: number[]
  operative_degc: number[]
  mass_degc: number[]
  heating_w: number[]
  sensible_cooling_w: number[]
  latent_cooling_w: number[]
  solar_w: number[]
}

// The calls by path.
export interface Methods {
  'dafeng.buildings.v1.BuildingsService/ProjectStock': { request: ProjectStockRequest; response: ProjectStockResponse; streams: false }
  'dafeng.buildings.v1.BuildingsService/SimulateZone': { request: SimulateZoneRequest; response: SimulateZoneResponse; streams: false }
  'dafeng.buildings.v1.BuildingsService/EstimateRooftopPv': { request: EstimateRooftopPvRequest; response: EstimateRooftopPvResponse; streams: false }
}
