"""Metrics of energy and direct CO2: rows, and their values from a projection."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH
from services.common.words import Metric
from services.transport.calibration import calibration_factors
from services.transport.energy import USES
from services.transport.indicators.project import Part, Projection
from services.transport.indicators.rows import row

OIL: Final = ("gasoline", "diesel", "kerosene", "fuel_oil", "lpg")
CARRIERS: Final = (*OIL, "natural_gas", "methanol", "biomass", "hydrogen")
_LAND: Final = {*USES.values(), "rail"}
_KG_PER_T: Final = 1e3
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


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    energy = p.energy
    electricity = energy.charging_mwh.sum(axis=1) + p.total(energy.electricity_mwh.values())
    carriers = {name: np.zeros_like(electricity) for name in CARRIERS}
    for (_, name), gj in energy.fuel_gj.items():
        carriers[name] += gj
    return {f"{name}_gj": gj for name, gj in carriers.items()} | {
        "charging_energy_mwh": energy.charging_mwh.sum(axis=1),
        "electricity_mwh": electricity,
        "land_oil_t": _land_oil_t(p),
        "oil_gj": p.total(carriers[n] for n in OIL),
        "final_energy_gj": p.total(carriers.values()) + electricity * GJ_PER_MWH,
        "energy_tco2": p.total(energy.fuel_tco2.values()),
    }


def shares(sums: dict[str, FloatArray]) -> dict[str, Part]:
    """Shares as (part, whole), [p, y] each."""
    return {"electricity_share": (sums["electricity_mwh"] * GJ_PER_MWH, sums["final_energy_gj"])}


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Calibration factors and the peak year of land oil, [y]."""
    region = p.base.region
    factors = calibration_factors(region.region_id, region.as_of_year)
    years = len(p.paths.years)
    found = {f"calibration_{name}_ratio": np.full(years, value) for name, value in factors.items()}
    oil = _land_oil_t(p).sum(axis=0)
    level = oil.max() * (1.0 - p.activity.systems.data.numbers["plateau_share"])
    found["land_oil_plateau_years"] = np.full(years, float((oil >= level).sum()))
    found["land_oil_peak_year"] = np.full(years, float(p.paths.years[int(oil.argmax())]))
    return found


def _land_oil_t(p: Projection) -> FloatArray:
    """Gasoline and diesel of road and rail, t [p, y]; ships and ports are not land transport."""
    base, fuel = p.base, p.base.region.table("transport/fuels").by("fuel")
    t_per_gj = {
        "gasoline": p.activity.systems.data.numbers["gasoline_kg_per_l"]
        / fuel["gasoline"]["gj_per_unit"]
        / _KG_PER_T,
        "diesel": base.number("diesel_kg_per_l") / fuel["diesel"]["gj_per_unit"] / _KG_PER_T,
    }
    return p.total(
        gj * t_per_gj[carrier]
        for (use, carrier), gj in p.energy.fuel_gj.items()
        if use in _LAND and carrier in t_per_gj
    )
