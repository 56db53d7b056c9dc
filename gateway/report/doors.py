"""Doors of the reports' requests."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from gateway.calls import SectorCalls
from gateway.compare.checks import frame_violations
from gateway.resolve import open_request
from services.common.axes import BASE_YEAR, DAYS
from services.common.errors import DomainError, invalid
from services.common.power_outcome import DispatchMode
from services.common.scenario import WEATHER_YEARS, Door, Frame, Mode, Scenario, WeatherName, Year

# Anchors that planners read, when none are asked for.
USUAL_YEARS = (BASE_YEAR, 2025, 2030, 2035, 2040, 2050, 2060)
# The year of the carbon peak's target.
USUAL_FLOW_YEAR = 2030
Day = Annotated[int, Field(ge=0, lt=DAYS)]
D = TypeVar("D", bound=Door)


class ExportDoor(Door):
    """Fields of ExportProjection besides frame and scenario."""

    language: Literal["", "zh", "en"] = ""
    mode: Mode = DispatchMode.UNSPECIFIED


class PeakLoadDoor(Door):
    """Fields of ReportPeakLoad besides frame and scenario."""

    years: Annotated[tuple[Year, ...], Field(strict=False, max_length=41)] = ()
    weather_years: Annotated[tuple[WeatherName, ...], Field(strict=False, max_length=4)] = ()
    mode: Mode = DispatchMode.UNSPECIFIED

    @model_validator(mode="after")
    def _ascend(self) -> "PeakLoadDoor":
        if any(b <= a for a, b in zip(self.years, self.years[1:], strict=False)):
            raise ValueError("years must ascend without repeats")
        if len(set(self.weather_years)) < len(self.weather_years):
            raise ValueError("a weather year stands twice")
        return self

    def chosen_years(self, frame: Frame) -> tuple[int, ...]:
        """The years asked, or the usual ones inside the frame with its last."""
        usual = {y for y in USUAL_YEARS if y in frame.years} | {frame.last_year}
        return self.years or tuple(sorted(usual))

    def chosen_weather(self) -> tuple[str, ...]:
        """The weather years asked, or all."""
        return self.weather_years or WEATHER_YEARS


class HoursDoor(Door):
    """Fields of ReportHours besides frame and scenario."""

    year: Year
    days: Annotated[tuple[Day, ...], Field(strict=False, max_length=31)] = ()
    with_map: bool = False
    mode: Mode = DispatchMode.UNSPECIFIED

    @field_validator("days")
    @classmethod
    def _ascend(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if any(b <= a for a, b in pairwise(days)):
            raise ValueError("days must ascend without repeats")
        return days


class EnergyFlowDoor(Door):
    """Fields of ReportEnergyFlow besides frame and scenario."""

    years: Annotated[tuple[Year, ...], Field(strict=False, max_length=41)] = ()
    mode: Mode = DispatchMode.UNSPECIFIED

    @field_validator("years")
    @classmethod
    def _ascend(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(b <= a for a, b in pairwise(years)):
            raise ValueError("years must ascend without repeats")
        return years

    def chosen_years(self, frame: Frame) -> tuple[int, ...]:
        """The years asked, or the usual one inside the frame."""
        return self.years or (max(frame.first_year, min(USUAL_FLOW_YEAR, frame.last_year)),)


async def open_dated(calls: SectorCalls, raw: Mapping[str, Any], door: type[D]) -> tuple[Frame, Scenario, D]:
    """Frame, scenario and the other fields of a request whose `year` or `years` lie inside the frame.

    DomainError(INVALID_INPUT) lists every violation, those of the years with the others.
    """
    outside = [
        *frame_violations("years", raw.get("years") or (), raw.get("frame") or {}),
        *frame_violations("year", (raw["year"],) if raw.get("year") else (), raw.get("frame") or {}),
    ]
    try:
        scenarios = {"scenario": raw.get("scenario") or {}}
        frame, (scenario,), opened = await open_request(calls, raw, scenarios, door)
    except DomainError as error:
        if error.reason != "INVALID_INPUT":
            raise
        told = {v.field for v in error.violations}
        more = [v for v in outside if v.field not in told]
        raise invalid([*error.violations, *more]) from None
    if outside:
        raise invalid(outside)
    return frame, scenario, opened
