import { describe, expect, it } from 'vitest'
import { context, report_ } from './fixture'
import { endsOf, heatMapChart } from './heat_map'

const c = context('si')

describe('the map of the year', () => {
  let picked = -1
  const chart = heatMapChart(report_, 'load', 191, (day) => (picked = day), c)!
  it('has a cell an hour, days across and hours upward', () => {
    const [series] = chart.option(new Set()).series as { data: [number, number, number][]; markLine: { data: object[] } }[]
    expect(series!.data).toHaveLength(8760)
    expect(series!.data[24 * 191 + 5]!.slice(0, 2)).toEqual([191, 5])
    expect(series!.markLine.data).toEqual([{ xAxis: 191 }])
    expect(chart.renderer).toBe('canvas')
  })
  it('gives the day of the cell that is clicked', () => {
    chart.onClick!({ dataIndex: 24 * 100 + 7, name: '', value: 0 })
    expect(picked).toBe(100)
  })
  it('has a table of every day and hour', () => {
    expect(chart.table.rows).toHaveLength(365)
    expect(chart.table.columns).toHaveLength(24)
    expect(chart.table.rows[3]!.cells[5]).toBe(405)
  })
  it('is not drawn when the answer holds no map', () => {
    expect(heatMapChart(report_, 'price', -1, () => undefined, c)).toBeUndefined()
  })
  it('ends its colours below a few hours that are far above the others', () => {
    const usual = Array.from({ length: 1000 }, () => 400)
    expect(endsOf([...usual, 30000])).toMatchObject({ high: 400, cut: true })
    expect(endsOf([...usual, 900])).toMatchObject({ high: 900, cut: false })
  })
})
