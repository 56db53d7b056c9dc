"""What the solve service says (dafeng.solve.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Label, ReleaseStatus, Revision


class SolveStatus(StrEnum):
    """How a search ended."""

    MET = "met"
    ALREADY_MET = "already_met"
    NEAREST = "nearest"
    NOTHING_SEARCHED = "nothing_searched"


class SolveObjective(StrEnum):
    """What is made as small as possible."""

    UNSPECIFIED = "unspecified"
    LEAST_CHANGE = "least_change"
    FEW_LEVERS = "few_levers"
    LEAST_COST = "least_cost"


class SolveShortfall(StrEnum):
    """How shortfalls are weighed when not every goal can be met."""

    UNSPECIFIED = "unspecified"
    SQUARES = "squares"
    SUM = "sum"
    WORST = "worst"


class GoalSense(StrEnum):
    """Which side of the number is good."""

    UNSPECIFIED = "unspecified"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class GoalPriority(StrEnum):
    """Goals that strive give way first."""

    UNSPECIFIED = "unspecified"
    BINDING = "binding"
    STRIVE = "strive"


class AxisSense(StrEnum):
    """Whether an objective of a front is made small or large."""

    UNSPECIFIED = "unspecified"
    MINIMISE = "minimise"
    MAXIMISE = "maximise"


@dataclass(frozen=True)
class KnobResult:
    """A knob before and after."""

    lever_id: str
    label: Label
    place: str
    year: int
    unit: str
    low: float
    high: float
    weight: float
    locked: bool
    before: float
    after: float
    multiplier: float
    reason: str


@dataclass(frozen=True)
class GoalResult:
    """A goal before and after; what was not searched says why."""

    goal_id: str
    label: Label
    metric_id: str
    place: str
    year: int
    sense: GoalSense
    number: float
    unit: str
    tolerance: float
    safety_margin: float
    priority: GoalPriority
    searched: bool
    reason: str
    before: float | None
    after: float | None
    margin_before: float | None
    margin_after: float | None
    met_before: bool
    met_after: bool
    multiplier: float


@dataclass(frozen=True)
class Witness:
    """Settings under which all goals of a conflict but one are met."""

    without_goal_id: str
    settings: tuple[LeverSetting, ...]


@dataclass(frozen=True)
class Conflict:
    """Goals that cannot all be met, while any smaller part of them can."""

    goal_ids: tuple[str, ...]
    proved: bool
    evaluation_count: int
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True)
class SolveSetting:
    """A setting of the method, as used."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class SolveResult:
    """The answer of a search."""

    frame: Frame
    scenario: Scenario
    status: SolveStatus
    complete: bool
    objective: SolveObjective
    shortfall: SolveShortfall
    objective_value: float
    cost_change_cny: float | None
    cost_year: int
    settings: tuple[LeverSetting, ...]
    knobs: tuple[KnobResult, ...]
    goals: tuple[GoalResult, ...]
    conflicts: tuple[Conflict, ...]
    run_count: int
    whole_run_count: int
    years: tuple[int, ...]
    verified: bool
    projection_digest: str
    solver_settings: tuple[SolveSetting, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus


@dataclass(frozen=True)
class FrontAxis:
    """One objective of a front."""

    axis_id: str
    label: Label
    unit: str
    sense: str


@dataclass(frozen=True)
class FrontEntry:
    """An efficient point: the settings, both objectives, and what a unit of the second costs of the first."""

    settings: tuple[LeverSetting, ...]
    first: float
    second: float
    exchange: float
    met: bool
    projection_digest: str
    verified: bool
    knob_values: tuple[float, ...]


@dataclass(frozen=True)
class TradeOffResult:
    """The front of two objectives."""

    frame: Frame
    scenario: Scenario
    first: FrontAxis
    second: FrontAxis
    complete: bool
    knobs: tuple[KnobResult, ...]
    points: tuple[FrontEntry, ...]
    run_count: int
    years: tuple[int, ...]
    solver_settings: tuple[SolveSetting, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus
