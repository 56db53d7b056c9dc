// Files of a frozen result, made of what the page holds. Each says its status and id.
import { save, saveCsv } from '../files'
import type { Frozen, Say } from '../page'
import type { Language } from '../units'

// Every metric over the years, full precision, in the contract's units.
export function frozenCsv({ release, projection: p }: Frozen, mark: string, say: Say, language: Language): void {
  const head = [say('export.metric'), say('export.name'), say('export.unit'), ...p.years.map(String)]
  const rows = p.metrics.map((m) => [m.metric.metric_id, m.metric.label[language], m.metric.unit, ...m.region_values])
  saveCsv(`dafeng_${release.release_id}`, head, rows, mark)
}
export function frozenJson(frozen: Frozen, mark: string): void {
  const text = JSON.stringify({ status: mark, ...frozen }, null, 1)
  save(`dafeng_${frozen.release.release_id}.json`, new Blob([text], { type: 'application/json' }))
}
