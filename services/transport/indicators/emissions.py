"""Metrics of pollutants and of the chain behind the fuels: rows, and their values from a projection."""

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
    old_diesel_truck_nox_t,
    pollutants_of,
)
from services.transport.emissions.well_to_wheel import chain_of, reference_grid_kgco2_per_kwh
from services.transport.indicators.project import Part, Projection
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


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    found = pollutants_of(p.base, p.activity, p.energy)
    chain = chain_of(p.base, p.paths, p.activity, p.energy)
    road = found.exhaust_t.sum(axis=2)
    indirect = chain.direct_tco2 + chain.electricity_tco2
    return {
        "nox_t": found.total_t(NOX),
        "voc_t": found.total_t(VOC),
        "pm25_t": found.total_t(PM25),
        "co_t": found.total_t(CO),
        "so2_t": found.so2_t,
        "road_nox_t": road[NOX],
        "truck_nox_t": found.exhaust_t[NOX][:, list(p.base.commercial_truck)].sum(axis=1),
        "ship_nox_t": found.offroad_t["ships"][NOX],
        "road_exhaust_pm25_t": road[PM25],
        "china3_diesel_truck_nox_t": old_diesel_truck_nox_t(p.base, p.activity),
        "vehicle_ch4_n2o_tco2e": vehicle_ch4_n2o_tco2e(p.base, p.paths, p.activity),
        "well_to_tank_tco2e": chain.fuels_tco2e,
        "direct_and_electricity_tco2": indirect,
        "well_to_wheel_tco2e": indirect + chain.fuels_tco2e,
    }


def shares(p: Projection, sums: dict[str, FloatArray]) -> dict[str, Part]:
    """Shares as (part, whole), [p, y] each."""
    return {"china3_diesel_truck_nox_share": (sums["china3_diesel_truck_nox_t"], sums["road_nox_t"])}


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    return {
        "reference_grid_kgco2_per_kwh": np.array(reference_grid_kgco2_per_kwh(p.base.region, p.paths.years))
    }
