"""The manifest of a result, its canonical text and ids, and what a result must have to be handed in."""

import hashlib
import json
from collections.abc import Collection
from typing import Any, Final

from google.protobuf import json_format

from dafeng.release.v1 import release_pb2
from dafeng.releases import manifest_text
from gateway.release.words import ReleaseGrade, ReleaseManifest, ReleaseSource, ReleaseTarget
from gateway.results import Projection
from services.common.errors import DomainError, Violation, invalid
from services.common.region_files import sources
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import Scenario
from services.runtime.convert import from_message, to_message

HEADLINE: Final = 0
"""The headline's boundary is the first of the carbon peaks."""


def manifest_of(
    title: str, projection: Projection, scenario: Scenario, content_digest: str, processor: str, scope: str
) -> ReleaseManifest:
    """The manifest of a projection as it is calculated now."""
    region = load_region(projection.frame.region, projection.frame.as_of_year)
    peak = projection.carbon_peaks[HEADLINE]
    return ReleaseManifest(
        title=title,
        frame=projection.frame,
        scenario=scenario,
        mode=projection.power.mode,
        revision=projection.revision,
        result_digest=projection.digest,
        content_digest=content_digest,
        processor=processor,
        carbon_peak_year=peak.year,
        carbon_peak_tco2=peak.level_tco2,
        sources=_sources(region),
        targets=tuple(ReleaseTarget(t.target_id, f"VERDICT_{t.verdict.name}") for t in projection.targets),
        grades=tuple(ReleaseGrade(g.value, n) for g, n in region.grade_counts().items() if n),
        sectors=tuple(sorted(s.sector for s in projection.sectors)),
        scope=scope,
    )


def check_complete(manifest: ReleaseManifest, projection: Projection, sectors: Collection[str]) -> None:
    """DomainError(INVALID_INPUT) with everything that a result lacks which is to be handed in."""
    found: list[Violation] = []
    missing = sorted(set(sectors) - set(manifest.sectors))
    if missing:
        found.append(
            Violation("projection.sectors", "a result without a sector is partial", ", ".join(missing))
        )
    if projection.years != manifest.frame.years or projection.power.years != manifest.frame.years:
        found.append(Violation("projection.years", "a result without a year of its frame is partial"))
    if not projection.metrics or not projection.digest:
        found.append(Violation("projection.metrics", "a result without its metrics is partial"))
    if not manifest.targets:
        found.append(Violation("projection.targets", "no target was answered"))
    if not manifest.sources:
        found.append(Violation("manifest.sources", "no source is named"))
    found += [
        Violation("manifest.sources", "is not in the list of sources", s.source_id)
        for s in manifest.sources
        if not s.title
    ]
    graded = sum(g.count for g in manifest.grades)
    if not graded or any(g.grade not in ("A", "B", "C") for g in manifest.grades):
        found.append(Violation("manifest.grades", "the data hold a figure without a grade"))
    if found:
        raise invalid(found)


def check_revision(manifest: ReleaseManifest) -> None:
    """DomainError(REVISION_DIFFERS) unless model and data here are those that the result was made with."""
    here = revision_of(load_region(manifest.frame.region, manifest.frame.as_of_year))
    then = manifest.revision
    if here != then:
        raise DomainError(
            "REVISION_DIFFERS",
            detail=f"handed in with model {then.model_version}, data {then.data_revision[:12]}; "
            f"here model {here.model_version}, data {here.data_revision[:12]}",
        )


def text_of(manifest: ReleaseManifest) -> str:
    """The canonical text."""
    return manifest_text(message_of(manifest))


def message_of(manifest: ReleaseManifest) -> Any:
    """The manifest as a message."""
    return to_message(manifest, release_pb2.ReleaseManifest())


def read_text(text: str) -> ReleaseManifest:
    """The manifest of a canonical text. ValueError when it cannot be read."""
    try:
        return from_message(json_format.Parse(text, release_pb2.ReleaseManifest()), ReleaseManifest)
    except (json_format.ParseError, DomainError) as error:
        raise ValueError(str(error)) from None


def substance_of(manifest: ReleaseManifest) -> str:
    """What the result is about, without title, name and office: its rounds under any of them are one content."""
    settings = sorted(s.model_dump_json() for s in manifest.scenario.settings)
    plain = [
        manifest.frame.model_dump(mode="json"),
        manifest.scenario.baseline,
        settings,
        manifest.mode.value,
        manifest.revision.model_version,
        manifest.revision.data_revision,
    ]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def question_of(manifest: ReleaseManifest) -> str:
    """What another process needs to calculate the result again."""
    plain = {
        "frame": manifest.frame.model_dump(mode="json"),
        "scenario": manifest.scenario.model_dump(mode="json"),
        "mode": manifest.mode.value,
        "model_version": manifest.revision.model_version,
        "data_revision": manifest.revision.data_revision,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _sources(region: Region) -> tuple[ReleaseSource, ...]:
    known = sources()
    return tuple(
        ReleaseSource(source_id, known[source_id].title if source_id in known else "")
        for source_id in region.source_grades()
    )
