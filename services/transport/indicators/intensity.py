"""Metrics of commercial transport: CO2 and energy per turnover, their causes, and the interim path to the target."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.units import GJ_PER_MJ, GJ_PER_MWH, GJ_PER_TCE
from services.common.words import Metric
from services.transport.indicators.commercial import AIR, RAIL, SHIP, TRUCK, URBAN_PASSENGER
from services.transport.indicators.decomposition import EFFECTS, effects_since_start
from services.transport.indicators.project import (
    Part,
    Projection,
    RegionMakers,
    ShareMakers,
    SumMakers,
    Sums,
)
from services.transport.indicators.rows import row

_G_PER_T: Final = 1e6
_KGCE_PER_100TKM: Final = 1e5 / GJ_PER_TCE  # of GJ per tkm
_TCE_PER_MILLION_TKM: Final = 1e6 / GJ_PER_TCE
_CI: Final = "co2_per_converted_turnover"

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "converted_turnover_tkm", "营运换算周转量", "converted turnover in the scope of the intensity", "tkm"
    ),
    row(
        f"{_CI}_gco2_per_tkm",
        "营运交通工具单位换算周转量碳排放",
        "direct CO2 per converted turnover of commercial road and water transport",
        "g/tkm",
        "JSP-33",
        "NTP-13",
    ),
    row(
        f"{_CI}_on_track_gco2_per_tkm",
        "单位换算周转量碳排放达标路径",
        "direct CO2 per converted turnover on the even path to the target",
        "g/tkm",
        "JSP-33",
        "NTP-13",
    ),
    row(
        f"{_CI}_on_track_ratio",
        "单位换算周转量碳排放与达标路径之比",
        "direct CO2 per converted turnover over that of the path; up to 1 is on track",
        "ratio",
        "JSP-33",
        "NTP-13",
    ),
    *(
        row(
            f"{_CI}_{effect}_effect_gco2_per_tkm",
            f"单位换算周转量碳排放变化：{zh}",
            f"change of CO2 per converted turnover since 2020 by {en}",
            "g/tkm",
        )
        for effect, zh, en in (
            ("structure", "运输结构", "shares of trucks, coaches and ships"),
            ("efficiency", "能效", "energy per turnover"),
            ("fuel", "用能结构", "CO2 per energy"),
        )
    ),
    row(
        "truck_co2_intensity_gco2_per_tkm",
        "营运货车单位周转量碳排放",
        "direct CO2 per tonne-km, commercial trucks",
        "g/tkm",
        "JSS-11",
    ),
    row(
        "ship_co2_intensity_gco2_per_tkm",
        "营运船舶单位周转量碳排放",
        "direct CO2 per tonne-km, cargo ships",
        "g/tkm",
        "JSS-12",
    ),
    row(
        "truck_kgce_per_100tkm",
        "营运货车百吨公里能耗",
        "energy of commercial trucks per 100 tkm",
        "kgce/100 tkm",
    ),
    row("ship_kgce_per_100tkm", "营运船舶百吨公里能耗", "energy of cargo ships per 100 tkm", "kgce/100 tkm"),
    row(
        "commercial_tce_per_million_tkm",
        "营运百万换算吨公里能耗",
        "energy per million converted tkm of commercial road and water transport",
        "tce/10^6 tkm",
    ),
    row(
        "rail_tce_per_million_tkm",
        "铁路百万换算吨公里能耗",
        "energy of railways per million converted tkm",
        "tce/10^6 tkm",
    ),
    row("urban_passenger_tco2", "城市客运直接排放", "direct CO2 of buses, taxis and ride-hailing", "t"),
    row("rail_tco2", "铁路直接排放", "direct CO2 of railways", "t"),
    row("aviation_tco2", "民航直接排放", "direct CO2 of aviation by fuel taken up", "t"),
    row("aviation_domestic_tco2", "民航国内航线直接排放", "direct CO2 of domestic aviation", "t"),
    row(
        "truck_energy_two_ways_ratio",
        "货车能耗保有量法与周转量法之比",
        "truck energy by vehicles over that by tonne-km",
        "ratio",
    ),
)


def _in_scope(values: FloatArray, p: Projection) -> FloatArray:
    """Sum of [g, p, y] over the groups that the intensity counts."""
    return np.asarray(np.tensordot(p.commercial.in_scope, values, axes=1))


def _urban_passenger(p: Projection) -> FloatArray:
    urban = [p.base.position(name) for name in URBAN_PASSENGER]
    total: FloatArray = p.energy.class_tco2[:, urban].sum(axis=1)
    return total


def _domestic_aviation(p: Projection) -> FloatArray:
    return np.asarray(p.commercial.direct_tco2[AIR] * p.activity.systems.data.numbers["air_domestic_share"])


SUMS: Final[SumMakers] = {
    "converted_turnover_tkm": lambda p: _in_scope(p.commercial.converted_tkm, p),
    "urban_passenger_tco2": _urban_passenger,
    "rail_tco2": lambda p: np.asarray(p.commercial.direct_tco2[RAIL]),
    "aviation_tco2": lambda p: np.asarray(p.commercial.direct_tco2[AIR]),
    "aviation_domestic_tco2": _domestic_aviation,
}


def _grams(p: Projection) -> FloatArray:
    return _in_scope(p.commercial.direct_tco2, p) * _G_PER_T


def _path(p: Projection) -> FloatArray:
    numbers = p.activity.systems.data.numbers
    return on_track(numbers["intensity_target_fall_share"], numbers["intensity_target_years"], p.paths.years)


def _on_track(p: Projection, sums: Sums) -> Part:
    turnover = sums["converted_turnover_tkm"]
    return p.once(_grams)[:, :1] * p.once(_path), np.broadcast_to(turnover[:, :1], turnover.shape)


def _co2_of(group: int) -> Callable[[Projection, Sums], Part]:
    return lambda p, sums: (
        p.commercial.direct_tco2[group] * _G_PER_T,
        np.asarray(p.commercial.converted_tkm[group]),
    )


def _energy_of(group: int, unit: float) -> Callable[[Projection, Sums], Part]:
    return lambda p, sums: (
        p.commercial.energy_gj[group] * unit,
        np.asarray(p.commercial.converted_tkm[group]),
    )


SHARES: Final[ShareMakers] = {
    f"{_CI}_gco2_per_tkm": lambda p, sums: (p.once(_grams), sums["converted_turnover_tkm"]),
    f"{_CI}_on_track_gco2_per_tkm": _on_track,
    "truck_co2_intensity_gco2_per_tkm": _co2_of(TRUCK),
    "ship_co2_intensity_gco2_per_tkm": _co2_of(SHIP),
    "truck_kgce_per_100tkm": _energy_of(TRUCK, _KGCE_PER_100TKM),
    "ship_kgce_per_100tkm": _energy_of(SHIP, _KGCE_PER_100TKM),
    "commercial_tce_per_million_tkm": lambda p, sums: (
        _in_scope(p.commercial.energy_gj, p) * _TCE_PER_MILLION_TKM,
        sums["converted_turnover_tkm"],
    ),
    "rail_tce_per_million_tkm": _energy_of(RAIL, _TCE_PER_MILLION_TKM),
    "truck_energy_two_ways_ratio": lambda p, sums: two_ways(p),
}


def _of_scope(p: Projection) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Turnover, energy and CO2 of the region by group that the intensity counts, [g, y] each."""
    groups = p.commercial
    counted = groups.in_scope > 0
    turnover, gj, tco2 = (
        x[counted].sum(axis=1) for x in (groups.converted_tkm, groups.energy_gj, groups.direct_tco2)
    )
    return turnover, gj, tco2


