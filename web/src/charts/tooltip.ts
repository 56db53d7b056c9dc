// The tooltip as a DOM element: HTML text with inline styles would break the content-security policy.
import { fixed } from '../numbers'
import { valueText } from '../units'
import { stacked, sumAt, type Plot, type Series } from './plot'

export function element(tag: string, name: string, text = ''): HTMLElement {
  const made = document.createElement(tag)
  made.className = name
  made.textContent = text
  return made
}

export function tooltipOf(plot: Plot, hidden: ReadonlySet<string>, index: number): HTMLElement {
  const box = element('div', 'tip')
  box.append(element('div', 'tip-title', plot.x[index]))
  const stack = stacked(plot).filter((s) => !hidden.has(s.id))
  const all = sumAt(stack.filter((s) => (s.values[index] ?? 0) > 0), index)
  const row = (s: Series, bold: boolean, share: string) => {
    const line = element('div', bold ? 'tip-row tip-bold' : 'tip-row')
    const swatch = element('span', s.kind === 'line' ? 'swatch swatch-line' : 'swatch')
    swatch.style.setProperty('--colour', s.colour)
    line.append(swatch, element('span', 'tip-name', s.name), element('span', 'tip-value', valueText(s.values[index], plot.quantity)), element('span', 'tip-share', share))
    return line
  }
  const lines = plot.series.filter((s) => (s.kind === 'line' || (s.apart && s.values[index])) && !s.helper && !hidden.has(s.id))
  box.append(...lines.map((s) => row(s, s.kind === 'line' && !s.dash, '')))
  // Top layer first, as they lie in the stack; what is nothing at this point is left out.
  for (const s of [...stack].reverse()) {
    const value = s.values[index] ?? 0
    if (value) box.append(row(s, false, value > 0 && stack.length > 1 ? `${fixed((100 * value) / all, 1)}%` : ''))
  }
  if (plot.sum) {
    const line = element('div', 'tip-row tip-bold')
    line.append(element('span', 'swatch-none'), element('span', 'tip-name', plot.sum), element('span', 'tip-value', valueText(sumAt(stack, index), plot.quantity)), element('span', 'tip-share'))
    box.append(line)
  }
  for (const { name, text } of plot.tipRows?.(index) ?? []) {
    const line = element('div', 'tip-row')
    line.append(element('span', 'swatch-none'), element('span', 'tip-name', name), element('span', 'tip-value', text), element('span', 'tip-share'))
    box.append(line)
  }
  box.append(element('div', 'tip-unit', plot.quantity.unit))
  return box
}

// The same in one spoken sentence.
export function spokenAt(plot: Plot, hidden: ReadonlySet<string>, index: number): string {
  const part = (s: Series) => `${s.name} ${valueText(s.values[index], plot.quantity)}`
  const parts = [...plot.series].reverse().filter((s) => !s.helper && !hidden.has(s.id) && s.values[index]).map(part)
  return `${plot.x[index]}: ${parts.join(', ')} (${plot.quantity.unit})`
}
