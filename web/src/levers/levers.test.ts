import { expect, test } from 'vitest'
import type { LeverEntry } from '../model/scenario'
import { matches } from '../search/matches'
import { leverQuantity } from '../units'
import { anchorOf, OWN } from './anchor'
import { clausesOf, type TargetRow } from './clauses'
import { parseNumber } from './parse'
import { drawn, movedPoint, shaped, simplified } from './path'
import { firstOf, groupsOf, ownersOf, textOf } from './rows'
import { contractValue, roundStep, scaleOf, shownValue, snap } from './steps'
import { leverText } from './texts'

const lever = (id: string, more: object = {}): LeverEntry =>
  ({
    lever: {
      lever_id: id, owner: id.split('.')[0], group: 'g', group_label: { zh: '组', en: 'Group' }, label: { zh: `中 ${id}`, en: `en ${id}` }, unit: 'share', kind: 'LEVER_KIND_PATH', low: 0, high: 1,
      last_observed_year: 2025, policy_refs: [], source: 's', grade: 'GRADE_C', note: '', by_city: true, ...more,
    },
    years: [2020], values: [0],
  }) as unknown as LeverEntry
const target = (more: object): TargetRow =>
  ({ target_id: 'T-1', label: { zh: '目标', en: 'target' }, section: '三(五)2', unit: '%', number: 50, year: 2030, form: 'level', place: 'js', start_year: 2020, readings: [{ metric_id: 'a.heat_pump_share' }], ...more }) as unknown as TargetRow
const clauses = (id: string, unit: string, more: object) => clausesOf({ ...lever(id).lever, unit, policy_refs: ['T-1'] }, new Map([['T-1', target(more)]]), ['js', ''])

