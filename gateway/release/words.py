"""Words of release control (dafeng.release.v1, same names)."""

from dataclasses import dataclass

from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, Scenario
from services.common.words import ReleaseStatus, Revision


@dataclass(frozen=True)
class ReleaseStep:
    """One step that a person took."""

    status: ReleaseStatus
    actor: str
    at: str
    reason: str


@dataclass(frozen=True)
class ReleaseSource:
    """A source that the result rests on."""

    source_id: str
    title: str


@dataclass(frozen=True)
class ReleaseTarget:
    """A target as it was answered."""

    target_id: str
    verdict: str


@dataclass(frozen=True)
class ReleaseGrade:
    """How many figures of a grade the data hold."""

    grade: str
    count: int


@dataclass(frozen=True)
class ReleaseManifest:
    """What is frozen; its SHA-256 is the manifest id."""

    title: str
    frame: Frame
    scenario: Scenario
    mode: DispatchMode
    revision: Revision
    result_digest: str
    content_digest: str
    processor: str
    carbon_peak_year: int
    carbon_peak_tco2: float
    sources: tuple[ReleaseSource, ...]
    targets: tuple[ReleaseTarget, ...]
    grades: tuple[ReleaseGrade, ...]
    sectors: tuple[str, ...]
    scope: str


@dataclass(frozen=True)
class Release:
    """A release as it stands."""

    release_id: str
    manifest_id: str
    status: ReleaseStatus
    manifest: ReleaseManifest
    steps: tuple[ReleaseStep, ...]
    scope: str
    signature: str
    public_key: str
    superseded_by: str

    @property
    def author(self) -> str:
        """Who handed it in last."""
        return next(s.actor for s in reversed(self.steps) if s.status is ReleaseStatus.SUBMITTED)
