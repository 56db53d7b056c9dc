export const words = {
  zh: {
    targets: '政策目标要览',
    targetsScope: '先列未达成与裕度最小的',
    allTargets: '全部目标',
    noTargets: '该地区没有可判定的目标。',
    wholeRegionOnly: '{place}：电源按全省测算，无分市数据',
    tiles: '各市排放',
    schematic: '示意图',
  },
  en: {
    targets: 'Targets in short',
    targetsScope: 'missed and closest first',
    allTargets: 'All targets',
    noTargets: 'No target of this place can be judged.',
    wholeRegionOnly: '{place}: plant is modelled for the province, not by city',
    tiles: 'CO₂ of the cities',
    schematic: 'schematic',
  },
}
