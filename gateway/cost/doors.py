"""The door of ReportCost."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Final

from pydantic import Field, ValidationInfo, field_validator

from gateway.calls import SectorCalls
from gateway.resolve import open_request
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import DomainError, Violation, invalid
from services.common.power_outcome import DispatchMode
from services.common.regions import Region, load_region
from services.common.resource_costs import SETTINGS
from services.common.scenario import Door, Frame, Mode, Scenario, Year

MOST_SCENARIOS: Final = 8
USUAL_YEARS: Final = (BASE_YEAR, 2025, 2030, 2035, 2040, 2050, LAST_YEAR)


class CostDoor(Door):
    """Fields of ReportCost besides frame and scenarios."""

    years: Annotated[tuple[Year, ...], Field(strict=False, max_length=LAST_YEAR - BASE_YEAR + 1)] = ()
    mode: Mode = DispatchMode.UNSPECIFIED
    social_discount_share_per_year: Annotated[float, Field(ge=0.0, le=0.2)] | None = None
    npv_first_year: Year | None = None
    npv_last_year: Year | None = None

    @field_validator("years")
    @classmethod
    def _ascend(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(b <= a for a, b in pairwise(years)):
            raise ValueError("years must ascend without repeats")
        return years

    @field_validator("npv_last_year")
    @classmethod
    def _in_order(cls, last: int | None, info: ValidationInfo) -> int | None:
        first = info.data.get("npv_first_year")
        if first is not None and last is not None and last < first:
            raise ValueError("npv_last_year must not come before npv_first_year")
        return last


@dataclass(frozen=True)
class CostQuestion:
    """What is asked, with every default in its place."""

    frame: Frame
    scenarios: tuple[Scenario, ...]
    years: tuple[int, ...]
    rate: float
    value_year: int
    first_year: int
    last_year: int
    mode: DispatchMode


async def open_cost(calls: SectorCalls, raw: Mapping[str, Any]) -> CostQuestion:
    """The question of a request. DomainError(INVALID_INPUT) lists every violation."""
    given = raw.get("scenarios") or ()
    found: list[Violation] = []
    if not 1 <= len(given) <= MOST_SCENARIOS:
        found.append(
            Violation("scenarios", "wrong number of scenarios", str(len(given)), f"1 to {MOST_SCENARIOS}")
        )
    fields = {f"scenarios[{i}]": scenario for i, scenario in enumerate(given[:MOST_SCENARIOS])}
    try:
        rest = {k: v for k, v in raw.items() if k != "scenarios"}
        frame, scenarios, door = await open_request(calls, rest, fields, CostDoor)
    except DomainError as error:
        if error.reason != "INVALID_INPUT":
            raise
        raise invalid([*found, *error.violations]) from None
    region = load_region(frame.region, frame.as_of_year)
    found += [
        Violation(name, "the year is outside the frame", str(year), f"{BASE_YEAR} to {frame.last_year}")
        for name, year in (
            *(("years", y) for y in door.years),
            ("npv_first_year", door.npv_first_year),
            ("npv_last_year", door.npv_last_year),
        )
        if year is not None and year > frame.last_year
    ]
    question = _question(region, frame, scenarios, door)
    if question.last_year < question.first_year:
        allowed = f"up to npv_last_year, {question.last_year}"
        found.append(Violation("npv_first_year", "the span has no year", str(question.first_year), allowed))
    if found:
        raise invalid(found)
    return question


def _question(region: Region, frame: Frame, scenarios: tuple[Scenario, ...], door: CostDoor) -> CostQuestion:
    def setting(name: str) -> float:
        return region.number(SETTINGS, name)

    usual_first = min(int(setting("first_npv_year")), frame.last_year)
    last = frame.last_year if door.npv_last_year is None else door.npv_last_year
    first = min(usual_first, last) if door.npv_first_year is None else door.npv_first_year
    rate = door.social_discount_share_per_year
    asked = door.years or tuple(y for y in USUAL_YEARS if y <= frame.last_year)
    return CostQuestion(
        frame=frame,
        scenarios=scenarios,
        years=tuple(sorted({BASE_YEAR, *asked, first, last})),
        rate=setting("social_discount_share_per_year") if rate is None else rate,
        value_year=int(setting("present_value_year")),
        first_year=first,
        last_year=last,
        mode=door.mode,
    )
