"""A made-up but plausible load of Jiangsu, and the model it is put to."""

from collections.abc import Callable

import pytest

from services.common.power_outcome import DispatchMode, PowerOutcome
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import LoadShape
from services.power.model import PowerModel
from tests.services.power.made_up_load import Parts, made_up_parts, made_up_shapes


@pytest.fixture(scope="session")
def shapes() -> dict[str, LoadShape]:
    return made_up_shapes()


@pytest.fixture(scope="session")
def model(shapes: dict[str, LoadShape]) -> PowerModel:
    made = PowerModel()
    assert made.put_shapes(list(shapes.values())) == len(shapes)
    return made


@pytest.fixture(scope="session")
def parts(shapes: dict[str, LoadShape]) -> Callable[[int, int], Parts]:
    """Load, rooftop PV, heat and flexible charging from one year to another."""

    def make(first: int, last: int) -> Parts:
        return made_up_parts(shapes, first, last)

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
