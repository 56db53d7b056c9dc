"""Metrics of charging: rows, and their values from a projection. Peaks are before control unless they say so."""

from collections.abc import Callable, Collection
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.units import KW_PER_MW
from services.common.words import Metric
from services.transport.charging.loads import CARS, FEED_BACK
from services.transport.charging.peaks import PeakHours, Peaks, charging_peaks, evening_peak_mw, peak_hours
from services.transport.charging.profiles import BUS, DEPOT, FAST, FLEET, HOME, PUBLIC, VALLEY, WORK
from services.transport.indicators.project import Projection, RegionMakers, ShareMakers, SumMakers
from services.transport.indicators.rows import row

_PLACES: Final = {
    "home": ((HOME, VALLEY), "居民充电", "charging at home"),
    "work": ((WORK,), "单位充电", "charging at work"),
    "public": ((PUBLIC,), "公共快充", "public fast charging"),
    "fleet": ((FLEET,), "出租网约车充电", "charging of taxis and ride-hailing"),
    "depot": ((BUS, DEPOT), "场站充电", "charging in depots"),
    "truck_fast": ((FAST,), "货车快充与换电", "fast charging and swapping of trucks"),
}
_PEAKS_END: Final = "(before control)"

METRICS: Final[tuple[Metric, ...]] = (
    *(
        row(f"charging_{name}_mwh", f"{zh}电量", f"electricity of {en}", "MWh")
        for name, (_, zh, en) in _PLACES.items()
    ),
    row(
        "charging_offpeak_share",
        "谷段充电比例",
        f"share of charging in the valley hours {_PEAKS_END}",
        "share",
    ),
    row(
        "home_charging_offpeak_share",
        "居民谷段充电比例",
        f"share of home charging in the valley hours {_PEAKS_END}",
        "share",
    ),
    row("charging_evening_peak_mw", "充电晚高峰", f"charging, evening peak of weekdays {_PEAKS_END}", "MW"),
    row("charging_evening_peak_hour", "充电晚高峰时刻", "hour of the evening peak of charging", "h"),
    row("charging_highest_mw", "充电最高负荷", f"charging, highest hour of the year {_PEAKS_END}", "MW"),
    row(
        "charging_controlled_highest_mw",
        "有序充电后最高负荷",
        "charging, highest hour when controlled charging fills the valleys of charging",
        "MW",
    ),
    row(
        "charging_evening_kw_per_car",
        "私家车晚高峰充电功率",
        "private charging at the evening peak, a car",
        "kW",
    ),
    row("vehicle_to_grid_mw", "车网互动放电功率", "power that vehicles can feed back", "MW"),
)


def _at(shapes: tuple[str, ...]) -> Callable[[Projection], FloatArray]:
    return lambda p: p.total(mwh for (_, shape), mwh in p.charging.items() if shape in shapes)


SUMS: Final[SumMakers] = {f"charging_{name}_mwh": _at(shapes) for name, (shapes, _, _) in _PLACES.items()}


def _in_valley(p: Projection, shapes: Collection[str]) -> FloatArray:
    """Charging in the valley hours of these shapes, MWh [p, y]."""
    hours = _hours(p)
    share = dict(zip(hours.shapes, hours.offpeak_share, strict=True))
    return p.total(mwh * share[shape] for (_, shape), mwh in p.charging.items() if shape in shapes)


SHARES: Final[ShareMakers] = {
    "charging_offpeak_share": lambda p, sums: (
        _in_valley(p, _hours(p).shapes),
        p.total(p.charging.values()),
    ),
    "home_charging_offpeak_share": lambda p, sums: (
        _in_valley(p, _PLACES["home"][0]),
        sums["charging_home_mwh"],
    ),
}


def _peaks(p: Projection) -> Peaks:
    hours = _hours(p)
    return charging_peaks(hours, _by_shape(p, hours), p.flexible_loads)


def _evening_kw_per_car(p: Projection) -> FloatArray:
    hours = _hours(p)
    cars = p.activity.fleet.totals.plugged_stock[p.base.position(CARS)].sum(axis=0)
    cars_mw = evening_peak_mw(hours, _by_shape(p, hours, CARS))
    return np.asarray(cars_mw * KW_PER_MW / np.maximum(cars, 1.0))


def _feed_in(p: Projection) -> FloatArray:
    return next(one for one in p.flexible_loads if one.flexible_load_id == FEED_BACK).feed_in_mw


OF_REGION: Final[RegionMakers] = {
    "charging_evening_peak_mw": lambda p: p.once(_peaks).evening_mw,
    "charging_evening_peak_hour": lambda p: p.once(_peaks).evening_hour,
    "charging_highest_mw": lambda p: p.once(_peaks).highest_mw,
    "charging_controlled_highest_mw": lambda p: p.once(_peaks).controlled_mw,
    "charging_evening_kw_per_car": _evening_kw_per_car,
    "vehicle_to_grid_mw": _feed_in,
}


def _hours(p: Projection) -> PeakHours:
    return peak_hours(p.base.region.region_id, p.weather_year)


def _by_shape(p: Projection, hours: PeakHours, vehicle_class: str = "") -> FloatArray:
    """Charging over all cities by shape, MWh [s, y]; of one class when it is named."""
    found = np.zeros((len(hours.shapes), p.activity.population.shape[1]))
    for (name, shape), mwh in p.charging.items():
        if not vehicle_class or name == vehicle_class:
            found[hours.shapes.index(shape)] += mwh.sum(axis=0)
    return found
