"""Stage resolve: what callers send becomes a frame and scenarios, every violation of every sector at once."""

from collections.abc import Mapping, Sized
from typing import Any, TypeVar

from pydantic import BaseModel

from gateway.calls import SectorCalls
from services.common.door import open_door, read_request
from services.common.errors import DomainError, Violation, invalid
from services.common.regions import region_ids
from services.common.scenario import Frame, Scenario

MAX_COMPARED = 8
M = TypeVar("M", bound=BaseModel)


async def resolve(
    calls: SectorCalls, frame: Mapping[str, Any], scenarios: Mapping[str, Mapping[str, Any]]
) -> tuple[Frame, tuple[Scenario, ...]]:
    """Frame and scenarios by the field they stand in. DomainError(INVALID_INPUT) lists all violations."""
    region = frame.get("region")
    levers = await calls.levers(region) if isinstance(region, str) and region in region_ids() else {}
    return read_request(frame, scenarios, lambda _: levers)


async def open_request(
    calls: SectorCalls, raw: Mapping[str, Any], scenarios: Mapping[str, Mapping[str, Any]], door: type[M]
) -> tuple[Frame, tuple[Scenario, ...], M]:
    """A request with a frame, scenarios (by the field they stand in) and fields of its own, which `door` reads.

    `raw` is the whole request as plain values; what belongs to frame and scenarios is taken out of it. DomainError
    (INVALID_INPUT) lists the violations of all three.
    """
    taken = {"frame", *(where.partition("[")[0].partition(".")[0] for where in scenarios)}
    found: list[Violation] = []
    opened: M | None = None
    try:
        opened = open_door(door, {k: v for k, v in raw.items() if k not in taken})
    except DomainError as error:
        found += error.violations
    try:
        frame, read = await resolve(calls, raw.get("frame") or {}, scenarios)
    except DomainError as error:
        raise invalid([*error.violations, *found]) from None
    if opened is None:
        raise invalid(found)
    return frame, read, opened


def check_compared(scenarios: Sized) -> None:
    """INVALID_INPUT unless 2 to 8 scenarios are to be compared."""
    if not 2 <= len(scenarios) <= MAX_COMPARED:
        raise invalid(
            [Violation("scenarios", "wrong number of scenarios", str(len(scenarios)), f"2 to {MAX_COMPARED}")]
        )
