"""Results as the bytes of one file: Parquet and Arrow as the store writes them, CSV as a spreadsheet reads it."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from gateway.csv_text import plain_text
from gateway.jobs import tokens
from gateway.jobs.columns import column_indices, unknown_columns
from gateway.jobs.doors import StreamResultsRequest
from gateway.jobs.spec import Spec
from gateway.jobs.store import SqlStore
from gateway.jobs.store.export import RELEASE_TEXT, FileForm, export
from gateway.jobs.words import Batch, ResultFormat
from services.common.errors import Violation, invalid

_FORMS: Final = {ResultFormat.PARQUET: FileForm.PARQUET, ResultFormat.ARROW: FileForm.ARROW}
_PIECE_BYTES: Final = 256 * 1024


def check_results(batch: Batch, spec: Spec, asked: StreamResultsRequest) -> None:
    """DomainError(INVALID_INPUT) with everything that is wrong with a request for results."""
    found = unknown_columns(spec, asked.column_ids, "column_ids[{}]")
    if asked.first_member >= batch.member_count:
        allowed = f"0 to {batch.member_count - 1}"
        found.append(Violation("first_member", "no such member", str(asked.first_member), allowed))
    if asked.format in (ResultFormat.UNSPECIFIED, ResultFormat.ROWS):
        found += tokens.rows_violations(batch, asked.resume_token)
    else:
        wrong = [("failed_only", asked.failed_only), ("resume_token", asked.resume_token)]
        found += [Violation(name, "only for rows, not for files") for name, given in wrong if given]
        seen: set[str] = set()
        for i, column_id in enumerate(asked.column_ids):
            if column_id in seen:
                found.append(
                    Violation(f"column_ids[{i}]", "stands twice: a file names a column once", column_id)
                )
            seen.add(column_id)
    if found:
        raise invalid(found)


def file_pieces(store: SqlStore, batch: Batch, spec: Spec, asked: StreamResultsRequest) -> Iterator[bytes]:
    """The file, piece by piece. The columns were checked."""
    form = asked.format
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
        writer.writerow([row.member, row.failure, plain_text(row.detail), row.digest, *map(_shown, values)])
        if text.tell() >= _PIECE_BYTES:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else repr(value)
