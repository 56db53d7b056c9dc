"""Doors for what callers send: frame, scenario, settings. Meaning is checked in `levers.resolve`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from annotated_types import MaxLen
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.power_outcome import DispatchMode

Baseline = Literal["frozen", "planned", "reference", "accelerated"]
WeatherName = Literal["normal", "hot", "cold", "low_wind"]
BASELINES: tuple[str, ...] = get_args(Baseline)
WEATHER_YEARS: tuple[str, ...] = get_args(WeatherName)

Year = Annotated[int, Field(ge=BASE_YEAR, le=LAST_YEAR)]
Mode = Annotated[DispatchMode, Field(strict=False)]


class Door(BaseModel):
    """Base of every door: strict, frozen, no unknown fields, no NaN or infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    most_items: ClassVar[tuple[tuple[str, int], ...]] = ()
    """Fields that hold a list, with the most items each may have."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.most_items = tuple(
            (name, rule.max_length)
            for name, field in cls.model_fields.items()
            for rule in field.metadata
            if isinstance(rule, MaxLen)
        )

    @model_validator(mode="before")
    @classmethod
    def _no_longer_than_told(cls, raw: Any) -> Any:
        """Of a list that is too long, no more is read than tells so: faults of a million items take many seconds."""
        if isinstance(raw, Mapping):
            for name, most in cls.most_items:
                given = raw.get(name)
                if isinstance(given, tuple | list) and len(given) > most:
                    raw = {**raw, name: given[: most + 1]}
        return raw


class LeverSetting(Door):
    """A user's setting of one lever: points of a path, or one value of a constant."""

    lever_id: Annotated[str, Field(min_length=1, max_length=120)]
    place: Annotated[str, Field(max_length=60)] = ""
    years: Annotated[tuple[Year, ...], Field(strict=False, max_length=41)] = ()
    values: Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=41)]


class Scenario(Door):
    """A named baseline with changes."""

    name: Annotated[str, Field(max_length=120)] = ""
    baseline: Baseline = "planned"
    settings: Annotated[tuple[LeverSetting, ...], Field(strict=False, max_length=1000)] = ()


class Frame(Door):
    """What a projection runs on, besides the scenario."""

    region: Annotated[str, Field(min_length=1, max_length=60)]
    first_year: Year = BASE_YEAR
    last_year: Year = LAST_YEAR
    weather_year: WeatherName = "normal"
    as_of_year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    factor_set: Annotated[str, Field(max_length=60)] = ""

    @model_validator(mode="after")
    def _years_ascend(self) -> "Frame":
        if self.last_year < self.first_year:
            raise ValueError(f"last_year {self.last_year} is before first_year {self.first_year}: swap them")
        if self.as_of_year and self.as_of_year < BASE_YEAR:
            raise ValueError(f"as_of_year must be 0 (all observations) or {BASE_YEAR} and later")
        return self

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years, ascending."""
        return tuple(range(self.first_year, self.last_year + 1))
