"""Policy targets as data: regions/<region>/targets.yaml, read strictly; each document keeps its sense and number."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.common.recording import kept
from services.common.region_files import ROOT, RegionDataError, region_folder, sources
from services.common.words import Label


class Form(StrEnum):
    """How a target's number is to be read against its metric."""

    LEVEL = "level"
    LEVEL_EACH_CITY = "level_each_city"
    FALL_FROM_BASE = "fall_from_base"
    RISE_FROM_BASE = "rise_from_base"
    GROWTH_PER_YEAR = "growth_per_year"
    CUMULATIVE_FLOW = "cumulative_flow"
    FULL_COVERAGE = "full_coverage"
    COUNT = "count"
    SIZE_CLASS = "size_class"
    NEAR_ZERO = "near_zero"
    EACH_PROJECT = "each_project"
    PEAK_YEAR = "peak_year"
    PEAK_THEN_FALL = "peak_then_fall"
    NEUTRAL_YEAR = "neutral_year"


Compare = Literal["at_least", "more_than", "at_most", "before", "about", "equal"]
STRICT: Final = ("more_than", "before")
# What holds inside a tolerance on either side.
TOLERANT: Final = ("about", "equal")
Path_ = Literal["linear", "geometric", "cumulative", "none"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TextFile(_Strict):
    """A text in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def label(self) -> Label:
        """As a domain label."""
        return Label(self.zh, self.en)


class Document(_Strict):
    """A policy document."""

    label: TextFile
    source: str


class Reading(_Strict):
    """A metric that answers a target: metric value x scale is in the target's unit."""

    metric_id: Annotated[str, Field(min_length=3)]
    scale: float = 1.0
    # What this reading is called in a flag when its verdict differs from the main one.
    name: str = ""


class Observed(_Strict):
    """Observations of the place that tell the metric: sum of ids (over the sum of others), times factor."""

    ids: Annotated[list[str], Field(min_length=1)]
    over: list[str] = []
    factor: float = 1.0


class Target(_Strict):
    """One quantified target as the document prints it, and how it is evaluated."""

    id: Annotated[str, Field(pattern=r"^[A-Z]{3}-(\d{2}|S\d)$")]
    document: str
    section: Annotated[str, Field(min_length=1)]
    label: TextFile
    wording: Annotated[str, Field(min_length=1)]
    place: Annotated[str, Field(min_length=1)]
    sector: Annotated[str, Field(min_length=1)]
    scope: Literal["model", "whole_economy", "track_only"]
    form: Form
    compare: Compare
    sense: Literal["floor", "ceiling"]
    number: float | None
    unit: str
    year: int
    year_assumed: str = ""
    # Base year of a fall or rise, first year of a flow, start of the path of a level.
    start_year: int | None = None
    start_assumed: bool = False
    path: Path_
    tolerance: float = 0.0
    strive: bool = False
    deferred_to: str = ""
    reading: Reading | None = None
    # True when the metric already is the compared quantity (a fall, a growth), not the level it is made from.
    compared: bool = False
    other_readings: list[Reading] = []
    # True when the verdict stands only if all readings agree.
    must_agree: bool = False
    observed: Observed | None = None
    cities: list[str] = []
    # Region or city whose values answer it, where they are not those of `place`.
    value_place: str = ""
    unavailable: Literal[
        "", "NO_METRIC", "NO_CITY_DATA", "AMBIGUOUS_BOUNDARY", "AMBIGUOUS_UNIT", "NO_BASE_VALUE"
    ] = ""
    twin_group: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> "Target":
        needs_start = {
            Form.FALL_FROM_BASE,
            Form.RISE_FROM_BASE,
            Form.GROWTH_PER_YEAR,
            Form.CUMULATIVE_FLOW,
        }
        if self.form in needs_start and self.start_year is None:
            raise ValueError(f"{self.id}: {self.form} needs start_year")
        if self.number is None and not self.deferred_to:
            raise ValueError(f"{self.id}: a number, or deferred_to")
        if self.form is Form.LEVEL_EACH_CITY and not self.cities:
            raise ValueError(f"{self.id}: {self.form} needs the list of cities")
        if self.tolerance < 0:
            raise ValueError(f"{self.id}: tolerance is negative")
        return self

    def __hash__(self) -> int:
        # Of two targets with one id, which only a test or an entered number makes, equality tells them apart.
        return hash(self.id)

    @property
    def sign(self) -> int:
        """+1 for a floor, -1 for a ceiling."""
        return 1 if self.sense == "floor" else -1


class TargetsFile(_Strict):
    """A region's targets.yaml."""

    documents: dict[str, Document]
    targets: list[Target]

    @model_validator(mode="after")
    def _consistent(self) -> "TargetsFile":
        ids = [t.id for t in self.targets]
        double = sorted({i for i in ids if ids.count(i) > 1})
        unknown = sorted({t.document for t in self.targets} - set(self.documents))
        if double or unknown:
            raise ValueError(f"ids twice: {double}; documents not listed: {unknown}")
        return self


@kept(maxsize=16)
def read_targets(region_id: str, root: Path = ROOT) -> TargetsFile:
    """The targets of a region (none when it has no file). RegionDataError lists what is wrong."""
    path = region_folder(region_id, root) / "targets.yaml"
    if not path.is_file():
        return TargetsFile(documents={}, targets=[])
    try:
        found = TargetsFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValueError as error:
        raise RegionDataError(f"{region_id}/targets.yaml: {error}") from None
    missing = sorted({d.source for d in found.documents.values()} - set(sources(root)))
    if missing:
        raise RegionDataError(f"{region_id}/targets.yaml: sources not listed in regions/sources: {missing}")
    return found
