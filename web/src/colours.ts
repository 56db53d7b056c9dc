// Series colours, keyed by id, in stack order from the bottom. One file for charts, swatches, tables, tiles and pictures.
export type Palette = Record<string, string>
export const SECTORS: Palette = { industry: '#708298', power: '#CF8427', buildings: '#225DAE', transport: '#3AA980', other: '#D3C1EE' }
export const GROUPS: Palette = {
  nuclear: '#8F4CB5', coal: '#262626', offgas: '#727C86', gas: '#D9934C', bio: '#5B6C18', hydro: '#214077', import: '#B9C5CE',
  wind: '#379BD8', onshore_wind: '#379BD8', offshore_wind: '#1C6678', solar: '#E3B62B', utility_pv: '#E3B62B', rooftop_pv: '#FBEB94',
  pumped_storage: '#2A1190', battery: '#E655B2', long_storage: '#A86F9B', demand_response: '#A9E5C7', other: '#8A94A3',
  storage_discharge: '#E655B2', storage_charge: '#F3B4DC', unserved: '#D2112C', surplus: '#E1E5EA', curtailed: '#9AA5B1',
}
export const CAUSES: Palette = {
  industry: '#708298', agriculture_construction: '#AEB8C2', lighting_appliances: '#F2D23E', cooking: '#C9A227', cooling: '#2492E0',
  space_heating: '#B8431A', hot_water: '#F5AA72', ev_charging: '#0F7A69', other_transport: '#023F42', data_centres: '#854CB3',
  heat: '#C2477F', losses: '#E1E5EA', plant_own_use: '#D0D5DC', other: '#D3C1EE',
}
export const POWERTRAINS: Palette = {
  diesel: '#262626', gasoline: '#6B7280', gas: '#C27A3F', hybrid: '#EBD27A', plug_in_hybrid: '#8FC1E8', battery: '#225DAE', fuel_cell: '#A9E5C7',
}
export const MODES: Palette = {
  road: '#5C4A3A', rail: '#4A90D9', water: '#8FD0B0', inland_water: '#8FD0B0', coastal: '#14506B', ocean: '#0B2E3F', air: '#D3C1EE', pipeline: '#8A94A3',
}
export const STANDARDS: Palette = {
  none: '#4B5563', s50: '#B06A3B', s65: '#F2D98A', s75: '#5DB08A', near_zero: '#0E4C8A', retrofitted: '#A9CCEB',
}
export const CARRIERS: Palette = {
  coal: '#262626', oil: '#6E4420', gas: '#D9934C', heat: '#C2477F', electricity: '#E3B62B', biomass: '#5B6C18', methanol: '#C8B6E2', hydrogen: '#A9E5C7',
  import: '#B9C5CE', wind: '#379BD8', solar: '#FBEB94', hydro: '#214077', nuclear: '#8F4CB5',
}
// What makes useful heat, from the bottom.
export const HEATING: Palette = {
  air_source: '#4A90D9', ground_source: '#214077', district: '#C2477F', gas: '#D9934C', resistance: '#F2D23E', solid_fuel: '#262626',
}
export const ROOFS: Palette = { factory: '#708298', public: '#225DAE', urban_residential: '#E3B62B', rural_residential: '#5DB08A', beyond_roofs: '#D3C1EE' }
// Floor area that comes and goes.
export const AREA_FLOWS: Palette = { residential: '#225DAE', public: '#8FC1E8', factory: '#C9A227', demolished: '#8A94A3', retrofit: '#B42318' }
// Lines of building types, of vehicle classes, of one quantity in several readings.
export const BUILDING_TYPES: Palette = {
  hospital: '#B8431A', commerce: '#D9934C', hotel: '#C2477F', government_office: '#8F4CB5', office: '#225DAE', other_public: '#727C86', school: '#2E8B6A',
  all: '#111827', heating: '#B8431A', cooling: '#2492E0', useful_heat: '#C2477F',
}
export const VEHICLES: Palette = {
  all: '#111827', private_car: '#225DAE', taxi: '#B08900', ride_hailing: '#C2477F', urban_bus: '#2E8B6A', coach: '#854CB3', light_truck: '#4A90D9',
  medium_truck: '#D9934C', heavy_truck: '#5C4A3A', special_vehicle: '#727C86',
}
export const READINGS: Palette = { first: '#0B4F9E', second: '#B8431A', third: '#2E8B6A', fourth: '#854CB3', fifth: '#B08900', sixth: '#727C86' }
export const TRIPS: Palette = {
  walk: '#A9E5C7', bicycle: '#3AA980', e_bike: '#14506B', metro: '#B99BE0', bus: '#4A90D9', hsr: '#4A90D9', conventional_rail: '#214077', coach: '#E3B62B', taxi: '#F2D23E',
  car: '#5C4A3A', air: '#D3C1EE', other: '#AEB8C2',
}
export const CHARGING: Palette = { home: '#0F7A69', work: '#A9E5C7', public: '#225DAE', fleet: '#8FC1E8', depot: '#5C4A3A', truck_fast: '#D9934C' }
export const COSTS: Palette = {
  investment: '#225DAE', fixed_om: '#8FC1E8', fuel: '#262626', variable_om: '#8A94A3', start: '#C9A227', import: '#B9C5CE', carbon: '#CF8427',
  interruption: '#A9E5C7', unserved: '#D2112C', other: '#D3C1EE',
}
// Loads of the grid and what they are held against; the comparison's are of the same hue, lighter.
export const LOADS: Palette = { load: '#111827', net: '#0B4F9E', firm: '#A11D14', summer: '#B8431A', winter: '#2492E0', compared: '#6B7280', compared_net: '#6FA6DD' }
// Parts of a difference: shades of the sector's colour by the owner of the levers; what no one lever makes is grey.
export const PARTS: Record<string, string[]> = {
  industry: ['#708298', '#AEB8C2', '#4B5563', '#D0D5DC'],
  power: ['#CF8427', '#F2CF9A', '#8C4A12', '#DD9640'],
  buildings: ['#225DAE', '#A9CCEB', '#12365F', '#6FA6DD'],
  transport: ['#3AA980', '#A9E5C7', '#0F7A69', '#8FD0B0'],
  drivers: ['#854CB3', '#D3C1EE', '#5B2F94', '#A86F9B'],
}
export const OTHER_PARTS = '#F2D98A'
export const INTERACTION = '#C4CAD3'
export const SEQUENTIAL = ['#EAF2FB', '#BBD6F0', '#7FB2E0', '#1F5C9C', '#12365F']
export const DIVERGING = ['#174E87', '#6FA6DD', '#A9CCEB', '#F5F5F5', '#F2CF9A', '#DD9640', '#8C4A12'] // from fall to rise
export const SINK = '#4F5B1F'
export const TOTAL = '#111827'
export const WITH_IMPORTS = '#6B7280'
export const WITH_PROCESS = '#8A4FA0'
export const MARKER = '#8F1B12'
export const PIN = '#B42318'
export const TARGET_LINE = '#475467'
const UNKNOWN = '#D3C1EE'

export const colourOf = (palette: Palette, id: string): string => palette[id] ?? UNKNOWN
export function inOrder(ids: string[], palette: Record<string, unknown>): string[] {
  const known = Object.keys(palette)
  const rank = (id: string) => (known.includes(id) ? known.indexOf(id) : known.length)
  return [...ids].sort((a, b) => rank(a) - rank(b))
}
