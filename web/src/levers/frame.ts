// How the panel stands: a column at the left, a rail that opens over the results, or a sheet at the bottom.
import { onBeforeUnmount, onMounted, ref } from 'vue'

type Stand = 'column' | 'rail' | 'sheet'
const RAIL = '(max-width: 1180px)'
const SHEET = '(max-width: 834px)'

export function useStand() {
  const stand = ref<Stand>('column')
  const queries = [window.matchMedia(RAIL), window.matchMedia(SHEET)]
  const look = () => (stand.value = queries[1]!.matches ? 'sheet' : queries[0]!.matches ? 'rail' : 'column')
  look()
  onMounted(() => queries.forEach((q) => q.addEventListener('change', look)))
  onBeforeUnmount(() => queries.forEach((q) => q.removeEventListener('change', look)))
  return stand
}
// Stops of the sheet, lowest first.
export const STOPS = ['low', 'half', 'high'] as const
export type Stop = (typeof STOPS)[number]

// How much of the window lies above the panel: the top bar scrolls away, the panel then takes its room.
export function useRoomAbove(panel: () => HTMLElement | undefined): void {
  const look = () => {
    const top = Math.max(0, panel()?.parentElement?.getBoundingClientRect().top ?? 0)
    panel()?.style.setProperty('--above', `${Math.round(top)}px`)
  }
  const sized = new ResizeObserver(look)
  onMounted(() => {
    look()
    sized.observe(document.body)
    window.addEventListener('scroll', look, { passive: true })
    window.addEventListener('resize', look)
  })
  onBeforeUnmount(() => {
    sized.disconnect()
    window.removeEventListener('scroll', look)
    window.removeEventListener('resize', look)
  })
}
