// The whole report as one tall picture: its charts under each other, each with its identity and watermark.
import { pictureOf } from '../charts/picture'
import { FONTS } from '../numbers'
import type { ReportChart } from './charts'

const WIDTH = 1600
const HEAD = 150
const LINE = 34

export async function reportPicture(title: string, lines: string[], charts: ReportChart[], note: string, watermark: string): Promise<Blob> {
  const pictures = await Promise.all(
    charts.map(async (c) => createImageBitmap(await pictureOf(c.chart, new Set(), { title: c.title, scope: `${c.chart.unit} · ${c.scope}`, note, watermark }))),
  )
  const head = HEAD + lines.length * LINE
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = head + pictures.reduce((sum, p) => sum + p.height, 0)
  const ink = canvas.getContext('2d')!
  ink.fillStyle = '#fff'
  ink.fillRect(0, 0, canvas.width, canvas.height)
  ink.fillStyle = '#1F2A37'
  ink.font = `600 40px ${FONTS}`
  ink.fillText(title, 40, 64)
  ink.fillStyle = '#6B4500'
  ink.font = `24px ${FONTS}`
  ink.fillText(`${watermark} · ${note}`, 40, 108, WIDTH - 80)
  ink.fillStyle = '#1F2A37'
  lines.forEach((line, i) => ink.fillText(line, 40, HEAD + i * LINE, WIDTH - 80))
  let y = head
  for (const picture of pictures) {
    ink.drawImage(picture, 0, y)
    y += picture.height
  }
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('no picture'))), 'image/png'))
}
