import { describe, expect, it } from 'vitest'
import { DIVERGING, SEQUENTIAL } from '../colours'
import { classOf, contrast, roundStep, textOn, tileClasses, tilesOf } from './tiles'

describe('classes of a tile map', () => {
  it('holds every value between round bounds', () => {
    const values = [2031, 8973, 4010, 1204, 7777]
    const classes = tileClasses(values, 'sequential')
    expect(classes).toHaveLength(5)
    expect(classes[0]!.low).toBeLessThanOrEqual(1204)
    expect(classes[4]!.high).toBeGreaterThanOrEqual(8973)
    expect(classes.map((c) => c.low % 500)).toEqual([0, 0, 0, 0, 0])
    for (const v of values) expect(classOf(v, classes)!.low <= v && v <= classOf(v, classes)!.high).toBe(true)
  })
  it('is symmetric about zero where falls and rises are compared', () => {
    const classes = tileClasses([-35, 4], 'diverging')
    expect(classes[0]!.low).toBe(-classes[6]!.high)
    expect(classOf(0, classes)!.colour).toBe('#F5F5F5')
  })
  it('leaves its end open for one city far from all others', () => {
    const classes = tileClasses([15322, 8033, 6989, 1073], 'sequential')
    expect(classes[4]).toMatchObject({ low: 8000, openHigh: true })
    expect(classOf(15322, classes)).toBe(classes[4])
    expect(tileClasses([122, 55, -7], 'diverging')[6]!.openHigh).toBe(true)
  })
  it('gives one class to equal values and none to no value', () => {
    const classes = tileClasses([2025, 2025], 'sequential', 1)
    expect(classOf(2025, classes)).toBe(classes[0])
    expect(classOf(undefined, classes)).toBeUndefined()
    expect(tileClasses([NaN], 'sequential')).toEqual([])
  })
  it('writes on every colour with a contrast of at least 4.5', () => {
    for (const colour of [...SEQUENTIAL, ...DIVERGING]) expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(4.5)
  })
  it('rounds steps up', () => expect([roundStep(0.3), roundStep(21), roundStep(50), roundStep(0)]).toEqual([0.5, 25, 50, 1]))
})

describe('tiles of places', () => {
  const place = (id: string, more = {}) => ({ place_id: id, label: { zh: `${id}市`, en: id }, initials: id.slice(0, 2), ...more })
  it('stand where the region says', () => expect(tilesOf([place('nantong', { tile_row: 2, tile_column: 3 })], 'zh')[0]).toMatchObject({ name: 'nantong', row: 2, column: 3 }))
  it('fill a plain grid where it says nothing', () => expect(tilesOf(['a', 'b', 'c', 'd', 'e'].map((id) => place(id)), 'en').map((t) => [t.row, t.column])).toEqual([[0, 0], [0, 1], [0, 2], [0, 3], [1, 0]]))
})
