"""Metrics of commercial transport: CO2 and energy per turnover, their causes, and the interim path to the target."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.units import GJ_PER_MWH, GJ_PER_TCE
from services.common.words import Metric
from services.transport.indicators.commercial import AIR, RAIL, SHIP, TRUCK, URBAN_PASSENGER
from services.transport.indicators.decomposition import EFFECTS, effects_since_start
from services.transport.indicators.project import Part, Projection
from services.transport.indicators.rows import row

_G_PER_T: Final = 1e6
_GJ_PER_MJ: Final = 1e-3
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


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    groups = p.commercial
    tco2 = groups.direct_tco2
    urban = [p.base.position(name) for name in URBAN_PASSENGER]
    domestic = p.activity.systems.data.numbers["air_domestic_share"]
    return {
        "converted_turnover_tkm": np.tensordot(groups.in_scope, groups.converted_tkm, axes=1),
        "urban_passenger_tco2": p.energy.class_tco2[:, urban].sum(axis=1),
        "rail_tco2": tco2[RAIL],
        "aviation_tco2": tco2[AIR],
        "aviation_domestic_tco2": tco2[AIR] * domestic,
    }


def shares(p: Projection, sums: dict[str, FloatArray]) -> dict[str, Part]:
    """Intensities as (part, whole), [p, y] each."""
    groups = p.commercial
    turnover = sums["converted_turnover_tkm"]
    grams = np.tensordot(groups.in_scope, groups.direct_tco2, axes=1) * _G_PER_T
    scope_gj = np.tensordot(groups.in_scope, groups.energy_gj, axes=1)
    numbers = p.activity.systems.data.numbers
    path = on_track(numbers["intensity_target_fall_share"], numbers["intensity_target_years"], p.paths.years)
    start_turnover = np.broadcast_to(turnover[:, :1], turnover.shape)
    tkm, gj = groups.converted_tkm, groups.energy_gj
    return {
        f"{_CI}_gco2_per_tkm": (grams, turnover),
        f"{_CI}_on_track_gco2_per_tkm": (grams[:, :1] * path, start_turnover),
        "truck_co2_intensity_gco2_per_tkm": (groups.direct_tco2[TRUCK] * _G_PER_T, tkm[TRUCK]),
        "ship_co2_intensity_gco2_per_tkm": (groups.direct_tco2[SHIP] * _G_PER_T, tkm[SHIP]),
        "truck_kgce_per_100tkm": (gj[TRUCK] * _KGCE_PER_100TKM, tkm[TRUCK]),
        "ship_kgce_per_100tkm": (gj[SHIP] * _KGCE_PER_100TKM, tkm[SHIP]),
        "commercial_tce_per_million_tkm": (scope_gj * _TCE_PER_MILLION_TKM, turnover),
        "rail_tce_per_million_tkm": (gj[RAIL] * _TCE_PER_MILLION_TKM, tkm[RAIL]),
        "truck_energy_two_ways_ratio": two_ways(p),
    }


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Effects on the region's intensity and its ratio to the path, [y]."""
    groups = p.commercial
    counted = groups.in_scope > 0
    turnover, gj, tco2 = (
        x[counted].sum(axis=1) for x in (groups.converted_tkm, groups.energy_gj, groups.direct_tco2)
    )
    effects = effects_since_start(turnover, gj, tco2) * _G_PER_T
    found = {f"{_CI}_{name}_effect_gco2_per_tkm": effects[i] for i, name in enumerate(EFFECTS)}
    numbers = p.activity.systems.data.numbers
    path = on_track(numbers["intensity_target_fall_share"], numbers["intensity_target_years"], p.paths.years)
    intensity = tco2.sum(axis=0) / turnover.sum(axis=0)
    found[f"{_CI}_on_track_ratio"] = intensity / (intensity[0] * path)
    return found


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
    per_tkm = p.activity.systems.data.numbers["road_freight_mj_per_tkm"] * _GJ_PER_MJ
    return by_stock, p.activity.freight.road_tkm * per_tkm
