"""Texts of the workbook in both languages; names of places, sectors, metrics and targets come from their own rows."""

from typing import Final

from services.common.words import Label, ReleaseStatus

STATUS: Final = {
    ReleaseStatus.INTERNAL: Label(
        "内部测算 · 不得发布 / internal – not for publication",
        "internal – not for publication / 内部测算 · 不得发布",
    ),
    ReleaseStatus.RELEASED: Label("已发布 / released", "released / 已发布"),
    ReleaseStatus.SUPERSEDED: Label(
        "已被替代，不再有效 / superseded – no longer valid",
        "superseded – no longer valid / 已被替代，不再有效",
    ),
    ReleaseStatus.WITHDRAWN: Label(
        "已撤回，不再有效 / withdrawn – no longer valid", "withdrawn – no longer valid / 已撤回，不再有效"
    ),
}

SHEETS: Final = {
    "cover": Label("说明", "Cover"),
    "headline": Label("总览", "Headline"),
    "changes": Label("修改", "Changes"),
    "co2": Label("二氧化碳", "CO2"),
    "power": Label("电力", "Power"),
    "peak": Label("尖峰", "Peak load"),
    "peak_days": Label("尖峰日", "Peak days"),
    "metrics": Label("指标", "Metrics"),
    "targets": Label("目标", "Targets"),
    "target_cities": Label("目标分市", "Targets by city"),
    "cities": Label("城市", "Cities"),
    "sources": Label("来源", "Sources"),
}

TITLES: Final = {
    "cover": Label("情景测算结果", "Projection of a scenario"),
    "headline": Label("碳达峰、尖峰负荷与目标判定", "Carbon peak, peak load, verdicts of targets"),
    "changes": Label("与基准相比的修改", "Changes from the baseline"),
    "co2": Label("二氧化碳排放，按部门和年份", "CO2 emissions by sector and year"),
    "power": Label("发电量、装机容量与储能", "Generation, capacity and stores"),
    "peak": Label("尖峰负荷及成因", "Peak load and its causes"),
    "peak_days": Label("尖峰日逐时负荷与供应", "Peak days hour by hour: load and supply"),
    "metrics": Label("全部指标", "All metrics"),
    "targets": Label("政策目标判定", "Policy targets and their verdicts"),
    "target_cities": Label("逐市目标判定", "Verdicts of targets city by city"),
    "cities": Label("设区市：二氧化碳、用电量、尖峰负荷", "Cities: CO2, electricity, peak load"),
    "sources": Label("数据来源", "Sources of data"),
}

WEATHER: Final = {
    "normal": Label("平年", "normal"),
    "hot": Label("高温年", "hot"),
    "cold": Label("寒冷年", "cold"),
    "low_wind": Label("小风年", "low wind"),
}

CAUSES: Final = {
    "industry": Label("工业", "industry"),
    "agriculture_construction": Label("农业与建筑业", "farming, construction"),
    "data_centres": Label("数据中心", "data centres"),
    "lighting_appliances": Label("照明电器", "lighting, appliances"),
    "cooking": Label("炊事", "cooking"),
    "cooling": Label("制冷", "cooling"),
    "space_heating": Label("供暖", "space heating"),
    "hot_water": Label("生活热水", "hot water"),
    "ev_charging": Label("电动汽车充电", "EV charging"),
    "other_transport": Label("轨道与港口", "rail, ports"),
    "heat": Label("热力", "heat"),
    "losses": Label("线损", "grid losses"),
    "plant_own_use": Label("厂用电", "plant own use"),
    "other": Label("其他", "other"),
}

GROUPS: Final = {
    "coal": Label("煤电", "coal"),
    "gas": Label("气电", "gas"),
    "offgas": Label("余气发电", "off-gas"),
    "nuclear": Label("核电", "nuclear"),
    "hydro": Label("水电", "hydro"),
    "biomass": Label("生物质与垃圾发电", "biomass, waste"),
    "wind": Label("风电", "wind"),
    "solar": Label("光伏", "solar PV"),
    "import": Label("区外来电", "imports"),
    "other": Label("其他", "other"),
    "storage_discharge": Label("储能放电", "storage discharge"),
    "storage_charge": Label("储能充电", "storage charge"),
    "unserved": Label("缺供", "unserved"),
    "surplus": Label("富余", "surplus"),
}

SEASONS: Final = {"summer": Label("夏季", "summer"), "winter": Label("冬季", "winter")}

PEAK_STATUS: Final = {
    "rising": Label("仍在上升，期内未达峰", "still rising: no peak in the span"),
    "double_peak": Label("双峰", "two peaks"),
    "peaked_confirmed": Label("已达峰（其后五年未回升）", "peaked, confirmed by five years"),
    "peaked_unconfirmed": Label("已达峰，尚待确认", "peaked, not confirmed yet"),
}

VERDICTS: Final = {
    "met": Label("达成", "met"),
    "already_met": Label("已提前达成", "already met"),
    "on_track": Label("按期推进", "on track"),
    "behind": Label("进度滞后", "behind"),
    "missed": Label("未达成", "missed"),
    "cannot_compute": Label("无法计算", "cannot be computed"),
    "tracked_only": Label("仅跟踪", "tracked only"),
}

OPERATORS: Final = {
    "at_least": Label("不低于", "at least"),
    "at_most": Label("不高于", "at most"),
    "more_than": Label("超过", "more than"),
    "about": Label("左右", "about"),
    "equal": Label("等于", "equal to"),
    "before": Label("之前", "before"),
}

