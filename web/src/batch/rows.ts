// Values of members as columns, and statistics over them that the service does not give.
import { stream } from '../api/call'
import { bytesOf } from '../files'

export type Rows = Map<string, number[]> // by column id, members in order; failed ones left out

export async function fetchRows(batchId: string, columns: string[], signal: AbortSignal, most = 0): Promise<Rows> {
  const rows: Rows = new Map(columns.map((id) => [id, []]))
  let ids: string[] = columns
  for await (const part of stream('dafeng.batch.v1.BatchService/StreamResults', { batch_id: batchId, column_ids: columns, member_count: most }, signal)) {
    if (part.column_ids.length) ids = part.column_ids
    for (const row of part.rows) if (!row.failure && row.values.length) ids.forEach((id, i) => rows.get(id)?.push(row.values[i]!))
  }
  return rows
}
// Linear between order statistics.
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b)
  if (!sorted.length) return NaN
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!)
}

export type FileFormat = 'csv' | 'parquet'
// The file as the service makes it, piece by piece.
export async function fetchFile(batchId: string, format: FileFormat, signal: AbortSignal): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const asked = format === 'csv' ? 'RESULT_FORMAT_CSV' : 'RESULT_FORMAT_PARQUET'
  for await (const part of stream('dafeng.batch.v1.BatchService/StreamResults', { batch_id: batchId, format: asked }, signal)) if (part.data) parts.push(bytesOf(part.data))
  return new Blob(parts, { type: format === 'csv' ? 'text/csv' : 'application/octet-stream' })
}
