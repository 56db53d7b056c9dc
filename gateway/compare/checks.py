"""Opening a request that names metrics, years and a place: every violation of every part at once."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import BaseModel

from gateway.calls import SectorCalls
from gateway.cost.metrics import COST_AND_AIR_METRICS
from gateway.metrics import METRICS
from gateway.resolve import open_request
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.regions import load_region, region_ids
from services.common.scenario import Frame, Scenario

M = TypeVar("M", bound=BaseModel)


async def open_checked(
    calls: SectorCalls,
    raw: Mapping[str, Any],
    scenarios: Mapping[str, Mapping[str, Any]],
    door: type[M],
    more: Sequence[Violation] = (),
) -> tuple[Frame, tuple[Scenario, ...], M]:
    """Frame, scenarios and the request's own fields; metrics, years and place hold for the region and the frame."""
    found = [*named_violations(raw, await known_metrics(calls)), *more]
    try:
        opened = await open_request(calls, raw, scenarios, door)
    except DomainError as error:
        raise invalid([*error.violations, *found]) from None
    if found:
        raise invalid(found)
    return opened


async def known_metrics(calls: SectorCalls) -> tuple[str, ...]:
    """Ids of every metric that is published."""
    own = [m.metric_id for e in calls.entries for m in (await calls.describe(e.sector_id)).metrics]
    return (*(m.metric_id for m in (*METRICS, *COST_AND_AIR_METRICS)), *own)


def named_violations(raw: Mapping[str, Any], metrics: Sequence[str]) -> list[Violation]:
    """Metrics and places that do not exist, and years that do not ascend or lie outside the frame."""
    found = [
        Violation(f"metric_ids[{i}]", f"no such metric{near_names(m, metrics)}", m)
        for i, m in enumerate(raw.get("metric_ids") or ())
        if isinstance(m, str) and m not in metrics
    ]
    frame = raw.get("frame") or {}
    found += place_violations("place", raw.get("place"), frame.get("region"))
    years = [y for y in raw.get("years") or () if isinstance(y, int)]
    if any(b <= a for a, b in pairwise(years)):
        found.append(Violation("years", "years must ascend without repeats", ", ".join(map(str, years))))
    return found + frame_violations("years", years, frame)


def place_violations(where: str, place: Any, region_id: Any) -> list[Violation]:
    """A city that the region does not have."""
    if not place or not isinstance(place, str) or region_id not in region_ids():
        return []
    cities = load_region(region_id).city_ids
    if place in cities:
        return []
    return [
        Violation(where, f"no such city in {region_id}{near_names(place, cities)}", place, ", ".join(cities))
    ]


def frame_violations(where: str, years: Sequence[int], frame: Mapping[str, Any]) -> list[Violation]:
    """Years outside the frame."""
    given = (frame.get("first_year") or BASE_YEAR, frame.get("last_year") or LAST_YEAR)
    if not all(isinstance(y, int) for y in given):
        return []
    first, last = given
    return [
        Violation(
            f"{where}[{i}]" if where == "years" else where,
            "the year is outside the frame",
            str(y),
            f"{first} to {last}",
        )
        for i, y in enumerate(years)
        if not first <= y <= last
    ]
