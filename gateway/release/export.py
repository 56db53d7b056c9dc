"""The workbook of a released result: the frozen numbers, its state and manifest id on every sheet."""

from collections.abc import Mapping

from gateway.release.content import thawed
from gateway.release.words import Release
from gateway.report.workbook.export import export_workbook
from gateway.report.workbook.scene import Frozen, Scene
from services.common.regions import load_region
from services.common.revision import revision_of
from services.common.words import Lever


def exported(
    release: Release, content: bytes, levers: Mapping[str, Lever], language: str
) -> tuple[str, bytes]:
    """Name and bytes of the file. What the data of today would say differently is left to the manifest."""
    manifest = release.manifest
    here = revision_of(load_region(manifest.frame.region, manifest.frame.as_of_year))
    sources = tuple((s.source_id, s.title) for s in manifest.sources)
    last = release.steps[-1]
    frozen = Frozen(
        manifest.title, release.status, release.manifest_id, last.reason, sources, here == manifest.revision
    )
    scene = Scene(thawed(content), manifest.scenario, levers, language, frozen)
    name = f"dafeng_{manifest.frame.region}_{release.status.value}_{release.release_id}.xlsx"
    return name, export_workbook(scene).content
