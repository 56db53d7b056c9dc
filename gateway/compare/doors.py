"""Doors of requests to compare: field names are those of dafeng.comparison.v1."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode, Year

Name = Annotated[str, Field(min_length=1, max_length=120)]
MetricIds = Annotated[tuple[Name, ...], Field(strict=False, max_length=64)]
Years = Annotated[tuple[Year, ...], Field(strict=False, max_length=41)]
Place = Annotated[str, Field(max_length=60)]
# Every metric of every coalition is held: some hundred megabytes.
MOST_RUNS_OF_ALL_METRICS = 2000


class LabelDoor(Door):
    """A name in both languages."""

    zh: Annotated[str, Field(max_length=120)] = ""
    en: Annotated[str, Field(max_length=120)] = ""


class LeverGroup(Door):
    """Levers that count as one."""

    group_id: Name
    label: LabelDoor | None = None
    lever_ids: Annotated[tuple[Name, ...], Field(strict=False, min_length=1, max_length=200)]


class CompareDoor(Door):
    """Of CompareScenarios, beside frame and scenarios."""

    metric_ids: MetricIds = ()
    years: Years = ()
    place: Place = ""
    mode: Mode = DispatchMode.UNSPECIFIED


class AttributeDoor(Door):
    """Of Attribute, beside frame and scenarios."""

    metric_ids: MetricIds = ()
    all_metrics: bool = False
    years: Years = ()
    place: Place = ""
    group_by: Literal["lever", "lever_group", "owner"] | None = None
    groups: Annotated[tuple[LeverGroup, ...], Field(strict=False, max_length=100)] = ()
    open_groups: Annotated[tuple[Name, ...], Field(strict=False, max_length=100)] = ()
    method: Literal["exact", "sampled"] | None = None
    run_limit: Annotated[int, Field(ge=4, le=20000)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    mode: Mode = DispatchMode.UNSPECIFIED

    @model_validator(mode="after")
    def _holds_in_memory(self) -> "AttributeDoor":
        if self.all_metrics and (self.run_limit or 0) > MOST_RUNS_OF_ALL_METRICS:
            raise ValueError(
                f"run_limit is at most {MOST_RUNS_OF_ALL_METRICS} with all_metrics: name metrics, or allow fewer"
            )
        return self


class DecomposeDoor(Door):
    """Of Decompose, beside frame and scenarios."""

    from_year: Year | Literal[0] = 0
    to_year: Year | Literal[0] = 0
    steps: Literal["yearly", "end_points"] | None = None
    boundary: Literal["direct", "attributed"] = "direct"
    mode: Mode = DispatchMode.UNSPECIFIED
