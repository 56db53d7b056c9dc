// Electricity: generation, the days of the peaks, peak load over the years. Pure functions.
import type { power, projection } from '../api/contracts'
import type { Plot, Series } from '../charts/plot'
import { CAUSES, colourOf, GROUPS, LOADS, TOTAL } from '../colours'
import type { Projection } from '../model/app'
import { dateText, fixed } from '../numbers'
import type { Context } from '../page'
import { largestOf, withUnit } from '../units'
import { addTo, ends, folded, layers, yearAxis } from './stacks'

const HOURS_A_DAY = 24
// Groups that are shown as one.
const TOGETHER: Record<string, string> = { biomass: 'bio', waste: 'bio' }
const FLOWS = ['unserved', 'surplus', 'storage_discharge', 'storage_charge', 'import']

export const together = (group: string): string => TOGETHER[group] ?? group
export function generationPlot(p: Projection, c: Context): Plot {
  const rows = new Map<string, number[]>()
  for (const t of p.power!.technologies) addTo(rows, together(t.group), t.energy_mwh)
  const series = layers(folded(rows, ['import']), GROUPS, 'groups', 'bar', c)
  const sum = p.years.map((_, i) => series.reduce((s, one) => s + one.values[i]!, 0))
  const q = c.quantity('electricity', largestOf(sum))
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series,
    sum: c.say('sum'),
    sentence: c.say('sentences.generation', { place: c.place, scenario: c.scenario, ...ends(p.years, sum, q) }),
  }
}

export const hourAxis = (c: Context): Pick<Plot, 'x' | 'xTitle' | 'xTick'> => ({
  x: Array.from({ length: HOURS_A_DAY }, (_, h) => c.say('hourTick', { hour: h })),
  xTitle: c.say('hourOf'),
  xTick: (i) => i % 4 === 0,
})
// Rows of a flat [name, hour] array by name.
export function byHour(ids: string[], flat: number[]): Map<string, number[]> {
  const rows = new Map<string, number[]>()
  ids.forEach((id, i) => addTo(rows, together(id), flat.slice(HOURS_A_DAY * i, HOURS_A_DAY * (i + 1))))
  return rows
}
function dayLayers(ids: string[], flat: number[], by: 'supply' | 'cause', kind: 'area' | 'bar', c: Context): Series[] {
  const rows = byHour(ids, flat)
  return by === 'supply' ? layers(folded(rows, FLOWS), GROUPS, 'groups', kind, c) : layers(folded(rows, []), CAUSES, 'causes', kind, c)
}

export function peakDayPlot(day: power.PeakDay, by: 'supply' | 'cause', c: Context): Plot {
  const [ids, flat] = by === 'supply' ? [day.groups, day.supply_mw] : [day.causes, day.load_by_cause_mw]
  const q = c.quantity('load', largestOf(day.load_mw))
  const series = dayLayers(ids, flat, by, 'bar', c)
  const hour = day.peak_hour - day.first_hour
  const load = day.load_mw[hour]!
  const largest = [...series].sort((a, b) => b.values[hour]! - a.values[hour]!).slice(0, 3)
  const part = (s: Series) => c.say('sentences.part', { name: s.name, share: fixed((100 * s.values[hour]!) / load, 0) })
  const value = withUnit(load, q)
  return {
    ...hourAxis(c),
    quantity: q,
    series: [...series, { id: 'load', name: c.say('load'), colour: TOTAL, values: day.load_mw, kind: 'line' }],
    peak: { at: hour, value: load, text: `${c.say('peakShort')} ${c.say('hourTick', { hour })} · ${value}` },
    sentence: c.say('sentences.peakDay', {
      date: `${day.year}, ${dateText(day.first_hour, c.language)}`, hour, value, parts: largest.map(part).join(c.language === 'zh' ? '、' : ', '),
    }),
  }
}

// The year's highest load in both seasons and net of wind and PV; the comparison's highest where one is given.
export function peakLoadPlot(p: Projection, c: Context, compared?: Projection): Plot {
  const { summer_mw: summer, winter_mw: winter, net_peak_mw: net, peak_load_mw: highest } = p.peak_load!
  const others = compared?.peak_load?.peak_load_mw
  const q = c.quantity('load', largestOf(highest, others ?? []))
  const at = p.years.indexOf(c.year)
  const line = (id: string, name: string, values: number[], dash?: Series['dash']): Series => ({
    id, name, colour: LOADS[id]!, values, kind: 'line', ...(dash ? { dash } : {}),
  })
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series: [
      ...(others ? [line('compared', c.compared, others, 'dotted')] : []),
      line('net', c.say('netPeak'), net, 'dashed'),
      line('winter', c.say('winter'), winter),
      line('summer', c.say('summer'), summer),
    ],
    ...(at < 0 ? {} : { peak: { at, value: highest[at]!, text: `${c.year} · ${withUnit(highest[at], q)}` } }),
    sentence: c.say('sentences.load', { place: c.place, scenario: c.scenario, ...ends(p.years, highest, q) }),
  }
}

export function cityLoadPlot(p: Projection, city: projection.CityAccount, c: Context): Plot {
  const q = c.quantity('load', largestOf(city.peak_load_mw))
  return {
    ...yearAxis(p.years, c),
    quantity: q,
    series: [{ id: 'load', name: c.say('peakLoad'), colour: colourOf(CAUSES, 'cooling'), values: city.peak_load_mw, kind: 'line' }],
    sentence: c.say('sentences.load', { place: c.place, scenario: c.scenario, ...ends(p.years, city.peak_load_mw, q) }),
  }
}
