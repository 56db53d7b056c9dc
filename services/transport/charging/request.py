"""What a request of ChargingProfile names: region, temperature, base load; everything wrong with it at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY
from services.common.errors import Violation, near_names
from services.common.regions import Region, load_region, region_ids
from services.common.sent_series import hours_of, load_violations, out_of_range
from services.transport.base import transport_base
from services.transport.charging.doors import ChargingProfileRequest
from services.transport.charging.temperature import (
    NORMAL,
    city_day_means,
    consumption_factor,
    region_day_factors,
    use_by_day,
)

_MOST_LOAD_MW: Final = 1e7
_COLDEST_DEGC, _HOTTEST_DEGC = -60.0, 60.0


@dataclass(frozen=True)
class Weather:
    """Region and temperature of a request."""

    region: Region
    day_factor: FloatArray  # [day] consumption over that in the comfort band
    ratio: float  # mean consumption over that of the region's normal year
    notes: tuple[str, ...]


def weather_of(request: ChargingProfileRequest, region: Region) -> Weather:
    """The temperature of a request that was checked."""
    name = request.weather_year or NORMAL
    notes: tuple[str, ...]
    if request.day_mean_degc:
        factor = consumption_factor(region, np.array(request.day_mean_degc))
        notes = ("气温:请求所给日均值 temperature: the daily means of the request",)
    else:
        by_city = consumption_factor(region, city_day_means(region, name))
        if request.city:
            factor = by_city[region.city_ids.index(request.city)]
        else:
            weight = transport_base(region.region_id).automobile_weight
            factor = np.asarray((weight[:, None] * by_city).sum(axis=0))
        where = request.city or region.region_id
        notes = (f"气温:{where} 气象年 {name} temperature: {where}, {name} year",)
    normal = region_day_factors(region.region_id, NORMAL).mean()
    return Weather(region, factor, float((use_by_day(region) * factor).mean() / normal), notes)


def hourly_base_load(base_load_mw: Sequence[float]) -> FloatArray:
    """The load of the year, MW [h]: a day repeated, a week from Monday repeated, or the hours as sent; else none."""
    return hours_of(base_load_mw, FIRST_WEEKDAY, 0.0)


def known_region(name: str) -> tuple[Region | None, list[Violation]]:
    """The region, or what is wrong with its name."""
    known = [r for r in region_ids() if load_region(r).has("transport/vehicles")]
    if name in known:
        return load_region(name), []
    text = f"no such region{near_names(name, known)}"
    return None, [Violation("region", text, name, ", ".join(known))]


def weather_violations(request: ChargingProfileRequest, region: Region | None) -> list[Violation]:
    """What is wrong with city, weather year and daily means."""
    found = []
    if region is not None and request.city and request.city not in region.city_ids:
        text = f"no such city{near_names(request.city, region.city_ids)}"
        found.append(Violation("city", text, request.city, ", ".join(region.city_ids)))
    days = request.day_mean_degc
    if days:
        named = [name for name in ("city", "weather_year") if getattr(request, name)]
        found += [
            Violation(name, "has no meaning beside day_mean_degc", getattr(request, name), "leave it empty")
            for name in named
        ]
    if len(days) not in (0, DAYS):
        given = f"{len(days)} values"
        found.append(
            Violation("day_mean_degc", "give a mean for every day of the year", given, f"{DAYS} values")
        )
    return found + out_of_range("day_mean_degc", days, _COLDEST_DEGC, _HOTTEST_DEGC, "degC")


def base_load_violations(request: ChargingProfileRequest) -> list[Violation]:
    """What is wrong with the base load; it may be negative, net of the caller's own plants."""
    return load_violations("base_load_mw", request.base_load_mw, -_MOST_LOAD_MW, _MOST_LOAD_MW, "MW")


def id_violations(ids: Sequence[str]) -> list[Violation]:
    """Ids that stand twice."""
    return [
        Violation(f"fleets[{i}].fleet_id", "another fleet has this id", name, "unique ids")
        for i, name in enumerate(ids)
        if name in ids[:i]
    ]
