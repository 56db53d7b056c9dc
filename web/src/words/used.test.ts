// Every word is used, and every word that is asked for is there. A key made of parts counts by what is fixed of it, a
// table of words as soon as it is named.
import { expect, test } from 'vitest'
import { messages, type Words } from '../i18n'

const sources = import.meta.glob<string>(['../**/*.ts', '../**/*.vue', '!../words/**', '!../api/contracts/**', '!../**/*.test.ts'], { eager: true, query: '?raw', import: 'default' })
const text = Object.values(sources).join('\n')
const keysOf = (words: Words, path = ''): string[] =>
  Object.entries(words).flatMap(([key, word]) => (typeof word === 'string' ? [path + key] : keysOf(word, `${path}${key}.`)))
const keys = keysOf(messages.zh as Words)
const known = new Set(keys)
const quoted = new Set([...text.matchAll(/['"`]([A-Za-z][\w.]*?)\.?(?:['"`]|\$\{)/g)].map((m) => m[1]!))
const escaped = (part: string) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
const made = [...text.matchAll(/`(?=([\w.]*\$\{[^`]*)`)/g)]
  .map((m) => m[1]!.split(/\$\{[^}]*\}/))
  .filter((parts) => parts.every((part) => /^[\w.]*$/.test(part)) && parts.join('').replace(/\./g, '') !== '')
  .map((parts) => new RegExp(`^${parts.map(escaped).join('[\\w.]+')}$`))

test('every word that is asked for by its name is there', () => {
  const asked = [...text.matchAll(/(?:\bt|\bc\.say|[^.\w]say)\(\s*'([A-Za-z][\w.]*)'/g)].map((m) => m[1]!)
  expect([...new Set(asked)].filter((key) => !known.has(key))).toEqual([])
})
test('every word is used', () => {
  const named = (key: string): boolean => quoted.has(key) || (key.includes('.') && named(key.slice(0, key.lastIndexOf('.'))))
  const used = (key: string) => named(key) || made.some((pattern) => pattern.test(key))
  expect(keys.filter((key) => !used(key))).toEqual([])
})
