// Small multiples: one line a city as an SVG path, all on one scale or each on its own.
interface Frame {
  width: number
  height: number
}
export interface Line {
  id: string
  path: string
  grey?: string // path of the comparison line
  peak?: { x: number; y: number; year: number; value: number }
  first: number
  last: number
  top: number // value at the top of the frame
  zero: number // y of zero
}
const PADDING = 4

function pathOf(values: readonly number[], low: number, high: number, frame: Frame): { path: string; at: (i: number) => { x: number; y: number } } {
  const at = (i: number) => ({
    x: PADDING + ((frame.width - 2 * PADDING) * i) / Math.max(1, values.length - 1),
    y: frame.height - PADDING - ((frame.height - 2 * PADDING) * (values[i]! - low)) / (high - low || 1),
  })
  // A gap in the values is a gap in the line.
  let pen = 'M'
  const parts: string[] = []
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      pen = 'M'
      continue
    }
    const { x, y } = at(i)
    parts.push(`${pen}${x.toFixed(1)} ${y.toFixed(1)}`)
    pen = 'L'
  }
  return { path: parts.join(''), at }
}
// `grey`: the region's course, scaled to the city's first value.
export function linesOf(values: ReadonlyMap<string, readonly number[]>, region: readonly number[] | undefined, years: readonly number[], ownScale: boolean, withPeak: boolean, frame: Frame): Line[] {
  const finite = (row: readonly number[]) => row.filter(Number.isFinite)
  const rows = [...values].map(([id, own]) => ({ id, own, grey: region?.[0] ? region.map((v) => (v / region[0]!) * own[0]!) : undefined }))
  const all = rows.flatMap((r) => finite([...r.own, ...(r.grey ?? [])]))
  return rows.map(({ id, own, grey }) => {
    const range = ownScale ? finite([...own, ...(grey ?? [])]) : all
    const [low, high] = [Math.min(0, ...range), Math.max(0, ...range)]
    const { path, at } = pathOf(own, low, high, frame)
    const top = own.reduce((best, v, i) => (v > (own[best] ?? -Infinity) ? i : best), 0)
    return {
      id, path, ...(grey ? { grey: pathOf(grey, low, high, frame).path } : {}), ...(withPeak && Number.isFinite(own[top]) ? { peak: { ...at(top), year: years[top]!, value: own[top]! } } : {}),
      zero: frame.height - PADDING - ((frame.height - 2 * PADDING) * -low) / (high - low || 1), first: own[0]!, last: own[own.length - 1]!, top: high,
    }
  })
}
