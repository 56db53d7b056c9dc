// A change of CO2 by factor and sector (LMDI-I), as stacked bars. Pure functions.
import type { comparison } from '../../api/contracts'
import type { Plot, Series } from '../../charts/plot'
import { colourOf, inOrder, SECTORS } from '../../colours'
import type { Context } from '../../page'
import { differenceText, largestOf } from '../../units'

function shortName(factor: string, label: string, { say }: Context): string {
  const key = `pathway.factorNames.${factor}`
  const name = say(key)
  return name === key ? label : name
}
export function factorPlot(d: comparison.Decomposition, c: Context): Plot {
  const apart = d.apart.length ? [{ label: { zh: c.say('pathway.apart'), en: c.say('pathway.apart') }, effect_tco2: d.apart.reduce((s, x) => s + x.change_tco2, 0), sectors: d.apart }] : []
  const bars = [...d.factors, ...apart]
  const labels = new Map(bars.flatMap((f) => f.sectors.map((s) => [s.sector, s.label[c.language]] as const)))
  const series = inOrder([...labels.keys()], SECTORS).map((id): Series => ({
    id, name: labels.get(id)!, colour: colourOf(SECTORS, id), kind: 'bar', values: bars.map((f) => f.sectors.find((s) => s.sector === id)?.change_tco2 ?? 0),
  }))
  const q = c.quantity('co2', largestOf(bars.map((f) => f.effect_tco2), [d.to_tco2]))
  return {
    x: bars.map((f) => f.label[c.language]),
    xTitle: c.say('pathway.factor'),
    xTick: () => true,
    xLabels: bars.map((f) => ('factor' in f ? shortName(String(f.factor), f.label[c.language], c) : f.label[c.language])),
    diamonds: bars.map((f, at) => ({ at, value: f.effect_tco2, text: differenceText(f.effect_tco2, { ...q, unit: '' }, '').trim() })),
    series,
    quantity: q,
    sum: c.say('sum'),
    sentence: c.say('pathway.factorSentence', {
      from: d.from_year, to: d.to_year, value: differenceText(d.to_tco2 - d.from_tco2, q, ''),
      parts: bars.map((f) => `${f.label[c.language]} ${differenceText(f.effect_tco2, q, '')}`).join(c.language === 'zh' ? '、' : ', '),
    }),
  }
}
