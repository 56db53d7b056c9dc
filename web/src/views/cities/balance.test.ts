import { expect, it } from 'vitest'
import { bytesOf } from '../../files'
import { given, sumOf, tableOf } from './balance'

it('reads full-width digits and thousands, and names what is no number', () => {
  expect(given({ a: '１２．５', b: '1,200', c: '', d: 'x' })).toEqual({ plans: [['a', 12.5], ['b', 1200]], wrong: ['d'] })
})
it('puts plan and adjustment beside the number by rule', () => {
  const breakdown = { cities: [{ place: { place_id: 'a' }, number: 4, projected: 5 }, { place: { place_id: 'b' }, number: 6 }] } as never
  const balance = { lines: [{ place: 'a', plan: 3, against_rule: -1, adjustment: 0.5, adjusted: 3.5 }] } as never
  expect(tableOf(breakdown, balance)).toEqual([{ place: 'a', byRule: 4, projected: 5, plan: 3, againstRule: -1, adjustment: 0.5, adjusted: 3.5 }, { place: 'b', byRule: 6 }])
})
it('sums what is known and nothing when nothing is', () => {
  expect(sumOf([1, undefined, 2])).toBe(3)
  expect(sumOf([undefined])).toBeUndefined()
})
it('gives the bytes of a file', () => expect([...bytesOf('UEsDBA==')]).toEqual([80, 75, 3, 4]))
