import { createI18n } from 'vue-i18n'

const zh = {
  title: '达峰', place: '地区', scenario: '情景', wholeRegion: '全省', loading: '正在计算…', retry: '重试',
  internal: '内部资料 未经发布', released: '碳数据由发展改革部门统一发布', model: '模型', data: '数据', digest: '摘要',
  carbonPeak: '碳达峰', peakLoad: '尖峰负荷', reserve: '备用率', targets: '政策目标', met: '已达成',
  yearUnit: '年', noPeak: '规划期内未达峰', plateau: '平台期（2%）', at: '时刻', of: '共', clear: '明确峰值', flat: '平台',
  co2: '二氧化碳排放（按部门）', co2Unit: '百万吨 CO₂', territorial: '合计（属地）', withImports: '含外来电', withProcess: '含过程排放',
  co2City: '二氧化碳排放（属地，电力按账户分摊）', energyCo2: '能源 CO₂',
  generation: '发电量与外来电（按电源）', twh: '亿千瓦时', peakDay: '尖峰日逐时', mw: '万千瓦', bySupply: '按电源', byCause: '按成因',
  peakLoadYears: '尖峰负荷（逐年）', netPeak: '净负荷（扣除风光）', summer: '夏季', winter: '冬季', year: '年份', load: '系统负荷', hour: '时', cityLoad: '最高负荷', chart: '图', table: '表',
  download: '下载CSV', id: '编号', target: '目标', asked: '要求', projected: '结果', margin: '余量', verdict: '判定', document: '文件',
  all: '全部', search: '查找目标', observed: '实测', reasonWord: '原因', api: '接口', source: '来源与口径',
  sourceText: '每个数字的来源、条款与等级见地区数据文件；参数等级 A 官方、B 文献、C 估计。模型结果为估计值。',
  error: '出错了', count: '项',
  verdicts: { VERDICT_MET: '✓ 达成', VERDICT_MISSED: '✕ 未达成', VERDICT_ON_TRACK: '→ 按期推进', VERDICT_BEHIND: '▲ 进度滞后',
    VERDICT_ALREADY_MET: '✓ 已提前达成', VERDICT_CANNOT_COMPUTE: '? 无法计算', VERDICT_TRACKED_ONLY: '○ 仅跟踪' },
  groups: { nuclear: '核电', coal: '煤电', offgas: '余气', gas: '气电', biomass: '生物质', waste: '垃圾', hydro: '水电', import: '区外来电',
    wind: '风电', solar: '光伏', other: '其他', storage_discharge: '储能放电', storage_charge: '储能充电', unserved: '缺供', surplus: '弃用' },
  causes: { industry: '工业', agriculture_construction: '农业与建筑业', lighting_appliances: '照明电器', cooling: '制冷', space_heating: '供暖',
    hot_water: '生活热水', cooking: '炊事', ev_charging: '电动汽车', other_transport: '轨道与港口', data_centres: '数据中心', losses: '损耗与厂用',
    plant_own_use: '厂用电', heat: '热力', rooftop_pv: '屋顶光伏' },
  compare: { at_least: '≥', more_than: '>', at_most: '≤', before: '<', about: '约', equal: '=' },
}
const en: typeof zh = {
  title: 'Dafeng', place: 'Place', scenario: 'Scenario', wholeRegion: 'whole province', loading: 'Computing…', retry: 'Retry',
  internal: 'Internal, not released', released: 'Carbon data are published by the development-and-reform departments', model: 'model', data: 'data', digest: 'digest',
  carbonPeak: 'Carbon peak', peakLoad: 'Peak load', reserve: 'Reserve margin', targets: 'Policy targets', met: 'met',
  yearUnit: '', noPeak: 'no peak in the span', plateau: 'plateau (2 %)', at: 'at', of: 'of', clear: 'clear peak', flat: 'plateau',
  co2: 'CO₂ by sector', co2Unit: 'Mt CO₂', territorial: 'total (territorial)', withImports: 'with imported power', withProcess: 'with process CO₂',
  co2City: 'CO₂ (territorial, power by account)', energyCo2: 'energy CO₂',
  generation: 'Generation and imports by source', twh: 'TWh', peakDay: 'Peak day by hour', mw: 'GW', bySupply: 'by source', byCause: 'by cause',
  peakLoadYears: 'Peak load by year', netPeak: 'net of wind and PV', summer: 'summer', winter: 'winter', year: 'year', load: 'system load', hour: 'h', cityLoad: 'peak load', chart: 'chart', table: 'table',
  download: 'CSV', id: 'Id', target: 'Target', asked: 'Asked', projected: 'Result', margin: 'Margin', verdict: 'Verdict', document: 'Document',
  all: 'all', search: 'Find a target', observed: 'observed', reasonWord: 'reason', api: 'API', source: 'Sources and boundaries',
  sourceText: 'Source, clause and grade of each figure stand in the region files; grades: A official, B literature, C estimate. Model results are estimates.',
  error: 'Something went wrong', count: '',
  verdicts: { VERDICT_MET: '✓ met', VERDICT_MISSED: '✕ missed', VERDICT_ON_TRACK: '→ on track', VERDICT_BEHIND: '▲ behind',
    VERDICT_ALREADY_MET: '✓ already met', VERDICT_CANNOT_COMPUTE: '? cannot be computed', VERDICT_TRACKED_ONLY: '○ tracked only' },
  groups: { nuclear: 'nuclear', coal: 'coal', offgas: 'off-gas', gas: 'gas', biomass: 'biomass', waste: 'waste', hydro: 'hydro', import: 'imports',
    wind: 'wind', solar: 'PV', other: 'other', storage_discharge: 'storage out', storage_charge: 'storage in', unserved: 'unserved', surplus: 'surplus' },
  causes: { industry: 'industry', agriculture_construction: 'farming, construction', lighting_appliances: 'lighting, appliances', cooling: 'cooling', space_heating: 'heating',
    hot_water: 'hot water', cooking: 'cooking', ev_charging: 'EV charging', other_transport: 'rail, ports', data_centres: 'data centres', losses: 'losses, own use',
    plant_own_use: 'plant own use', heat: 'heat', rooftop_pv: 'rooftop PV' },
  compare: { at_least: '≥', more_than: '>', at_most: '≤', before: '<', about: '≈', equal: '=' },
}

export type Language = 'zh' | 'en'
export const i18n = createI18n({ legacy: false, locale: 'zh', fallbackLocale: 'en', messages: { zh, en }, missingWarn: false, fallbackWarn: false })
