"""Names of cities, standards and forms of buildings as the sections on buildings write them."""

from collections.abc import Mapping
from typing import Final

from services.common.regions import load_region
from services.common.words import Label

CITIES: Final[Mapping[str, Label]] = {p.place_id: p.label for p in load_region("jiangsu").cities}
STANDARDS: Final[Mapping[str, Label]] = {
    "pre_standard": Label("无节能标准", "before any standard"),
    "saving_30": Label("30 % 节能标准", "30 % standard"),
    "saving_50": Label("50 % 节能标准", "50 % standard"),
    "saving_65": Label("65 % 节能标准", "65 % standard"),
    "saving_75": Label("75 % 节能标准", "75 % standard"),
    "ultra_low": Label("超低能耗", "ultra-low energy"),
    "near_zero": Label("近零能耗", "near-zero energy"),
}
FORMS: Final[Mapping[str, Label]] = {
    "mid": Label("六层板楼", "six-storey slab"),
    "high": Label("十八层塔楼", "eighteen-storey tower"),
}
ENERGIES: Final[Mapping[str, Label]] = {
    "heat": Label("需热量", "heating"),
    "cool": Label("需冷量", "cooling"),
}
BUILDING_TYPES: Final[Mapping[str, Label]] = {
    "urban_residential": Label("城镇住宅", "urban dwellings"),
    "rural_residential": Label("农村住宅", "rural dwellings"),
    "government_office": Label("政府办公", "government offices"),
    "office": Label("商业办公", "commercial offices"),
    "commerce": Label("商场零售", "shops"),
    "hotel": Label("旅馆", "hotels"),
    "hospital": Label("医院", "hospitals"),
    "school": Label("学校", "schools"),
    "other_public": Label("其他公建", "other public buildings"),
    "factory": Label("厂房", "factories"),
}


def joined(*labels: Label) -> Label:
    """Labels one after another."""
    return Label("，".join(x.zh for x in labels), ", ".join(x.en for x in labels))
