// The band that an ensemble gives the CO2 chart: filled by the batch room while its runs arrive, read by the charts. A
// band of another scenario than the one on show is none.
import { shallowRef } from 'vue'

export interface Band {
  key: string // of the scenario that the runs vary, as Result.key
  years: number[]
  p10: number[] // t, as the rest
  p25: number[]
  p50: number[]
  p75: number[]
  p90: number[]
  peakYears?: { p10: number; p90: number }
  members: number
  done: number
}
export const band = shallowRef<Band>()

export const bandOf = (key: string | undefined): Band | undefined => (key !== undefined && band.value?.key === key ? band.value : undefined)
