// What can be found and gone to: views, charts, levers, targets, cities, terms. Pure functions.
import type { ViewId } from '../model/session'
import { CARDS as BUILDINGS } from '../views/buildings/charts'
import { CARDS as TRANSPORT } from '../views/transport/charts'
import { plain, wordsOf } from './matches'

type EntryKind = 'view' | 'chart' | 'lever' | 'target' | 'city' | 'term'
export const KINDS: EntryKind[] = ['view', 'chart', 'lever', 'target', 'city', 'term']
export interface Entry {
  kind: EntryKind
  id: string
  name: string // in the language of the page
  more: string // shown smaller
  text: string // both languages and ids, searched
  view?: ViewId // where it leads
  pick?: [card: string, chart: string] // chart to be picked in a card that draws several
}

// Charts by view: the card's name and the key of its title.
export const CHARTS: [ViewId, string, string][] = [
  ['overview', 'peak_day', 'peakDay'], ['pathway', 'co2', 'co2'], ['pathway', 'wedges', 'pathway.wedges'], ['pathway', 'macc', 'pathway.macc'], ['pathway', 'sankey', 'pathway.sankey'], ['pathway', 'factors', 'pathway.factors'],
  ['power', 'peak_day', 'power.peakDay'], ['power', 'dispatch_day', 'power.dispatchDay'], ['power', 'load_duration', 'power.duration'], ['power', 'heatmap_year', 'power.heatMap'], ['power', 'generation', 'power.generation'],
  ['power', 'capacity', 'power.capacity'], ['power', 'peak_load_years', 'peakLoadYears'], ['power', 'grid_factor', 'power.factor'], ['power', 'system_cost', 'power.cost'],
  ['targets', 'targets', 'targetsView.title'], ['targets', 'directions', 'targetsView.directions'],
  ['cities', 'city_tiles', 'cities.tiles'], ['cities', 'city_ranking', 'cities.ranking'], ['cities', 'city_multiples', 'cities.multiples'], ['cities', 'sum_checks', 'cities.checks'], ['cities', 'balance', 'cities.balance'], ['cities', 'tasks', 'cities.tasks'],
]
// Charts of cards that draw one of several.
export const PICKED: { view: ViewId; card: string; id: string; key: string }[] = [['buildings', BUILDINGS] as const, ['transport', TRANSPORT] as const].flatMap(([view, cards]) =>
  cards.flatMap(([card, charts]) => charts.map((one) => ({ view, card, id: one.id, key: `${one.room}.charts.${one.id}` }))),
)
// Terms and the view that shows them.
export const TERMS: [string, ViewId][] = [
  ['carbon_peak', 'overview'], ['peak_load', 'power'], ['net_load', 'power'], ['plateau', 'pathway'], ['steady_decline', 'targets'], ['reserve', 'power'], ['unserved', 'power'], ['dual_control', 'targets'], ['balance', 'cities'],
  ['wedge', 'pathway'], ['marginal_cost', 'pathway'], ['territorial', 'pathway'], ['imported', 'power'], ['grade', 'targets'],
]

const MOST = 6
// Those that hold every word, by kind; names that begin with the text first, and at most six of a kind.
export function found(entries: readonly Entry[], text: string): Entry[] {
  const asked = wordsOf(text)
  if (!asked.length) return []
  const begins = (e: Entry) => Number(e.name.toLowerCase().startsWith(asked[0]!) || e.id.toLowerCase() === asked[0])
  const named = (e: Entry) => Number(asked.every((w) => e.name.toLowerCase().includes(w)))
  return KINDS.flatMap((kind) =>
    entries
      .filter((e) => e.kind === kind && asked.every((w) => e.text.includes(w)))
      .sort((a, b) => begins(b) - begins(a) || named(b) - named(a) || a.name.length - b.name.length)
      .slice(0, MOST),
  )
}
export const entry = (e: Omit<Entry, 'text'>, ...texts: (string | undefined)[]): Entry => ({ ...e, text: plain([e.name, e.more, e.id, ...texts].join(' ')) })
