// CO2 by sector, of the region or of one city. Pure functions; values stay in the contract's units.
import type { projection } from '../api/contracts'
import type { Plot, Series } from '../charts/plot'
import { colourOf, inOrder, SECTORS, TOTAL, WITH_IMPORTS, WITH_PROCESS } from '../colours'
import type { Projection } from '../model/app'
import type { Context } from '../page'
import { largestOf } from '../units'
import { ends, peakMark, peakTarget, peakWords, plus, yearAxis } from './stacks'

export function co2Plot(p: Projection, c: Context, compared?: Projection): Plot {
  const { territorial_tco2: total, imported_power_tco2: imported, process_tco2: process } = p.account
  const q = c.quantity('co2', largestOf(total))
  const of = new Map(p.sectors.map((s) => [s.sector, s]))
  const areas = inOrder([...of.keys()], SECTORS).map((id): Series => ({
    id, name: of.get(id)!.label![c.language], colour: colourOf(SECTORS, id), values: of.get(id)!.direct_tco2, kind: 'area',
  }))
  const peak = p.carbon_peaks[0]!
  const other: Series[] = compared
    ? [{ id: 'compared', name: c.compared, colour: WITH_IMPORTS, values: compared.account.territorial_tco2, kind: 'line', dash: 'dashed', halo: true }]
    : [
        { id: 'with_process', name: c.say('withProcess'), colour: WITH_PROCESS, values: plus(total, process), kind: 'line', dash: 'dotted' },
        { id: 'with_imports', name: c.say('withImports'), colour: WITH_IMPORTS, values: plus(total, imported), kind: 'line', dash: 'dashed' },
      ]
  return {
    ...yearAxis(p.years, c),
    ...peakMark(peak, p.years, q, c),
    limit: peakTarget(p, p.frame!.region, c),
    quantity: q,
    series: [...areas, ...other, { id: 'total', name: c.say('total'), colour: TOTAL, values: total, kind: 'line' }],
    sentence: c.say('sentences.co2', { place: c.place, scenario: c.scenario, peak: peakWords(peak, p.years[p.years.length - 1]!, q, c), ...ends(p.years, total, q) }),
  }
}

export function cityCo2Plot(p: Projection, city: projection.CityAccount, c: Context): Plot {
  const values = city.territorial_tco2
  const q = c.quantity('co2', largestOf(values))
  const peak = city.carbon_peak!
  return {
    ...yearAxis(p.years, c),
    ...peakMark(peak, p.years, q, c),
    limit: peakTarget(p, city.place, c),
    quantity: q,
    series: [{ id: 'total', name: c.say('co2CityLine'), colour: TOTAL, values, kind: 'line' }],
    sentence: c.say('sentences.co2', { place: c.place, scenario: c.scenario, peak: peakWords(peak, p.years[p.years.length - 1]!, q, c), ...ends(p.years, values, q) }),
  }
}
