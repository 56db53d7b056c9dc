"""Stage resolve: what callers send becomes a frame and scenarios, every violation of every sector at once."""

from collections.abc import Mapping, Sized
from typing import Any

from gateway.calls import SectorCalls
from services.common.door import read_request
from services.common.errors import Violation, invalid
from services.common.regions import region_ids
from services.common.scenario import Frame, Scenario

MAX_COMPARED = 8


async def resolve(
    calls: SectorCalls, frame: Mapping[str, Any], scenarios: Mapping[str, Mapping[str, Any]]
) -> tuple[Frame, tuple[Scenario, ...]]:
    """Frame and scenarios by the field they stand in. DomainError(INVALID_INPUT) lists all violations."""
    region = frame.get("region")
    levers = await calls.levers(region) if isinstance(region, str) and region in region_ids() else {}
    return read_request(frame, scenarios, lambda _: levers)


def check_compared(scenarios: Sized) -> None:
    """INVALID_INPUT unless 2 to 8 scenarios are to be compared."""
    if not 2 <= len(scenarios) <= MAX_COMPARED:
        raise invalid(
            [Violation("scenarios", "wrong number of scenarios", str(len(scenarios)), f"2 to {MAX_COMPARED}")]
        )
