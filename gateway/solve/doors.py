"""Doors of the solve service: knobs, goals, objectives. What they mean is checked in `problem.py`."""

from typing import Annotated

from pydantic import Field

from gateway.solve.results import AxisSense, GoalPriority, GoalSense, SolveObjective, SolveShortfall
from services.common.axes import LAST_YEAR
from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode

MOST_KNOBS = 60
MOST_GOALS = 120
MOST_FRONT_POINTS = 25

Id = Annotated[str, Field(max_length=120)]


class KnobDoor(Door):
    """A lever that may be moved, at one year (none for a constant)."""

    lever_id: Annotated[str, Field(min_length=1, max_length=120)]
    place: Id = ""
    year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    weight: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    low: float | None = None
    high: float | None = None
    locked: bool = False


class GoalDoor(Door):
    """What is wanted: a policy target by its id, or a number for a metric in a year."""

    target_id: Id = ""
    metric_id: Id = ""
    place: Id = ""
    year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    sense: Annotated[GoalSense, Field(strict=False)] = GoalSense.UNSPECIFIED
    number: float | None = None
    safety_margin: Annotated[float, Field(ge=0, le=1e18)] = 0.0
    priority: Annotated[GoalPriority, Field(strict=False)] = GoalPriority.UNSPECIFIED


class AxisDoor(Door):
    """One objective of a front: the change of the knobs, or a metric in a year made small or large."""

    change: bool = False
    metric_id: Id = ""
    place: Id = ""
    year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    sense: Annotated[AxisSense, Field(strict=False)] = AxisSense.UNSPECIFIED


class _Search(Door):
    knobs: Annotated[tuple[KnobDoor, ...], Field(strict=False, min_length=1, max_length=MOST_KNOBS)]
    time_limit_seconds: Annotated[float, Field(ge=0, le=600)] = 0.0
    mode: Mode = DispatchMode.UNSPECIFIED


class SolveDoor(_Search):
    """Goals that are to be met by the least of an objective."""

    goals: Annotated[tuple[GoalDoor, ...], Field(strict=False, min_length=1, max_length=MOST_GOALS)]
    objective: Annotated[SolveObjective, Field(strict=False)] = SolveObjective.UNSPECIFIED
    shortfall: Annotated[SolveShortfall, Field(strict=False)] = SolveShortfall.UNSPECIFIED
    without_conflicts: bool = False


class TradeOffDoor(_Search):
    """Two objectives against each other, with goals that hold at every point."""

    goals: Annotated[tuple[GoalDoor, ...], Field(strict=False, max_length=MOST_GOALS)] = ()
    first: AxisDoor
    second: AxisDoor
    point_count: Annotated[int, Field(ge=0, le=MOST_FRONT_POINTS)] = 0
