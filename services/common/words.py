"""Small domain words that also travel on the wire (dafeng.common.v1), held equal by a test."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from services.common.arrays import FloatArray, array


class Grade(StrEnum):
    """How well a figure is known: A official, B literature, C estimate."""

    A = "A"
    B = "B"
    C = "C"


class LeverKind(StrEnum):
    """What kind of setting a lever takes."""

    PATH = "path"
    CONSTANT = "constant"
    STEP = "step"


class ReleaseStatus(StrEnum):
    """Status of a result before those who may publish carbon data have released it."""

    INTERNAL = "internal"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Label:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from."""

    source: str
    clause: str
    derivation: str
    grade: Grade


@dataclass(frozen=True)
class Revision:
    """Identity of the software and data behind a result."""

    model_version: str
    data_revision: str


@dataclass(frozen=True)
class Place:
    """A region or a city."""

    place_id: str
    label: Label
    adcode: str
    # Where its tile stands in a schematic map, from the north and the west; a region has no tile.
    tile_row: int | None = None
    tile_column: int | None = None
    initials: str = ""


@dataclass(frozen=True)
class Metric:
    """One published metric; the id ends in its unit."""

    metric_id: str
    label: Label
    unit: str
    policy_refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadShape:
    """An hourly shape: 8,760 shares of a year's energy that sum to 1."""

    shape_id: str
    digest: str
    cause: str
    label: Label
    hourly_share: FloatArray = field(default_factory=lambda: np.empty(0), metadata={"axes": ("hour",)})


@dataclass(frozen=True)
class Lever:
    """One lever as a caller sees it in one region (made by `LeverRow.in_region`)."""

    lever_id: str
    owner: str
    group: str
    label: Label
    unit: str
    kind: LeverKind
    low: float
    high: float
    last_observed_year: int
    policy_refs: tuple[str, ...]
    source: str
    grade: Grade
    note: str
    by_city: bool
    group_label: Label = Label("", "")

    def __hash__(self) -> int:
        return hash(self.lever_id)


@dataclass(frozen=True)
class Progress:
    """How far a long call has come; a total of 0 is not known."""

    done_count: int
    total_count: int
    stage: Label


__all__ = [
    "Grade",
    "Label",
    "Lever",
    "LeverKind",
    "LoadShape",
    "Metric",
    "Place",
    "Progress",
    "Provenance",
    "ReleaseStatus",
    "Revision",
    "array",
]
