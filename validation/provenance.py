"""Where a figure of a reply, or of the region's data, comes from, as the report writes it."""

from dafeng.common.v1 import common_pb2
from services.common.region_files import sources
from services.common.words import Grade, Provenance


def grade_of(provenance: common_pb2.Provenance | Provenance) -> str:
    """A, B or C."""
    if isinstance(provenance.grade, Grade):
        return provenance.grade.value
    return common_pb2.Grade.Name(provenance.grade).removeprefix("GRADE_")


def source_of(provenance: common_pb2.Provenance | Provenance) -> str:
    """Title of the source, and the clause or the rule of derivation."""
    listed = sources().get(provenance.source)
    title = listed.title if listed else provenance.source
    detail = provenance.clause or provenance.derivation
    return f"{title}; {detail}" if detail else title
