import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { startAddress } from './model/address'
import { closeSignInWindow, isSignInWindow } from './model/who'
import './style/base.css'
import './style/charts.css'
import './style/layout.css'
import './style/levers.css'
import './style/tables.css'
import './style/sources.css'
import './style/search.css'
import './style/targets.css'
import './style/cities.css'
import './style/pathway.css'
import './style/compare.css'
import './style/solve.css'
import './style/power.css'
import './style/release.css'
import './style/print.css'

// The window in which somebody signed in has done its work as soon as it shows the page.
if (isSignInWindow()) closeSignInWindow()
else {
  createApp(App).use(i18n).mount('#app')
  void startAddress()
}
