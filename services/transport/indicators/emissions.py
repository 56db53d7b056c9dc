"""Metrics of pollutants and of the chain behind the fuels: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.emissions.greenhouse import vehicle_ch4_n2o_tco2e
from services.transport.emissions.pollutants import (
    CO,
    NOX,
    PM25,
    VOC,
    Pollutants,
    old_diesel_truck_nox_t,
)
from services.transport.emissions.well_to_wheel import Chain, chain_of, reference_grid_kgco2_per_kwh
from services.transport.indicators.project import Projection, RegionMakers, ShareMakers, SumMakers
from services.transport.indicators.rows import row

_REGISTERED: Final = "km of vehicles registered here, aviation left out"

METRICS: Final[tuple[Metric, ...]] = (
    row("nox_t", "交通氮氧化物排放（按注册车辆里程，不含航空）", f"NOx of transport, {_REGISTERED}", "t"),
    row(
        "voc_t",
        "交通挥发性有机物排放（按注册车辆里程，含蒸发，不含航空）",
        f"VOC of transport with evaporation, {_REGISTERED}",
        "t",
    ),
    row(
        "pm25_t",
        "交通细颗粒物排放（按注册车辆里程，含轮胎制动路面磨损，不含航空）",
        f"PM2.5 of transport with tyres, brakes and road, {_REGISTERED}",
        "t",
    ),
    row("co_t", "交通一氧化碳排放（按注册车辆里程，不含航空）", f"CO of transport, {_REGISTERED}", "t"),
    row("so2_t", "交通二氧化硫排放（按注册车辆里程，不含航空）", f"SO2 of transport, {_REGISTERED}", "t"),
    row("road_nox_t", "道路机动车氮氧化物排放", "NOx of road vehicles, by registered vehicles", "t"),
    row("truck_nox_t", "营运货车氮氧化物排放", "NOx of trucks, by registered vehicles", "t"),
    row("ship_nox_t", "船舶氮氧化物排放", "NOx of ships", "t"),
    row("road_exhaust_pm25_t", "道路机动车尾气细颗粒物", "PM2.5 from the exhaust of road vehicles", "t"),
    row(
        "china3_diesel_truck_nox_t",
        "国三及以下柴油货车氮氧化物排放",
        "NOx of diesel trucks of China III and older",
        "t",
    ),
    row(
        "china3_diesel_truck_nox_share",
        "国三及以下柴油货车占道路氮氧化物比例",
        "diesel trucks of China III and older in the NOx of road vehicles",
        "share",
    ),
    row(
        "vehicle_ch4_n2o_tco2e",
        "道路机动车甲烷和氧化亚氮（不计入二氧化碳）",
        "CH4 and N2O of road vehicles, not in CO2, GWP of AR5",
        "t",
    ),
    row(
        "well_to_tank_tco2e",
        "燃料上游排放（不含电力）",
        "greenhouse gases of fuels from the well to the tank, electricity left out",
        "t",
    ),
    row(
        "direct_and_electricity_tco2",
        "交通直接排放与用电间接排放（参考电网因子）",
        "direct CO2 and electricity at the reference grid factor, not the power sector's result",
        "t",
    ),
    row(
        "well_to_wheel_tco2e",
        "交通全生命周期（油井到车轮）排放（参考电网因子）",
        "well to wheel: direct, fuels' chain, electricity at the reference grid factor",
        "t",
    ),
    row(
        "reference_grid_kgco2_per_kwh",
        "参考电网排放因子（估计）",
        "reference grid factor of well to wheel, an estimate",
        "kgCO2/kWh",
    ),
)


def _pollutants(p: Projection) -> Pollutants:
    return Pollutants(p.base, p.activity, p.energy)


def _total(q: int) -> Callable[[Projection], FloatArray]:
    return lambda p: p.once(_pollutants).total_t(q)


def _road(q: int) -> Callable[[Projection], FloatArray]:
    return lambda p: np.asarray(p.once(_pollutants).exhaust_t(q).sum(axis=1))


def _trucks_nox(p: Projection) -> FloatArray:
    total: FloatArray = p.once(_pollutants).exhaust_t(NOX)[:, list(p.base.commercial_truck)].sum(axis=1)
    return total


def _chain(p: Projection) -> Chain:
    return chain_of(p.base, p.paths, p.activity, p.energy)


def _direct_and_electricity(p: Projection) -> FloatArray:
    return p.once(_chain).direct_tco2 + p.once(_chain).electricity_tco2


SUMS: Final[SumMakers] = {
    "nox_t": _total(NOX),
    "voc_t": _total(VOC),
    "pm25_t": _total(PM25),
    "co_t": _total(CO),
    "so2_t": lambda p: p.once(_pollutants).so2_t,
    "road_nox_t": _road(NOX),
    "truck_nox_t": _trucks_nox,
    "ship_nox_t": lambda p: p.once(_pollutants).offroad_t("ships", NOX),
    "road_exhaust_pm25_t": _road(PM25),
    "china3_diesel_truck_nox_t": lambda p: old_diesel_truck_nox_t(p.base, p.activity),
    "vehicle_ch4_n2o_tco2e": lambda p: vehicle_ch4_n2o_tco2e(p.base, p.paths, p.activity),
    "well_to_tank_tco2e": lambda p: p.once(_chain).fuels_tco2e,
    "direct_and_electricity_tco2": lambda p: p.once(_direct_and_electricity),
    "well_to_wheel_tco2e": lambda p: p.once(_direct_and_electricity) + p.once(_chain).fuels_tco2e,
}
# What these metrics read of the exhaust, and which read the stock by emission standard.
EXHAUST_OF: Final = {
    "nox_t": NOX,
    "voc_t": VOC,
    "pm25_t": PM25,
    "co_t": CO,
    "road_nox_t": NOX,
    "truck_nox_t": NOX,
    "road_exhaust_pm25_t": PM25,
    "china3_diesel_truck_nox_t": NOX,
    "china3_diesel_truck_nox_share": NOX,
}
OF_STANDARDS: Final = ("china3_diesel_truck_nox_t", "china3_diesel_truck_nox_share", "vehicle_ch4_n2o_tco2e")
SHARES: Final[ShareMakers] = {
    "china3_diesel_truck_nox_share": lambda p, sums: (sums["china3_diesel_truck_nox_t"], sums["road_nox_t"])
}
OF_REGION: Final[RegionMakers] = {
    "reference_grid_kgco2_per_kwh": lambda p: np.array(
        reference_grid_kgco2_per_kwh(p.base.region, p.paths.years)
    )
}
