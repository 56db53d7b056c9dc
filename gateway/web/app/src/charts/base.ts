import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { FONTS } from '../format'

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, MarkPointComponent, TooltipComponent, SVGRenderer])
export { echarts }

export interface Series { name: string; colour: string; values: number[]; kind: 'area' | 'bar' | 'line'; dashed?: boolean }
export interface Mark { at: number; value: number; text: string }
export interface Plot { x: (string | number)[]; series: Series[]; unit: string; mark?: Mark; digits: number }

const shown = (value: number, digits: number) => value.toLocaleString('en-GB', { maximumFractionDigits: digits })

// The tooltip is drawn as text, not HTML: a strict content-security policy forbids inline styles.
export function optionOf(plot: Plot): echarts.EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: FONTS },
    grid: { left: 52, right: 18, top: 44, bottom: 26 },
    legend: { top: 0, left: 0, itemWidth: 11, itemHeight: 11, itemGap: 9, textStyle: { fontSize: 12 }, type: 'scroll' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      order: 'seriesDesc',
      valueFormatter: (v: unknown) => shown(Number(v), plot.digits),
      textStyle: { fontSize: 12 },
    },
    xAxis: { type: 'category', data: plot.x, boundaryGap: plot.series.some((s) => s.kind === 'bar'), axisTick: { alignWithLabel: true }, axisLabel: { interval: (i: number) => plot.x.length <= 24 || Number(plot.x[i]) % 5 === 0 } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: '#E6EAF0' } }, axisLabel: { formatter: (v: number) => shown(v, plot.digits) } },
    series: plot.series.map((s, i) => ({
      name: s.name,
      type: s.kind === 'bar' ? 'bar' : 'line',
      data: s.values,
      stack: s.kind === 'line' ? undefined : 'all',
      symbol: 'none',
      itemStyle: { color: s.colour },
      lineStyle: s.kind === 'area' ? { width: 1, color: '#fff' } : { width: 2, type: s.dashed ? 'dashed' : 'solid' },
      areaStyle: s.kind === 'area' ? { opacity: 1, color: s.colour } : undefined,
      z: s.kind === 'line' ? 5 : 2,
      markPoint:
        plot.mark && i === plot.series.length - 1
          ? {
              symbol: 'triangle',
              symbolRotate: 180,
              symbolSize: 11,
              symbolOffset: [0, -7],
              itemStyle: { color: '#8F1B12' },
              label: { show: true, position: 'top', distance: 4, color: '#8F1B12', fontWeight: 600, backgroundColor: 'rgba(255,255,255,0.85)', padding: [1, 4], formatter: plot.mark.text },
              data: [{ coord: [plot.mark.at, plot.mark.value] }],
            }
          : undefined,
    })),
  }
}
