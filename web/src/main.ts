import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { startAddress } from './model/address'
import './style/base.css'
import './style/charts.css'
import './style/layout.css'
import './style/levers.css'
import './style/tables.css'
import './style/sources.css'
import './style/targets.css'
import './style/cities.css'
import './style/pathway.css'
import './style/compare.css'
import './style/solve.css'
import './style/print.css'

createApp(App).use(i18n).mount('#app')
void startAddress()
