"""What a caller of Project reads: years and parts of the reply, checked by name with every violation at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, Field

from gateway.calls import SectorCalls
from gateway.choice import ACCOUNT_IDS, COST_AND_AIR_IDS, PEAK_LOAD
from gateway.resolve import resolve
from gateway.results import MetricSeries, Projection
from services.common.axes import BASE_YEAR
from services.common.door import open_door
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.outcome import empty_place_values
from services.common.power_outcome import ADEQUACY_METRICS, DispatchMode, PowerOutcome
from services.common.scenario import Door, Frame, Mode, Scenario, Year

# What a reply says of itself, whatever is chosen.
ALWAYS: Final = frozenset(
    ("frame", "scenario_name", "baseline", "places", "years", "revision", "release_status")
)
METRICS: Final = "metrics"
POWER: Final = "power"
CITIES: Final = "cities"
DIGEST: Final = "digest"
# Parts that read every year.
ANSWERS: Final = frozenset(("targets", "directions", DIGEST))
# Of the sectors' metrics the accounts read those of sinks.
SINK: Final = "account.sink_tco2"
FIELDS: Final = tuple(f.name for f in fields(Projection))
POWER_FIELDS: Final = tuple(f"{POWER}.{f.name}" for f in fields(PowerOutcome))
_NAMES: Final = (*FIELDS, *POWER_FIELDS)
_MOST: Final = 2000
_APART: Final = ("frame", "scenario", "only")
M = TypeVar("M", bound=BaseModel)
_Name = Annotated[str, Field(min_length=1, max_length=120)]


class ProjectionChoice(Door):
    """What the reply holds: fields by name, metrics by id, and the years whose days of the peaks are wanted."""

    fields: Annotated[tuple[_Name, ...], Field(strict=False, max_length=_MOST)] = ()
    metric_ids: Annotated[tuple[_Name, ...], Field(strict=False, max_length=_MOST)] = ()
    peak_day_years: Annotated[tuple[Year, ...], Field(strict=False, max_length=41)] = ()

    def has(self, name: str) -> bool:
        """True when a field of the projection is wanted, or a part of it."""
        return name in self.fields or any(f.startswith(f"{name}.") for f in self.fields)

    @property
    def metrics(self) -> frozenset[str] | None:
        """The metrics wanted by id; None when all are."""
        return None if METRICS in self.fields else frozenset(self.metric_ids)

    @property
    def power(self) -> frozenset[str] | None:
        """The fields of power that are wanted; None when all are."""
        prefix = f"{POWER}."
        if POWER in self.fields:
            return None
        return frozenset(f.removeprefix(prefix) for f in self.fields if f.startswith(prefix))


class ProjectDoor(Door):
    """A request of Project, besides its frame, its scenario and what the reply holds."""

    mode: Mode = DispatchMode.UNSPECIFIED
    with_city_metrics: bool = False
    years: Annotated[tuple[Year, ...], Field(strict=False, max_length=41)] = ()


@dataclass(frozen=True)
class Asked:
    """A request of Project that has passed the door."""

    frame: Frame
    scenario: Scenario
    mode: DispatchMode
    years: tuple[int, ...]
    with_city_metrics: bool
    only: ProjectionChoice | None

    @property
    def answers(self) -> bool:
        """True when targets, rules or the digest, which counts both, are wanted."""
        return not self.years and (self.only is None or any(self.only.has(f) for f in ANSWERS))

    @property
    def sealed(self) -> bool:
        """True when the digest is wanted, which reads everything."""
        return not self.years and (self.only is None or self.only.has(DIGEST))

    @property
    def seals_power(self) -> bool:
        """True when the digest of power alone is wanted."""
        return self.only is None or self.only.power is None or DIGEST in self.only.power

    def metrics(self, judged: frozenset[str]) -> frozenset[str] | None:
        """The metrics that are made, all when None; targets and rules read `judged`."""
        if self.sealed or self.only is None or self.only.metrics is None:
            return None
        return self.only.metrics | judged if self.answers else self.only.metrics

    def metrics_of_sectors(self, judged: frozenset[str]) -> frozenset[str] | None:
        """The metrics that sectors are asked for: the same at chosen years and for targets.

        So that one answer of a sector, which is kept, serves a first reply at some years and the whole one after it.
        """
        if self.sealed or self.only is None or self.only.metrics is None:
            return None
        return self.only.metrics | judged | {SINK}

    def with_adequacy(self, judged: frozenset[str]) -> bool:
        """True when a metric of adequacy is read, or what counts all that power says."""
        metrics, only = self.metrics(judged), self.only
        if metrics is None or only is None or only.power is None or only.power & {"indicators", DIGEST}:
            return True
        return not metrics.isdisjoint(ADEQUACY_METRICS)

    @property
    def with_city_peaks(self) -> bool:
        """True when the cities' peak loads are read."""
        if self.only is None or self.answers or self.only.has(CITIES):
            return True
        wanted = self.only.metrics
        return self.with_city_metrics and (wanted is None or PEAK_LOAD in wanted)

    def sent(self, projection: Projection) -> Projection:
        """The projection with what the reply leaves out of its metrics and days of the peaks."""
        only = self.only
        series: Iterable[MetricSeries] = projection.metrics
        if only is not None and only.metrics is not None:
            series = [m for m in series if m.metric.metric_id in only.metrics]
        if not self.with_city_metrics:
            series = [replace(m, place_values=empty_place_values()) for m in series]
        power = projection.power
        if only is not None and only.peak_day_years:
            days = tuple(d for d in power.peak_days if d.year in only.peak_day_years)
            power = replace(power, peak_days=days)
        return replace(projection, metrics=tuple(series), power=power)


