import { expect, it } from 'vitest'
import { linesOf } from './multiples'

const FRAME = { width: 108, height: 58 }
const VALUES = new Map([['a', [0, 50, 100]], ['b', [10, 10, NaN]]])
it('draws all cities on one scale unless each has its own', () => {
  const [a, b] = linesOf(VALUES, undefined, [2020, 2021, 2022], false, true, FRAME)
  expect(a!.path).toBe('M4.0 54.0L54.0 29.0L104.0 4.0')
  expect(b!.top).toBe(100)
  expect(linesOf(VALUES, undefined, [2020, 2021, 2022], true, true, FRAME)[1]!.top).toBe(10)
})
it('marks the highest year and leaves a gap where there is no value', () => {
  const [a, b] = linesOf(VALUES, undefined, [2020, 2021, 2022], false, true, FRAME)
  expect(a!.peak).toMatchObject({ year: 2022, value: 100, x: 104, y: 4 })
  expect(b!.path.split('L')).toHaveLength(2)
})
it('scales the course of the region to the first value of the city', () => {
  const [line] = linesOf(new Map([['b', [10, 10, 10]]]), [100, 200, 100], [2020, 2021, 2022], true, false, FRAME)
  expect(line!.grey).toBe('M4.0 29.0L54.0 4.0L104.0 29.0')
})
