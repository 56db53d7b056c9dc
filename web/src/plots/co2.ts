// CO2 of the region or of one city: by sector, as a total, per GDP and person, cumulated, by boundary. Pure functions;
// values stay in the contract's units.
import type { projection } from '../api/contracts'
import type { BandLines, Plot, Series, TipRow } from '../charts/plot'
import { colourOf, inOrder, SECTORS, SINK, TOTAL, WITH_IMPORTS, WITH_PROCESS } from '../colours'
import type { Projection } from '../model/app'
import type { Band } from '../model/band'
import type { LeverEntry } from '../model/scenario'
import type { Co2View } from '../model/session'
import type { Context } from '../page'
import { differenceText, largestOf, valueText, type Kind, type Quantity } from '../units'
import { ends, metricValues, peakMark, peakTarget, peakWords, plus, yearAxis } from './stacks'

export const PER_GDP = 'account.co2_per_gdp_tco2_per_million_cny'
export const POPULATION = 'industry.population_count'
interface Co2Extras {
  compared?: Projection | undefined
  band?: Band | undefined
  observedYear?: number | undefined // last year that most levers know from statistics
  wide?: boolean // room for the plateau's years beside the peak
}

// The last year with statistics for most levers that have any.
export function lastObservedYear(levers: readonly LeverEntry[]): number | undefined {
  const counts = new Map<number, number>()
  for (const { lever } of levers) if (lever.last_observed_year) counts.set(lever.last_observed_year, (counts.get(lever.last_observed_year) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

const observedLine = (p: Projection, year: number | undefined, { say }: Context): Pick<Plot, 'observed'> => {
  const at = year === undefined ? -1 : p.years.indexOf(year)
  return at > 0 ? { observed: { at, text: say('pathway.observed') } } : {}
}
const comparedLine = (name: string, values: number[]): Series => ({ id: 'compared', name, colour: WITH_IMPORTS, values, kind: 'line', dash: 'dashed', halo: true })
const totalLine = (name: string, values: number[]): Series => ({ id: 'total', name, colour: TOTAL, values, kind: 'line' })

// The band on the years of the chart; none when its years do not cover them.
function bandLines(band: Band | undefined, years: number[], filled: boolean, { say }: Context): BandLines | undefined {
  if (!band) return undefined
  const at = years.map((year) => band.years.indexOf(year))
  const of = (values: number[]) => at.map((i) => (i < 0 ? NaN : values[i]!))
  return { name: say('pathway.band'), filled, p10: of(band.p10), p25: of(band.p25), p50: of(band.p50), p75: of(band.p75), p90: of(band.p90) }
}
function peakSpan(band: Band | undefined, years: number[]): Pick<Plot, 'span'> {
  const { p10, p90 } = band?.peakYears ?? { p10: NaN, p90: NaN }
  const [first, last] = [years.indexOf(Math.round(p10)), years.indexOf(Math.round(p90))]
  return first >= 0 && last >= first ? { span: { first, last } } : {}
}
function tipRows(own: number[], other: number[] | undefined, band: BandLines | undefined, q: Quantity, c: Context): Plot['tipRows'] {
  const difference = (i: number): TipRow[] => (other ? [{ name: c.say('pathway.lessCompared', { name: c.compared }), text: differenceText(own[i]! - other[i]!, { ...q, unit: '' }, '').trim() }] : [])
  const spread = (i: number): TipRow[] => (band && Number.isFinite(band.p10[i]) ? [{ name: band.name, text: `${valueText(band.p10[i], q)}–${valueText(band.p90[i], q)}` }] : [])
  return (i) => [...difference(i), ...spread(i)]
}
const totalSentence = (p: Projection, values: number[], q: Quantity, c: Context): string =>
  c.say('sentences.co2', { place: c.place, scenario: c.scenario, peak: peakWords(p.carbon_peaks[0]!, p.years[p.years.length - 1]!, q, c), ...ends(p.years, values, q) })

function peakWithPlateau(p: Projection, q: Quantity, c: Context, wide = false): Pick<Plot, 'peak' | 'plateau'> {
  const { plateau_first_year: first, plateau_last_year: last } = p.carbon_peaks[0]!
  const { peak, plateau } = peakMark(p.carbon_peaks[0]!, p.years, q, c)
  if (!peak || !plateau) return {}
  return { plateau, peak: wide && last > first ? { ...peak, text: `${peak.text} · ${c.say('plateau', { first, last })}` } : peak }
}
// What stands on the total's level: the peak, its plateau, the target year, the ensemble.
function frameOf(p: Projection, q: Quantity, c: Context, extras: Co2Extras, filled: boolean) {
  const band = bandLines(extras.band, p.years, filled, c)
  const total = p.account.territorial_tco2
  return {
    ...yearAxis(p.years, c),
    ...peakWithPlateau(p, q, c, extras.wide),
    ...peakSpan(extras.band, p.years),
    ...observedLine(p, extras.observedYear, c),
    limit: peakTarget(p, p.frame.region, c),
    ...(band ? { band } : {}),
    tipRows: tipRows(total, extras.compared?.account.territorial_tco2, band, q, c),
    quantity: q,
    sentence: totalSentence(p, total, q, c),
  }
}

// Layers by sector from the palette's bottom up; sinks below zero; the total and what it is compared with as lines.
export function co2Plot(p: Projection, c: Context, compared?: Projection, extras: Co2Extras = {}): Plot {
  const { territorial_tco2: total, sink_tco2: sinks } = p.account
  const q = c.quantity('co2', largestOf(total))
  const of = new Map(p.sectors.map((s) => [s.sector, s]))
  const areas = inOrder([...of.keys()], SECTORS).map((id): Series => ({
    id, name: of.get(id)!.label[c.language], colour: colourOf(SECTORS, id), values: of.get(id)!.direct_tco2, kind: 'area',
  }))
  const below: Series[] = sinks.some((v) => v > 0) ? [{ id: 'sinks', name: c.say('pathway.sinks'), colour: SINK, values: sinks.map((v) => -v), kind: 'area', hatched: true }] : []
  return {
    ...frameOf(p, q, c, { ...extras, compared }, false),
    series: [...areas, ...below, ...(compared ? [comparedLine(c.compared, compared.account.territorial_tco2)] : []), totalLine(c.say('total'), total)],
  }
}
function totalPlot(p: Projection, c: Context, extras: Co2Extras): Plot {
  const total = p.account.territorial_tco2
  const other = extras.compared?.account.territorial_tco2
  const q = c.quantity('co2', largestOf(total))
  return { ...frameOf(p, q, c, extras, true), series: [...(other ? [comparedLine(c.compared, other)] : []), totalLine(c.say('total'), total)] }
}

// One line and the compared one, without the marks of the total.
function linePlot(p: Projection, kind: Kind, of: (one: Projection) => number[] | undefined, name: string, c: Context, extras: Co2Extras): Plot | undefined {
  const values = of(p)
  if (!values?.length) return undefined
  const other = extras.compared && of(extras.compared)
  const q = c.quantity(kind, largestOf(values))
  return {
    ...yearAxis(p.years, c),
    ...observedLine(p, extras.observedYear, c),
    quantity: q,
    tipRows: tipRows(values, other, undefined, q, c),
    series: [...(other?.length ? [comparedLine(c.compared, other)] : []), totalLine(name, values)],
    sentence: c.say('pathway.lineSentence', { place: c.place, scenario: c.scenario, name, ...ends(p.years, values, q) }),
  }
}
export function cumulated(values: readonly number[]): number[] {
  let sum = 0
  return values.map((v) => (sum += v))
}
function perPerson(p: Projection): number[] | undefined {
  const people = metricValues(p, POPULATION)
  return people?.length ? p.account.territorial_tco2.map((v, i) => v / people[i]!) : undefined
}

// The boundaries that a peak may be told in, with the headline's mark; what sinks take off ends at the net.
function boundaryPlot(p: Projection, c: Context, extras: Co2Extras): Plot {
  const { territorial_tco2: total, imported_power_tco2: imported, process_tco2: process, sink_tco2: sinks } = p.account
  const all = plus(plus(total, imported), process)
  const q = c.quantity('co2', largestOf(all))
  const line = (id: string, name: string, colour: string, values: number[], dash?: 'dashed' | 'dotted'): Series => ({ id, name, colour, values, kind: 'line', ...(dash ? { dash } : {}) })
  return {
    ...frameOf(p, q, c, { ...extras, compared: undefined, band: undefined }, true),
    series: [
      line('all', c.say('pathway.withBoth'), colourOf(SECTORS, 'buildings'), all),
      line('net', c.say('pathway.net'), SINK, all.map((v, i) => v - (sinks[i] ?? 0)), 'dotted'),
      line('with_process', c.say('withProcess'), WITH_PROCESS, plus(total, process), 'dotted'),
      line('with_imports', c.say('withImports'), WITH_IMPORTS, plus(total, imported), 'dashed'),
      totalLine(c.say('total'), total),
    ],
  }
}

// A view of the region's CO2; undefined when the answer on show does not hold what it needs.
export function co2PlotOf(view: Co2View, p: Projection, c: Context, extras: Co2Extras): Plot | undefined {
  switch (view) {
    case 'stacked': return co2Plot(p, c, extras.compared, extras)
    case 'total': return totalPlot(p, c, extras)
    case 'per_gdp': return linePlot(p, 'co2PerGdp', (one) => metricValues(one, PER_GDP), c.say('pathway.perGdpLine'), c, extras)
    case 'per_person': return linePlot(p, 'co2PerPerson', perPerson, c.say('pathway.perPersonLine'), c, extras)
    case 'cumulative': return linePlot(p, 'co2', (one) => cumulated(one.account.territorial_tco2), c.say('pathway.cumulativeLine', { year: p.years[0] }), c, extras)
    case 'boundary': return boundaryPlot(p, c, extras)
  }
}

export function cityCo2Plot(p: Projection, city: projection.CityAccount, c: Context, other?: projection.CityAccount): Plot {
  const values = city.territorial_tco2
  const q = c.quantity('co2', largestOf(values))
  const peak = city.carbon_peak
  return {
    ...yearAxis(p.years, c),
    ...peakMark(peak, p.years, q, c),
    limit: peakTarget(p, city.place, c),
    quantity: q,
    tipRows: tipRows(values, other?.territorial_tco2, undefined, q, c),
    series: [...(other ? [comparedLine(c.compared, other.territorial_tco2)] : []), totalLine(c.say('co2CityLine'), values)],
    sentence: c.say('sentences.co2', { place: c.place, scenario: c.scenario, peak: peakWords(peak, p.years[p.years.length - 1]!, q, c), ...ends(p.years, values, q) }),
  }
}
