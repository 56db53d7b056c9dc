"""A made-up but plausible load of Jiangsu, and the model it is put to."""

from collections.abc import Callable

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.digest import array_digest
from services.common.power_outcome import (
    ChpHeat,
    DispatchMode,
    FlexibleDemand,
    LoadComponent,
    OnSiteSupply,
    PowerOutcome,
)
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.units import GJ_PER_MTCE
from services.common.weather import weather_year
from services.common.words import Label, LoadShape
from services.power.model import PowerModel

YEARS = (2020, 2030, 2060)


def make_shape(name: str, cause: str, values: FloatArray) -> LoadShape:
    share = values / values.sum()
    return LoadShape(name, array_digest(share), cause, Label(name, name), share)


@pytest.fixture(scope="session")
def shapes() -> dict[str, LoadShape]:
    weather = weather_year(load_region("jiangsu"), "normal")
    hour = np.arange(HOURS) % 24
    work = 1 + 0.08 * np.sin(2 * np.pi * (hour - 9) / 24)
    warm = np.maximum(weather.temperature_degc.mean(axis=0) - 24.0, 0.0)
    night = np.where((hour >= 20) | (hour < 2), 1.0, 0.1)
    found = [
        make_shape("t.industry", "industry", work),
        make_shape("t.cooling", "cooling", warm),
        make_shape("t.charging", "ev_charging", night),
        make_shape("t.sun", "rooftop_pv", weather.pv_share),
        make_shape("t.heat", "heat", 1 + 0.1 * np.cos(2 * np.pi * np.arange(HOURS) / HOURS)),
    ]
    return {s.shape_id: s for s in found}


@pytest.fixture(scope="session")
def model(shapes: dict[str, LoadShape]) -> PowerModel:
    made = PowerModel()
    assert made.put_shapes(list(shapes.values())) == len(shapes)
    return made


Parts = tuple[list[LoadComponent], list[OnSiteSupply], list[ChpHeat], list[FlexibleDemand]]


@pytest.fixture(scope="session")
def parts(shapes: dict[str, LoadShape]) -> Callable[[int, int], Parts]:
    """Load, rooftop PV, heat and flexible charging from one year to another."""

    def make(first: int, last: int) -> Parts:
        years = np.arange(first, last + 1)

        def path(*values: float) -> FloatArray:
            return np.interp(years, YEARS, values)

        return (
            [
                LoadComponent(
                    "t.industry", "industry", shapes["t.industry"].digest, path(550e6, 900e6, 1050e6)
                ),
                LoadComponent("t.cooling", "cooling", shapes["t.cooling"].digest, path(41e6, 70e6, 90e6)),
                LoadComponent(
                    "t.charging", "ev_charging", shapes["t.charging"].digest, path(1.1e6, 40e6, 110e6)
                ),
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

    return make


Run = Callable[..., PowerOutcome]


@pytest.fixture(scope="session")
def run(model: PowerModel, parts: Callable[[int, int], Parts]) -> Run:
    """Project with optional lever settings {id: value from 2026 on}."""

    def go(
        first: int = 2020,
        last: int = 2020,
        mode: DispatchMode = DispatchMode.UNSPECIFIED,
        weather: str = "normal",
        **levers: float,
    ) -> PowerOutcome:
        settings = tuple(
            LeverSetting(lever_id=k.replace("__", "."), years=(2026,), values=(v,)) for k, v in levers.items()
        )
        frame = Frame(region="jiangsu", first_year=first, last_year=last, weather_year=weather)  # type: ignore[arg-type]
        return model.project(frame, Scenario(settings=settings), *parts(first, last), mode)

    return go
