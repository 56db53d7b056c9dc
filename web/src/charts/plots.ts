// View models: from a projection to the plots of the page. Pure functions; values stay in the contract's units.
import type { CarbonPeak, CityAccount, PeakDay, Projection } from '../api'
import { CAUSES, GROUPS, inOrder, SECTORS, TOTAL, WITH_IMPORTS, WITH_PROCESS } from '../colours'
import type { Language } from '../i18n'
import { dateText, fixed, quantityOf, withUnit, type Quantity } from '../numbers'
import type { Mark, Plot, Series } from './model'

export type Say = (key: string, words?: Record<string, unknown>) => string
export interface Context {
  say: Say
  language: Language
  place: string
  scenario: string
  year: number
}

const HOURS_A_DAY = 24
const FOLD_SHARE = 0.02
const plus = (a: number[], b: number[]) => a.map((v, i) => v + (b[i] ?? 0))
const colourOf = (palette: Record<string, string>, id: string) => palette[id] ?? '#D3C1EE'
const yearAxis = (p: Projection, { say }: Context) => ({
  x: p.years.map(String),
  xTitle: say('year'),
  xTick: (i: number) => p.years[i]! % 5 === 0,
})

export function peakWords(peak: CarbonPeak, last: number, q: Quantity, say: Say): string {
  if (!peak.in_span) return say('noPeak', { year: last })
  const plateau = say('plateau', { first: peak.plateau_first_year, last: peak.plateau_last_year })
  return say('sentences.peak', { year: peak.year, value: withUnit(peak.level_tco2, q), plateau })
}

function peakMark(peak: CarbonPeak, p: Projection, q: Quantity, say: Say): Pick<Plot, 'peak' | 'plateau'> {
  if (!peak.in_span) return {}
  const at = (year: number) => p.years.indexOf(year)
  const mark: Mark = { at: at(peak.year), value: peak.level_tco2, text: `${say('carbonPeak')} ${peak.year} · ${withUnit(peak.level_tco2, q)}` }
  return { peak: mark, plateau: { first: at(peak.plateau_first_year), last: at(peak.plateau_last_year), value: peak.level_tco2 } }
}

const ends = (p: Projection, values: number[], q: Quantity) => ({
  y0: p.years[0],
  v0: withUnit(values[0], q),
  y1: p.years[p.years.length - 1],
  v1: withUnit(values[values.length - 1], q),
})

// The year by which the documents ask the place to peak, when one of them does.
function peakTarget(p: Projection, place: string, say: Say): Plot['limit'] {
  const asked = p.targets.find((t) => t.form === 'peak_year' && t.place === place)?.asked
  const at = asked === undefined ? -1 : p.years.indexOf(asked)
  return at < 0 ? undefined : { at, text: say('beforeTarget', { year: asked }) }
}

export function co2Plot(p: Projection, c: Context): Plot {
  const q = quantityOf('co2', c.language)
  const of = new Map(p.sectors.map((s) => [s.sector, s]))
  const areas = inOrder([...of.keys()], SECTORS).map((id): Series => ({
    id, name: of.get(id)!.label[c.language], colour: colourOf(SECTORS, id), values: of.get(id)!.direct_tco2, kind: 'area',
  }))
  const { territorial_tco2: total, imported_power_tco2: imported, process_tco2: process } = p.account
  const peak = p.carbon_peaks[0]!
  return {
    ...yearAxis(p, c),
    ...peakMark(peak, p, q, c.say),
    limit: peakTarget(p, p.frame.region, c.say),
    quantity: q,
    series: [
      ...areas,
      { id: 'with_process', name: c.say('withProcess'), colour: WITH_PROCESS, values: plus(total, process), kind: 'line', dash: 'dotted' },
      { id: 'with_imports', name: c.say('withImports'), colour: WITH_IMPORTS, values: plus(total, imported), kind: 'line', dash: 'dashed' },
      { id: 'total', name: c.say('total'), colour: TOTAL, values: total, kind: 'line' },
    ],
    sentence: c.say('sentences.co2', { place: c.place, scenario: c.scenario, peak: peakWords(peak, p.years[p.years.length - 1]!, q, c.say), ...ends(p, total, q) }),
  }
}

export function cityCo2Plot(p: Projection, city: CityAccount, c: Context): Plot {
  const q = quantityOf('cityCo2', c.language)
  const values = city.territorial_tco2
  return {
    ...yearAxis(p, c),
    ...peakMark(city.carbon_peak, p, q, c.say),
    limit: peakTarget(p, city.place, c.say),
    quantity: q,
    series: [{ id: 'total', name: c.say('co2CityLine'), colour: TOTAL, values, kind: 'line' }],
    sentence: c.say('sentences.co2', { place: c.place, scenario: c.scenario, peak: peakWords(city.carbon_peak, p.years[p.years.length - 1]!, q, c.say), ...ends(p, values, q) }),
  }
}

