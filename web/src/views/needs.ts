// What each view reads of a projection, so that replies are small. A view says it in its own needs.ts.
import type { ViewId } from '../model/session'

export interface Needs {
  fields: string[]
  metrics: string[]
  slow?: string[] // metrics that take as long as all the rest: in whole answers, and while the view is open
}
const ALWAYS: Needs = {
  fields: ['sectors', 'account', 'carbon_peaks', 'peak_load', 'cities'],
  metrics: ['power.firm_capacity_mw'],
}
const found = import.meta.glob<{ needs: Needs }>('./*/needs.ts', { eager: true })
const byView = new Map(Object.entries(found).map(([path, { needs }]) => [path.split('/')[1]!, needs]))

const merged = (parts: Needs[]): Needs => ({
  fields: [...new Set(parts.flatMap((n) => n.fields))],
  metrics: [...new Set(parts.flatMap((n) => n.metrics))],
})
export const needsOf = (view: ViewId): Needs => merged([ALWAYS, byView.get(view) ?? { fields: [], metrics: [] }])
export const union = (): Needs => merged([ALWAYS, ...byView.values()])
export const slowOf = (view: ViewId): string[] => byView.get(view)?.slow ?? []
