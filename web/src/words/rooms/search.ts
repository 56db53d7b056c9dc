// Words of the search, with the terms that it explains.
const zh = {
  label: '查找图表、抓手、目标、城市、术语',
  short: '查找',
  results: '查找结果',
  none: '没有找到。',
  count: '找到 {n} 项',
  kinds: { view: '视图', chart: '图表', lever: '抓手', target: '目标', city: '城市', term: '术语' },
  names: {
    carbon_peak: '碳达峰', peak_load: '尖峰负荷', net_load: '净负荷', plateau: '平台期', steady_decline: '稳中有降', reserve: '备用率', unserved: '缺供', dual_control: '碳排放双控', balance: '综合平衡', wedge: '减排楔形', marginal_cost: '减排成本曲线',
    territorial: '属地口径', imported: '区外来电', grade: '数据等级',
  },
  meanings: {
    carbon_peak: '二氧化碳排放最高的年份与数量', peak_load: '全年最高一小时的用电负荷（测算），与电网企业公布的最大用电负荷不同', net_load: '负荷减去风电与光伏出力', plateau: '排放与峰值相差在容差以内的年份', steady_decline: '某年之后逐年下降',
    reserve: '可靠容量超出尖峰负荷的比例', unserved: '供应不足而未能满足的电量', dual_control: '碳排放总量与强度双控', balance: '各市计划与省级目标对照并分担缺口', wedge: '各项措施分别贡献的减排量，合计等于两情景之差',
    marginal_cost: '按单位成本由低到高排列的减排量', territorial: '本地能源活动的排放，不含外购电力', imported: '省外送入的电力，是用电与发电之差', grade: 'A 官方统计或标准，B 文献，C 估计并说明推算方法',
  },
}
const en: typeof zh = {
  label: 'Find charts, levers, targets, cities, terms',
  short: 'Find',
  results: 'Found',
  none: 'Nothing found.',
  count: '{n} found',
  kinds: { view: 'View', chart: 'Chart', lever: 'Lever', target: 'Target', city: 'City', term: 'Term' },
  names: {
    carbon_peak: 'carbon peak', peak_load: 'peak load', net_load: 'net load', plateau: 'plateau', steady_decline: 'steady decline', reserve: 'reserve margin', unserved: 'unserved energy', dual_control: 'dual control of carbon emissions',
    balance: 'reconciliation', wedge: 'wedges', marginal_cost: 'abatement-cost curve', territorial: 'territorial', imported: 'imported power', grade: 'grade of data',
  },
  meanings: {
    carbon_peak: 'year and level of the highest CO₂ emissions', peak_load: 'the year’s highest hourly load as modelled; not the recorded maximum of the grid company', net_load: 'load less wind and solar output', plateau: 'years within the tolerance of the peak',
    steady_decline: 'a fall in every year after a year', reserve: 'firm capacity above peak load', unserved: 'demand that supply does not meet', dual_control: 'control of total emissions and of intensity', balance: 'city plans beside the province’s target, the gap shared out',
    wedge: 'what each measure abates; they sum to the difference of two scenarios', marginal_cost: 'abatement in the order of its unit cost', territorial: 'energy-related emissions inside the place, without bought power', imported: 'power from outside the province',
    grade: 'A official statistic or standard, B literature, C estimate with its derivation',
  },
}
export const words = { zh, en }
