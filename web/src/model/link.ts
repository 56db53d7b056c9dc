// The view in the fragment of the address: place, view, scenario, comparison, year, day, weather. Nothing of it reaches
// a server's log. What a scenario changes stands in the link itself while it is short (deflated, base64url).
import { bytesOf } from '../files'
import { draftFrom, type Draft } from './scenario'
import { CO2_VIEWS, VIEWS, type Co2View, type Session, type ViewId, type Weather } from './session'

const LINK_VERSION = '1'
export const MOST_CHARACTERS = 2000
const WEATHERS = ['normal', 'hot', 'cold', 'low_wind']

// What a link says; ids stay as they were written, and the service refuses what it does not know.
export interface Link {
  region?: string
  city?: string
  view?: ViewId
  year?: number
  day?: number
  season?: 'summer' | 'winter'
  by?: 'cause' | 'supply'
  weather?: Weather
  co2?: Co2View
  picks?: Record<string, string>
  scenario?: string // see below
  compared?: string
  version?: string
  problems: string[] // parts that cannot be read, as written
}

// Far above what a scenario says of every lever and city; a short link may unpack to anything.
const MOST_BYTES = 2_000_000
async function through(bytes: Uint8Array<ArrayBuffer>, change: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(change).getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let size = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer())
    parts.push(value)
    size += value.length
    if (size <= MOST_BYTES) continue
    await reader.cancel()
    throw new RangeError('too large')
  }
}
// "planned", or "planned~<changes>".
export async function packed(draft: Draft): Promise<string> {
  if (!draft.settings.length && !draft.name) return draft.baseline
  const rows = draft.settings.map((s) => [s.lever_id, s.place, s.years, s.values])
  const text = new TextEncoder().encode(JSON.stringify([draft.name, rows]))
  const small = await through(text, new CompressionStream('deflate'))
  const base64 = btoa(Array.from(small, (byte) => String.fromCharCode(byte)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  return `${draft.baseline}~${base64}`
}
export async function unpacked(text: string): Promise<Draft> {
  const [baseline = '', changes] = text.split('~')
  if (!changes) return { name: '', baseline, settings: [] }
  const bytes = await through(bytesOf(changes), new DecompressionStream('deflate'))
  const [name, rows] = JSON.parse(new TextDecoder().decode(bytes)) as [unknown, unknown[][]]
  const draft = draftFrom(name, baseline, rows.map(([lever_id, place, years, values]) => ({ lever_id, place, years, values })))
  if (!draft) throw new TypeError('no scenario')
  return draft
}

export function written(session: Session, scenario: string, compared: string): string {
  const parts: [string, string][] = [['v', LINK_VERSION], ['s', scenario], ['y', String(session.year)]]
  if (compared !== 'planned') parts.push(['c', compared])
  if (session.city) parts.push(['city', session.city])
  if (session.day >= 0) parts.push(['d', String(session.day)])
  if (session.season !== 'summer') parts.push(['season', session.season])
  if (session.by !== 'cause') parts.push(['by', session.by])
  if (session.weather !== 'normal') parts.push(['w', session.weather])
  if (session.co2 !== 'stacked') parts.push(['co2', session.co2])
  if (Object.keys(session.picks).length) parts.push(['p', Object.entries(session.picks).map((pair) => pair.join(':')).join(',')])
  return `#/${session.region}/${session.view}?${new URLSearchParams(parts)}`
}
export function read(hash: string): Link {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [region, view] = path.split('/')
  const given = new URLSearchParams(query)
  const problems: string[] = []
  const one = <T extends string>(key: string, allowed: readonly T[]): T | undefined => {
    const value = given.get(key)
    if (value === null) return undefined
    if ((allowed as readonly string[]).includes(value)) return value as T
    problems.push(`${key}=${value}`)
    return undefined
  }
  const picks = (): Record<string, string> | undefined => {
    const pairs = (given.get('p')?.split(',') ?? []).map((pair) => /^(\w+):([\w.]+)$/.exec(pair) ?? problems.push(`p=${pair}`))
    return Object.fromEntries(pairs.flatMap((found) => (typeof found === 'number' ? [] : [[found[1]!, found[2]!]])))
  }
  const whole = (key: string, low: number, high: number): number | undefined => {
    const value = given.get(key)
    if (value === null) return undefined
    const number = Number(value)
    if (Number.isInteger(number) && number >= low && number <= high) return number
    problems.push(`${key}=${value}`)
    return undefined
  }
  if (view && !(VIEWS as readonly string[]).includes(view)) problems.push(view)
  return dropUndefined({
    region: region || undefined,
    view: (VIEWS as readonly string[]).includes(view ?? '') ? (view as ViewId) : undefined,
    city: given.get('city') ?? undefined,
    year: whole('y', 2020, 2060),
    day: whole('d', 0, 364),
    season: one('season', ['summer', 'winter'] as const),
    by: one('by', ['cause', 'supply'] as const),
    weather: one('w', WEATHERS as Weather[]),
    co2: one('co2', CO2_VIEWS),
    picks: picks(),
    scenario: given.get('s') ?? undefined,
    compared: given.get('c') ?? undefined,
    version: given.get('v') ?? undefined,
    problems,
  })
}
function dropUndefined(link: { [K in keyof Link]: Link[K] | undefined }): Link {
  return Object.fromEntries(Object.entries(link).filter(([, v]) => v !== undefined)) as unknown as Link
}
