// Words of the view of cities and of the tile map.
const zh = { classes: '分级' }
const en: typeof zh = { classes: 'Classes' }
export const words = { zh, en }
