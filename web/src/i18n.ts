import { createI18n } from 'vue-i18n'
import { en } from './words/en'
import { zh } from './words/zh'

export type Language = 'zh' | 'en'

// Both languages are complete: `en` has the type of `zh`, so a missing word does not compile.
export const i18n = createI18n({ legacy: false, locale: 'zh', messages: { zh, en }, missingWarn: false, fallbackWarn: false })