export function peakLoadPlot(p: Projection, c: Context): Plot {
  const q = quantityOf('load', c.language)
  const { summer_mw: summer, winter_mw: winter, net_peak_mw: net, peak_load_mw: highest } = p.peak_load
  const at = p.years.indexOf(c.year)
  return {
    ...yearAxis(p, c),
    quantity: q,
    series: [
      { id: 'net', name: c.say('netPeak'), colour: WITH_IMPORTS, values: net, kind: 'line', dash: 'dashed' },
      { id: 'winter', name: c.say('winter'), colour: colourOf(CAUSES, 'cooling'), values: winter, kind: 'line' },
      { id: 'summer', name: c.say('summer'), colour: colourOf(CAUSES, 'space_heating'), values: summer, kind: 'line' },
    ],
    peak: { at, value: highest[at]!, text: `${c.year} · ${withUnit(highest[at], q)}` },
    sentence: c.say('sentences.load', { place: c.place, scenario: c.scenario, ...ends(p, highest, q) }),
  }
}

export function cityLoadPlot(p: Projection, city: CityAccount, c: Context): Plot {
  const q = quantityOf('load', c.language)
  return {
    ...yearAxis(p, c),
    quantity: q,
    series: [{ id: 'load', name: c.say('peakLoad'), colour: colourOf(CAUSES, 'cooling'), values: city.peak_load_mw, kind: 'line' }],
    sentence: c.say('sentences.load', { place: c.place, scenario: c.scenario, ...ends(p, city.peak_load_mw, q) }),
  }
}

// Thin layers cannot be told apart: groups that never reach the share of the sum are folded into one.
const FOLDED: Record<string, string> = { biomass: 'bio', waste: 'bio' }
function folded(rows: Map<string, number[]>, always: string[]): Map<string, number[]> {
  const count = Math.max(0, ...[...rows.values()].map((v) => v.length))
  const sum = Array.from({ length: count }, (_, i) => [...rows.values()].reduce((s, v) => s + Math.max(0, v[i]!), 0))
  const thin = [...rows].filter(([id, v]) => !always.includes(id) && v.every((one, i) => Math.abs(one) < FOLD_SHARE * sum[i]!)).map(([id]) => id)
  if (thin.length < 2) return rows
  const kept = new Map<string, number[]>()
  for (const [id, values] of rows) addTo(kept, thin.includes(id) ? 'other' : id, values)
  return kept
}
function addTo(rows: Map<string, number[]>, id: string, values: number[]): void {
  const have = rows.get(id)
  rows.set(id, have ? plus(have, values) : values)
}

function layers(rows: Map<string, number[]>, palette: Record<string, string>, words: string, kind: 'area' | 'bar', { say }: Context): Series[] {
  return inOrder([...rows.keys()], palette)
    .filter((id) => rows.get(id)!.some((v) => Math.abs(v) > 1e-6))
    .map((id) => ({ id, name: say(`${words}.${id}`), colour: colourOf(palette, id), values: rows.get(id)!, kind }))
}

export function generationPlot(p: Projection, c: Context): Plot {
  const q = quantityOf('energy', c.language)
  const rows = new Map<string, number[]>()
  for (const t of p.power.technologies) addTo(rows, FOLDED[t.group] ?? t.group, t.energy_mwh)
  const series = layers(folded(rows, ['import']), GROUPS, 'groups', 'bar', c)
  const sum = p.years.map((_, i) => series.reduce((s, one) => s + one.values[i]!, 0))
  return {
    ...yearAxis(p, c),
    quantity: q,
    series,
    sum: c.say('sum'),
    sentence: c.say('sentences.generation', { place: c.place, scenario: c.scenario, ...ends(p, sum, q) }),
  }
}

export function peakDayPlot(day: PeakDay, by: 'supply' | 'cause', c: Context): Plot {
  const q = quantityOf('load', c.language)
  const [ids, flat] = by === 'supply' ? [day.groups, day.supply_mw] : [day.causes, day.load_by_cause_mw]
  const rows = new Map<string, number[]>()
  ids.forEach((id, i) => addTo(rows, by === 'supply' ? (FOLDED[id] ?? id) : id, flat.slice(HOURS_A_DAY * i, HOURS_A_DAY * (i + 1))))
  const series =
    by === 'supply'
      ? layers(folded(rows, ['unserved', 'surplus', 'storage_discharge', 'storage_charge', 'import']), GROUPS, 'groups', 'bar', c)
      : layers(folded(rows, []), CAUSES, 'causes', 'bar', c)
  const hour = day.peak_hour - day.first_hour
  const load = day.load_mw[hour]!
  const largest = [...series].sort((a, b) => b.values[hour]! - a.values[hour]!).slice(0, 3)
  const part = (s: Series) => c.say('sentences.part', { name: s.name, share: fixed((100 * s.values[hour]!) / load, 0) })
  const value = withUnit(load, q)
  return {
    x: Array.from({ length: HOURS_A_DAY }, (_, h) => c.say('hourTick', { hour: h })),
    xTitle: c.say('hourOf'),
    xTick: (i) => i % 4 === 0,
    quantity: q,
    series: [...series, { id: 'load', name: c.say('load'), colour: TOTAL, values: day.load_mw, kind: 'line' }],
    peak: { at: hour, value: load, text: `${c.say('peakShort')} ${c.say('hourTick', { hour })} · ${value}` },
    sentence: c.say('sentences.peakDay', {
      date: `${day.year}, ${dateText(day.first_hour, c.language)}`, hour, value, parts: largest.map(part).join(c.language === 'zh' ? '、' : ', '),
    }),
  }
}
