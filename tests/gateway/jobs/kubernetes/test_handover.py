"""Files by which a worker and the gateway hand each other work."""

import json

import numpy as np
import pytest

from gateway.jobs import handover
from gateway.jobs.handover import BadFileError, Span, WorkSpec
from gateway.jobs.shards import shards_of, shards_text
from gateway.jobs.words import Failure, Row
from tests.gateway.jobs.kubernetes.cheap_worker import cheap_row

WORK = WorkSpec("b1", "digest of the specification", 10, 4, '{"text": "说明"}')
ODD = (0.1, -0.0, 5e-324, 1.7976931348623157e308, float("nan"))


def rows_of(span):
    rows = [cheap_row(n) for n in range(span.first, span.first + span.count)]
    rows[0] = Row.of(span.first, "odd", np.array(ODD))
    rows[-1] = Row.failed(rows[-1].member, Failure.CRASH, "进程结束 = -11")
    return rows


@pytest.fixture
def written(tmp_path):
    span = Span(4, 4)
    handover.write_spec(tmp_path, WORK)
    assert handover.write_rows(tmp_path, WORK, 1, span, rows_of(span))
    return tmp_path, span, *handover.found(tmp_path, "b1")


def test_rows_come_back_bit_for_bit(written):
    _, span, path = written
    there = handover.read_rows(path, WORK)
    assert there.span == span
    for got, put in zip(there.rows, rows_of(span), strict=True):
        assert got.values.tobytes() == put.values.tobytes()
        assert (got.member, got.digest, got.failure, got.detail) == (
            put.member, put.digest, put.failure, put.detail,
        )  # fmt: skip


def test_a_second_attempt_leaves_the_file_that_is_there(written):
    folder, span, path = written
    before = (path.stat().st_ino, path.read_bytes())
    assert not handover.write_rows(folder, WORK, 1, span, rows_of(span))
    assert (path.stat().st_ino, path.read_bytes()) == before


def test_any_changed_byte_is_noticed(written):
    path = written[2]
    good = path.read_bytes()
    for at in range(0, len(good), 3):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x41]) + good[at + 1 :])
        with pytest.raises(BadFileError):
            handover.read_rows(path, WORK)


@pytest.mark.parametrize("keep", [0, 1, 4, 100, -1])
def test_a_cut_file_is_refused_and_written_again(written, keep):
    folder, span, path = written
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BadFileError):
        handover.read_rows(path, WORK)
    assert handover.write_rows(folder, WORK, 1, span, rows_of(span))
    assert len(handover.read_rows(path, WORK).rows) == span.count


@pytest.mark.parametrize(
    "other",
    [
        WorkSpec("b2", WORK.spec_digest, 10, 4, WORK.spec_text),
        WorkSpec("b1", "another specification", 10, 4, WORK.spec_text),
    ],
)
def test_a_file_of_another_batch_or_specification_is_refused(written, other):
    with pytest.raises(BadFileError, match=r"wrong (batch|spec_digest)"):
        handover.read_rows(written[2], other)


def test_a_file_under_the_name_of_other_members_is_refused(written):
    path = written[2]
    moved = path.with_name(path.name.replace("m00000004", "m00000000"))
    path.rename(moved)
    with pytest.raises(BadFileError):
        handover.read_rows(moved, WORK)


def test_rows_that_are_not_the_members_asked_for_are_never_written(tmp_path):
    handover.write_spec(tmp_path, WORK)
    with pytest.raises(ValueError, match="not members 4 to 7"):
        handover.write_rows(tmp_path, WORK, 1, Span(4, 4), rows_of(Span(0, 4)))
    assert list(handover.found(tmp_path, "b1")) == []


def test_an_unfinished_file_is_never_found(written):
    folder, _, path = written
    path.with_name(f".{path.name}.1234").write_bytes(b"half")
    assert list(handover.found(folder, "b1")) == [path]


def test_the_specification_is_checked_against_both_digests(tmp_path):
    digest = handover.write_spec(tmp_path, WORK)
    path = tmp_path / "b1" / handover.SPEC_FILE
    assert handover.read_spec(path, digest) == WORK
    with pytest.raises(BadFileError):
        handover.read_spec(path, "0" * 64)
    body = json.loads(path.read_text())
    path.write_text(json.dumps({**body, "chunk_size": 5}))
    with pytest.raises(BadFileError):
        handover.read_spec(path)


@pytest.mark.parametrize("batch_id", ["", "..", "a/b", ".hidden", "a\0b"])
def test_a_batch_id_cannot_leave_the_folder(tmp_path, batch_id):
    with pytest.raises(ValueError, match="not a batch id"):
        handover.batch_folder(tmp_path, batch_id)


def test_the_last_shard_is_as_long_as_members_are_left():
    assert [WORK.span(n * 2, 2) for n in range(2)] == [Span(0, 8), Span(8, 2)]


def test_lists_of_shards_are_short_and_read_back():
    numbers = (0, 1, 2, 5, 7, 8)
    assert shards_text(numbers) == "0-2,5,7-8"
    assert shards_of("0-2,5,7-8") == numbers
    assert shards_of("") == ()


@pytest.mark.parametrize("text", ["a", "3-1", "1,,2", "-1", "1-99999999", "1-2-3"])
def test_a_list_of_shards_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match="not a list"):
        shards_of(text)
