import { expect, test } from 'vitest'
import type { projection } from '../../api/contracts'
import { telling } from './telling'

const target = (id: string, verdict: string, margin: number, more: object = {}): projection.TargetResult =>
  ({ target_id: id, verdict: `VERDICT_${verdict}`, relative_margin: margin, place: 'p', cities: [], twin_group: '', ...more }) as unknown as projection.TargetResult

test('missed targets come first, the largest gap before; then behind, on track, met by the least margin', () => {
  const all = [target('a', 'MET', 0.3), target('b', 'MET', 0.1), target('c', 'MISSED', -0.1), target('d', 'MISSED', -0.4), target('e', 'ON_TRACK', 0.2), target('f', 'BEHIND', -0.1), target('g', 'TRACKED_ONLY', 0)]
  expect(telling(all).map((t) => t.target_id)).toEqual(['d', 'c', 'f', 'e', 'b', 'a'])
})
test('eight at most, one of each group of twins, and only those of the city that is picked', () => {
  expect(telling(Array.from({ length: 20 }, (_, i) => target(String(i), 'MET', i)))).toHaveLength(8)
  expect(telling([target('a', 'MET', 0, { twin_group: 'peak' }), target('b', 'MET', 1, { twin_group: 'peak' })])).toHaveLength(1)
  expect(telling([target('a', 'MET', 0), target('b', 'MET', 1, { cities: [{ place: 'x' }] })], 'x').map((t) => t.target_id)).toEqual(['b'])
})
