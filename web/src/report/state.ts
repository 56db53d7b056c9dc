// Whether the report of the scenario is open: it takes the place of the page, so that paper shows it alone.
import { ref } from 'vue'

export const reporting = ref(false)
