"""Metrics of energy and direct CO2: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH, KG_PER_T
from services.common.words import Metric
from services.transport.calibration import calibration_factors
from services.transport.energy import USES
from services.transport.indicators.project import Projection, RegionMakers, ShareMakers, SumMakers
from services.transport.indicators.rows import row

OIL: Final = ("gasoline", "diesel", "kerosene", "fuel_oil", "lpg")
CARRIERS: Final = (*OIL, "natural_gas", "methanol", "biomass", "hydrogen")
_LAND: Final = {*USES.values(), "rail"}
CALIBRATED: Final = {
    "road_gasoline": ("道路汽油", "gasoline of road vehicles"),
    "road_diesel": ("道路柴油", "diesel of road vehicles"),
    "road_gas": ("道路天然气", "natural gas of road vehicles"),
    "ship_fuel_oil": ("船用燃料油", "fuel oil of ships"),
    "aviation_kerosene": ("航空煤油", "kerosene of aviation"),
    "rail_port_electricity": ("铁路城轨港口用电", "electricity of rail, metro and ports"),
}

METRICS: Final[tuple[Metric, ...]] = (
    row("charging_energy_mwh", "电动汽车充电量", "charging of vehicles", "MWh"),
    row("electricity_mwh", "交通用电量", "electricity of transport", "MWh"),
    row("gasoline_gj", "交通汽油消费", "gasoline of transport", "GJ"),
    row("diesel_gj", "交通柴油消费", "diesel of transport", "GJ"),
    row("kerosene_gj", "交通航空煤油消费", "kerosene of transport", "GJ"),
    row("fuel_oil_gj", "交通燃料油消费", "fuel oil of transport", "GJ"),
    row("lpg_gj", "交通液化石油气消费", "LPG of transport", "GJ"),
    row("natural_gas_gj", "交通天然气消费", "natural gas of transport", "GJ"),
    row("methanol_gj", "交通甲醇消费", "methanol of transport", "GJ"),
    row("biomass_gj", "交通生物燃料消费", "biofuels of transport", "GJ"),
    row("hydrogen_gj", "交通用氢", "hydrogen used by vehicles", "GJ"),
    row("land_oil_t", "陆路交通汽柴油消费", "gasoline and diesel of road and rail", "t"),
    row(
        "land_oil_peak_year",
        "陆路交通汽柴油达峰年",
        "peak year of gasoline and diesel of road and rail",
        "year",
    ),
    row(
        "land_oil_plateau_years",
        "陆路交通汽柴油平台期年数",
        "years in which gasoline and diesel of road and rail are within 1 % of their peak",
        "years",
    ),
    row("oil_gj", "交通油品消费", "oil products of transport", "GJ"),
    row("final_energy_gj", "交通终端能耗", "final energy, electricity by calorific value", "GJ"),
    row("electricity_share", "交通电气化率", "electricity share of final energy", "share"),
    row("energy_tco2", "交通直接排放", "direct CO2 of transport", "t"),
    *(
        row(f"calibration_{name}_ratio", f"校准系数：{zh}", f"calibration factor: {en}", "ratio")
        for name, (zh, en) in CALIBRATED.items()
    ),
)


def _charging(p: Projection) -> FloatArray:
    total: FloatArray = p.energy.charging_mwh.sum(axis=1)
    return total


def _electricity(p: Projection) -> FloatArray:
    return p.once(_charging) + p.total(p.energy.electricity_mwh.values())


def _carriers(p: Projection) -> dict[str, FloatArray]:
    """Fuels by carrier, GJ [p, y]."""
    carriers = {name: np.zeros_like(p.activity.population) for name in CARRIERS}
    for (_, name), gj in p.energy.fuel_gj.items():
        carriers[name] += gj
    return carriers


def _carrier(name: str) -> Callable[[Projection], FloatArray]:
    return lambda p: p.once(_carriers)[name]


def _final_energy(p: Projection) -> FloatArray:
    return p.total(p.once(_carriers).values()) + p.once(_electricity) * GJ_PER_MWH


SUMS: Final[SumMakers] = {
    **{f"{name}_gj": _carrier(name) for name in CARRIERS},
    "charging_energy_mwh": lambda p: p.once(_charging),
    "electricity_mwh": lambda p: p.once(_electricity),
    "land_oil_t": lambda p: p.once(_land_oil_t),
    "oil_gj": lambda p: p.total(p.once(_carriers)[n] for n in OIL),
    "final_energy_gj": _final_energy,
    "energy_tco2": lambda p: p.once(direct_tco2),
}
SHARES: Final[ShareMakers] = {
    "electricity_share": lambda p, sums: (sums["electricity_mwh"] * GJ_PER_MWH, sums["final_energy_gj"])
}


def _calibration(name: str) -> Callable[[Projection], FloatArray]:
    def factor(p: Projection) -> FloatArray:
        region = p.base.region
        return np.full(len(p.paths.years), calibration_factors(region.region_id, region.as_of_year)[name])

    return factor


def _plateau_years(p: Projection) -> FloatArray:
    oil = p.once(_land_oil_t).sum(axis=0)
    level = oil.max() * (1.0 - p.activity.systems.data.numbers["plateau_share"])
    return np.full(len(p.paths.years), float((oil >= level).sum()))


def _peak_year(p: Projection) -> FloatArray:
    oil = p.once(_land_oil_t).sum(axis=0)
    return np.full(len(p.paths.years), float(p.paths.years[int(oil.argmax())]))


OF_REGION: Final[RegionMakers] = {
    **{f"calibration_{name}_ratio": _calibration(name) for name in CALIBRATED},
    "land_oil_plateau_years": _plateau_years,
    "land_oil_peak_year": _peak_year,
}


def direct_tco2(p: Projection) -> FloatArray:
    """Direct CO2, t [p, y]."""
    return p.total(p.energy.fuel_tco2.values())


def _land_oil_t(p: Projection) -> FloatArray:
    """Gasoline and diesel of road and rail, t [p, y]; ships and ports are not land transport."""
    base, fuel = p.base, p.base.region.table("transport/fuels").by("fuel")
    t_per_gj = {
        "gasoline": p.activity.systems.data.numbers["gasoline_kg_per_l"]
        / fuel["gasoline"]["gj_per_unit"]
        / KG_PER_T,
        "diesel": base.number("diesel_kg_per_l") / fuel["diesel"]["gj_per_unit"] / KG_PER_T,
    }
    return p.total(
        gj * t_per_gj[carrier]
        for (use, carrier), gj in p.energy.fuel_gj.items()
        if use in _LAND and carrier in t_per_gj
    )
