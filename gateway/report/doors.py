"""Doors of the reports' requests."""

from typing import Annotated

from pydantic import Field, model_validator

from services.common.axes import BASE_YEAR
from services.common.power_outcome import DispatchMode
from services.common.scenario import WEATHER_YEARS, Door, Frame, Mode, WeatherName, Year

# Anchors that planners read, when none are asked for.
USUAL_YEARS = (BASE_YEAR, 2025, 2030, 2035, 2040, 2050, 2060)


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
