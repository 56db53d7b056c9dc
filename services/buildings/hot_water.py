"""Hot water: litres heated from the month's cold water, and the systems that heat them."""

from typing import Final

import numpy as np

from services.buildings.base import PUBLIC_TYPES, StockBase
from services.buildings.end_use_records import HOT_WATER, PUBLIC_SEGMENT, RURAL, URBAN, EndUses, Reader
from services.buildings.equipment import heat_pump_cop
from services.buildings.stock import Stock
from services.buildings.systems import Systems
from services.buildings.zones import physics
from services.common.arrays import FloatArray
from services.common.axes import MONTH_DAYS
from services.common.levers import LeverPaths
from services.common.regions import Region
from services.common.units import GJ_PER_MWH, KWH_PER_MWH

_SHAPES: Final = "buildings/shapes"
_KWH_PER_LITRE_K: Final = 4.186 / 3600  # heat capacity of water
_SATURATED: Final = 1.0  # months that are cold enough for frost are humid here


def hot_water(
    out: EndUses,
    read: Reader,
    paths: LeverPaths,
    base: StockBase,
    stock: Stock,
    equipment: Systems,
    monthly_degc: FloatArray,
) -> None:
    """Hot water of all segments, uncalibrated; monthly_degc: mean air [month, p, y]."""
    by_type = _public_mwh(read, base, stock, monthly_degc)
    heat = _monthly_kwh(base.region, monthly_degc, base.region.number(_SHAPES, "hot_water_use_degc"))
    per_litre = _with_losses(read, heat)
    persons = (stock.urban_population, stock.rural_population)
    litres = [read.one(f"{s}_hot_water_l_per_person_day") for s in ("urban", "rural")]
    homes = [n * v * per_litre / KWH_PER_MWH for n, v in zip(persons, litres, strict=True)]
    useful = np.array([*homes, by_type.sum(axis=0)])
    solar, electric = _shares(read, paths, equipment)
    pumped = read("hot_water_heat_pump_share")
    cop = hot_water_cop(base.region, read, monthly_degc, heat)
    fuel = useful * np.maximum(1 - solar - electric, 0.0) * GJ_PER_MWH
    stored = useful * electric * (1 - pumped) / read.one("electric_storage_efficiency")
    out.hot_water_mwh = useful
    out.solar_hot_water_mwh = useful * solar
    out.hot_water_pump_mwh = useful * electric * pumped
    out.hot_water_pump_electricity_mwh = out.hot_water_pump_mwh / cop
    out.energy[HOT_WATER, "electricity"] = out.hot_water_pump_electricity_mwh + stored
    out.public_types[HOT_WATER] = by_type
    read.split_gas(out, HOT_WATER, fuel / read.one("hot_water_boiler_efficiency"))


def heat_kwh_per_daily_litre(
    region: Region, read: Reader, monthly_degc: FloatArray, use_degc: float
) -> FloatArray:
    """Heat of a litre a day over the year with what pipes and stores lose, kWh [p, y]."""
    return _with_losses(read, _monthly_kwh(region, monthly_degc, use_degc))


def _with_losses(read: Reader, heat_kwh: FloatArray) -> FloatArray:
    """Heat of a year from that of its months, [month, p, y] -> [p, y]."""
    return np.asarray(heat_kwh.sum(axis=0) * (1 + read.one("hot_water_loss_share")))


def hot_water_cop(region: Region, read: Reader, monthly_degc: FloatArray, heat: FloatArray) -> FloatArray:
    """Seasonal COP of heat-pump water heaters, months weighed by their heat, [p, y]; both of [month, p, y]."""
    cop = heat_pump_cop(
        physics(region),
        monthly_degc,
        read.one("hot_water_sink_degc"),
        np.full_like(monthly_degc, _SATURATED),
    )
    return np.asarray(heat.sum(axis=0) / (heat / cop).sum(axis=0))


def _monthly_kwh(region: Region, monthly_degc: FloatArray, use_degc: float) -> FloatArray:
    """Heat of a litre a day, kWh [month, p, y]; mains follow the air and never freeze."""
    cold = np.maximum(monthly_degc, region.number(_SHAPES, "cold_water_lowest_degc"))
    days = np.array(MONTH_DAYS)[:, None, None]
    return np.asarray(days * _KWH_PER_LITRE_K * np.maximum(use_degc - cold, 0.0))


def _public_mwh(read: Reader, base: StockBase, stock: Stock, monthly_degc: FloatArray) -> FloatArray:
    """Useful hot water by public type, MWh [t, p, y]."""
    rows = base.region.table("buildings/public_types").by("building_type")
    litres = np.array([rows[name]["hot_water_l_per_m2_day"] for name in PUBLIC_TYPES])
    per_litre = heat_kwh_per_daily_litre(
        base.region, read, monthly_degc, read.one("public_hot_water_use_degc")
    )
    return np.asarray(litres[:, None, None] * stock.public_used_m2 * per_litre / KWH_PER_MWH)


def _shares(read: Reader, paths: LeverPaths, equipment: Systems) -> tuple[FloatArray, FloatArray]:
    """Solar and electric shares of useful hot water, [s, p, y]; the rest burns gas or LPG."""
    electric_urban = paths.by_place("buildings.electric_hot_water_share")
    solar_urban = paths.by_place("buildings.solar_thermal_hot_water_share")
    solar = np.zeros((3, *solar_urban.shape))
    solar[URBAN] = solar_urban
    solar[RURAL] = read("rural_solar_hot_water_share")
    solar[PUBLIC_SEGMENT] = solar_urban
    electric = np.array(
        [
            electric_urban,
            electric_urban + read("rural_electric_hot_water_extra_share"),
            1 - (1 - electric_urban) * (1 - equipment.all_electric_public),
        ]
    )
    electric[PUBLIC_SEGMENT] += read("public_hot_water_electric_extra_share")
    return solar, np.minimum(electric, 1 - solar)
