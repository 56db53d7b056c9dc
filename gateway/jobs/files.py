"""Results as the bytes of one file: Parquet and Arrow as the store writes them, CSV as a spreadsheet reads it."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from gateway.jobs.columns import column_indices
from gateway.jobs.doors import StreamResultsRequest
from gateway.jobs.spec import Spec
from gateway.jobs.store import SqlStore
from gateway.jobs.store.export import RELEASE_TEXT, FileForm, export
from gateway.jobs.words import Batch, ResultFormat

_FORMS: Final = {ResultFormat.PARQUET: FileForm.PARQUET, ResultFormat.ARROW: FileForm.ARROW}
_PIECE_BYTES: Final = 256 * 1024
# A spreadsheet would run what begins so.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def file_pieces(
    store: SqlStore, batch: Batch, spec: Spec, asked: StreamResultsRequest, form: ResultFormat
) -> Iterator[bytes]:
    """The file, piece by piece. DomainError(INVALID_INPUT) for unknown columns."""
    chosen = column_indices(spec, asked.column_ids)
    names = [spec.columns[i].column_id for i in chosen]
    count = asked.member_count or None
    if form is ResultFormat.CSV:
        return _csv(store, batch, names, chosen.tolist(), asked.first_member, count)
    return export(store, batch.batch_id, names, _FORMS[form], chosen.tolist(), asked.first_member, count)


def _csv(
    store: SqlStore, batch: Batch, names: list[str], chosen: list[int], first: int, count: int | None
) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")  # so that spreadsheets read UTF-8
    writer.writerow([f"# {RELEASE_TEXT}", batch.batch_id, batch.spec_digest, batch.result_digest])
    writer.writerow(["member", "failure", "detail", "digest", *names])
    for row in store.rows(batch.batch_id, first, count):
        values = row.values[chosen].tolist() if row.values.size else [""] * len(chosen)
        writer.writerow([row.member, row.failure, _plain(row.detail), row.digest, *map(_shown, values)])
        if text.tell() >= _PIECE_BYTES:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else repr(value)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
