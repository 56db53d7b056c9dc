// Files for the user: comma-separated tables and pictures.
export type Cell = string | number

// A text that a spreadsheet would take for a formula is kept a text.
const guarded = (text: string) => (/^[=+@＝＋－＠\t\r-]/.test(text) ? `'${text}` : text)
const quoted = (cell: Cell) => (typeof cell === 'number' ? String(cell) : `"${guarded(cell).split('"').join('""')}"`)

export function saveCsv(name: string, columns: string[], rows: Cell[][], note: string): void {
  const lines = [[`# ${note}`], columns, ...rows].map((row) => row.map(quoted).join(','))
  save(`${name}.csv`, new Blob(['\ufeff' + lines.join('\r\n') + '\r\n'], { type: 'text/csv' }))
}

export function save(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

// Bytes of a reply, which come in base64 (of either alphabet).
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
}
