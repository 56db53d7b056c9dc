"""Names of the groups that levers stand in on a form, by "<owner>.<group>": the one table of them."""

from collections.abc import Mapping
from typing import Final

from services.common.words import Label

GROUPS: Final[Mapping[str, Label]] = {
    "drivers.economy": Label("人口与经济", "Population and economy"),
    "drivers.prices": Label("价格与贴现率", "Prices and discount rate"),
    "drivers.weather": Label("气候变化", "Climate change"),
    "buildings.standards": Label("新建建筑标准", "Standards of new buildings"),
    "buildings.retrofit": Label("既有建筑改造", "Retrofit of existing buildings"),
    "buildings.stock": Label("建筑规模与寿命", "Floor area and lifetime"),
    "buildings.rooftop_pv": Label("屋顶光伏", "Rooftop PV"),
    "buildings.renewables": Label("可再生能源应用", "Renewables in buildings"),
    "buildings.heat": Label("供暖方式", "Heating systems"),
    "buildings.electrification": Label("炊事与热水电气化", "Electric cooking and hot water"),
    "buildings.equipment": Label("空调与电器能效", "Efficiency of air conditioners and appliances"),
    "buildings.flexibility": Label("柔性建筑", "Flexible buildings"),
    "buildings.behaviour": Label("使用行为与设定温度", "Use and set-point temperatures"),
    "transport.uptake": Label("新能源汽车推广", "Uptake of new-energy vehicles"),
    "transport.stock": Label("车辆保有与淘汰", "Vehicle stock and retirement"),
    "transport.activity": Label("车辆行驶里程", "Vehicle mileage"),
    "transport.energy": Label("车辆能效与燃料", "Vehicle efficiency and fuels"),
    "transport.freight": Label("货运结构", "Freight by mode"),
    "transport.rail": Label("铁路电气化", "Railway electrification"),
    "transport.passenger": Label("城市与城际出行", "Urban and intercity travel"),
    "transport.charging": Label("充电与车网互动", "Charging and vehicle-to-grid"),
    "transport.port": Label("港口与船舶", "Ports and ships"),
    "industry.steel": Label("钢铁", "Steel"),
    "industry.cement": Label("水泥", "Cement"),
    "industry.chemicals": Label("石化化工", "Chemicals"),
    "industry.other_industry": Label("其他工业", "Other industry"),
    "industry.services": Label("数据中心", "Data centres"),
    "industry.efficiency": Label("工业能效", "Industrial efficiency"),
    "industry.fuel_mix": Label("工业用能结构", "Industrial fuel mix"),
    "industry.heat": Label("集中供热", "Heat supply"),
    "industry.ccus": Label("碳捕集利用与封存", "Carbon capture, use and storage"),
    "industry.sinks": Label("林业碳汇", "Forest sinks"),
    "power.capacity": Label("发电装机", "Generating capacity"),
    "power.storage": Label("储能", "Storage"),
    "power.imports": Label("区外来电", "Imported power"),
    "power.coal": Label("煤电与气电", "Coal and gas plants"),
    "power.flexibility": Label("需求响应", "Demand response"),
    "power.system": Label("电力系统", "Power system"),
}


def group_label(owner: str, group: str) -> Label:
    """The name of a group; a sector outside this table has its groups shown by their ids."""
    return GROUPS.get(f"{owner}.{group}") or Label(group, group.replace("_", " "))
