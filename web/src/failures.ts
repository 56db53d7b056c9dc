// What a refused or failed call says to the user: words of the page where it knows the reason, else those of the service.
import type { CallError } from './api/call'
import type { Say } from './page'
import { wordOf } from './word'

// The service names what the caller may not do, and where.
const LACKING = /may not (\w+)(?: in ([\w/]+))?/
export function failureText(error: CallError, say: Say, placeName: (id: string) => string): string {
  if (error.code === 'offline') return say('offline')
  if (error.reason === 'NOT_ALLOWED') {
    const [, act = '', place = ''] = LACKING.exec(error.message) ?? []
    if (!act) return say('refused.NOT_ALLOWED')
    const where = place ? say('refused.where', { place: place.split('/').map(placeName).join(' ') }) : ''
    return say('refused.lacks', { act: wordOf(say, 'acts', act), where })
  }
  const key = `refused.${error.reason}`
  const words = error.reason ? say(key) : key
  return words === key ? error.message : words
}
