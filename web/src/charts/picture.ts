// A chart as a PNG of 1600 x 900: drawn anew off screen with title, unit, legend, identity and watermark.
import { FONTS } from '../numbers'
import type { Chart } from './chart'
import { init } from './echarts'

const WIDTH = 800
const HEIGHT = 450
const SCALE = 2
const MARGIN = 20

interface Caption {
  title: string
  scope: string
  note: string
  watermark: string
}

function drawLegend(ink: CanvasRenderingContext2D, chart: Chart, hidden: ReadonlySet<string>, top: number): number {
  let x = MARGIN
  let y = top
  ink.font = `12px ${FONTS}`
  for (const s of chart.legend.filter((one) => !hidden.has(one.id))) {
    const width = 24 + ink.measureText(s.name).width
    if (x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + 18]
    ink.fillStyle = s.colour
    if (s.shape === 'line' || s.shape === 'dashed') ink.fillRect(x, y + 4, 12, 3)
    else ink.fillRect(x, y, 10, 10)
    ink.fillStyle = '#1F2A37'
    ink.fillText(s.name, x + 16, y + 9)
    x += width + 8
  }
  return y + 20
}

export async function pictureOf(chart: Chart, hidden: ReadonlySet<string>, caption: Caption): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH * SCALE
  canvas.height = HEIGHT * SCALE
  const ink = canvas.getContext('2d')!
  ink.scale(SCALE, SCALE)
  ink.fillStyle = '#fff'
  ink.fillRect(0, 0, WIDTH, HEIGHT)
  ink.fillStyle = '#1F2A37'
  ink.font = `600 16px ${FONTS}`
  ink.fillText(caption.title, MARGIN, 28)
  ink.fillStyle = '#475467'
  ink.font = `12px ${FONTS}`
  ink.fillText(caption.scope, MARGIN, 46)
  const top = drawLegend(ink, chart, hidden, 58)

  const height = HEIGHT - top - 34
  const off = init(null, undefined, { renderer: 'svg', ssr: true, width: WIDTH - 2 * MARGIN, height })
  off.setOption(chart.option(hidden))
  const drawing = off.renderToSVGString()
  off.dispose()
  const image = new Image(WIDTH - 2 * MARGIN, height)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`
  await image.decode()
  ink.drawImage(image, MARGIN, top, WIDTH - 2 * MARGIN, height)

  ink.fillStyle = '#6B4500'
  ink.font = `12px ${FONTS}`
  ink.fillText(`${caption.watermark} · ${caption.note}`, MARGIN, HEIGHT - 14, WIDTH - 2 * MARGIN)
  ink.globalAlpha = 0.08
  ink.fillStyle = '#1F2A37'
  ink.font = `600 44px ${FONTS}`
  ink.textAlign = 'center'
  ink.translate(WIDTH / 2, HEIGHT / 2)
  ink.rotate(-0.3)
  ink.fillText(caption.watermark, 0, 0)
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('no picture'))), 'image/png'))
}