def _effects(p: Projection) -> FloatArray:
    return effects_since_start(*p.once(_of_scope)) * _G_PER_T


def _effect(i: int) -> Callable[[Projection], FloatArray]:
    return lambda p: np.asarray(p.once(_effects)[i])


def _on_track_ratio(p: Projection) -> FloatArray:
    turnover, _, tco2 = p.once(_of_scope)
    intensity = tco2.sum(axis=0) / turnover.sum(axis=0)
    return np.asarray(intensity / (intensity[0] * p.once(_path)))


OF_REGION: Final[RegionMakers] = {
    **{f"{_CI}_{name}_effect_gco2_per_tkm": _effect(i) for i, name in enumerate(EFFECTS)},
    f"{_CI}_on_track_ratio": _on_track_ratio,
}


def on_track(fall_share: float, in_years: float, years: tuple[int, ...]) -> FloatArray:
    """Even path to a fall, over the base year, [y]: (1 - fall)^((year - 2020) / years)."""
    since = np.asarray(years, dtype=np.float64) - BASE_YEAR
    path: FloatArray = (1.0 - fall_share) ** (since / in_years)
    return path


def two_ways(p: Projection) -> Part:
    """Truck energy by vehicles and mileage, and by tonne-km and the survey's intensity, GJ [p, y].

    Both are of registered carriers, so neither is calibrated to fuel sold in the region.
    """
    fleet, base = p.activity.fleet, p.base
    trucks = list(base.commercial_truck)
    by_stock = fleet.totals.fuel_gj[trucks].sum(axis=0)
    by_stock = by_stock + fleet.totals.electric_mwh[trucks].sum(axis=0) * GJ_PER_MWH
    per_tkm = p.activity.systems.data.numbers["road_freight_mj_per_tkm"] * GJ_PER_MJ
    return by_stock, p.activity.freight.road_tkm * per_tkm
