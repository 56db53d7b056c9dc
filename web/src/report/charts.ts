// The charts of a report, each with its title: the same view models as on the page.
import { chartOf } from '../charts/plot'
import type { Chart } from '../charts/chart'
import type { Projection } from '../model/app'
import { dateText } from '../numbers'
import type { Context } from '../page'
import { cityCo2Plot, co2Plot } from '../plots/co2'
import { cityLoadPlot, generationPlot, peakDayPlot, peakLoadPlot } from '../plots/power'

export interface ReportChart {
  name: string
  title: string
  scope: string
  chart: Chart
}

export function reportCharts(p: Projection, c: Context, compared: Projection | undefined, city: string): ReportChart[] {
  const { say } = c
  const one = p.cities.find((found) => found.place === city)
  if (one)
    return [
      { name: 'city_co2', title: say('co2City'), scope: say('co2CityScope'), chart: chartOf(cityCo2Plot(p, one, c)) },
      { name: 'city_load', title: say('cityLoad'), scope: say('cityLoadScope'), chart: chartOf(cityLoadPlot(p, one, c)) },
    ]
  const days = (p.power.peak_days ?? []).filter((d) => d.year === c.year)
  return [
    { name: 'co2', title: say('co2'), scope: say('territorialScope'), chart: chartOf(co2Plot(p, c, compared)) },
    { name: 'generation', title: say('generation'), scope: say('generationScope'), chart: chartOf(generationPlot(p, c)) },
    ...days.map((d) => ({
      name: `peak_day_${d.season}`,
      title: `${say('peakDay')} · ${say(d.season)}`,
      scope: say('peakDayScope', { date: `${d.year} · ${dateText(d.first_hour, c.language)}` }),
      chart: chartOf(peakDayPlot(d, 'cause', c)),
    })),
    { name: 'peak_load', title: say('peakLoadYears'), scope: say('peakLoadScope'), chart: chartOf(peakLoadPlot(p, c)) },
  ]
}