test('what planners type is read: full width, commas, units, signs', () => {
  const read: [string, string, number][] = [
    ['３８％', '%', 38], ['38', '%', 38], ['1,200', '', 1200], ['１，２００．５', '', 1200.5], ['−3.5', '', -3.5], ['1e3', '', 1000], ['4,200 万m²/年', '万m²/年', 4200], ['.5', '', 0.5], [' 7 ', 'GW', 7],
  ]
  for (const [text, unit, value] of read) expect(parseNumber(text, unit), text).toBe(value)
  for (const text of ['', 'abc', 'NaN', '1.2.3', '--1', '5 %', '0x10', '1e', 'Infinity']) expect(parseNumber(text, 'GW'), text).toBeNaN()
  expect(parseNumber('1e400')).toBe(Infinity)
})
test('steps are round and about a hundred between the bounds', () => {
  for (const span of [1, 0.12, 6000, 250, 2.5, 57000, 0.3, 71]) {
    const step = roundStep(span)
    expect([1, 2, 5]).toContain(Number((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toPrecision(6)))
    expect(span / step).toBeGreaterThanOrEqual(40)
    expect(span / step).toBeLessThanOrEqual(100.001)
  }
})
test('a slider reaches both bounds, and everything between on the step', () => {
  const s = scaleOf(9, 25, leverQuantity('GW', 'plan', 'zh'))
  expect([s.low, s.high, s.step]).toEqual([900, 2500, 20])
  expect(snap(901, s)).toBe(900)
  expect(snap(2499, s)).toBe(2500)
  expect(snap(1251, s)).toBe(1260)
  const odd = scaleOf(1.85, 4.5, leverQuantity('CNY/Nm3', 'plan', 'zh'))
  expect(snap(1.85, odd)).toBe(1.85)
  expect(snap(4.49, odd)).toBe(4.5)
})
test('units there and back give the same number', () => {
  for (const unit of ['share', 'GW', 'Mm2/yr', '1/yr', '10^4 persons', 'gce/kWh per yr'])
    for (const system of ['plan', 'si'] as const)
      for (const value of [0.38, 0.07, 41.7, 12.34]) expect(contractValue(shownValue(value, leverQuantity(unit, system, 'en')), leverQuantity(unit, system, 'en'))).toBe(value)
})
test('values show the digits of the step, one more between steps, years without commas', () => {
  const q = leverQuantity('share', 'plan', 'zh')
  const s = scaleOf(0, 1, q)
  expect([leverText(0.38, q, s), leverText(0.385, q, s), leverText(0.12345, q, s), leverText(undefined, q, s)]).toEqual(['38', '38.5', '12.3', '—'])
  const y = leverQuantity('year', 'plan', 'zh')
  expect(leverText(2035, y, scaleOf(2029, 2100, y))).toBe('2035')
  expect(scaleOf(2029, 2100, y).step).toBe(1)
})
test('a clause is marked where it asks for the lever itself in a unit of its family, for the place that is set', () => {
  expect(clauses('a.heat_pump_share', 'share', {})[0]!.asked).toBe(0.5)
  expect(clauses('a.share_heat_pump', 'share', {})[0]!.asked).toBe(0.5) // same words
  expect(clauses('a.heat_pump_share_villages', 'share', {})[0]!.asked).toBeUndefined() // a part only
  expect(clauses('b.heat_pump_share', 'share', {})[0]!.asked).toBeUndefined() // another owner
  expect(clauses('a.heat_pump_share', 'GW', {})[0]!.asked).toBeUndefined()
  expect(clauses('a.heat_pump_share', 'share', { form: 'cumulative_flow' })[0]!.asked).toBeUndefined()
  expect(clauses('a.heat_pump_share', 'share', { number: undefined })[0]!.asked).toBeUndefined()
  expect(clauses('a.heat_pump_share', 'share', { place: 'nantong' })[0]).toMatchObject({ here: false })
  expect(clauses('a.heat_pump_growth', 'fraction since 2020', { form: 'rise_from_base', number: 30 })[0]!.asked).toBe(0.3)
  expect(clauses('a.heat_pump_growth', 'fraction since 2020', { form: 'rise_from_base', start_year: 2015 })[0]!.asked).toBeUndefined()
})
test('the slider year is the next milestone, else 2035; an observed year gives way and says so', () => {
  const one = lever('a.x').lever
  const years = (...list: number[]) => list.map((year) => ({ here: true, target: target({ year }) }))
  expect(anchorOf(one, years(2025, 2030), OWN, 2025)).toEqual({ year: 2030, moved: false })
  expect(anchorOf(one, years(2025), OWN, 2025)).toEqual({ year: 2035, moved: false })
  expect(anchorOf(one, [], 2045, 2025).year).toBe(2045)
  expect(anchorOf(one, [], 2025, 2025)).toEqual({ year: 2026, moved: true })
  expect(anchorOf({ ...one, last_observed_year: 2020 }, [], 2025, 2025)).toEqual({ year: 2025, moved: false })
})
test('groups keep the order of the rows, what policy names comes first, the rest of a long group is folded', () => {
  const rows = ['a.1', 'a.2', 'a.3', 'a.4', 'a.5', 'a.6', 'b.1'].map((id) => lever(id, id === 'a.4' ? { policy_refs: ['T-1'] } : {}))
  const groups = groupsOf(rows)
  expect(ownersOf(rows)).toEqual(['a', 'b'])
  expect(groups.map((g) => g.id)).toEqual(['a.g', 'b.g'])
  expect(groups[0]!.rows[0]!.lever.lever_id).toBe('a.4')
  expect(firstOf(groups[0]!, () => false)).toHaveLength(4)
  expect(firstOf(groups[0]!, (id) => id === 'a.6').map((r) => r.lever.lever_id)).toContain('a.6') // what is changed is never hidden
})
test('a lever is found by label of either language, id, note and clause, in full width too', () => {
  const text = textOf(lever('a.pump', { note: 'villages only', policy_refs: ['T-1'] }), new Map([['T-1', target({})]]))
  for (const search of ['中 a', 'EN A.P', 'pump', 'ｐｕｍｐ', 'villages', 't-1', '三(五)2', '目标', '组 pump']) expect(matches(text, search), search).toBe(true)
  expect(matches(text, 'pump solar')).toBe(false)
})
test('a line drawn by hand has at most nine points, keeps what lies outside and its own ends', () => {
  const s = { low: 0, high: 100, step: 1, digits: 0 }
  const trail = Array.from({ length: 300 }, (_, i) => ({ year: 2028 + i / 15, value: 50 + 40 * Math.sin(i / 20) }))
  const made = drawn([{ year: 2026, value: 1 }, { year: 2035, value: 2 }, { year: 2060, value: 3 }], trail, s, 2026)
  expect(made[0]).toEqual({ year: 2026, value: 1 })
  expect(made[made.length - 1]).toEqual({ year: 2060, value: 3 })
  const own = made.filter((p) => p.year >= 2028 && p.year <= 2048)
  expect(own.length).toBeLessThanOrEqual(9)
  expect([own[0]!.year, own[own.length - 1]!.year]).toEqual([2028, 2048])
})
test('a straight line needs two points, and one bend is kept', () => {
  const line = Array.from({ length: 20 }, (_, i) => ({ year: 2030 + i, value: 2 * i }))
  expect(simplified(line, 100)).toEqual([line[0], line[19]])
  expect(simplified(line.map((p, i) => (i === 7 ? { ...p, value: 60 } : p)), 100)).toHaveLength(5)
})
test('a dragged point stays between its neighbours, after what is observed and inside the bounds', () => {
  const s = { low: 0, high: 10, step: 0.5, digits: 1 }
  const points = [{ year: 2030, value: 1 }, { year: 2035, value: 2 }, { year: 2040, value: 3 }]
  expect(movedPoint(points, 1, { year: 2050.2, value: 99 }, s, 2026)[1]).toEqual({ year: 2039, value: 10 })
  expect(movedPoint(points, 0, { year: 2001, value: -5 }, s, 2026)[0]).toEqual({ year: 2026, value: 0 })
  expect(movedPoint(points, 2, { year: 2044.6, value: 3.3 }, s, 2026)[2]).toEqual({ year: 2045, value: 3.5 })
})
test('presets start from what is known, end at the goal, and bend as their names say', () => {
  const s = { low: 0, high: 100, step: 1, digits: 0 }
  const [start, goal] = [{ known: 2025, value: 10 }, { year: 2055, value: 70 }]
  const at = (shape: 'linear' | 'fast' | 'slow', year: number) => {
    const points = shaped(shape, start, goal, s)
    const after = points.findIndex((p) => p.year >= year)
    const [a, b] = [points[after - 1] ?? points[0]!, points[after]!]
    return b.year === year ? b.value : a.value + ((b.value - a.value) * (year - a.year)) / (b.year - a.year)
  }
  expect(shaped('hold', start, goal, s)).toEqual([{ year: 2026, value: 10 }])
  for (const shape of ['linear', 'fast', 'slow'] as const) expect(at(shape, 2055)).toBe(70)
  expect(at('linear', 2040)).toBeCloseTo(40)
  expect(at('fast', 2040)).toBeGreaterThan(50)
  expect(at('slow', 2040)).toBeLessThan(30)
})
