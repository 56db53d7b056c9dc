import { expect, test } from 'vitest'
import { CallError } from './api/call'
import { failureText } from './failures'
import { messages } from './i18n'
import type { Say } from './page'
import type { Language } from './units'

const sayIn = (language: Language): Say => (key, words = {}) => {
  const found = key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], messages[language])
  return typeof found === 'string' ? found.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name])) : key
}
const names: Record<string, string> = { jiangsu: '江苏', nantong: '南通' }
const told = (error: CallError, language: Language = 'zh') => failureText(error, sayIn(language), (id) => names[id] ?? id)

test('a refusal says in words what is lacking, and where', () => {
  const error = new CallError('permission_denied', 'Not allowed: zhang may not submit in jiangsu/nantong / 没有权限. Ask ...', [], 'NOT_ALLOWED')
  expect(told(error)).toContain('提交发布')
  expect(told(error)).toContain('江苏 南通')
  expect(told(error, 'en')).toContain('submit for release')
})
test('a refusal without an act is still told in words', () => {
  expect(told(new CallError('permission_denied', 'Not allowed', [], 'NOT_ALLOWED'))).toBe('没有权限。')
})
test.each(['SAME_PERSON', 'CAPACITY', 'NO_TIME', 'AUDIT_AWAY', 'NOT_REPRODUCED', 'RELEASE_STATE', 'UNKNOWN_RELEASE'])('%s has words of the page in both languages', (reason) => {
  const error = new CallError('permission_denied', 'text of the service', [], reason)
  expect(told(error)).not.toContain('text of the service')
  expect(told(error)).not.toBe(told(error, 'en'))
})
test('what the page does not know is told as the service says it', () => {
  expect(told(new CallError('internal', 'Something else', [], 'NEWER'))).toBe('Something else')
})
