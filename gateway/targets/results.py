"""What TargetService says (dafeng.targets.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.results import DirectionResult, TargetResult, Verdict
from services.common.scenario import Frame
from services.common.words import Label, ReleaseStatus, Revision


class ConflictKind(StrEnum):
    """Kinds of conflict between targets, in the order in which they are told."""

    DUPLICATE = "duplicate"
    WORDING = "wording"
    NUMBER = "number"
    SENSE = "sense"
    UNIT = "unit"
    SCOPE = "scope"
    YEAR = "year"
    LEVEL = "level"
    PATH = "path"
    ARITHMETIC = "arithmetic"
    JOINT = "joint"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Statement:
    """What one document says."""

    target_id: str
    document: Label
    section: str
    place: str
    label: Label
    wording: str
    compare: str
    number: float | None
    unit: str
    year: int
    year_assumed: bool
    strive: bool


@dataclass(frozen=True)
class Conflict:
    """Targets that disagree, repeat each other, or are overtaken."""

    kind: ConflictKind
    severity: str
    target_ids: tuple[str, ...]
    statements: tuple[Statement, ...]
    binding_target_id: str
    label: Label


@dataclass(frozen=True)
class TargetDocument:
    """A policy document."""

    document_id: str
    label: Label
    source: str
    target_count: int
    rule_count: int
    slot_count: int


@dataclass(frozen=True)
class TargetReading:
    """A metric that answers a target."""

    metric_id: str
    scale: float
    name: str


@dataclass(frozen=True)
class TargetEntry:
    """One target as the document prints it, and how it is read."""

    target_id: str
    label: Label
    document_id: str
    section: str
    wording: str
    place: str
    sector: str
    scope: str
    form: str
    compare: str
    sense: str
    number: float | None
    unit: str
    year: int
    year_assumed: str
    start_year: int
    start_assumed: bool
    path: str
    tolerance: float
    strive: bool
    readings: tuple[TargetReading, ...]
    must_agree: bool
    observed_ids: tuple[str, ...]
    cities: tuple[str, ...]
    twin_group: str
    set_by: Label
    note: str


@dataclass(frozen=True)
class RuleEntry:
    """A rule without a number."""

    direction_id: str
    label: Label
    document_id: str
    section: str
    place: str
    rule: str
    first_year: int
    last_year: int
    metric_id: str


@dataclass(frozen=True)
class Catalogue:
    """Every document, target, rule and deferred number of a region."""

    documents: tuple[TargetDocument, ...]
    targets: tuple[TargetEntry, ...]
    rules: tuple[RuleEntry, ...]
    slots: tuple[TargetEntry, ...]


@dataclass(frozen=True)
class VerdictCount:
    """How many targets of a document have a verdict."""

    document_id: str
    verdict: Verdict
    binding_count: int
    strive_count: int


@dataclass(frozen=True)
class TargetSetting:
    """A setting that the answer rests on."""

    name: str
    value: str
    unit: str
    label: Label


@dataclass(frozen=True)
class Conflicts:
    """Where the documents of a region disagree, and what was not looked for."""

    conflicts: tuple[Conflict, ...]
    not_checked: tuple[Label, ...]
    settings: tuple[TargetSetting, ...]


@dataclass(frozen=True)
class TargetReport:
    """Every target, rule and deferred number, answered."""

    frame: Frame
    scenario_name: str
    baseline: str
    projected: bool
    targets: tuple[TargetResult, ...]
    rules: tuple[DirectionResult, ...]
    slots: tuple[TargetResult, ...]
    counts: tuple[VerdictCount, ...]
    conflicts: tuple[Conflict, ...]
    settings: tuple[TargetSetting, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus
