// Series colours, keyed by id, in stack order from the bottom. One file for charts, swatches, tables and pictures.
export const SECTORS: Record<string, string> = { industry: '#708298', power: '#CF8427', buildings: '#225DAE', transport: '#3AA980' }
export const GROUPS: Record<string, string> = {
  nuclear: '#8F4CB5', coal: '#262626', offgas: '#727C86', gas: '#D9934C', bio: '#5B6C18', hydro: '#214077', import: '#B9C5CE',
  wind: '#379BD8', solar: '#E3B62B', other: '#8A94A3', storage_discharge: '#E655B2', storage_charge: '#F3B4DC',
  unserved: '#D2112C', surplus: '#E1E5EA',
}
export const CAUSES: Record<string, string> = {
  industry: '#708298', agriculture_construction: '#AEB8C2', lighting_appliances: '#F2D23E', cooking: '#C9A227', cooling: '#2492E0',
  space_heating: '#B8431A', hot_water: '#F5AA72', ev_charging: '#0F7A69', other_transport: '#023F42', data_centres: '#854CB3',
  heat: '#C2477F', losses: '#E1E5EA', plant_own_use: '#D0D5DC', other: '#D3C1EE',
}
export const TOTAL = '#111827'
export const WITH_IMPORTS = '#6B7280'
export const WITH_PROCESS = '#8A4FA0'
export const MARKER = '#8F1B12'
export const TARGET_LINE = '#475467'

export function inOrder(ids: string[], palette: Record<string, string>): string[] {
  const known = Object.keys(palette)
  const rank = (id: string) => (known.includes(id) ? known.indexOf(id) : known.length)
  return [...ids].sort((a, b) => rank(a) - rank(b))
}
