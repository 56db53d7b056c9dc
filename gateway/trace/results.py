"""What a trace says (dafeng.trace.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from services.common.words import Grade, Label, ReleaseStatus, Revision


class NodeKind(StrEnum):
    """Kind of a node."""

    NUMBER = "number"
    METRIC = "metric"
    TARGET = "target"
    RULE = "rule"
    STAGE = "stage"
    LEVER = "lever"
    LEVER_SETTING = "lever_setting"
    BASELINE = "baseline"
    LEAF = "leaf"
    TABLE = "table"
    TABLE_ROWS = "table_rows"
    OBSERVATION = "observation"
    FACTOR = "factor"
    FACTOR_SET = "factor_set"
    DOCUMENT = "document"
    AGENT = "agent"


# Kinds that carry figures of the world: each has a source and a grade.
GRADED = frozenset(
    {
        NodeKind.TARGET,
        NodeKind.RULE,
        NodeKind.LEVER,
        NodeKind.BASELINE,
        NodeKind.LEAF,
        NodeKind.TABLE_ROWS,
        NodeKind.OBSERVATION,
        NodeKind.FACTOR,
    }
)


class EdgeRole(StrEnum):
    """Role of an edge, as in W3C PROV."""

    USED = "used"
    WAS_GENERATED_BY = "wasGeneratedBy"
    WAS_DERIVED_FROM = "wasDerivedFrom"
    WAS_ATTRIBUTED_TO = "wasAttributedTo"
    WAS_INFORMED_BY = "wasInformedBy"


@dataclass(frozen=True)
class TraceNode:
    """One entity, activity or agent."""

    node_id: str
    kind: NodeKind
    label: Label
    value: float | None = None
    text: str = ""
    unit: str = ""
    year: int = 0
    place: str = ""
    grade: str = ""
    source: str = ""
    clause: str = ""
    derivation: str = ""
    depth: int = 0


@dataclass(frozen=True)
class TraceEdge:
    """From what was made to what it was made from."""

    from_id: str
    to_id: str
    role: EdgeRole


@dataclass(frozen=True)
class GradeShare:
    """What rests on a grade."""

    grade: Grade
    figure_count: int
    figure_share: float
    effect_share: float | None


@dataclass(frozen=True)
class Influence:
    """The number with the scenario less the number with one lever on its path of the baseline frozen."""

    lever_id: str
    label: Label
    grade: Grade
    value: float
    frozen_value: float
    unit: str
    effect: float


@dataclass(frozen=True)
class RunManifest:
    """What a result was calculated with."""

    region: str
    baseline: str
    scenario_name: str
    scenario_digest: str
    setting_count: int
    weather_year: str
    as_of_year: int
    factor_set: str
    revision: Revision
    result_digest: str
    lineage_digest: str
    release_status: ReleaseStatus


@dataclass(frozen=True)
class Trace:
    """The lineage of one number."""

    root_id: str
    nodes: tuple[TraceNode, ...]
    edges: tuple[TraceEdge, ...]
    node_count: int
    edge_count: int
    worst_grade: Grade
    grades: tuple[GradeShare, ...]
    influences: tuple[Influence, ...]
    manifest: RunManifest
    prov_json: str
