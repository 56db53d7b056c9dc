// The charts of a report, each with its title: the same view models as on the page.
import { chartOf } from '../charts/plot'
import type { Chart } from '../charts/chart'
import type { Projection } from '../model/app'
import { dateText } from '../numbers'
import type { Context } from '../page'
import { cityCo2Plot, co2Plot } from '../plots/co2'
import { hasCities, knowsCities, metricsPlot, type MetricChart } from '../plots/metrics'
import { cityLoadPlot, generationPlot, peakDayPlot, peakLoadPlot } from '../plots/power'
import { CARDS as BUILDINGS } from '../views/buildings/charts'
import { capacityPlot } from '../views/power/years'
import { CARDS as TRANSPORT } from '../views/transport/charts'

export interface ReportChart {
  name: string
  title: string
  scope: string
  chart: Chart
}

// The first chart of these cards tells a sector in one picture.
const FIRST: MetricChart[] = [...BUILDINGS.slice(0, 1), ...TRANSPORT.slice(0, 2)].map(([, charts]) => charts[0]!)
// A city's chart where its values are known.
function ofSectors(p: Projection, c: Context, place: string): ReportChart[] {
  return FIRST.filter((one) => !place || (hasCities(p) && knowsCities(p, one))).flatMap((one): ReportChart[] => {
    const plot = metricsPlot(p, one, c, { place })
    return plot ? [{ name: one.id, title: c.say(`${one.room}.charts.${one.id}`), scope: '', chart: chartOf(plot) }] : []
  })
}

export function reportCharts(p: Projection, c: Context, compared: Projection | undefined, city: string): ReportChart[] {
  const { say } = c
  const one = p.cities.find((found) => found.place === city)
  if (one)
    return [
      { name: 'city_co2', title: say('co2City'), scope: say('co2CityScope'), chart: chartOf(cityCo2Plot(p, one, c)) },
      { name: 'city_load', title: say('cityLoad'), scope: say('cityLoadScope'), chart: chartOf(cityLoadPlot(p, one, c)) },
      ...ofSectors(p, c, city),
    ]
  const days = (p.power.peak_days ?? []).filter((d) => d.year === c.year)
  return [
    { name: 'co2', title: say('co2'), scope: say('territorialScope'), chart: chartOf(co2Plot(p, c, compared)) },
    { name: 'capacity', title: say('power.capacity'), scope: say('power.capacityScope'), chart: chartOf(capacityPlot(p, c)) },
    { name: 'generation', title: say('generation'), scope: say('generationScope'), chart: chartOf(generationPlot(p, c)) },
    ...days.map((d) => ({
      name: `peak_day_${d.season}`,
      title: `${say('peakDay')} · ${say(d.season)}`,
      scope: say('peakDayScope', { date: `${d.year} · ${dateText(d.first_hour, c.language)}` }),
      chart: chartOf(peakDayPlot(d, 'cause', c)),
    })),
    { name: 'peak_load', title: say('peakLoadYears'), scope: say('peakLoadScope'), chart: chartOf(peakLoadPlot(p, c)) },
    ...ofSectors(p, c, ''),
  ]
}
