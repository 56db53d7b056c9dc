import { expect, it } from 'vitest'
import { numberText, unitOfField } from './units'

it('shows a metric in the unit of the charts', () => {
  expect(numberText(674_898_628.99, 'tCO2', '', 'plan', 'zh')).toBe('6.75 亿吨')
  expect(numberText(164_100, 'MW', '', 'si', 'en')).toBe('164.1 GW')
  expect(numberText(0.125, 'share', '', 'plan', 'zh')).toBe('12.5%')
})
it('reads the unit of a field from the end of its name, years as years', () => {
  expect(unitOfField('carbon_peaks[0].level_tco2')).toBe('tCO2')
  expect(unitOfField('peak_load.peak_load_mw')).toBe('MW')
  expect(numberText(2025, '', 'carbon_peaks[0].year', 'plan', 'en')).toBe('2025')
})
it('keeps a unit it does not know, and says when there is no value', () => {
  expect(numberText(1.5, 'kg/L', '', 'plan', 'zh')).toBe('1.5 kg/L')
  expect(numberText(undefined, 'MW', '', 'plan', 'zh')).toBe('—')
})
