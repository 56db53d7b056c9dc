// What policy documents ask of a lever: the targets that its row names.
import type { common, targets } from '../api/contracts'

type Lever = common.Lever
export type TargetRow = targets.TargetEntry
export interface Clause {
  target: TargetRow
  here: boolean // it holds for the place that is set
  asked?: number // in the unit of the lever, only where the target asks for the lever itself
}

// From a target's unit to a lever's; none where they are not of one family.
const FACTORS: Record<string, number> = {
  '% share': 0.01, '%/yr 1/yr': 0.01, '% fraction since 2020': 0.01, '% share of capacity': 0.01,
  'GW GW': 1, 'km km': 1, 'Mt/yr Mt/yr': 1, 'year year': 1,
}
const LEVEL_FORMS = ['level', 'full_coverage', 'size_class', 'growth_per_year']
const GROWTH_FORM = 'rise_from_base'
const GROWTH_UNIT = 'fraction since 2020'
const GROWTH_BASE = 2020
// Words of an id that say how something is measured, not what.
const MEASURES = ['share', 'growth', 'mw', 'mwh', 'm2', 'tkm', 'pkm', 'teu', 'km']
const wordsOf = (id: string) => id.split(/[._]/).filter((w) => !MEASURES.includes(w))

// A target asks for the lever itself when the metric it is judged by is named by the lever's words. "All new cars" does
// not say what taxis should reach, and 90 GW of all renewables not what one kind should.
function measuresLever(target: TargetRow, lever: Lever): boolean {
  const id = target.readings[0]?.metric_id ?? ''
  const words = wordsOf(id)
  return id.split('.')[0] === lever.owner && wordsOf(lever.lever_id).every((w) => words.includes(w))
}
function sameForm(target: TargetRow, lever: Lever): boolean {
  if (target.form === GROWTH_FORM) return lever.unit === GROWTH_UNIT && target.start_year === GROWTH_BASE
  return LEVEL_FORMS.includes(target.form) && lever.unit !== GROWTH_UNIT
}
// `places`: the region, and the city that is set. What another city's plan asks is named, but not marked on the slider.
export function clausesOf(lever: Lever, rows: ReadonlyMap<string, TargetRow>, places: readonly string[]): Clause[] {
  const found = lever.policy_refs.flatMap((id): Clause[] => {
    const target = rows.get(id)
    if (!target) return []
    const factor = FACTORS[`${target.unit} ${lever.unit}`]
    const here = places.includes(target.place)
    if (!here || target.number === undefined || factor === undefined || !sameForm(target, lever) || !measuresLever(target, lever)) return [{ target, here }]
    return [{ target, here, asked: Number((target.number * factor).toPrecision(12)) }]
  })
  return [...found.filter((c) => c.here), ...found.filter((c) => !c.here)]
}
