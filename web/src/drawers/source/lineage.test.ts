import { describe, expect, it } from 'vitest'
import type { trace } from '../../api/contracts'
import { classOf, figureRows, FIGURE_COLUMNS, lineageOf, searched, type Node } from './lineage'

const node = (node_id: string, kind: string, own: Partial<Node> = {}): Node => ({
  node_id, kind: `NODE_KIND_${kind}` as Node['kind'], label: { zh: node_id, en: node_id }, text: '', unit: '', year: 0, place: '', grade: '', source: '', clause: '', derivation: '', depth: 1, ...own,
})
const edge = (from_id: string, to_id: string): trace.TraceEdge => ({ from_id, to_id, role: 'EDGE_ROLE_USED' })
const titled = (id: string, title: string) => node(`document:${id}`, 'DOCUMENT', { label: { zh: title, en: title } })
const TRACE = {
  root_id: 'metric:m',
  nodes: [
    node('metric:m', 'METRIC', { depth: 0 }),
    node('stage:gateway', 'STAGE'),
    node('stage:buildings', 'STAGE', { depth: 2 }),
    node('stage:buildings:services.buildings.stock', 'STAGE', { depth: 3, text: 'services.buildings.stock' }),
    node('leaf:a', 'LEAF', { grade: 'C', depth: 4, derivation: 'taken from a survey', clause: 'p. 3', value: 2, unit: 'share' }),
    node('observed:b@nantong', 'OBSERVATION', { grade: 'A', depth: 4, year: 2022, place: 'nantong' }),
    node('lever:x', 'LEVER', { grade: 'C', depth: 4 }),
    titled('own', 'Buildings (Dafeng compilation, 2026)'),
    titled('yearbook', 'Statistical yearbook of Jiangsu'),
  ],
  edges: [
    edge('metric:m', 'stage:gateway'), edge('stage:gateway', 'stage:buildings'), edge('stage:buildings', 'stage:buildings:services.buildings.stock'),
    edge('stage:buildings:services.buildings.stock', 'leaf:a'), edge('stage:buildings', 'observed:b@nantong'), edge('stage:buildings', 'lever:x'),
    edge('leaf:a', 'document:own'), edge('lever:x', 'document:own'), edge('observed:b@nantong', 'document:yearbook'),
  ],
  grades: [{ grade: 'GRADE_A', figure_count: 1, figure_share: 1 / 3 }, { grade: 'GRADE_C', figure_count: 2, figure_share: 2 / 3 }],
} as unknown as trace.Trace

describe('the lineage of a number', () => {
  const lineage = lineageOf(TRACE)
  it('groups figures by document, statistics before what was estimated here', () => {
    expect(lineage.documents.map((d) => [d.id, d.kind, d.worst, d.figures.length])).toEqual([
      ['document:yearbook', 'official', 'A', 1],
      ['document:own', 'own', 'C', 2],
    ])
  })
  it('puts sectors before the accounts and counts what their modules read', () => {
    expect(lineage.stages.map((s) => [s.id, s.figures, s.levers, s.modules])).toEqual([
      ['stage:buildings', 2, 1, ['stock']],
      ['stage:gateway', 0, 0, []],
    ])
  })
  it('finds figures by the name of their place and keeps all of a document whose title matches', () => {
    expect(searched(lineage.documents, '南通', (id) => (id === 'nantong' ? '南通' : id)).map((d) => d.figures.length)).toEqual([1])
    expect(searched(lineage.documents, 'dafeng', (id) => id)[0]!.figures).toHaveLength(2)
    expect(searched(lineage.documents, 'nothing such', (id) => id)).toEqual([])
  })
  it('writes every figure with document, clause and grade', () => {
    const rows = figureRows(lineage.documents)
    expect(rows).toHaveLength(3)
    expect(rows.every((r) => r.length === FIGURE_COLUMNS.length)).toBe(true)
    expect(rows.find((r) => r[0] === 'leaf:a')).toContain('p. 3')
  })
})

it('tells plans, statistics, papers and own estimates apart', () => {
  const of = (title: string) => classOf(titled('x', title))
  expect(of('江苏省碳达峰实施方案')).toBe('policy')
  expect(of('GB/T 2589-2020 综合能耗计算通则')).toBe('official')
  expect(of('Zhou et al. 2019, lifetime of Chinese buildings')).toBe('literature')
  expect(of('Estimate made for this compilation')).toBe('own')
})
