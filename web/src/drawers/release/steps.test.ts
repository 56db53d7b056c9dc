import { expect, test } from 'vitest'
import type { Who } from '../../model/who'
import { isReturned, offerOf, type Release, type Status } from './steps'

const step = (status: string, actor: string) => ({ status: `RELEASE_STATUS_${status}` as Status, actor, at: '', reason: '' })
const made = (status: string, ...steps: [string, string][]): Release =>
  ({ release_id: 'a', status: `RELEASE_STATUS_${status}`, steps: steps.map(([s, actor]) => step(s, actor)) }) as unknown as Release
const person = (user_id: string, acts: string[], sign_in = 'local'): Who => ({ user_id, acts, sign_in }) as unknown as Who
const ALL = ['submit', 'review', 'release']

test('a submitted result waits for a reviewer, a reviewed one for a releaser, a released one may be withdrawn', () => {
  const anybody = person('wang', ALL)
  expect(offerOf(made('SUBMITTED', ['SUBMITTED', 'li']), anybody)).toEqual({ act: 'review', hindrance: '' })
  expect(offerOf(made('REVIEWED', ['SUBMITTED', 'li'], ['REVIEWED', 'zhao']), anybody)).toEqual({ act: 'release', hindrance: '' })
  expect(offerOf(made('RELEASED', ['SUBMITTED', 'li'], ['REVIEWED', 'zhao'], ['RELEASED', 'wang']), anybody)).toEqual({ act: 'withdraw', hindrance: '' })
  for (const ended of ['SUPERSEDED', 'WITHDRAWN', 'INTERNAL']) expect(offerOf(made(ended, ['SUBMITTED', 'li']), anybody)).toBeUndefined()
})
test('who lacks the role is told so first', () => {
  expect(offerOf(made('SUBMITTED', ['SUBMITTED', 'li']), person('li', ['submit']))?.hindrance).toBe('role')
})
test('the author neither reviews nor releases, however the name is written', () => {
  expect(offerOf(made('SUBMITTED', ['SUBMITTED', 'Li ']), person('ｌｉ', ALL))?.hindrance).toBe('author')
  expect(offerOf(made('REVIEWED', ['SUBMITTED', 'li'], ['REVIEWED', 'zhao']), person('li', ALL))?.hindrance).toBe('author')
})
test('the reviewer does not release, not even what an earlier round of theirs returned', () => {
  expect(offerOf(made('REVIEWED', ['SUBMITTED', 'li'], ['REVIEWED', 'zhao']), person('zhao', ALL))?.hindrance).toBe('reviewer')
  const rounds = made('REVIEWED', ['SUBMITTED', 'li'], ['INTERNAL', 'wang'], ['SUBMITTED', 'li'], ['REVIEWED', 'zhao'])
  expect(offerOf(rounds, person('wang', ALL))?.hindrance).toBe('reviewer')
})
test('without sign-in nobody is a person who could review', () => {
  expect(offerOf(made('SUBMITTED', ['SUBMITTED', 'li']), person('local', ALL, 'open'))?.hindrance).toBe('open')
})
test('a result is returned when it was submitted and is internal again', () => {
  expect(isReturned(made('INTERNAL', ['SUBMITTED', 'li'], ['INTERNAL', 'zhao']))).toBe(true)
  expect(isReturned(made('SUBMITTED', ['SUBMITTED', 'li']))).toBe(false)
})
