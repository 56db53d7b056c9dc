// Words of both languages. What all rooms share stands at the top (words/zh.ts, words/en.ts); a room's own words stand in
// words/rooms/<room>.ts under its name, `levers.reset`. A test holds both languages complete.
import { createI18n } from 'vue-i18n'
import { en } from './words/en'
import { zh } from './words/zh'

export interface Words {
  [key: string]: string | Words
}
interface Room {
  words: { zh: Words; en: Words }
}
const rooms = import.meta.glob<Room>('./words/rooms/*.ts', { eager: true })
const named = Object.entries(rooms).map(([path, room]): [string, Room['words']] => [path.replace(/^.*\/|\.ts$/g, ''), room.words])
export const messages = {
  zh: { ...zh, ...Object.fromEntries(named.map(([name, words]) => [name, words.zh])) },
  en: { ...en, ...Object.fromEntries(named.map(([name, words]) => [name, words.en])) },
}
export const i18n = createI18n({ legacy: false, locale: 'zh', messages, missingWarn: false, fallbackWarn: false })
