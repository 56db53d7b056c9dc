// Where energy comes from and goes to in one year, as a Sankey. Pure functions; GJ as the contract has it.
import type { report } from '../../api/contracts'
import type { Chart } from '../../charts/chart'
import { element } from '../../charts/tooltip'
import { CARRIERS, GROUPS, SECTORS } from '../../colours'
import { FONTS } from '../../numbers'
import type { Context } from '../../page'
import { largestOf, valueText, withUnit, type Quantity } from '../../units'

const THIN_SHARE = 0.005
const LOSSES = '#D0D5DC'
const COLOURS: Record<string, string> = {
  ...CARRIERS, ...SECTORS, imports: CARRIERS.import!, byproduct_gas: GROUPS.offgas!, hydrogen_bought: CARRIERS.hydrogen!, other_carriers: '#8A94A3',
  generation: CARRIERS.electricity!, heat_supply: CARRIERS.heat!, oil_products: CARRIERS.oil!, fuels: '#5F6B7A', losses: LOSSES, thin: '#8A94A3',
}
const nodeColour = (id: string): string => COLOURS[id.replace(/^direct_/, '')] ?? '#8A94A3'

export interface Flow {
  nodes: { id: string; name: string; column: number; value: number; given: number; taken: number }[]
  links: { from: string; to: string; value: number }[]
}

