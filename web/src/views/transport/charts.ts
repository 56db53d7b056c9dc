// What the transport view draws, card by card.
import { CARRIERS, CHARGING, MODES, POWERTRAINS, READINGS, TRIPS, VEHICLES } from '../../colours'
import type { MetricChart, Part } from '../../plots/metrics'

const of = (id: string, ...metrics: string[]): Part => ({ id, metrics: metrics.map((m) => `transport.${m}`) })
const room = 'transport'
const GJ_PER_MWH = 3.6
const CARGO = ['bulk', 'container', 'other']
const WATER = ['inland_water', 'coastal', 'ocean']
const FREIGHT_MODES = ['road', 'rail', ...WATER]

const freightOf = (id: string, cargo: string[]): MetricChart => ({
  id, room, kind: 'freight', draw: 'area', palette: MODES, names: 'transport.modes', modes: ['stacked', 'shares', 'lines'],
  parts: FREIGHT_MODES.map((mode) => of(mode, ...cargo.map((kind) => `freight_${kind}_${mode}_tkm`))),
})
const freight: MetricChart = {
  ...freightOf('freight', CARGO),
  asked: [{ metric: 'transport.freight_rail_tkm', over: ['rail'] }, { metric: 'transport.freight_water_tkm', over: WATER, name: 'transport.modes.water' }],
}
const powertrains = Object.keys(POWERTRAINS)
const fleet: MetricChart = {
  id: 'fleet', room, kind: 'vehicles', draw: 'area', palette: POWERTRAINS, modes: ['stacked', 'shares'], names: 'transport.powertrains',
  parts: powertrains.map((one) => of(one, `${one}_stock_count`)),
}
const sales: MetricChart = {
  id: 'sales', room, kind: 'share', draw: 'area', palette: POWERTRAINS, names: 'transport.powertrains', parts: powertrains.map((one) => of(one, `sales_${one}_share`)),
}
const fleetByClass: MetricChart = {
  id: 'trucks', room, kind: 'vehicles', draw: 'area', palette: VEHICLES, names: 'transport.classes', modes: ['stacked', 'shares'],
  parts: ['light_truck', 'medium_truck', 'heavy_truck', 'special_vehicle', 'coach', 'urban_bus', 'taxi', 'ride_hailing'].map((one) => of(one, `${one}_stock_count`)),
}
const ROAD_PASSENGERS = ['private_car', 'taxi', 'ride_hailing', 'urban_bus', 'coach']
const TRUCKS = ['light_truck', 'medium_truck', 'heavy_truck', 'special_vehicle']
const shares = (id: string, classes: string[], what: 'sales' | 'stock'): MetricChart => ({
  id, room, kind: 'share', draw: 'line', palette: VEHICLES, names: 'transport.classes',
  parts: [...classes.map((one) => of(one, `${one}_nev_${what}_share`)), of('all', `nev_${what}_share`)],
  ...(what === 'sales' ? { asked: [{ metric: 'transport.nev_sales_share', over: ['all'] }] } : {}),
})
const urban: MetricChart = {
  id: 'urban', room, kind: 'passengers', draw: 'area', palette: TRIPS, names: 'transport.trips', modes: ['stacked', 'shares'],
  parts: [...['walk', 'bicycle', 'e_bike', 'bus', 'taxi', 'car', 'other'].map((mode) => of(mode, `urban_${mode}_pkm`)), of('metro', 'metro_pkm')],
}
const intercity: MetricChart = {
  id: 'intercity', room, kind: 'passengers', draw: 'area', palette: TRIPS, names: 'transport.trips', modes: ['stacked', 'shares'],
  parts: [of('hsr', 'hsr_pkm'), of('conventional_rail', 'conventional_rail_pkm'), of('coach', 'coach_pkm'), of('car', 'intercity_car_pkm'), of('air', 'air_pkm')],
}
const greenTravel: MetricChart = {
  id: 'green_travel', room, kind: 'share', draw: 'line', palette: READINGS, names: 'transport.green',
  parts: [of('third', 'public_motorised_share'), of('second', 'green_travel_without_ebike_share'), of('first', 'green_travel_share')],
  asked: [{ metric: 'transport.green_travel_share', over: ['first'] }],
}
const chargingLoad: MetricChart = {
  id: 'charging_load', room, kind: 'load', draw: 'line', palette: READINGS, names: 'transport.loads',
  parts: [of('first', 'charging_evening_peak_mw'), of('third', 'charging_controlled_highest_mw'), of('second', 'charging_highest_mw'), of('fourth', 'vehicle_to_grid_mw')],
}
const chargingEnergy: MetricChart = {
  id: 'charging_energy', room, kind: 'electricity', draw: 'area', palette: CHARGING, names: 'transport.places', modes: ['stacked', 'shares'],
  parts: Object.keys(CHARGING).map((one) => of(one, `charging_${one}_mwh`)),
}
const shorePower: MetricChart = {
  id: 'shore_power', room, kind: 'electricity', draw: 'line', palette: READINGS, names: 'transport.berths',
  parts: [of('sixth', 'berth_electricity_mwh'), of('first', 'shore_power_mwh')],
}
const ports: MetricChart = {
  id: 'ports', room, kind: 'share', draw: 'line', palette: READINGS, names: 'transport.port_shares',
  parts: [of('second', 'port_clean_energy_share'), of('third', 'container_handling_electric_share'), of('first', 'port_bulk_rail_water_share')],
  asked: [{ metric: 'transport.port_clean_energy_share', over: ['second'] }, { metric: 'transport.port_bulk_rail_water_share', over: ['first'] }],
}
const energy: MetricChart = {
  id: 'energy', room, kind: 'energy', draw: 'area', palette: CARRIERS, names: 'transport.carriers', modes: ['stacked', 'shares'],
  parts: [
    of('oil', 'oil_gj'), of('gas', 'natural_gas_gj'), { ...of('electricity', 'electricity_mwh'), factor: GJ_PER_MWH }, of('biomass', 'biomass_gj'),
    of('methanol', 'methanol_gj'), of('hydrogen', 'hydrogen_gj'),
  ],
}
const co2: MetricChart = { id: 'co2', room, kind: 'co2', draw: 'line', palette: READINGS, parts: [of('first', 'energy_tco2')] }
const co2Intensity: MetricChart = {
  id: 'co2_intensity', room, kind: 'co2PerTkm', draw: 'line', palette: READINGS, names: 'transport.intensities',
  parts: [
    of('third', 'ship_co2_intensity_gco2_per_tkm'), of('second', 'truck_co2_intensity_gco2_per_tkm'), of('first', 'co2_per_converted_turnover_gco2_per_tkm'),
  ],
  asked: [
    { metric: 'transport.co2_per_converted_turnover_gco2_per_tkm', over: ['first'] }, { metric: 'transport.truck_co2_intensity_gco2_per_tkm', over: ['second'] },
    { metric: 'transport.ship_co2_intensity_gco2_per_tkm', over: ['third'] },
  ],
}

export const CARDS: [name: string, charts: MetricChart[]][] = [
  ['freight', [freight, ...CARGO.map((kind) => freightOf(`freight_${kind}`, [kind]))]],
  ['fleet', [fleet, sales, fleetByClass]],
  ['passengers', [urban, intercity, greenTravel]],
  ['nev_shares', [shares('nev_sales_passenger', ROAD_PASSENGERS, 'sales'), shares('nev_sales_truck', TRUCKS, 'sales'), shares('nev_stock_passenger', ROAD_PASSENGERS, 'stock'), shares('nev_stock_truck', TRUCKS, 'stock')]],
  ['charging', [chargingLoad, chargingEnergy, shorePower, ports]],
  ['transport_energy', [energy, co2, co2Intensity]],
]
