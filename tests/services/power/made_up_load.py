"""A made-up but plausible load of Jiangsu: shapes, and load, rooftop PV, heat and flexible charging by year."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.digest import array_digest
from services.common.power_outcome import ChpHeat, FlexibleDemand, LoadComponent, OnSiteSupply
from services.common.regions import load_region
from services.common.units import GJ_PER_MTCE
from services.common.weather import weather_year
from services.common.words import Label, LoadShape

YEARS = (2020, 2030, 2060)
Parts = tuple[list[LoadComponent], list[OnSiteSupply], list[ChpHeat], list[FlexibleDemand]]


def _shape(name: str, cause: str, values: FloatArray) -> LoadShape:
    share = values / values.sum()
    return LoadShape(name, array_digest(share), cause, Label(name, name), share)


def made_up_shapes() -> dict[str, LoadShape]:
    """Hourly shapes by id: industry, cooling, charging by night, sun, heat."""
    weather = weather_year(load_region("jiangsu"), "normal")
    hour = np.arange(HOURS) % 24
    work = 1 + 0.08 * np.sin(2 * np.pi * (hour - 9) / 24)
    warm = np.maximum(weather.temperature_degc.mean(axis=0) - 24.0, 0.0)
    night = np.where((hour >= 20) | (hour < 2), 1.0, 0.1)
    found = [
        _shape("t.industry", "industry", work),
        _shape("t.cooling", "cooling", warm),
        _shape("t.charging", "ev_charging", night),
        _shape("t.sun", "rooftop_pv", weather.pv_share),
        _shape("t.heat", "heat", 1 + 0.1 * np.cos(2 * np.pi * np.arange(HOURS) / HOURS)),
    ]
    return {s.shape_id: s for s in found}


def made_up_parts(shapes: dict[str, LoadShape], first: int, last: int) -> Parts:
    """Load, rooftop PV, heat and flexible charging from one year to another."""
    years = np.arange(first, last + 1)

    def path(*values: float) -> FloatArray:
        return np.interp(years, YEARS, values)

    return (
        [
            LoadComponent("t.industry", "industry", shapes["t.industry"].digest, path(550e6, 900e6, 1050e6)),
            LoadComponent("t.cooling", "cooling", shapes["t.cooling"].digest, path(41e6, 70e6, 90e6)),
            LoadComponent("t.charging", "ev_charging", shapes["t.charging"].digest, path(1.1e6, 40e6, 110e6)),
        ],
        [
            OnSiteSupply(
                "rooftop_pv", shapes["t.sun"].digest, path(7710, 90000, 200000), path(7.1e6, 84e6, 190e6)
            )
        ],
        [ChpHeat(shapes["t.heat"].digest, path(22.2, 23.8, 2.4) * GJ_PER_MTCE)],
        [
            FlexibleDemand(
                "t.smart",
                shapes["t.charging"].digest,
                24.0,
                1.0,
                path(0.1e6, 15e6, 70e6),
                path(200, 12000, 60000),
                path(0, 0, 0),
            )
        ],
    )
