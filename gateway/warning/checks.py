"""Opening a request of early warning: what is named but not there is told with every other violation at once."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from gateway.calls import SectorCalls
from gateway.ensemble.design import policy_violations
from gateway.ensemble.inputs import inputs_of
from gateway.resolve import open_request
from gateway.targets.data import read_targets
from gateway.warning.rules import rule_set_violations
from services.common.axes import BASE_YEAR
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.regions import load_region, region_ids
from services.common.scenario import Frame, Scenario

M = TypeVar("M", bound=BaseModel)


async def open_warning(
    calls: SectorCalls, raw: Mapping[str, Any], door: type[M], more: Sequence[Violation] = ()
) -> tuple[Frame, Scenario, M]:
    """Frame, scenario and the request's own fields. DomainError(INVALID_INPUT) lists all violations."""
    found = [*_named(raw), *more]
    try:
        frame, (scenario,), request = await open_request(
            calls, raw, {"scenario": raw.get("scenario") or {}}, door
        )
    except DomainError as error:
        raise invalid([*error.violations, *found]) from None
    if found:
        raise invalid(found)
    return frame, scenario, request


def region_of(raw: Mapping[str, Any]) -> str:
    """The region asked for; empty when there is no such region."""
    region_id = (raw.get("frame") or {}).get("region")
    return region_id if isinstance(region_id, str) and region_id in region_ids() else ""


def issued_violations(issued_year: int, latest: int, text: str) -> list[Violation]:
    """An ensemble that would know more than what it warns of."""
    if not latest or issued_year <= latest:
        return []
    return [Violation("issued_year", text, str(issued_year), f"0, or {BASE_YEAR} to {latest}")]


def _named(raw: Mapping[str, Any]) -> list[Violation]:
    """Rule sets, policy inputs and targets that the region does not have."""
    if not region_of(raw):
        return []
    region = load_region(region_of(raw))
    found = rule_set_violations(region, raw.get("rule_set_id") or "")
    found += policy_violations(inputs_of(region), raw.get("policy_inputs") or ())
    ids = [t.id for t in read_targets(region.region_id).targets]
    return found + [
        Violation(f"target_ids[{k}]", f"no such target{near_names(w, ids)}", w)
        for k, w in enumerate(raw.get("target_ids") or ())
        if w not in ids
    ]
