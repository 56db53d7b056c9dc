import { defineAsyncComponent } from 'vue'
import { openDrawer } from '../../drawer'

const ReleaseDrawer = defineAsyncComponent(() => import('./ReleaseDrawer.vue'))
export const openReleases = (title: string): void => openDrawer(title, ReleaseDrawer)
