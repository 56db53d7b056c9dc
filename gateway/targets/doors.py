"""Doors of EvaluateTargets (dafeng.targets.v1, same names and units)."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode

MOST_ENTERED = 2000
MOST_TOLERANCES = 200
_ItemId = Annotated[str, Field(min_length=1, max_length=20)]


class EnteredValue(Door):
    """A value that an office enters for a target, a rule or a deferred number."""

    item_id: _ItemId
    place: Annotated[str, Field(max_length=60)] = ""
    year: Annotated[int, Field(ge=2000, le=2060)]
    value: Annotated[float, Field(ge=-1e12, le=1e12)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    office: Annotated[str, Field(max_length=120)] = ""
    date: Annotated[str, Field(pattern=r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$")] = ""
    status: Literal["", "preliminary", "final"] = ""
    role: Literal["", "observed", "asked"] = ""


class OwnTolerance(Door):
    """A tolerance in place of the default of a target, in its unit."""

    target_id: _ItemId
    tolerance: Annotated[float, Field(ge=0, le=1e9)]


class EvaluateTargetsRequest(Door):
    """What stands in the request besides frame and scenario."""

    entered: Annotated[tuple[EnteredValue, ...], Field(strict=False, max_length=MOST_ENTERED)] = ()
    tolerances: Annotated[tuple[OwnTolerance, ...], Field(strict=False, max_length=MOST_TOLERANCES)] = ()
    anchor: Literal["", "none", "level", "ratio"] = ""
    no_assumed_years: bool = False
    without_projection: bool = False
    mode: Mode = DispatchMode.UNSPECIFIED