REASONS: Final = {
    "NO_METRIC": Label("模型尚无对应指标", "no metric in the model yet"),
    "NO_CITY_DATA": Label("缺少分市数据", "no data by city"),
    "NO_BASE_VALUE": Label("缺少基期值", "no base-year value"),
    "NO_START": Label("缺少起始年", "no start year"),
    "NO_YEAR": Label("没有目标年", "no target year"),
    "NOT_DUE": Label("尚未到期", "not due yet"),
    "NOT_ENTERED": Label("尚未填报", "not entered yet"),
    "NOT_FINITE": Label("结果不是有限数", "result is not finite"),
    "OUT_OF_SPAN": Label("目标年在测算期外", "year outside the projection"),
    "OUTSIDE_MODEL": Label("不在模型范围内", "outside the model"),
    "EACH_PROJECT": Label("逐项目判定", "judged project by project"),
    "DEFERRED": Label("按上级下达目标", "set by the higher level"),
    "AMBIGUOUS_UNIT": Label("单位有歧义", "unit is ambiguous"),
    "AMBIGUOUS_BOUNDARY": Label("口径有歧义", "boundary is ambiguous"),
    "AMBIGUOUS_YEAR": Label("年份有歧义", "year is ambiguous"),
    "TRACKED_ONLY": Label("仅跟踪", "tracked only"),
    "YEARS_MISSING": Label("缺少部分年份", "some years are missing"),
}

# Sectors as targets name them.
TARGET_SECTORS: Final = {
    "whole economy": Label("全社会", "whole economy"),
    "energy": Label("能源", "energy"),
    "power": Label("电力", "power"),
    "industry": Label("工业", "industry"),
    "buildings": Label("建筑", "buildings"),
    "transport": Label("交通", "transport"),
    "agriculture": Label("农业", "agriculture"),
    "ecology": Label("生态", "ecology"),
    "science": Label("科技", "science"),
    "air": Label("大气", "air"),
    "water": Label("水", "water"),
    "waste": Label("废弃物", "waste"),
}

# Parts of sectors in the CO2 account.
PARTS: Final = {
    "space_heating": Label("供暖", "space heating"),
    "hot_water": Label("生活热水", "hot water"),
    "cooking": Label("炊事", "cooking"),
    "passenger_cars": Label("乘用车", "passenger cars"),
    "buses_coaches": Label("公交与客车", "buses, coaches"),
    "trucks": Label("货车", "trucks"),
    "ships": Label("船舶", "ships"),
    "aviation": Label("航空", "aviation"),
    "steel": Label("钢铁", "steel"),
    "cement": Label("水泥", "cement"),
    "other_minerals": Label("其他建材", "other minerals"),
    "chemicals": Label("石化化工", "chemicals"),
    "other_industry": Label("其他工业", "other industry"),
    "agriculture": Label("农业", "agriculture"),
    "heat_supply": Label("供热", "heat supply"),
    "coal": Label("燃煤", "coal"),
    "gas": Label("燃气", "gas"),
    "other": Label("其他", "other"),
}

# How a target can be read.
READINGS: Final = {
    "main": Label("主要", "main"),
    "as_gw": Label("按吉瓦", "as GW"),
    "by_2030": Label("到2030年", "by 2030"),
    "by_2060": Label("到2060年", "by 2060"),
    "electricity_by_equivalent_value": Label("电力按等价值", "electricity by equivalent value"),
    "gross": Label("总量", "gross"),
    "left_over_2020": Label("2020年结余", "left over from 2020"),
    "less_all_non_fossil": Label("扣除全部非化石", "less all non-fossil"),
    "local_only": Label("仅本地", "local only"),
    "modelled_part": Label("模型覆盖部分", "modelled part"),
    "with_imported_clean_power": Label("含区外清洁电力", "with imported clean power"),
    "with_imported_power": Label("含区外来电", "with imported power"),
    "without_ebikes": Label("不含电动自行车", "without e-bikes"),
}

BASELINES: Final = {
    "frozen": Label("冻结", "frozen"),
    "planned": Label("规划", "planned"),
    "reference": Label("趋势", "reference"),
    "accelerated": Label("加快", "accelerated"),
}

# What a reader has to know: told on the cover.
NOTES: Final = (
    Label(
        "单位：左侧为规划常用单位，右侧（或换算列）为合同单位，数值均为全精度，仅显示时取舍；打印只含左侧。",
        "Units: readers' units stand on the left, the units of the contracts on the right. Every value has full "
        "precision and is rounded for display only; print shows the left part.",
    ),
    Label(
        "等级：A 官方或存档来源，B 文献或公认，C 估计；情景中的未来取值均为 C。",
        "Grades: A official or stored source, B literature or well known, C estimate; future values "
        "of scenarios are C.",
    ),
    Label(
        "“—”表示没有数值，不是零。年份为公历年，时刻为北京时间，无闰年。",
        "“—” is no value, not zero. Years are calendar years, clock times are Beijing time; no leap years.",
    ),
    Label(
        "碳达峰以各口径二氧化碳最高的年份为准；尖峰负荷为全年最高的一小时负荷。",
        "The carbon peak is the year of the highest CO2 in each boundary; the peak load is the year's highest hour.",
    ),
    Label(
        "未经发展改革部门发布，不得对外引用。",
        "Not to be quoted before the development and reform department has released it.",
    ),
)


def text_of(label: Label, language: str) -> str:
    """A label in a language; in the other one when it lacks this."""
    zh, en = (label.zh or label.en), (label.en or label.zh)
    return zh if language == "zh" else en


def named(table: dict[str, Label], key: str, language: str) -> str:
    """A word of a table; a key without one is told as it is."""
    return text_of(table[key], language) if key in table else key
