// Words of the transport view.
export const words = {
  zh: {
    charts: {
      freight: '货物周转量（按运输方式）', freight_bulk: '大宗散货周转量', freight_container: '集装箱周转量', freight_other: '其他货物周转量', fleet: '汽车保有量（按动力类型）', sales: '新车销量构成（按动力类型）',
      trucks: '营运与专用车保有量（按车型）', nev_sales_passenger: '新能源销量占比：客车', nev_sales_truck: '新能源销量占比：货车', nev_stock_passenger: '新能源保有量占比：客车', nev_stock_truck: '新能源保有量占比：货车',
      urban: '城市客运周转量（按出行方式）', intercity: '城际客运周转量（按运输方式）', green_travel: '绿色出行比例', charging_load: '充电负荷', charging_energy: '充电量（按场所）', shore_power: '岸电',
      ports: '港口绿色化指标', energy: '交通终端能耗（按能源品种）', co2: '交通直接排放', co2_intensity: '单位周转量碳排放',
    },
    scopes: {
      freight: '营运口径', freight_bulk: '按运输方式', freight_container: '按运输方式', freight_other: '按运输方式', fleet: '年末，不含摩托车', sales: '占当年销量', trucks: '年末', nev_sales_passenger: '占当年销量',
      nev_sales_truck: '占当年销量', nev_stock_passenger: '年末', nev_stock_truck: '年末', urban: '含步行与骑行', intercity: '航空为离港', green_travel: '占出行量', charging_load: '全年最高一小时；晚高峰为工作日',
      charging_energy: '有序充电前', shore_power: '靠港船舶', ports: '沿海主要港口', energy: '电力按当量值', co2: '属地口径，不含用电', co2_intensity: '营运车船直接排放，换算周转量',
    },
    picks: {
      freight: '全部货物', freight_bulk: '大宗散货', freight_container: '集装箱', freight_other: '其他货物', fleet: '保有量，按动力类型', sales: '销量，按动力类型', trucks: '保有量，按车型', nev_sales_passenger: '客车销量',
      nev_sales_truck: '货车销量', nev_stock_passenger: '客车保有量', nev_stock_truck: '货车保有量', urban: '城市', intercity: '城际', green_travel: '绿色出行比例', charging_load: '充电负荷', charging_energy: '充电量',
      shore_power: '岸电', ports: '港口占比', energy: '终端能耗', co2: '直接排放', co2_intensity: '单位周转量碳排放',
    },
    modes: { road: '公路', rail: '铁路', inland_water: '内河水运', coastal: '沿海海运', ocean: '远洋海运', water: '水路' },
    powertrains: { diesel: '柴油', gasoline: '汽油', gas: '天然气', hybrid: '油电混合动力', plug_in_hybrid: '插电式混合动力', battery: '纯电动', fuel_cell: '氢燃料电池' },
    classes: {
      all: '全部汽车', private_car: '小微型客车', taxi: '巡游出租车', ride_hailing: '网约车', urban_bus: '公共汽电车', coach: '公路客车', light_truck: '轻微型货车', medium_truck: '中型货车', heavy_truck: '重型货车',
      special_vehicle: '专项作业车',
    },
    trips: {
      walk: '步行', bicycle: '自行车', e_bike: '电动自行车', bus: '公交', metro: '城市轨道交通', taxi: '出租与网约车', car: '小汽车', other: '其他', hsr: '高铁', conventional_rail: '普速铁路', coach: '公路客车', air: '民航',
    },
    green: { first: '绿色出行', second: '不含电动自行车', third: '公共交通机动化出行分担率' },
    loads: { first: '晚高峰', second: '最高负荷', third: '有序充电后最高', fourth: '车网互动可放电' },
    places: { home: '居民', work: '单位', public: '公共快充', fleet: '出租网约车', depot: '场站', truck_fast: '货车快充换电' },
    berths: { first: '岸电用电量', sixth: '靠港用电需求' },
    port_shares: { first: '大宗货物铁水集疏运', second: '新能源和清洁能源', third: '集装箱装卸电气化' },
    carriers: { oil: '油品', gas: '天然气', electricity: '电力', biomass: '生物燃料', methanol: '甲醇', hydrogen: '氢' },
    intensities: { first: '车船合计', second: '营运货车', third: '营运船舶' },
  },
  en: {
    charts: {
      freight: 'Freight by mode', freight_bulk: 'Bulk freight', freight_container: 'Container freight', freight_other: 'Other freight', fleet: 'Fleet by powertrain', sales: 'New sales by powertrain',
      trucks: 'Commercial and special vehicles', nev_sales_passenger: 'NEV share of sales: passenger', nev_sales_truck: 'NEV share of sales: trucks', nev_stock_passenger: 'NEV share of stock: passenger',
      nev_stock_truck: 'NEV share of stock: trucks', urban: 'Urban passengers by mode', intercity: 'Intercity passengers by mode', green_travel: 'Green travel share', charging_load: 'Charging load',
      charging_energy: 'Charging by place', shore_power: 'Shore power', ports: 'Ports: green shares', energy: 'Final energy by carrier', co2: 'Direct CO₂ of transport', co2_intensity: 'CO₂ per turnover',
    },
    scopes: {
      freight: 'commercial', freight_bulk: 'by mode', freight_container: 'by mode', freight_other: 'by mode', fleet: 'year end, without motorcycles', sales: 'of the year', trucks: 'year end',
      nev_sales_passenger: 'of the year', nev_sales_truck: 'of the year', nev_stock_passenger: 'year end', nev_stock_truck: 'year end', urban: 'walking and cycling included', intercity: 'air: departing',
      green_travel: 'of trips', charging_load: 'highest hour of the year; evening peak of weekdays', charging_energy: 'before control', shore_power: 'ships at berth', ports: 'main coastal ports',
      energy: 'electricity by calorific value', co2: 'territorial, without electricity', co2_intensity: 'direct, commercial vehicles and ships, converted',
    },
    picks: {
      freight: 'All cargo', freight_bulk: 'Bulk', freight_container: 'Containers', freight_other: 'Other cargo', fleet: 'Stock by powertrain', sales: 'Sales by powertrain', trucks: 'Stock by class',
      nev_sales_passenger: 'Passenger, sales', nev_sales_truck: 'Trucks, sales', nev_stock_passenger: 'Passenger, stock', nev_stock_truck: 'Trucks, stock', urban: 'Urban', intercity: 'Intercity',
      green_travel: 'Green travel', charging_load: 'Charging load', charging_energy: 'Charging energy', shore_power: 'Shore power', ports: 'Port shares', energy: 'Final energy', co2: 'Direct CO₂', co2_intensity: 'CO₂ per turnover',
    },
    modes: { road: 'road', rail: 'rail', inland_water: 'inland waterway', coastal: 'coastal', ocean: 'ocean', water: 'waterway' },
    powertrains: { diesel: 'diesel', gasoline: 'petrol', gas: 'natural gas', hybrid: 'hybrid (no plug)', plug_in_hybrid: 'plug-in hybrid', battery: 'battery electric', fuel_cell: 'fuel cell' },
    classes: {
      all: 'all automobiles', private_car: 'cars', taxi: 'taxis', ride_hailing: 'ride-hailing', urban_bus: 'city buses', coach: 'coaches', light_truck: 'light trucks', medium_truck: 'medium trucks',
      heavy_truck: 'heavy trucks', special_vehicle: 'special vehicles',
    },
    trips: {
      walk: 'walking', bicycle: 'bicycle', e_bike: 'e-bike', bus: 'bus', metro: 'urban rail', taxi: 'taxi, ride-hailing', car: 'car', other: 'other', hsr: 'high-speed rail', conventional_rail: 'conventional rail', coach: 'coach',
      air: 'air',
    },
    green: { first: 'green travel', second: 'without e-bikes', third: 'public transport in motorised trips' },
    loads: { first: 'evening peak', second: 'highest', third: 'highest when controlled', fourth: 'vehicle-to-grid' },
    places: { home: 'home', work: 'work', public: 'public fast', fleet: 'taxi, ride-hailing', depot: 'depot', truck_fast: 'truck fast, swap' },
    berths: { first: 'shore power', sixth: 'needed at berth' },
    port_shares: { first: 'bulk by rail and water', second: 'new and clean energy', third: 'electric container handling' },
    carriers: { oil: 'oil products', gas: 'natural gas', electricity: 'electricity', biomass: 'biofuels', methanol: 'methanol', hydrogen: 'hydrogen' },
    intensities: { first: 'both', second: 'trucks', third: 'ships' },
  },
}
