import { expect, test } from 'vitest'
import { differenceText, leverQuantity, quantityOf, valueText, withUnit } from './units'

test('planning units are exact multiples of the contract units', () => {
  expect(valueText(177_770, quantityOf('load', 'plan', 'zh'))).toBe('17,777') // MW in 万千瓦
  expect(valueText(177_770, quantityOf('load', 'si', 'en'))).toBe('177.8')
  expect(withUnit(709e6, quantityOf('co2', 'plan', 'zh', 709e6))).toBe('7.09 亿吨')
  expect(withUnit(5.4e6, quantityOf('co2', 'plan', 'zh', 5.4e6))).toBe('540 万吨')
  expect(valueText(1e6, quantityOf('electricity', 'plan', 'zh'))).toBe('10')
  expect(valueText(29.3076e6, quantityOf('energy', 'plan', 'zh'))).toBe('100')
})
test('a difference has its sign; shares differ by points', () => {
  expect(differenceText(-3100, quantityOf('load', 'plan', 'zh'), '')).toBe('\u2212310 万千瓦')
  expect(differenceText(0.021, quantityOf('share', 'si', 'en'), 'points')).toBe('+2.1 points')
  expect(differenceText(1e-9, quantityOf('share', 'si', 'en'), 'points')).toBe('0.0 points')
})
test('what is missing is a dash, never a zero', () => {
  expect(valueText(NaN, quantityOf('load', 'plan', 'zh'))).toBe('—')
  expect(valueText(undefined, quantityOf('load', 'plan', 'zh'))).toBe('—')
})
test('a lever of unknown unit is shown in its own', () => {
  expect(leverQuantity('furlong', 'plan', 'zh')).toEqual({ unit: 'furlong', factor: 1, digits: 2, contractUnit: 'furlong' })
  expect(leverQuantity('GW', 'plan', 'zh').factor).toBe(100)
})
