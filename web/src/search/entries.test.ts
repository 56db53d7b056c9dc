import { expect, it } from 'vitest'
import { messages } from '../i18n'
import { CHARTS, entry, found, PICKED, TERMS, type Entry } from './entries'

const ALL: Entry[] = [
  entry({ kind: 'chart', id: 'load_duration', name: '负荷历时曲线', more: '电力' }, 'load duration'),
  entry({ kind: 'lever', id: 'power.peak', name: '尖峰电价', more: '' }),
  entry({ kind: 'target', id: 'JSP-06', name: '二氧化碳排放达峰年份', more: '' }, 'year in which co2 emissions peak'),
  ...Array.from({ length: 9 }, (_, i) => entry({ kind: 'term', id: `t${i}`, name: `负荷${i}`, more: '' })),
]
it('finds in both languages and by id, every word, at most six of a kind', () => {
  expect(found(ALL, '负荷').map((e) => e.kind)).toEqual(['chart', ...Array<string>(6).fill('term')])
  expect(found(ALL, 'duration LOAD')[0]!.id).toBe('load_duration')
  expect(found(ALL, 'jsp-06')[0]!.kind).toBe('target')
  expect(found(ALL, '  ')).toEqual([])
})
const said = (tree: unknown, key: string): unknown => key.split('.').reduce((at: unknown, part) => (at as Record<string, unknown> | undefined)?.[part], tree)
it('names charts and terms in both languages', () => {
  for (const language of ['zh', 'en'] as const) {
    for (const [, name, key] of CHARTS) expect(said(messages[language], key), `${language} ${name}`).toBeTypeOf('string')
    for (const { key } of PICKED) expect(said(messages[language], key), `${language} ${key}`).toBeTypeOf('string')
    for (const [id] of TERMS) for (const part of ['names', 'meanings']) expect(said(messages[language], `search.${part}.${id}`), `${language} ${id}`).toBeTypeOf('string')
  }
})
const SOURCES = import.meta.glob<string>('../views/*/*.vue', { query: '?raw', import: 'default', eager: true })
it('leads to cards that their views have', () => {
  for (const [view, name] of CHARTS) {
    const own = Object.entries(SOURCES).filter(([path]) => path.startsWith(`../views/${view}/`)).map(([, text]) => text).join('\n')
    expect(own.includes(`name="${name}"`) || own.includes(`data-chart="${name}"`), `${view} ${name}`).toBe(true)
  }
})
