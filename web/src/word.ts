// A word of a table of words, or the id itself when the service has a newer one.
import type { Say } from './page'

export function wordOf(say: Say, table: string, id: string): string {
  const key = `${table}.${id}`
  const word = say(key)
  return word === key ? id.split('_').join(' ').toLowerCase() : word
}
