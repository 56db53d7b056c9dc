// "Where does this number come from": what charts, cards and tables say of their numbers, and the drawer that answers.
import { defineAsyncComponent, shallowRef } from 'vue'
import { openDrawer } from './drawer'
import { session } from './model/session'

export interface Subject {
  metric_id?: string
  target_id?: string
  field_path?: string // inside the projection, for example "peak_load.peak_load_mw"
  reply?: string // full name of the reply message when not ProjectResponse
  place?: string
  year?: number
}
const SourceDrawer = defineAsyncComponent(() => import('./drawers/SourceDrawer.vue'))
export const openSource = (title: string, subjects: Subject[]): void => openDrawer(title, SourceDrawer, { subjects })

// Leads to a lever: the panel of levers listens, opens its row and takes the focus there.
export const LEVER_EVENT = 'dafeng:lever'
export const openLever = (leverId: string): void => void window.dispatchEvent(new CustomEvent(LEVER_EVENT, { detail: leverId }))

// Leads to a target: the targets view shows it and asks no more.
export const soughtTarget = shallowRef('')
export function openTarget(targetId: string): void {
  soughtTarget.value = targetId
  session.view = 'targets'
}
