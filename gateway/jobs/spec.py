"""The specification of a batch: what was asked with everything it leaves open filled in, as one canonical text.

The text is all that a worker needs, on any machine with the same model and data: it names their versions, the years,
the columns and the number of members, and holds design, frame and scenario as they came.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from gateway.ensemble.doors import DesignDoor
from gateway.jobs.words import BatchColumn, ColumnKind
from services.common.door import open_door
from services.common.errors import DomainError, Violation, invalid
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Revision

FORMAT: Final = 1
TARGET: Final = "target."


@dataclass(frozen=True)
class Spec:
    """A batch's specification with nothing left open."""

    frame: Frame
    scenario: Scenario
    design: DesignDoor
    years: tuple[int, ...]
    mode: DispatchMode
    columns: tuple[BatchColumn, ...]
    member_count: int
    revision: Revision

    @property
    def target_ids(self) -> tuple[str, ...]:
        """The targets answered for every member, in the order of their columns."""
        return tuple(c.column_id.removeprefix(TARGET) for c in self.columns if c.kind is ColumnKind.TARGET)


def text_of(spec: Spec) -> str:
    """The canonical text: the same specification gives the same text."""
    plain = {
        "format": FORMAT,
        "frame": spec.frame.model_dump(mode="json"),
        "scenario": spec.scenario.model_dump(mode="json"),
        "design": spec.design.model_dump(
            mode="json", include=set(DesignDoor.model_fields), exclude_defaults=True
        ),
        "years": spec.years,
        "mode": spec.mode.value,
        "columns": [
            [c.column_id, c.kind.value, c.metric_id, c.place, c.year, c.unit, c.label.zh, c.label.en]
            for c in spec.columns
        ],
        "member_count": spec.member_count,
        "model_version": spec.revision.model_version,
        "data_revision": spec.revision.data_revision,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of_text(text: str) -> str:
    """SHA-256 (hex) of a specification's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def spec_of(text: str) -> Spec:
    """The specification of a text. DomainError(INVALID_INPUT) when it cannot be read."""
    try:
        plain = json.loads(text)
        if plain["format"] != FORMAT:
            raise invalid([Violation("spec", "of another format", str(plain["format"]), str(FORMAT))])
        return Spec(
            frame=Frame.model_validate(plain["frame"]),
            scenario=Scenario.model_validate(plain["scenario"]),
            design=open_door(DesignDoor, plain["design"], "spec"),
            years=tuple(plain["years"]),
            mode=DispatchMode(plain["mode"]),
            columns=tuple(_column(*c) for c in plain["columns"]),
            member_count=plain["member_count"],
            revision=Revision(plain["model_version"], plain["data_revision"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise invalid([Violation("spec", f"cannot be read: {type(error).__name__}: {error}"[:300])]) from None


def check_revision(spec: Spec) -> None:
    """DomainError(REVISION_DIFFERS) unless model and data here are those that the batch was accepted with."""
    here = revision_of(load_region(spec.frame.region, spec.frame.as_of_year))
    if here != spec.revision:
        raise DomainError(
            "REVISION_DIFFERS",
            detail=f"accepted with model {spec.revision.model_version}, data {spec.revision.data_revision[:12]}; "
            f"here model {here.model_version}, data {here.data_revision[:12]}",
        )


def _column(
    column_id: str, kind: str, metric_id: str, place: str, year: int, unit: str, zh: str, en: str
) -> BatchColumn:
    return BatchColumn(column_id, ColumnKind(kind), metric_id, place, year, unit, Label(zh, en))
