import type { PeakDay, Projection } from '../api'
import { CAUSES, GROUPS, inOrder, SECTORS } from '../colours'
import { energyOf, loadOf } from '../format'
import type { Language } from '../i18n'
import type { Plot, Series } from './base'

type Say = (key: string) => string
const MT = 1e6
const mt = (values: number[]) => values.map((v) => v / MT)
const plus = (a: number[], b: number[]) => a.map((v, i) => v + b[i]!)

export function co2Plot(p: Projection, language: Language, say: Say): Plot {
  const by = new Map(p.sectors.map((s) => [s.sector, s]))
  const areas: Series[] = inOrder([...by.keys()], SECTORS).map((id) => {
    const sector = by.get(id)!
    return { name: sector.label[language], colour: SECTORS[id] ?? '#D3C1EE', values: mt(sector.direct_tco2), kind: 'area' }
  })
  const a = p.account
  const imports = plus(a.territorial_tco2, a.imported_power_tco2)
  const peak = p.carbon_peaks[0]!
  const total = mt(a.territorial_tco2)
  return {
    x: p.years,
    unit: say('co2Unit'),
    digits: 0,
    series: [
      ...areas,
      { name: say('withImports'), colour: '#6B7280', values: mt(imports), kind: 'line', dashed: true },
      { name: say('withProcess'), colour: '#C2477F', values: mt(plus(a.territorial_tco2, a.process_tco2)), kind: 'line', dashed: true },
      { name: say('territorial'), colour: '#111827', values: total, kind: 'line' },
    ],
    mark: peak.in_span
      ? { at: p.years.indexOf(peak.year), value: peak.level_tco2 / MT, text: `${say('carbonPeak')} ${peak.year} · ${Math.round(peak.level_tco2 / MT)}` }
      : undefined,
  }
}

export function cityPlot(p: Projection, city: string, say: Say): Plot {
  const entry = p.cities.find((c) => c.place === city)!
  const peak = entry.carbon_peak
  return {
    x: p.years,
    unit: say('co2Unit'),
    digits: 1,
    series: [{ name: say('energyCo2'), colour: '#225DAE', values: mt(entry.territorial_tco2), kind: 'line' }],
    mark: peak.in_span
      ? { at: p.years.indexOf(peak.year), value: peak.level_tco2 / MT, text: `${say('carbonPeak')} ${peak.year} · ${(peak.level_tco2 / MT).toFixed(1)}` }
      : undefined,
  }
}

export function cityLoadPlot(p: Projection, city: string, language: Language, say: Say): Plot {
  const entry = p.cities.find((c) => c.place === city)!
  const values = entry.peak_load_mw.map((v) => loadOf(v, language))
  return { x: p.years, unit: say('mw'), digits: 1, series: [{ name: say('cityLoad'), colour: '#2492E0', values, kind: 'line' }] }
}

export function generationPlot(p: Projection, language: Language, say: Say): Plot {
  const groups = new Map<string, number[]>()
  for (const t of p.power.technologies) {
    const values = t.energy_mwh.map((v) => energyOf(v, language))
    groups.set(t.group, groups.has(t.group) ? plus(groups.get(t.group)!, values) : values)
  }
  const series: Series[] = inOrder([...groups.keys()], GROUPS)
    .filter((id) => groups.get(id)!.some((v) => v > 0))
    .map((id) => ({ name: say(`groups.${id}`), colour: GROUPS[id] ?? '#8A94A3', values: groups.get(id)!, kind: 'bar' }))
  return { x: p.years, unit: say('twh'), digits: 0, series }
}

export function peakLoadPlot(p: Projection, language: Language, say: Say): Plot {
  const line = (name: string, colour: string, mw: number[], dashed = false): Series => ({
    name, colour, dashed, values: mw.map((v) => loadOf(v, language)), kind: 'line',
  })
  const load = p.peak_load
  return {
    x: p.years,
    unit: say('mw'),
    digits: 0,
    series: [
      line(say('netPeak'), '#6B7280', load.net_peak_mw, true),
      line(say('winter'), '#2492E0', load.winter_mw),
      line(say('summer'), '#B8431A', load.summer_mw),
    ],
  }
}

export function peakDayPlot(day: PeakDay, kind: 'supply' | 'cause', language: Language, say: Say): Plot {
  const [ids, flat, palette, words] =
    kind === 'supply' ? [day.groups, day.supply_mw, GROUPS, 'groups'] : [day.causes, day.load_by_cause_mw, CAUSES, 'causes']
  const row = (id: string) => flat.slice(24 * ids.indexOf(id), 24 * ids.indexOf(id) + 24).map((v) => loadOf(v, language))
  const areas: Series[] = inOrder(ids, palette)
    .map((id): Series => ({ name: say(`${words}.${id}`), colour: palette[id] ?? '#8A94A3', values: row(id), kind: 'bar' }))
    .filter((s) => s.values.some((v) => Math.abs(v) > 1e-6))
  const load = day.load_mw.map((v) => loadOf(v, language))
  const hour = day.peak_hour - day.first_hour
  return {
    x: Array.from({ length: 24 }, (_, h) => `${h}`),
    unit: say('mw'),
    digits: 0,
    series: [...areas, { name: say('load'), colour: '#111827', values: load, kind: 'line' }],
    mark: { at: hour, value: load[hour]!, text: `${hour}${say('hour')} · ${Math.round(load[hour]!)}` },
  }
}
