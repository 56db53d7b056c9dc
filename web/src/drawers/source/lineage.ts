// A trace as planners read it: the number, the documents it rests on with their figures, the stages that made it, the
// levers that act on it. Pure functions over the contract's nodes and edges.
import type { trace } from '../../api/contracts'
import { matches, plain } from '../../search/matches'

export type Node = trace.TraceNode
export type GradeLetter = 'A' | 'B' | 'C'
export const GRADES: GradeLetter[] = ['A', 'B', 'C']
type DocumentClass = 'policy' | 'official' | 'literature' | 'own'
export const CLASSES: DocumentClass[] = ['policy', 'official', 'literature', 'own']

export interface SourceDocument {
  id: string
  label: Node['label']
  year: string
  kind: DocumentClass
  counts: Record<GradeLetter, number>
  worst: GradeLetter | ''
  depth: number // of its nearest figure, in edges from the number
  figures: Node[]
}
interface Stage {
  id: string
  label: Node['label']
  modules: string[] // code names of its parts
  figures: number
  levers: number
}
interface Lineage {
  root: Node | undefined
  metrics: Node[] // between a target and its stages
  documents: SourceDocument[]
  stages: Stage[] // in the order in which they are calculated
  levers: Node[]
  figureCount: number
}

const letterOf = (grade: string): GradeLetter | '' => (GRADES as string[]).includes(grade) ? (grade as GradeLetter) : ''
export const letterOfGrade = (grade: string): GradeLetter | '' => letterOf(grade.replace('GRADE_', ''))

// Which kind of document a title is of. What this project compiled or estimated is said to be that, whatever it names.
const OWN = /compilation|Dafeng|for this project|of this project/i
const POLICY = /方案|规划|决定|意见|implementation plan|five-year plan|decision of/i
const OFFICIAL =
  /\bGB\b|GB\/T|JGJ|\bISO\b|标准|指南|通则|通知|公报|用电量|年鉴|因子|\bNBS\b|NDRC|National (Bureau|Development|Energy)|Bureau of Statistics|statistic|census|yearbook|Ministry|State Council|State Grid|Law of|Traffic police|国务院|国家电网|国网|guideline|standard/i
export function classOf(document: Node, isTargets = false): DocumentClass {
  const title = `${document.label?.zh} ${document.label?.en}`
  if (OWN.test(title)) return 'own'
  if (isTargets || POLICY.test(title)) return 'policy'
  return OFFICIAL.test(title) ? 'official' : 'literature'
}

function documentsOf(nodes: Map<string, Node>, edges: readonly trace.TraceEdge[]): SourceDocument[] {
  const found = new Map<string, SourceDocument>()
  for (const { from_id, to_id } of edges) {
    const [figure, document] = [nodes.get(from_id), nodes.get(to_id)]
    if (document?.kind !== 'NODE_KIND_DOCUMENT' || !figure) continue
    let own = found.get(to_id)
    if (!own) {
      own = { id: to_id, label: document.label, year: document.text, kind: 'literature', counts: { A: 0, B: 0, C: 0 }, worst: '', depth: Infinity, figures: [] }
      found.set(to_id, own)
    }
    const isTarget = figure.kind === 'NODE_KIND_TARGET' || figure.kind === 'NODE_KIND_RULE'
    if (own.kind !== 'policy') own.kind = classOf(document, isTarget)
    const letter = letterOf(figure.grade)
    if (letter) own.counts[letter] += 1
    if (letter > own.worst) own.worst = letter
    own.depth = Math.min(own.depth, figure.depth)
    own.figures.push(figure)
  }
  for (const one of found.values()) one.figures.sort((a, b) => a.depth - b.depth || (a.grade < b.grade ? -1 : a.grade > b.grade ? 1 : b.year - a.year))
  return [...found.values()].sort(
    (a, b) => CLASSES.indexOf(a.kind) - CLASSES.indexOf(b.kind) || Number(b.depth === 0) - Number(a.depth === 0) || b.counts.A - a.counts.A || b.counts.B - a.counts.B || b.figures.length - a.figures.length,
  )
}

