// Which levers the panel shows, in which order: all from the rows.
import type { LeverEntry } from '../model/scenario'
import { plain } from '../search/matches'
import type { Language } from '../units'
import type { TargetRow } from './clauses'

const FIRST_ROWS = 4 // of a group; the rest is folded

export interface Group {
  id: string
  owner: string
  label: Record<Language, string>
  rows: LeverEntry[]
}
export const ownersOf = (rows: readonly LeverEntry[]): string[] => [...new Set(rows.map((r) => r.lever.owner))]

// Groups in the order of the rows; inside a group what policy names comes first.
export function groupsOf(rows: readonly LeverEntry[]): Group[] {
  const found = new Map<string, Group>()
  for (const row of rows) {
    const { owner, group, group_label: label } = row.lever
    const id = `${owner}.${group}`
    if (!found.has(id)) found.set(id, { id, owner, label: { zh: label?.zh || group, en: label?.en || group }, rows: [] })
    found.get(id)!.rows.push(row)
  }
  const named = (r: LeverEntry) => (r.lever.policy_refs.length ? 0 : 1)
  return [...found.values()].map((g) => ({ ...g, rows: [...g.rows].sort((a, b) => named(a) - named(b)) }))
}
// Rows shown of a group that is not opened whole: the first ones and what is changed.
export function firstOf(group: Group, changed: (id: string) => boolean): LeverEntry[] {
  if (group.rows.length <= FIRST_ROWS + 1) return group.rows
  return group.rows.filter((r, i) => i < FIRST_ROWS || changed(r.lever.lever_id))
}

export const textOf = (row: LeverEntry, targets: ReadonlyMap<string, TargetRow>): string => {
  const { lever } = row
  const clauses = lever.policy_refs.map((id) => `${id} ${targets.get(id)?.section ?? ''} ${targets.get(id)?.label.zh ?? ''} ${targets.get(id)?.label.en ?? ''}`)
  const group = lever.group_label
  return plain([lever.lever_id, lever.label.zh, lever.label.en, group?.zh ?? '', group?.en ?? '', lever.note, ...clauses].join('\n'))
}
