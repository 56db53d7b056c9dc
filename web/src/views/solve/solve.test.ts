import { describe, expect, it } from 'vitest'
import type { projection } from '../../api/contracts'
import type { LeverEntry } from '../../model/scenario'
import { extraAt, knobOf, knobYear, namedIn, PEAK_LEVEL, policyLevers, requestOf, toMend, type SolveForm } from './request'

const form: SolveForm = {
  targets: ['T1'], knobs: [{ leverId: 'a.b', year: 2030, high: 5, low: undefined }], objective: 'FEW_LEVERS', shortfall: 'SUM', limit: 30,
  extras: [{ metric: PEAK_LEVEL, year: 2030, sense: 'AT_MOST', number: 7e8 }, { metric: 'account.non_fossil_share', year: 2035, sense: 'AT_LEAST', number: 0.4 }],
}
const draft = { name: 'mine', baseline: 'planned', settings: [] }
const target = (id: string, verdict: string, year: number) => ({ target_id: id, verdict, year, metric_id: 'm' }) as projection.TargetResult
const lever = (id: string, rest: object = {}): LeverEntry => ({ lever: { lever_id: id, kind: 'LEVER_KIND_PATH', low: 0, high: 1, last_observed_year: 2025, policy_refs: ['x'], ...rest }, years: [], values: [] }) as unknown as LeverEntry

describe('a search', () => {
  it('asks for targets by id and for the peak level in every year around it', () => {
    const made = requestOf(form, { region: 'jiangsu' }, draft)
    expect(made.goals![0]).toEqual({ target_id: 'T1' })
    expect(made.goals!.filter((g) => g.metric_id === 'account.territorial_tco2').map((g) => g.year)).toEqual([2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035])
    expect(made.goals![made.goals!.length - 1]).toEqual({ metric_id: 'account.non_fossil_share', year: 2035, sense: 'GOAL_SENSE_AT_LEAST', number: 0.4 })
    expect(made.knobs).toEqual([{ lever_id: 'a.b', year: 2030, high: 5 }])
    expect(made.objective).toBe('SOLVE_OBJECTIVE_FEW_LEVERS')
  })
  it('finds the row of the form that a refused goal stands in', () => {
    expect([0, 1, 10, 11].map((n) => extraAt(form, n))).toEqual([-1, 0, 0, 1])
  })
  it('first picks what is missed or behind in years that levers still reach', () => {
    const targets = [target('old', 'VERDICT_MISSED', 2025), target('late', 'VERDICT_BEHIND', 2030), target('met', 'VERDICT_MET', 2030), target('open', 'VERDICT_TRACKED_ONLY', 2030)]
    expect(toMend(targets, 2025)).toEqual(['late'])
    expect(knobYear([target('a', 'VERDICT_MISSED', 2060)], ['a'], [])).toBe(2060)
    expect(knobYear([], [], [])).toBe(2030)
  })
  it('first picks levers that documents name and that can move, sixty at most', () => {
    const all = [lever('a'), lever('none', { policy_refs: [] }), lever('fixed', { kind: 'LEVER_KIND_CONSTANT' }), lever('seen', { last_observed_year: 2030 }), ...Array.from({ length: 99 }, (_, i) => lever(`l${i}`))]
    const picked = policyLevers(all, 2030).map((l) => l.lever.lever_id)
    expect(picked.slice(0, 2)).toEqual(['a', 'l0'])
    expect(picked).toHaveLength(60)
    expect(knobOf(lever('c', { kind: 'LEVER_KIND_CONSTANT' }), 2030).year).toBe(0)
    expect(knobOf(lever('d', { last_observed_year: 2034 }), 2030).year).toBe(2035)
  })
  it('reads which levers a refusal names, whole ids only', () => {
    const knobs = ['a.b', 'a.b_c', 'x.y'].map((leverId) => ({ leverId, year: 2030 }))
    expect(namedIn('a.b_c and z.w together must not exceed 1', knobs)).toEqual(['a.b_c'])
  })
})
