// Words of the buildings view.
export const words = {
  zh: {
    charts: {
      stock: '民用建筑面积（按节能标准）', by_type: '民用建筑面积（按类型）', flows: '竣工、改造与拆除', retrofit: '累计节能改造面积', final_energy: '建筑终端能源消费（按用途）', electricity: '建筑用电量（按用途）',
      heat: '供暖有效热量（按供暖方式）', dwellings: '单位面积用电与供暖需求', intensity: '公共建筑单位面积用电', pv: '屋顶光伏装机（按屋顶类型）', pv_coverage: '屋顶光伏覆盖率', pv_output: '分布式光伏发电量',
      renewable: '城镇建筑可再生能源替代率', new_build: '新建建筑质量与标准', direct_co2: '建筑直接排放', embodied: '建筑隐含碳',
    },
    scopes: {
      stock: '年末，建成水平', by_type: '年末', flows: '每年；竣工与拆除含厂房', retrofit: '2021 年以来', final_energy: '电力按当量值', electricity: '含屋顶光伏自用', heat: '含管网热泵',
      dwellings: '城镇住宅；供暖需求为全部建筑', intensity: '每年', pv: '年末', pv_coverage: '组件面积与屋面面积之比', pv_output: '自用与上网', renewable: '折算为常规能源', new_build: '占当年或占存量',
      direct_co2: '属地口径，不含用电', embodied: '主要为工业排放，不得与能源碳排放相加',
    },
    picks: {
      stock: '按节能标准', by_type: '按类型', flows: '竣工与拆除', retrofit: '累计改造', final_energy: '终端能源', electricity: '用电', heat: '供暖方式', dwellings: '单位面积用电', intensity: '公建单位面积用电', pv: '装机',
      pv_coverage: '覆盖率', pv_output: '发电量', renewable: '可再生能源替代率', new_build: '新建标准', direct_co2: '直接排放', embodied: '隐含碳',
    },
    standards: { none: '无节能标准或 30%', s50: '50%节能标准', s65: '65%节能标准', s75: '75%节能标准', near_zero: '超低与近零能耗', retrofitted: '已改造' },
    classes: { public: '公共建筑', factory: '厂房', urban_residential: '城镇住宅', rural_residential: '农村住宅', beyond_roofs: '屋顶以外' },
    flows: { residential: '住宅竣工', public: '公共建筑竣工', factory: '厂房竣工', demolished: '拆除', retrofit: '节能改造' }, netGrowth: '竣工减拆除',
    retrofits: { first: '累计改造' },
    systems: { air_source: '空气源热泵', ground_source: '地源热泵', district: '集中供热', gas: '燃气壁挂炉', resistance: '直接电采暖', solid_fuel: '散煤与生物质' },
    coverage: { first: '新建公共机构与厂房', second: '新建厂房', third: '新建公共机构', sixth: '既有屋顶' },
    output: { first: '自用', fifth: '上网' },
    types: {
      government_office: '政府办公', office: '商业办公', commerce: '商场零售', hotel: '旅馆', hospital: '医院', school: '学校', other_public: '其他公建', all: '公共建筑平均',
    },
    dwelling_uses: { heating: '供暖用电', cooling: '空调用电', useful_heat: '供暖需求', all: '住宅用电' },
    renewables: { first: '替代率', second: '计入空气源热泵', third: '可再生能源利用率（GB/T 51350）' },
    quality: { first: '新建城镇居住建筑执行 75% 标准', second: '新开工装配式', third: '新建超低能耗及以上', fourth: '政府投资公共建筑二星级以上', fifth: '存量中 75% 及以上标准' },
  },
  en: {
    charts: {
      stock: 'Civil floor area by standard', by_type: 'Civil floor area by type', flows: 'Completed, retrofitted, demolished', retrofit: 'Floor area retrofitted so far', final_energy: 'Final energy by end use',
      electricity: 'Electricity by end use', heat: 'Useful heat by heating system', dwellings: 'Electricity and heat demand per m²', intensity: 'Electricity per m² of public buildings',
      pv: 'Rooftop PV by class of roof', pv_coverage: 'Coverage of roofs by PV', pv_output: 'Output of distributed PV', renewable: 'Renewable substitution in urban buildings', new_build: 'Standards of new building',
      direct_co2: 'Direct CO₂ of buildings', embodied: 'Embodied CO₂ of buildings',
    },
    scopes: {
      stock: 'year end, as built', by_type: 'year end', flows: 'a year; factories included', retrofit: 'since the start of 2021', final_energy: 'electricity by calorific value',
      electricity: 'own use of rooftop PV included', heat: 'networks included', dwellings: 'urban dwellings; heat demand of all buildings', intensity: 'a year', pv: 'year end', pv_coverage: 'module over roof area',
      pv_output: 'own use and fed to the grid', renewable: 'conventional energy replaced', new_build: 'of the year, or of the stock', direct_co2: 'territorial, without electricity',
      embodied: 'mostly industry’s: never add to energy CO₂',
    },
    picks: {
      stock: 'By standard', by_type: 'By type', flows: 'Completed, demolished', retrofit: 'Retrofitted so far', final_energy: 'Final energy', electricity: 'Electricity', heat: 'Heating systems', dwellings: 'Dwellings per m²',
      intensity: 'Public, per m²', pv: 'Capacity', pv_coverage: 'Coverage', pv_output: 'Output', renewable: 'Renewable substitution', new_build: 'New building', direct_co2: 'Direct CO₂', embodied: 'Embodied CO₂',
    },
    standards: { none: 'none or 30 %', s50: '50 % standard', s65: '65 % standard', s75: '75 % standard', near_zero: 'ultra-low, nearly zero', retrofitted: 'retrofitted' },
    classes: { public: 'public buildings', factory: 'factories', urban_residential: 'urban dwellings', rural_residential: 'rural dwellings', beyond_roofs: 'beyond roofs' },
    flows: { residential: 'dwellings completed', public: 'public completed', factory: 'factories completed', demolished: 'demolished', retrofit: 'retrofitted' }, netGrowth: 'Completed less demolished',
    retrofits: { first: 'retrofitted so far' },
    systems: { air_source: 'air-source heat pump', ground_source: 'ground-source heat pump', district: 'district heating', gas: 'gas boiler', resistance: 'direct electric', solid_fuel: 'coal, straw, wood' },
    coverage: { first: 'new public and factory', second: 'new factory', third: 'new public', sixth: 'existing roofs' },
    output: { first: 'own use', fifth: 'fed to the grid' },
    types: {
      government_office: 'government office', office: 'commercial office', commerce: 'shops', hotel: 'hotel', hospital: 'hospital', school: 'school', other_public: 'other public', all: 'all public buildings',
    },
    dwelling_uses: { heating: 'heating', cooling: 'cooling', useful_heat: 'heat demand', all: 'all uses' },
    renewables: { first: 'substitution', second: 'with air-source heat pumps', third: 'utilisation (GB/T 51350)' },
    quality: { first: 'new urban dwellings to 75 %', second: 'prefabricated new starts', third: 'new at ultra-low or better', fourth: 'government public at two stars', fifth: '75 % or better in the stock' },
  },
}
