import { describe, expect, it } from 'vitest'
import { csvOf, filtered, grouped, holdsFor, NO_FILTER, sorted, verdictCounts, type Target } from './rows'

const row = (target_id: string, own: Partial<Target> = {}): Target =>
  ({
    target_id, label: { zh: `目标${target_id}`, en: target_id }, document: { zh: '方案', en: 'Plan' }, document_id: 'JSP', section: '三(一)', place: 'jiangsu', sector: 'power', form: 'level', compare: 'at_least', unit: '%',
    year: 2025, metric_id: '', verdict: 'VERDICT_MET', basis: '', tolerance: 0, met_since_year: 0, reason: '', flags: [], cities: [], seen_values: [], readings: [], cities_without_value: [], wording: '', strive: false, ...own,
  }) as unknown as Target
const ROWS = [
  row('A-1', { relative_margin: 0.1, value: 5 }),
  row('A-2', { verdict: 'VERDICT_MISSED', relative_margin: -0.2, value: 1, sector: 'transport' }),
  row('N-1', { document_id: 'NTP', place: 'nantong', verdict: 'VERDICT_TRACKED_ONLY', year: 0 }),
  row('A-3', { cities: [{ place: 'nantong', value: 1, margin: 0, good: true, verdict: 'VERDICT_MET', value_kind: 'model' }] as unknown as Target['cities'] }),
]
const name = (id: string) => ({ nantong: '南通', jiangsu: '江苏' })[id] ?? id
const names = { placeName: name, language: 'zh' as const, entry: () => undefined }
const ids = (rows: Target[]) => rows.map((t) => t.target_id)

describe('the table of targets', () => {
  it('counts verdicts that sum to the rows left by the other filters, whatever verdict is picked', () => {
    const counts = verdictCounts(ROWS, { ...NO_FILTER, verdict: 'VERDICT_MISSED' }, name)
    expect(counts.reduce((sum, [, n]) => sum + n, 0)).toBe(ROWS.length)
    expect(verdictCounts(ROWS, { ...NO_FILTER, document: 'NTP' }, name)).toEqual([['VERDICT_TRACKED_ONLY', 1]])
  })
  it('filters by document, sector, verdict and every word of a text', () => {
    expect(ids(filtered(ROWS, { ...NO_FILTER, sector: 'transport' }, name))).toEqual(['A-2'])
    expect(ids(filtered(ROWS, { ...NO_FILTER, text: 'n-1 南通' }, name))).toEqual(['N-1'])
    expect(ids(filtered(ROWS, { ...NO_FILTER, verdict: 'VERDICT_MET', document: 'JSP' }, name))).toEqual(['A-1', 'A-3'])
  })
  it('shows a city its own targets and those asked city by city', () => {
    expect(ids(ROWS.filter((t) => holdsFor(t, 'nantong')))).toEqual(['N-1', 'A-3'])
  })
  it('sorts by margin both ways with rows without one last', () => {
    expect(ids(sorted(ROWS, 'margin', false, names)).slice(0, 2)).toEqual(['A-2', 'A-1'])
    expect(ids(sorted(ROWS, 'margin', true, names)).slice(0, 2)).toEqual(['A-1', 'A-2'])
    expect(ids(sorted(ROWS, 'year', true, names)).pop()).toBe('N-1')
  })
  it('keeps every row when grouped', () => {
    const groups = grouped(ROWS, 'document')
    expect(groups.map((g) => [g.id, g.rows.length])).toEqual([['JSP', 3], ['NTP', 1]])
  })
  it('writes as many cells as columns, values unrounded', () => {
    const { columns, lines } = csvOf([row('A-1', { value: 7.123456789012345 })], () => undefined, () => [], { say: (key) => key, language: 'zh', placeName: name })
    expect(lines[0]).toHaveLength(columns.length)
    expect(lines[0]).toContain(7.123456789012345)
  })
})
