// What the buildings view draws, card by card.
import { AREA_FLOWS, BUILDING_TYPES, CAUSES, HEATING, READINGS, ROOFS, STANDARDS } from '../../colours'
import type { MetricChart, Part } from '../../plots/metrics'

const of = (id: string, ...metrics: string[]): Part => ({ id, metrics: metrics.map((m) => `buildings.${m}`) })
const room = 'buildings'
const USES = ['space_heating', 'cooling', 'hot_water', 'cooking', 'lighting_appliances']
const SYSTEMS = Object.keys(HEATING)
const TYPES = ['government_office', 'office', 'commerce', 'hotel', 'hospital', 'school', 'other_public']

const stock: MetricChart = {
  id: 'stock', room, kind: 'area', draw: 'area', palette: STANDARDS, names: 'buildings.standards', modes: ['stacked', 'shares'],
  parts: [
    of('none', 'stock_standard_none_floor_area_m2'), of('s50', 'stock_standard_50_floor_area_m2'), of('s65', 'stock_standard_65_floor_area_m2'),
    of('s75', 'stock_standard_75_floor_area_m2'), of('near_zero', 'stock_standard_ultra_low_floor_area_m2'), of('retrofitted', 'stock_retrofitted_floor_area_m2'),
  ],
}
const byType: MetricChart = {
  id: 'by_type', room, kind: 'area', draw: 'area', palette: { ...ROOFS }, names: 'buildings.classes', modes: ['stacked', 'shares'],
  parts: [of('public', 'public_floor_area_m2'), of('urban_residential', 'urban_residential_floor_area_m2'), of('rural_residential', 'rural_residential_floor_area_m2')],
}
const flows: MetricChart = {
  id: 'flows', room, kind: 'area', draw: 'bar', palette: AREA_FLOWS, names: 'buildings.flows', sum: 'buildings.netGrowth',
  parts: [
    of('residential', 'completed_residential_floor_area_m2'), of('public', 'completed_public_floor_area_m2'), of('factory', 'completed_factory_floor_area_m2'),
    { ...of('demolished', 'demolished_floor_area_m2'), below: true }, { ...of('retrofit', 'retrofit_area_m2'), line: true },
  ],
}
const retrofit: MetricChart = {
  id: 'retrofit', room, kind: 'area', draw: 'line', palette: READINGS, names: 'buildings.retrofits',
  parts: [of('first', 'retrofit_area_since_2021_m2')], asked: [{ metric: 'buildings.retrofit_area_m2', over: ['first'], cumulative: true }],
}
const finalEnergy: MetricChart = {
  id: 'final_energy', room, kind: 'energy', draw: 'area', palette: CAUSES, names: 'causes', modes: ['stacked', 'shares'],
  parts: USES.map((use) => of(use, `${use}_final_energy_gj`)),
}
const electricity: MetricChart = {
  id: 'electricity', room, kind: 'electricity', draw: 'area', palette: CAUSES, names: 'causes', modes: ['stacked', 'shares'],
  parts: USES.map((use) => of(use, `${use}_electricity_mwh`)),
}
const heat: MetricChart = {
  id: 'heat', room, kind: 'energy', draw: 'area', palette: HEATING, modes: ['stacked', 'shares'],
  parts: SYSTEMS.map((system) => of(system, `space_heating_${system}_useful_gj`)), names: 'buildings.systems',
}
const pv: MetricChart = {
  id: 'pv', room, kind: 'load', draw: 'area', palette: ROOFS, names: 'buildings.classes', modes: ['stacked', 'shares'],
  parts: Object.keys(ROOFS).map((roof) => of(roof, `rooftop_pv_${roof}_mw`)),
}
const pvCoverage: MetricChart = {
  id: 'pv_coverage', room, kind: 'share', draw: 'line', palette: READINGS, names: 'buildings.coverage',
  parts: [
    of('sixth', 'rooftop_pv_coverage_existing_share'), of('second', 'rooftop_pv_coverage_new_factory_share'), of('third', 'rooftop_pv_coverage_new_public_share'),
    of('first', 'rooftop_pv_coverage_new_public_factory_share'),
  ],
  asked: [{ metric: 'buildings.rooftop_pv_coverage_new_public_factory_share', over: ['first'] }],
}
const pvOutput: MetricChart = {
  id: 'pv_output', room, kind: 'electricity', draw: 'area', palette: READINGS, names: 'buildings.output', modes: ['stacked', 'shares'],
  parts: [of('first', 'rooftop_pv_self_used_mwh'), of('fifth', 'rooftop_pv_export_mwh')],
}
const intensity: MetricChart = {
  id: 'intensity', room, kind: 'perArea', draw: 'line', palette: BUILDING_TYPES, names: 'buildings.types',
  parts: [...TYPES.map((type) => of(type, `${type}_electricity_kwh_per_m2`)), of('all', 'public_electricity_kwh_per_m2')],
}
const dwellings: MetricChart = {
  id: 'dwellings', room, kind: 'perArea', draw: 'line', palette: BUILDING_TYPES, names: 'buildings.dwelling_uses',
  parts: [
    of('heating', 'urban_heating_electricity_kwh_per_m2'), of('cooling', 'urban_cooling_electricity_kwh_per_m2'), of('useful_heat', 'useful_heat_kwh_per_m2'),
    of('all', 'urban_residential_electricity_kwh_per_m2'),
  ],
}
const renewable: MetricChart = {
  id: 'renewable', room, kind: 'share', draw: 'line', palette: READINGS, names: 'buildings.renewables',
  parts: [of('third', 'renewable_utilisation_share'), of('second', 'renewable_substitution_with_air_share'), of('first', 'renewable_substitution_share')],
  asked: [{ metric: 'buildings.renewable_substitution_share', over: ['first'] }],
}
const newBuild: MetricChart = {
  id: 'new_build', room, kind: 'share', draw: 'line', palette: READINGS, names: 'buildings.quality',
  parts: [
    of('first', 'new_urban_residential_75_share'), of('second', 'prefabricated_new_starts_share'), of('third', 'ultra_low_new_share'),
    of('fourth', 'two_star_new_government_public_share'), of('fifth', 'saving_75_stock_share'),
  ],
  asked: [
    { metric: 'buildings.prefabricated_new_starts_share', over: ['second'] }, { metric: 'buildings.new_urban_residential_75_share', over: ['first'] },
    { metric: 'buildings.two_star_new_government_public_share', over: ['fourth'] },
  ],
}
const directCo2: MetricChart = { id: 'direct_co2', room, kind: 'co2', draw: 'line', palette: READINGS, parts: [of('first', 'energy_tco2')] }
const embodied: MetricChart = { id: 'embodied', room, kind: 'co2', draw: 'line', palette: READINGS, parts: [of('second', 'embodied_tco2')] }

export const CARDS: [name: string, charts: MetricChart[]][] = [
  ['building_stock', [stock, byType]],
  ['building_energy', [finalEnergy, electricity]],
  ['building_flows', [flows, retrofit]],
  ['building_heat', [heat, dwellings]],
  ['building_pv', [pv, pvCoverage, pvOutput]],
  ['building_intensity', [intensity, renewable, newBuild, directCo2, embodied]],
]