// Stages without a module name are sectors (or the accounts); their modules' inputs count as theirs.
const stageKey = (id: string): string => id.split(':').slice(0, 2).join(':')
function stagesOf(nodes: Map<string, Node>, edges: readonly trace.TraceEdge[]): Stage[] {
  const all = [...nodes.values()].filter((n) => n.kind === 'NODE_KIND_STAGE')
  const inputs = new Map<string, Set<string>>()
  for (const { from_id, to_id } of edges) {
    if (nodes.get(from_id)?.kind !== 'NODE_KIND_STAGE' || nodes.get(to_id)?.kind === 'NODE_KIND_STAGE') continue
    const key = stageKey(from_id)
    inputs.set(key, (inputs.get(key) ?? new Set<string>()).add(to_id))
  }
  return all
    .filter((n) => !n.text)
    .sort((a, b) => b.depth - a.depth || ORDER.indexOf(a.node_id) - ORDER.indexOf(b.node_id))
    .map((n) => {
      const read = [...(inputs.get(n.node_id) ?? [])].map((id) => nodes.get(id)?.kind)
      const levers = read.filter((kind) => kind === 'NODE_KIND_LEVER').length
      const modules = all.filter((m) => m.text && stageKey(m.node_id) === n.node_id).map((m) => m.text.split('.').pop()!)
      return { id: n.node_id, label: n.label, modules: [...new Set(modules)].sort(), figures: read.length - levers, levers }
    })
}
const ORDER = ['stage:industry', 'stage:buildings', 'stage:transport', 'stage:power', 'stage:gateway', 'stage:targets']

export function lineageOf(found: trace.Trace): Lineage {
  const nodes = new Map(found.nodes.map((n) => [n.node_id, n]))
  const documents = documentsOf(nodes, found.edges)
  const of = (kind: trace.NodeKind) => found.nodes.filter((n) => n.kind === kind)
  return {
    root: nodes.get(found.root_id),
    metrics: of('NODE_KIND_METRIC').filter((n) => n.node_id !== found.root_id),
    documents,
    stages: stagesOf(nodes, found.edges),
    levers: of('NODE_KIND_LEVER').sort((a, b) => (a.node_id < b.node_id ? -1 : 1)),
    figureCount: found.grades.reduce((sum, g) => sum + g.figure_count, 0),
  }
}

const countsOf = (figures: readonly Node[]): Record<GradeLetter, number> => {
  const of = (letter: GradeLetter) => figures.filter((f) => f.grade === letter).length
  return { A: of('A'), B: of('B'), C: of('C') }
}
// Documents and figures that hold every word searched for; a document whose title holds them keeps all its figures.
export function searched(documents: readonly SourceDocument[], text: string, placeName: (id: string) => string): SourceDocument[] {
  if (!text.trim()) return [...documents]
  const holds = (parts: string[]) => matches(plain(parts.join(' ')), text)
  return documents.flatMap((d) => {
    const title = [d.label?.zh ?? '', d.label?.en ?? '']
    if (holds(title)) return [d]
    const figures = d.figures.filter((f) => holds([...title, f.label?.zh ?? '', f.label?.en ?? '', f.node_id, f.clause, f.derivation, String(f.year || ''), f.place ? placeName(f.place) : '']))
    return figures.length ? [{ ...d, figures, counts: countsOf(figures) }] : []
  })
}

// Rows of the file: every figure with its document.
export const FIGURE_COLUMNS = ['figure', 'kind', 'name_zh', 'name_en', 'place', 'year', 'value', 'unit', 'text', 'grade', 'document', 'document_title', 'document_year', 'clause', 'derivation']
export function figureRows(documents: readonly SourceDocument[]): (string | number)[][] {
  return documents.flatMap((d) =>
    d.figures.map((f) => [
      f.node_id, f.kind.replace('NODE_KIND_', '').toLowerCase(), f.label?.zh ?? '', f.label?.en ?? '', f.place, f.year || '', f.value ?? '', f.unit, f.text, f.grade,
      d.id.replace('document:', ''), d.label?.en ?? '', d.year, f.clause, f.derivation,
    ]),
  )
}
