"""Where a figure of a reply comes from, as the report writes it."""

from dafeng.common.v1 import common_pb2
from services.common.region_files import sources


def grade_of(provenance: common_pb2.Provenance) -> str:
    """A, B or C."""
    return common_pb2.Grade.Name(provenance.grade).removeprefix("GRADE_")


def source_of(provenance: common_pb2.Provenance) -> str:
    """Title of the source, and the clause or the rule of derivation."""
    listed = sources().get(provenance.source)
    title = listed.title if listed else provenance.source
    detail = provenance.clause or provenance.derivation
    return f"{title}; {detail}" if detail else title
