import { describe, expect, it } from 'vitest'
import { optionOf } from '../../charts/option'
import { stacked, sumAt } from '../../charts/plot'
import { CAUSES, GROUPS } from '../../colours'
import { causePlot, dayChart, gapOf, ofProjection, quantityOfDay, scaleOf, sourcePlot, stepOf } from './day'
import { dayOf, firstDays, isoOf, monthOf } from './dates'
import { context, day, dayHours } from './fixture'

const c = context()
const FIRM = 950
const scale = scaleOf(day, FIRM, quantityOfDay(day, c))
const causes = causePlot(day, FIRM, 'peak', scale, c)
const sources = sourcePlot(day, FIRM, 'peak', scale, c)
const ids = (plot: typeof causes) => stacked(plot).map((s) => s.id)

describe('the day by cause', () => {
  it('has causes that sum to the load in every hour', () => {
    day.load.forEach((load, h) => expect(sumAt(stacked(causes), h)).toBeCloseTo(load, 6))
  })
  it('stacks in the palette’s order', () => {
    const order = Object.keys(CAUSES)
    expect(ids(causes)).toEqual([...ids(causes)].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
  })
  it('hatches what the firm capacity does not cover, from the firm capacity to the load', () => {
    const [base, gap] = ['gap_base', 'gap'].map((id) => causes.series.find((s) => s.id === id)!)
    expect(gap!.hatched).toBe(true)
    day.load.forEach((load, h) => {
      expect(gap!.values[h]).toBeCloseTo(Math.max(0, load - FIRM), 6)
      expect(base!.values[h]! + gap!.values[h]!).toBeCloseTo(load, 6)
    })
    expect(causes.peak!.text).toContain('power.gap 6') // 63 MW are 6 of 10^4 kW
  })
  it('shows no gap where the firm capacity carries the load', () => {
    expect(causePlot(day, 2000, 'peak', scale, c).series.some((s) => s.id.startsWith('gap'))).toBe(false)
    expect(gapOf(day, NaN).every((v) => !(v > 0))).toBe(true)
  })
  it('marks the peak and the net-load peak at their hours', () => {
    expect(causes.peak).toMatchObject({ at: 23, value: day.load[23] })
    expect(causes.second).toMatchObject({ at: 23, value: day.net[23] })
  })
  it('has at most eight layers that still sum to the load; the tooltip tells what they hold', () => {
    const many = Array.from({ length: 12 }, (_, i) => `cause${i}`)
    const of = { ...day, causes: many, byCause: many.flatMap((_, i) => day.load.map((load) => (load * (i + 1)) / 78)) }
    const plot = causePlot(of, FIRM, 'peak', scale, c)
    expect(stacked(plot)).toHaveLength(8)
    expect(sumAt(stacked(plot), 5)).toBeCloseTo(day.load[5]!, 6)
    expect(plot.tipRows!(5)).toHaveLength(5)
  })
  it('names the lines over the layers first in its legend', () => {
    expect(dayChart(causes).legend.slice(0, 3).map((l) => l.id)).toEqual(['load', 'net', 'firm'])
    expect(dayChart(causes).legend).toHaveLength(causes.series.filter((s) => !s.helper).length)
  })
  it('draws no firm capacity that is not known', () => {
    expect(causePlot(day, NaN, 'picked', scale, c).series.map((s) => s.id)).not.toContain('firm')
  })
})

describe('the day by source', () => {
  it('has supply less charging that sums to the load; what is curtailed is no part of it', () => {
    day.load.forEach((load, h) => expect(sumAt(stacked(sources), h)).toBeCloseTo(load, 6))
    expect(ids(sources)).not.toContain('curtailed')
    expect(sources.series.find((s) => s.id === 'curtailed')).toMatchObject({ apart: true, hatched: true })
  })
  it('stacks in the palette’s order, leaves out what is nothing', () => {
    const order = Object.keys(GROUPS)
    expect(ids(sources)).toEqual([...ids(sources)].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
    expect(ids(sources)).not.toContain('unserved')
  })
  it('stands on the scale of the causes and shares their pointer', () => {
    const axis = (plot: typeof causes) => (optionOf(plot, new Set()).yAxis as { min: number; max: number })
    expect(axis(sources)).toMatchObject({ min: axis(causes).min, max: axis(causes).max })
    expect(sources.group).toBe(causes.group)
    expect(scale.top).toBeGreaterThanOrEqual(Math.max(...day.load.map((_, h) => day.curtailed[h]! + day.load[h]! + (h === 10 ? 30 : 0))))
    expect(scale.bottom).toBeLessThanOrEqual(-30)
  })
  it('ends on a line of its axis', () => {
    for (let load = 100; load < 90_000; load *= 1.13) {
      const of = scaleOf({ ...day, load: day.load.map(() => load) }, NaN, quantityOfDay(day, c))
      const [top, bottom] = [of.top * 0.1, of.bottom * 0.1]
      expect(top).toBeGreaterThanOrEqual(load * 0.1 * 0.999)
      expect(top / stepOf(top - bottom)).toBeCloseTo(Math.round(top / stepOf(top - bottom)), 6)
    }
  })
  it('keeps its scale while a lever moves', () => {
    const held = { top: 5000, bottom: -900 }
    expect(scaleOf(day, FIRM, quantityOfDay(day, c), held)).toEqual(held)
  })
})

describe('a day of the projection', () => {
  const shown = ofProjection({ year: 2030, season: 'summer', first_hour: 191 * 24, peak_hour: 191 * 24 + 23, load_mw: dayHours.load_mw, causes: dayHours.causes, load_by_cause_mw: dayHours.load_by_cause_mw, groups: dayHours.groups, supply_mw: dayHours.supply_mw })
  it('has its date, its hour and net load less the wind and PV taken', () => {
    expect(shown).toMatchObject({ day: 191, peakHour: 23 })
    expect(shown.net[12]).toBeCloseTo(day.net[12]! + 20, 6) // what is curtailed was not taken
    expect(shown.net[3]).toBeCloseTo(day.net[3]!, 6)
  })
})

describe('dates', () => {
  it('go from the number of a day to the calendar and back', () => {
    for (let d = 0; d < 365; d++) expect(dayOf(isoOf(2030, d))).toBe(d)
    expect(isoOf(2030, 191)).toBe('2030-07-11')
    expect(firstDays[monthOf(364) - 1]).toBe(334)
  })
  it('show 29 February as the 28th and refuse what is no date', () => {
    expect(dayOf('2028-02-29')).toBe(dayOf('2028-02-28'))
    expect(dayOf('')).toBeUndefined()
  })
})
