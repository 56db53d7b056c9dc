"""Metrics of freight and ports: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.freight.data import BANDS, CARGOES, MODES, RAIL, ROAD, freight_data
from services.transport.indicators.project import Part, Projection, ShareMakers, SumMakers, Sums
from services.transport.indicators.rows import row

_CARGO_NAMES: Final = (
    ("bulk", "大宗散货", "bulk"),
    ("container", "集装箱", "containers"),
    ("other", "其他货物", "other cargo"),
)
_MODE_NAMES: Final = (
    ("road", "公路", "road"),
    ("rail", "铁路", "rail"),
    ("inland_water", "内河", "inland ship"),
    ("coastal", "沿海", "coastal ship"),
    ("ocean", "远洋", "ocean ship"),
)
_OWN_RATE: Final = "road_freight_own_rate_elasticity"
_OWN_RATE_ALL: Final = "road_freight_own_rate_elasticity_all"
_CROSS_RATE: Final = "rail_freight_cross_rate_elasticity"

METRICS: Final[tuple[Metric, ...]] = (
    row("freight_road_tkm", "公路货物周转量", "road freight turnover", "tkm"),
    row("freight_rail_tkm", "铁路货物周转量", "rail freight turnover", "tkm", "JSS-09"),
    row("freight_water_tkm", "水路货物周转量", "waterway freight turnover", "tkm", "JSS-10"),
    row("freight_total_tkm", "货物周转量", "freight turnover", "tkm"),
    row("freight_demand_tkm", "货运需求", "freight demand at the mode shares of 2020", "tkm"),
    row(
        "freight_imposed_excess_tkm",
        "指定铁水周转量超出需求量",
        "tonne-km that imposed rail and water growth asks beyond demand",
        "tkm",
    ),
    row(
        "freight_left_to_others_tkm",
        "由外地承运的货运需求",
        "demand that rail and water by their levers leave and the road cannot take",
        "tkm",
    ),
    *(
        row(f"freight_{cargo}_{mode}_tkm", f"{mode_zh}{cargo_zh}周转量", f"{cargo_en} by {mode_en}", "tkm")
        for cargo, cargo_zh, cargo_en in _CARGO_NAMES
        for mode, mode_zh, mode_en in _MODE_NAMES
    ),
    row(
        "freight_shifted_t",
        "公转铁公转水货运量",
        "goods that left the road, against its share of 2020",
        "t",
        "JSS-09",
        "JSS-10",
    ),
    row(
        "avoided_truck_km",
        "减少的货车行驶里程",
        "truck-km avoided by goods that left the road, drayage taken off",
        "km",
    ),
    row(
        _OWN_RATE,
        "公路货运自价格弹性",
        "elasticity of road tonne-km to the road rate, goods that can change mode",
        "1",
    ),
    row(
        _OWN_RATE_ALL,
        "公路货运自价格弹性(全部货物)",
        "elasticity of road tonne-km to the road rate, all goods",
        "1",
    ),
    row(
        _CROSS_RATE,
        "铁路货运对公路运价交叉弹性",
        "elasticity of rail tonne-km to the road rate, goods that can change mode",
        "1",
    ),
    row("inland_container_teu", "内河集装箱运量", "inland-waterway containers", "TEU", "JSP-31", "NTP-12"),
    row("multimodal_container_teu", "集装箱多式联运量", "multimodal containers", "TEU", "JSP-30", "NTP-11"),
    row(
        "port_bulk_rail_water_share",
        "沿海主要港口大宗货物铁水集疏运占比",
        "rail and water share of bulk at main coastal ports",
        "share",
        "JSP-29",
        "NTP-10",
    ),
    row(
        "port_bulk_t",
        "沿海主要港口大宗货物集疏运量",
        "bulk collected at main coastal ports",
        "t",
        "JSP-29",
        "NTP-10",
    ),
    row(
        "port_bulk_rail_water_t",
        "沿海主要港口大宗货物铁水集疏运量",
        "bulk collected at main coastal ports by rail and water",
        "t",
        "JSP-29",
        "NTP-10",
    ),
    row("port_throughput_t", "港口吞吐量", "port throughput", "t"),
)


def _by_cargo(p: Projection) -> FloatArray:
    """Tonne-km by mode and cargo, [m, cargo, p, y]."""
    freight = p.activity.freight
    cargoes = freight.segment_tkm.reshape(len(MODES), len(CARGOES), len(BANDS), *freight.road_tkm.shape)
    total: FloatArray = cargoes.sum(axis=2)
    return total


def _of_cargo(m: int, g: int) -> Callable[[Projection], FloatArray]:
    return lambda p: np.asarray(p.once(_by_cargo)[m, g])


def _all_modes(p: Projection) -> FloatArray:
    freight = p.activity.freight
    return freight.road_tkm + freight.rail_tkm + freight.water_tkm


SUMS: Final[SumMakers] = {
    **{
        f"freight_{cargo}_{mode}_tkm": _of_cargo(m, g)
        for m, mode in enumerate(MODES)
        for g, cargo in enumerate(CARGOES)
    },
    "freight_demand_tkm": lambda p: p.activity.freight.demand_tkm,
    "freight_imposed_excess_tkm": lambda p: p.activity.freight.excess_tkm,
    "freight_left_to_others_tkm": lambda p: p.activity.freight.left_tkm,
    "freight_shifted_t": lambda p: p.activity.freight.shifted_t,
    "avoided_truck_km": lambda p: p.activity.freight.avoided_truck_km,
    "port_bulk_t": lambda p: p.activity.freight.port_bulk.all_t,
    "port_bulk_rail_water_t": lambda p: p.activity.freight.port_bulk.rail_water_t,
    "freight_road_tkm": lambda p: p.activity.freight.road_tkm,
    "freight_rail_tkm": lambda p: p.activity.freight.rail_tkm,
    "freight_water_tkm": lambda p: p.activity.freight.water_tkm,
    "freight_total_tkm": _all_modes,
    "inland_container_teu": lambda p: p.activity.freight.inland_container_teu,
    "multimodal_container_teu": lambda p: p.activity.freight.multimodal_container_teu,
    "port_throughput_t": lambda p: p.activity.freight.throughput_t,
}


def _elasticities(p: Projection) -> dict[str, Part]:
    """Elasticities to the road rate of 2020 within the choice of mode, weighted over segments, (part, whole) [p, y]."""
    data = freight_data(p.base.region.region_id)
    free = p.activity.freight.segment_tkm[list(data.contestable_modes)]
    whole = free.sum(axis=0)
    road_share = np.divide(free[ROAD], whole, out=np.zeros_like(whole), where=whole > 0)
    strength = data.number("sensitivity_per_cny_per_tkm") * data.rate[ROAD]
    can_leave, can_come = (free[m] * data.contestable[:, None, None] for m in (ROAD, RAIL))
    lost = -strength * (can_leave * (1.0 - road_share)).sum(axis=0)
    gained = strength * (can_come * road_share).sum(axis=0)
    return {
        _OWN_RATE: (lost, can_leave.sum(axis=0)),
        _OWN_RATE_ALL: (lost, p.activity.freight.road_tkm),
        _CROSS_RATE: (gained, can_come.sum(axis=0)),
    }


def _elasticity(name: str) -> Callable[[Projection, Sums], Part]:
    return lambda p, sums: p.once(_elasticities)[name]


SHARES: Final[ShareMakers] = {
    "port_bulk_rail_water_share": lambda p, sums: (
        p.activity.freight.port_bulk.rail_water_t,
        p.activity.freight.port_bulk.all_t,
    ),
    **{name: _elasticity(name) for name in (_OWN_RATE, _OWN_RATE_ALL, _CROSS_RATE)},
}
# A city without a sea port answers with the lever, not by its quotient.
IN_CITIES: Final[SumMakers] = {"port_bulk_rail_water_share": lambda p: p.activity.freight.port_bulk.share}
