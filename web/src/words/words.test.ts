import { expect, test } from 'vitest'
import { messages, type Words } from '../i18n'
import { zh as common } from './zh'

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, word]): [string, string][] => (typeof word === 'string' ? [[path + key, word]] : flat(word, `${path}${key}.`)))
const [zh, en] = [new Map(flat(messages.zh as Words)), new Map(flat(messages.en as Words))]
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

test('both languages have the same words', () => {
  expect([...zh.keys()].filter((k) => !en.has(k))).toEqual([])
  expect([...en.keys()].filter((k) => !zh.has(k))).toEqual([])
})
test('a word takes the same figures in both languages', () => {
  const different = [...zh].filter(([k, text]) => String(placeholders(text)) !== String(placeholders(en.get(k) ?? '')))
  expect(different.map(([k]) => k)).toEqual([])
})
test('no word is empty, and English has no Chinese characters', () => {
  expect([...zh, ...en].filter(([key, text]) => !text.trim() && !key.startsWith('units.')).map(([k]) => k)).toEqual([])
  expect([...en].filter(([, text]) => /[\u4e00-\u9fff]/.test(text)).map(([k]) => k)).toEqual([])
})
test('no room hides a word that all rooms share', () => {
  const rooms = Object.entries(messages.zh).filter(([, words]) => typeof words !== 'string').map(([name]) => name)
  expect(rooms.filter((name) => typeof (common as Words)[name] === 'string')).toEqual([])
})
