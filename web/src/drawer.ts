// The drawer at the right: one at a time, opened from anywhere, closed by Esc; focus returns to where it was.
import { markRaw, shallowRef, type Component } from 'vue'

interface Drawer {
  title: string
  body: Component
  props: Record<string, unknown>
}
export const drawer = shallowRef<Drawer>()
let from: HTMLElement | null = null

export function openDrawer(title: string, body: Component, props: Record<string, unknown> = {}): void {
  if (!drawer.value) from = document.activeElement as HTMLElement | null
  drawer.value = { title, body: markRaw(body), props }
}
export function closeDrawer(): void {
  drawer.value = undefined
  from?.focus()
  from = null
}
