"""Metrics that transport publishes: one row each."""

from typing import Final

from services.common.words import Label, Metric


def _row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    return Metric(f"transport.{name}", Label(zh, en), unit, policy_refs)


CALIBRATED: Final = {
    "road_gasoline": ("道路汽油", "gasoline of road vehicles"),
    "road_diesel": ("道路柴油", "diesel of road vehicles"),
    "road_gas": ("道路天然气", "natural gas of road vehicles"),
    "ship_fuel_oil": ("船用燃料油", "fuel oil of ships"),
    "aviation_kerosene": ("航空煤油", "kerosene of aviation"),
    "rail_port_electricity": ("铁路城轨港口用电", "electricity of rail, metro and ports"),
}
CLASS_LABELS: Final = {
    "private_car": ("小微型客车", "private and company cars"),
    "taxi": ("巡游出租车", "taxis"),
    "ride_hailing": ("网约车", "ride-hailing cars"),
    "urban_bus": ("公共汽电车", "urban buses"),
    "coach": ("公路客车", "coaches"),
    "light_truck": ("轻微型货车", "light trucks"),
    "medium_truck": ("中型货车", "medium trucks"),
    "heavy_truck": ("重型货车", "heavy trucks"),
    "special_vehicle": ("专项作业车", "special vehicles"),
    "motorcycle": ("摩托车", "motorcycles"),
}

METRICS: Final[tuple[Metric, ...]] = (
    _row("vehicle_stock_count", "汽车保有量", "automobiles", "vehicles"),
    _row("private_vehicle_stock_count", "私人汽车保有量", "private vehicles", "vehicles"),
    _row("nev_stock_count", "新能源汽车保有量", "new-energy automobiles", "vehicles"),
    _row("vehicle_sales_count", "汽车新车销量", "automobiles sold in the year", "vehicles"),
    _row("nev_sales_count", "新能源汽车销量", "new-energy automobiles sold in the year", "vehicles"),
    _row("vehicle_scrapped_count", "汽车报废量", "automobiles scrapped in the year", "vehicles"),
    _row("stock_above_target_count", "高于目标的保有量", "automobiles above the stock wanted", "vehicles"),
    _row("nev_sales_share", "新能源汽车销量占比", "new-energy share of sales", "share", "JSP-32", "JSS-14"),
    _row("nev_stock_share", "新能源汽车保有量占比", "new-energy share of automobiles", "share"),
    *(
        _row(f"{name}_stock_count", f"{zh}保有量", f"{en}: stock", "vehicles")
        for name, (zh, en) in CLASS_LABELS.items()
    ),
    *(
        _row(f"{name}_nev_stock_share", f"{zh}新能源占比", f"{en}: new-energy share of stock", "share")
        for name, (zh, en) in CLASS_LABELS.items()
    ),
    _row(
        "new_bus_clean_share",
        "新增和更新公交车新能源和清洁能源占比",
        "new-energy and clean share of buses added or replaced",
        "share",
        "JSS-15",
    ),
    _row(
        "china3_diesel_truck_share",
        "国三及以下柴油货车占比",
        "China III and older diesel trucks in all trucks",
        "share",
        "JSS-13",
    ),
    _row("charging_energy_mwh", "电动汽车充电量", "charging of vehicles", "MWh"),
    _row("electricity_mwh", "交通用电量", "electricity of transport", "MWh"),
    _row("shore_power_mwh", "岸电用电量", "shore power", "MWh"),
    _row("hydrogen_gj", "交通用氢", "hydrogen used by vehicles", "GJ"),
    _row("oil_gj", "交通油品消费", "oil products of transport", "GJ"),
    _row("final_energy_gj", "交通终端能耗", "final energy, electricity by calorific value", "GJ"),
    _row("electricity_share", "交通电气化率", "electricity share of final energy", "share"),
    _row("energy_tco2", "交通直接排放", "direct CO2 of transport", "t"),
    _row("freight_road_tkm", "公路货物周转量", "road freight turnover", "tkm"),
    _row("freight_rail_tkm", "铁路货物周转量", "rail freight turnover", "tkm", "JSS-09"),
    _row("freight_water_tkm", "水路货物周转量", "waterway freight turnover", "tkm", "JSS-10"),
    _row("freight_total_tkm", "货物周转量", "freight turnover", "tkm"),
    _row("converted_turnover_tkm", "公路水路换算周转量", "converted turnover of road and water", "tkm"),
    _row(
        "co2_per_converted_turnover_gco2_per_tkm",
        "营运交通工具单位换算周转量碳排放",
        "direct CO2 per converted turnover of commercial road and water transport",
        "g/tkm",
        "JSP-33",
        "NTP-13",
    ),
    _row(
        "truck_co2_intensity_gco2_per_tkm",
        "营运货车单位周转量碳排放",
        "direct CO2 per tonne-km, commercial trucks",
        "g/tkm",
        "JSS-11",
    ),
    _row(
        "ship_co2_intensity_gco2_per_tkm",
        "营运船舶单位周转量碳排放",
        "direct CO2 per tonne-km, cargo ships",
        "g/tkm",
        "JSS-12",
    ),
    _row("inland_container_teu", "内河集装箱运量", "inland-waterway containers", "TEU", "JSP-31", "NTP-12"),
    _row("multimodal_container_teu", "集装箱多式联运量", "multimodal containers", "TEU", "JSP-30", "NTP-11"),
    _row(
        "port_bulk_rail_water_share",
        "沿海主要港口大宗货物铁水集疏运占比",
        "rail and water share of bulk at main coastal ports",
        "share",
        "JSP-29",
        "NTP-10",
    ),
    _row(
        "port_clean_energy_share",
        "港口生产新能源和清洁能源占比",
        "new and clean share of energy in port production",
        "share",
        "JSS-16",
    ),
    _row("port_throughput_t", "港口吞吐量", "port throughput", "t"),
    _row(
        "green_travel_share",
        "绿色出行比例",
        "green travel share, electric bicycles counted with bicycles",
        "share",
        "JSP-34",
        "JSS-05",
        "NTP-14",
    ),
    _row(
        "green_travel_without_ebike_share",
        "绿色出行比例（不含电动自行车）",
        "green travel share without electric bicycles",
        "share",
    ),
    _row(
        "public_motorised_share",
        "公共交通机动化出行分担率",
        "public transport in motorised trips",
        "share",
    ),
    _row("urban_trip_count", "城市出行量", "urban trips", "trips"),
    _row("car_km", "小微型客车行驶里程", "distance of private and company cars", "km"),
    _row("rail_pkm", "铁路旅客周转量", "rail passenger-km", "pkm"),
    _row("metro_pkm", "城市轨道客运周转量", "urban rail passenger-km", "pkm"),
    *(
        _row(f"calibration_{name}_ratio", f"校准系数：{zh}", f"calibration factor: {en}", "ratio")
        for name, (zh, en) in CALIBRATED.items()
    ),
)