const DIRECT = 'direct_'
const THIN = 'thin'
// One year. Carriers too small to be seen are joined (with their own direct use) into one, so that nothing is lost and
// what enters a node still leaves it.
export function flowOf(r: report.ReportEnergyFlowResponse, year: number, c: Context): Flow {
  const at = r.years.indexOf(year)
  const raw = r.links.map((l) => ({ from: l.from_node, to: l.to_node, value: l.energy_gj[at] ?? 0 })).filter((l) => l.value > 0)
  const columns = new Map(r.nodes.map((n) => [n.node_id, n.column]))
  const primary = raw.filter((l) => columns.get(l.from) === 0).reduce((s, l) => s + l.value, 0)
  const leaving = (id: string) => raw.filter((l) => l.from === id).reduce((s, l) => s + l.value, 0)
  const thin = new Set(r.nodes.filter((n) => n.column === 0 && leaving(n.node_id) < THIN_SHARE * primary).map((n) => n.node_id))
  const named = (id: string) => (thin.has(id) ? THIN : id.startsWith(DIRECT) && leaving(id) < THIN_SHARE * primary ? DIRECT + THIN : id)
  const joined = new Map<string, Flow['links'][number]>()
  for (const link of raw) {
    const [from, to] = [named(link.from), named(link.to)]
    const have = joined.get(`${from} ${to}`)
    if (have) have.value += link.value
    else joined.set(`${from} ${to}`, { from, to, value: link.value })
  }
  const links = [...joined.values()]
  const other = [
    { id: THIN, name: c.say('pathway.thinCarriers'), column: 0 },
    { id: DIRECT + THIN, name: c.say('pathway.thinDirect'), column: 1 },
  ]
  const given = (id: string) => links.filter((l) => l.from === id).reduce((s, l) => s + l.value, 0)
  const taken = (id: string) => links.filter((l) => l.to === id).reduce((s, l) => s + l.value, 0)
  const nodes = [...r.nodes.map((n) => ({ id: n.node_id, name: n.label[c.language], column: n.column })), ...other]
    .map((n) => ({ ...n, given: given(n.id), taken: taken(n.id) }))
    .map((n) => ({ ...n, value: Math.max(n.given, n.taken) }))
    .filter((n) => n.value > 0)
  // By column, in the order of the contract, what was joined at the end of its column.
  nodes.sort((a, b) => a.column - b.column)
  return { nodes, links }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
function tip(title: string, text: string, share: string): HTMLElement {
  const box = element('div', 'tip')
  const line = element('div', 'tip-row')
  line.append(element('span', 'tip-name', text), element('span', 'tip-share', share))
  box.append(element('div', 'tip-title', title), line)
  return box
}

export function sankeyChart(r: report.ReportEnergyFlowResponse, year: number, c: Context): Chart {
  const flow = flowOf(r, year, c)
  const q = c.quantity('energy', largestOf(flow.nodes.map((n) => n.value)))
  const names = new Map(flow.nodes.map((n) => [n.id, capital(n.name)]))
  const primary = flow.nodes.filter((n) => n.column === 0).reduce((s, n) => s + n.value, 0)
  const losses = flow.nodes.find((n) => n.id === 'losses')?.value ?? 0
  const share = (v: number) => `${valueText(v / primary, { ...c.quantity('share') })}%`
  const linkName = (l: Flow['links'][number]) => `${names.get(l.from)} → ${names.get(l.to)}`
  const sorted = [...flow.links].sort((a, b) => b.value - a.value)
  const last = Math.max(...flow.nodes.map((n) => n.column))
  return {
    unit: q.unit,
    legend: [],
    option: () => optionOfFlow(flow, last, names, q, (v) => share(v), linkName),
    table: {
      rowTitle: c.say('pathway.flow'),
      columns: [{ name: c.say('pathway.energy'), quantity: q }],
      rows: flow.links.map((l) => ({ label: linkName(l), cells: [l.value] })),
    },
    sentence: c.say('pathway.flowSentence', { year, total: withUnit(primary, q), losses: withUnit(losses, q), parts: sorted.slice(0, 3).map((l) => `${linkName(l)} ${valueText(l.value, q)}`).join(c.language === 'zh' ? '、' : ', ') }),
    count: sorted.length,
    spokenAt: (i) => (sorted[i] ? `${linkName(sorted[i]!)}: ${withUnit(sorted[i]!.value, q)}, ${share(sorted[i]!.value)}` : ''),
    tipAt: (i) => ({ seriesIndex: 0, dataType: 'edge', dataIndex: sorted[i] ? flow.links.indexOf(sorted[i]!) : 0 }),
  }
}

type Event = { dataType: 'node' | 'edge'; dataIndex: number }
function optionOfFlow(flow: Flow, last: number, names: Map<string, string>, q: Quantity, share: (v: number) => string, linkName: (l: Flow['links'][number]) => string) {
  return {
    animation: false,
    textStyle: { fontFamily: FONTS },
    tooltip: {
      trigger: 'item', confine: true, transitionDuration: 0, padding: 0, borderWidth: 0, className: 'tip-frame',
      formatter: ({ dataType, dataIndex }: Event) => {
        if (dataType === 'edge') return tip(linkName(flow.links[dataIndex]!), withUnit(flow.links[dataIndex]!.value, q), share(flow.links[dataIndex]!.value))
        const node = flow.nodes[dataIndex]!
        return tip(names.get(node.id)!, withUnit(node.value, q), share(node.value))
      },
    },
    series: [{
      id: 'flow', type: 'sankey', left: 4, right: 130, top: 8, bottom: 8, nodeWidth: 14, nodeGap: 13, nodeAlign: 'left', layoutIterations: 0, draggable: false,
      emphasis: { focus: 'adjacency' },
      lineStyle: { color: 'source', opacity: 0.35, curveness: 0.5 },
      label: { position: 'right', color: '#1F2A37', fontSize: 12, textBorderColor: '#fff', textBorderWidth: 2 },
      data: flow.nodes.map((n) => ({
        name: n.id, depth: n.column, value: n.value, itemStyle: { color: nodeColour(n.id), borderColor: 'rgba(31, 42, 55, 0.45)', borderWidth: 0.5 },
        // Beside the last column a name may take two lines; its value stands under it, whole.
        label: { formatter: `${names.get(n.id)}${n.column === last ? '\n' : ' '}${valueText(n.value, q)}`, ...(n.column === last ? { width: 120, overflow: 'break' } : {}) },
      })),
      links: flow.links.map((l) => ({ source: l.from, target: l.to, value: l.value })),
    }],
  }
}
