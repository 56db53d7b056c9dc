"""Metrics of the parts of a whole, as charts stack them: stock by standard, final energy by use, heat by system."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.buildings.end_use_records import (
    COOKING,
    COOLING,
    DISTRICT,
    HEATING,
    HOT_WATER,
    LIGHTING_APPLIANCES,
)
from services.buildings.indicators.rows import Recipes, row
from services.buildings.project import Projection
from services.buildings.states import (
    PRE_STANDARD,
    SAVING_50,
    SAVING_65,
    SAVING_75,
    STANDARDS,
    STATES,
    ULTRA_LOW,
)
from services.buildings.systems import GAS, GROUND, HYDRONIC, RESISTANCE, SOLID, SPLIT
from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH
from services.common.words import Metric

# Envelope states by the standard they were built to, the retrofitted ones apart: together the civil stock.
BY_STANDARD: Final = (
    ("standard_none", "无节能标准或30%标准", "to no energy standard or 30 % saving", PRE_STANDARD, SAVING_50),
    ("standard_50", "50%节能标准", "to 50 % saving", SAVING_50, SAVING_65),
    ("standard_65", "65%节能标准", "to 65 % saving", SAVING_65, SAVING_75),
    ("standard_75", "75%节能标准", "to 75 % saving", SAVING_75, ULTRA_LOW),
    (
        "standard_ultra_low",
        "超低能耗与近零能耗",
        "at the ultra-low or near-zero level",
        ULTRA_LOW,
        len(STANDARDS),
    ),
    ("retrofitted", "已节能改造", "retrofitted, whatever it was built to", len(STANDARDS), len(STATES)),
)
# End uses that make up final energy; heat and electricity of networks belong to space heating.
BY_USE: Final = (
    ("space_heating", (HEATING, DISTRICT), "供暖", "space heating, networks included"),
    ("cooling", (COOLING,), "空调", "cooling"),
    ("hot_water", (HOT_WATER,), "生活热水", "hot water"),
    ("cooking", (COOKING,), "炊事", "cooking"),
    ("lighting_appliances", (LIGHTING_APPLIANCES,), "照明设备", "lighting, appliances and equipment"),
)
# What makes useful space heat in buildings; networks stand beside it.
BY_SYSTEM: Final = (
    ("air_source", (SPLIT, HYDRONIC), "空气源热泵", "air-source heat pumps"),
    ("ground_source", (GROUND,), "地源热泵", "ground-source heat pumps"),
    ("gas", (GAS,), "燃气", "gas boilers"),
    ("resistance", (RESISTANCE,), "直接电热", "electric resistance"),
    ("solid_fuel", (SOLID,), "散煤与生物质", "stoves on coal, straw and wood"),
)

METRICS: Final[tuple[Metric, ...]] = (
    *(
        row(
            f"stock_{name}_floor_area_m2",
            f"民用建筑存量：{zh}",
            f"civil floor area standing, {en}, as built",
            "m2",
        )
        for name, zh, en, _, _ in BY_STANDARD
    ),
    *(
        row(
            f"{name}_final_energy_gj",
            f"建筑终端能源消费：{zh}",
            f"final energy of {en}, all carriers, electricity by calorific value",
            "GJ",
        )
        for name, _, zh, en in BY_USE
    ),
    *(
        row(f"space_heating_{name}_useful_gj", f"供暖有效热量：{zh}", f"useful space heat from {en}", "GJ")
        for name, _, zh, en in BY_SYSTEM
    ),
    row(
        "space_heating_district_useful_gj",
        "供暖有效热量：集中供热",
        "useful space heat from networks, their heat pumps included",
        "GJ",
    ),
    row("space_heating_useful_gj", "供暖有效热量", "useful space heat", "GJ"),
)


def sums(p: Projection) -> Recipes:
    """Metrics that add up over the cities, [p, y]."""

    def built_to(first: int, end: int) -> Callable[[], FloatArray]:
        return lambda: p.stock.civil_m2(range(first, end))

    def used_for(uses: tuple[str, ...]) -> Callable[[], FloatArray]:
        return lambda: _final_gj(p, uses)

    def made_by(systems: tuple[int, ...]) -> Callable[[], FloatArray]:
        return lambda: _useful_gj(p, systems)

    heat: Recipes = {
        **{f"space_heating_{name}_useful_gj": made_by(systems) for name, systems, _, _ in BY_SYSTEM},
        "space_heating_district_useful_gj": lambda: np.asarray(
            p.raw.network_heat_mwh.sum(axis=0) * GJ_PER_MWH
        ),
    }
    return {
        **{f"stock_{name}_floor_area_m2": built_to(first, end) for name, _, _, first, end in BY_STANDARD},
        **{f"{name}_final_energy_gj": used_for(uses) for name, uses, _, _ in BY_USE},
        **heat,
        "space_heating_useful_gj": lambda: np.sum([made() for made in heat.values()], axis=0),
    }


def _final_gj(p: Projection, uses: tuple[str, ...]) -> FloatArray:
    """Energy of some end uses, all carriers, GJ [p, y]."""
    own = ((carrier, used) for (use, carrier), used in p.used.items() if use in uses)
    return np.asarray(sum(used * GJ_PER_MWH if c == "electricity" else used for c, used in own))


def _useful_gj(p: Projection, systems: tuple[int, ...]) -> FloatArray:
    """Useful heat of some of the systems in buildings, GJ [p, y]."""
    share = sum(p.equipment.share[k] for k in systems)
    return np.asarray((p.raw.own_heat_mwh * share).sum(axis=0) * GJ_PER_MWH)
