"""The workbook of a projection: sheets in the order they are read. The same input gives the same bytes."""

from dataclasses import dataclass
from typing import Final

from gateway.report.workbook import front, series, tables
from gateway.report.workbook.scene import Scene
from gateway.report.workbook.sheets import Book
from gateway.report.workbook.words import STATUS, text_of
from services.common.words import Label

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS: Final = (
    front.cover,
    front.headline,
    front.changes,
    series.co2,
    series.power,
    series.peak,
    series.peak_days,
    tables.metrics,
    tables.targets,
    tables.target_cities,
    series.cities,
    tables.source_list,
)


@dataclass(frozen=True)
class ExportedFile:
    """A file that is sent: its name, media type, bytes, and the digest of the projection in it."""

    file_name: str
    media_type: str
    content: bytes
    digest: str


def export_workbook(scene: Scene) -> ExportedFile:
    """The whole projection as an Excel workbook."""
    p, frozen = scene.projection, scene.frozen
    status = text_of(STATUS[frozen.status if frozen else p.release_status], scene.language)
    shown = frozen.title if frozen else p.scenario_name
    title = f"{text_of(Label('达峰', 'Dafeng'), scene.language)} {scene.place(p.frame.region)} {shown}"
    book = Book(scene.language, status, frozen.manifest_id if frozen else p.digest, title.strip())
    for sheet in _SHEETS:
        sheet(book, scene)
    name = f"dafeng_{p.frame.region}_{p.baseline}_{p.digest[:12]}.xlsx"
    return ExportedFile(name, MEDIA_TYPE, book.content(), p.digest)
