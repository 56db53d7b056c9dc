"""Results as files that other software reads."""

import io
import resource
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.store.export import PIECE_BYTES, FileForm, export
from gateway.jobs.words import Row
from tests.gateway.jobs.store.cases import COLUMNS, new_batch, row, run_all

NAMES = [f"metric@{year}" for year in range(2020, 2020 + COLUMNS)]


def _read(data: bytes, form: FileForm) -> pa.Table:
    if form is FileForm.PARQUET:
        return pq.read_table(io.BytesIO(data))
    return pa.ipc.open_stream(data).read_all()


@pytest.mark.parametrize("form", list(FileForm))
def test_a_file_holds_every_member_bit_for_bit_and_says_what_it_is(store: SqlStore, form: FileForm) -> None:
    batch, _ = store.create(new_batch(members=30, chunk_size=7))
    failing = frozenset({0, 11})
    run_all(store, failing=failing)
    table = _read(b"".join(export(store, batch.batch_id, NAMES, form)), form)
    assert table.column_names == ["member", "failure", "detail", "digest", *NAMES]
    for member in range(30):
        expected = row(member, failing=failing)
        found = table.slice(member, 1).to_pylist()[0]
        assert (found["member"], found["failure"], found["digest"]) == (
            member,
            expected.failure,
            expected.digest,
        )
        assert [found[n] for n in NAMES] == (expected.values.tolist() or [None] * COLUMNS)
    told = {k.decode(): v.decode() for k, v in table.schema.metadata.items() if k.startswith(b"dafeng")}
    after = store.get(batch.batch_id)
    assert told["dafeng.result_digest"] == after.result_digest != ""
    assert told["dafeng.batch_id"] == batch.batch_id
    assert told["dafeng.release_status"] == "internal 内部测算 · 不得发布"


def test_some_columns_of_some_members_are_exported_alone(store: SqlStore) -> None:
    batch, _ = store.create(new_batch(members=30, chunk_size=7))
    run_all(store)
    data = b"".join(export(store, batch.batch_id, ["b"], FileForm.PARQUET, indices=[1], first=6, count=3))
    table = pq.read_table(io.BytesIO(data))
    assert table["member"].to_pylist() == [6, 7, 8]
    assert table["b"].to_pylist() == [row(m).values[1] for m in (6, 7, 8)]


def test_names_that_do_not_fit_the_columns_are_refused(store: SqlStore) -> None:
    batch, _ = store.create(new_batch())
    for names in (["a"], ["a"] * COLUMNS, ["member", *NAMES[1:]]):
        with pytest.raises(ValueError, match="names"):
            list(export(store, batch.batch_id, names, FileForm.ARROW))


def test_a_large_export_comes_in_pieces_and_holds_memory_flat(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/s.sqlite")
    columns, size = 1_000, 500
    batch, _ = store.create(new_batch(members=10_000, chunk_size=size, column_count=columns))
    values = np.random.default_rng(0).normal(size=(size, columns))
    while (lease := store.lease("w")) is not None:
        first = lease.chunk.first
        assert store.commit(lease, [Row.of(first + i, "x", values[i] * (1 + first)) for i in range(size)])
    names = [str(i) for i in range(columns)]
    next(export(store, batch.batch_id, names, FileForm.PARQUET, count=2_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pieces = total = 0
    for piece in export(store, batch.batch_id, names, FileForm.PARQUET):
        assert len(piece) <= PIECE_BYTES
        pieces, total = pieces + 1, total + len(piece)
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    store.close()
    assert pieces > 20 and total > 50 * 1024**2
    assert grown_mib < 60, "the file alone has 75 MiB"
