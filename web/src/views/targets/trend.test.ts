import { expect, it } from 'vitest'
import { compared, inTargetTerms, metricOf } from './trend'
import type { Entry, Target } from './rows'

const YEARS = [2020, 2021, 2022]
it('compares a fall with its base, a growth per year, and sums a flow from its start', () => {
  expect(compared('fall_from_base', 2020, YEARS, [100, 95, 90]).get(2022)).toBeCloseTo(10)
  expect(compared('rise_from_base', 2020, YEARS, [100, 110, 200]).get(2022)).toBeCloseTo(100)
  expect(compared('growth_per_year', 2020, YEARS, [100, 110, 121]).get(2022)).toBeCloseTo(10)
  expect([...compared('cumulative_flow', 2021, YEARS, [5, 6, 7])]).toEqual([[2021, 6], [2022, 13]])
})
it('takes a metric that is a fall already as it stands, by the value that was answered', () => {
  const t = { form: 'fall_from_base', metric_id: 'm', unit: '%', year: 2022, basis: 'projected', value: 14 } as unknown as Target
  const entry = { start_year: 2020, readings: [{ metric_id: 'm', scale: 100, name: '' }] } as unknown as Entry
  expect(inTargetTerms(t, entry, YEARS, [0.02, 0.08, 0.14])!.get(2021)).toBeCloseTo(8)
  expect(inTargetTerms({ ...t, value: 99 }, entry, YEARS, [0.02, 0.08, 0.14])).toBeUndefined()
})
it('takes the values of the place that is asked', () => {
  const series = { region_values: [9, 9, 9], place_values: [1, 2, 3, 4, 5, 6] } as never
  expect(metricOf(series, 'b', 'r', ['a', 'b'], 3)).toEqual([4, 5, 6])
  expect(metricOf(series, 'r', 'r', ['a', 'b'], 3)).toEqual([9, 9, 9])
  expect(metricOf({ region_values: [9], place_values: [] } as never, 'a', 'r', ['a'], 1)).toBeUndefined()
})
