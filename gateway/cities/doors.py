"""Doors of CityService (dafeng.cities.v1, same names and units), without frame and scenario."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.days import Day, DayOrNone
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.scenario import Door

MOST_TARGETS = 40
MOST_CITIES = 100
RuleName = Literal[
    "gdp", "population", "current", "history", "potential", "ability_to_pay", "equal_per_head", "equal"
]
ChosenRule = Literal["", "composite", RuleName]
Closing = Literal["", "proportional", "unused_potential", "below_rule_share", "reserve_first"]
Profile = Literal["", "equal_rate", "linear", "front", "back", "own"]
_PlaceId = Annotated[str, Field(min_length=1, max_length=60)]
_TargetId = Annotated[str, Field(min_length=1, max_length=20)]
_Number = Annotated[float, Field(ge=-1e15, le=1e15)]
_Note = Annotated[str, Field(max_length=400)]
_YearOrNone = Annotated[int, Field(ge=0, le=LAST_YEAR)]


class RuleWeight(Door):
    """A rule and its weight in a composite."""

    rule: RuleName
    weight: Annotated[float, Field(ge=0, le=1e6)] = 0.0


class CityNumber(Door):
    """A number of a city."""

    place: _PlaceId
    number: Annotated[float, Field(ge=0, le=100)] = 0.0


class CityBound(Door):
    """Bounds of a city's number."""

    place: _PlaceId
    low: _Number | None = None
    high: _Number | None = None


class RuleChoice(Door):
    """How a target is shared out."""

    rule: ChosenRule = ""
    weights: Annotated[tuple[RuleWeight, ...], Field(strict=False, max_length=8)] = ()
    entropy: bool = False
    entropy_rules: Annotated[tuple[RuleName, ...], Field(strict=False, max_length=8)] = ()
    ability_power: Annotated[float, Field(gt=0, le=5)] | None = None
    equal_year: _YearOrNone = 0
    potential_baseline: Literal["", "frozen", "planned", "reference", "accelerated"] = ""
    over_base: bool = False
    bounds: Annotated[tuple[CityBound, ...], Field(strict=False, max_length=MOST_CITIES)] = ()
    reserve_share: Annotated[float, Field(ge=0, lt=1)] | None = None
    incentive_share: Annotated[float, Field(ge=0, le=1)] | None = None
    rounding_unit: Annotated[float, Field(gt=0, le=1e12)] | None = None
    base_year: _YearOrNone = 0
    efforts: Annotated[tuple[CityNumber, ...], Field(strict=False, max_length=MOST_CITIES)] = ()


class ListCitiesDoor(Door):
    """ListCitiesRequest without frame and scenario."""

    years: Annotated[
        tuple[Annotated[int, Field(ge=BASE_YEAR, le=LAST_YEAR)], ...], Field(strict=False, max_length=41)
    ] = ()


class BreakDownDoor(Door):
    """BreakDownRequest without frame and scenario."""

    target_id: _TargetId
    number: _Number | None = None
    rule: RuleChoice = RuleChoice()


class CityPlan(Door):
    """What a city submitted."""

    place: _PlaceId
    target_id: _TargetId
    number: _Number = 0.0
    author: Annotated[str, Field(max_length=120)] = ""
    date: DayOrNone = ""
    note: _Note = ""


class BalancePlansDoor(Door):
    """BalancePlansRequest without frame and scenario."""

    plans: Annotated[tuple[CityPlan, ...], Field(strict=False, min_length=1, max_length=2000)]
    rule: RuleChoice = RuleChoice()
    closing: Closing = ""
    author: Annotated[str, Field(min_length=1, max_length=120)]
    date: Day


class TargetRule(Door):
    """The rule of one target."""

    target_id: _TargetId
    rule: RuleChoice


class DoneNumber(Door):
    """What a city has done of a target by the done year."""

    target_id: _TargetId
    place: _PlaceId
    number: _Number = 0.0
    source: _Note = ""


class MakeTaskTableDoor(Door):
    """MakeTaskTableRequest without frame and scenario."""

    target_ids: Annotated[tuple[_TargetId, ...], Field(strict=False, max_length=MOST_TARGETS)] = ()
    rule: RuleChoice = RuleChoice()
    target_rules: Annotated[tuple[TargetRule, ...], Field(strict=False, max_length=MOST_TARGETS)] = ()
    profile: Profile = ""
    done_year: _YearOrNone = 0
    done: Annotated[tuple[DoneNumber, ...], Field(strict=False, max_length=4000)] = ()