async def open_project(calls: SectorCalls, raw: Mapping[str, Any]) -> Asked:
    """A request of Project as plain values. DomainError(INVALID_INPUT) lists every violation of all its parts."""
    door, found = _opened(ProjectDoor, {k: v for k, v in raw.items() if k not in _APART})
    only, wrong = _opened(ProjectionChoice, raw["only"], "only") if "only" in raw else (None, [])
    found += wrong
    frame: Frame | None = None
    scenario = Scenario()
    try:
        frame, (scenario,) = await resolve(
            calls, raw.get("frame") or {}, {"scenario": raw.get("scenario") or {}}
        )
    except DomainError as error:
        found = [*error.violations, *found]
    if door is not None:
        found += _year_violations("years", door.years, frame)
    if only is not None:
        found += _name_violations(only, await _metric_ids(calls))
        found += _day_violations(only.peak_day_years, door.years if door else (), frame)
    if found or frame is None or door is None:
        raise invalid(found)
    return Asked(frame, scenario, door.mode, door.years, door.with_city_metrics, only)


def _opened(cls: type[M], raw: Mapping[str, Any], where: str = "") -> tuple[M | None, list[Violation]]:
    try:
        return open_door(cls, raw, where), []
    except DomainError as error:
        return None, list(error.violations)


async def _metric_ids(calls: SectorCalls) -> frozenset[str]:
    infos = [await calls.describe(e.sector_id) for e in calls.entries]
    return frozenset((*(i for info in infos for i in info.rows), *ACCOUNT_IDS, *COST_AND_AIR_IDS))


def _name_violations(only: ProjectionChoice, metric_ids: Collection[str]) -> list[Violation]:
    found = [
        Violation(f"only.fields[{i}]", f"no such field of the projection{near_names(name, _NAMES)}", name)
        for i, name in enumerate(only.fields)
        if name not in _NAMES
    ]
    return found + [
        Violation(f"only.metric_ids[{i}]", f"no such metric{near_names(name, metric_ids)}", name)
        for i, name in enumerate(only.metric_ids)
        if name not in metric_ids
    ]


def _day_violations(days: Sequence[int], named: Sequence[int], frame: Frame | None) -> list[Violation]:
    where = "only.peak_day_years"
    return _year_violations(where, days, frame) + [
        Violation(f"{where}[{i}]", "the year is not one of the years named", str(year))
        for i, year in enumerate(days)
        if named and year != BASE_YEAR and year not in named
    ]


def _year_violations(where: str, years: Sequence[int], frame: Frame | None) -> list[Violation]:
    """Years that do not ascend, or stand outside the frame (which is None when it was wrong itself)."""
    found = []
    if any(b <= a for a, b in pairwise(years)):
        found.append(Violation(where, "years must ascend without repeats", ", ".join(map(str, years))))
    if frame is not None:
        allowed = f"{frame.first_year} to {frame.last_year}"
        found += [
            Violation(f"{where}[{i}]", "the year is outside the frame", str(year), allowed)
            for i, year in enumerate(years)
            if not frame.first_year <= year <= frame.last_year
        ]
    return found
