// The public page: released results, read only. It calls nothing but PublicReleaseService, and needs no sign-in.
import { createApp } from 'vue'
import { i18n } from '../i18n'
import '../style/base.css'
import '../style/charts.css'
import '../style/layout.css'
import '../style/tables.css'
import '../style/sources.css'
import '../style/targets.css'
import '../style/release.css'
import '../style/print.css'
import ReleasedPage from './ReleasedPage.vue'

createApp(ReleasedPage).use(i18n).mount('#app')
