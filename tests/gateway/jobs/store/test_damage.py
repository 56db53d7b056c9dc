"""Damaged stores (R-09): a wrong number is never served; what can be calculated again is, what cannot stops opening."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, text, update

from gateway.jobs.ports import StoreDamagedError, StoreRefusedError
from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.store.__main__ import main
from gateway.jobs.store.tables import batches, records, results
from gateway.jobs.words import BatchState
from services.common.errors import DomainError
from tests.gateway.jobs.store.cases import new_batch, row, run_all, same_rows


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repair of a server keeps damaged records in the folder it is called in."""
    monkeypatch.chdir(tmp_path)


def _change(url: str, *statements: object) -> None:
    """Change a closed store behind its back."""
    from sqlalchemy import create_engine

    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
    engine.dispose()


def _two_batches(url: str) -> tuple[str, str]:
    """A finished batch, and one that is half done."""
    store = open_store(url)
    first, _ = store.create(new_batch("r-1"))
    run_all(store)
    second, _ = store.create(new_batch("r-2"))
    lease = store.lease("w", second.batch_id)
    assert lease is not None
    assert store.commit(lease, [row(m) for m in range(4)])
    store.close()
    return first.batch_id, second.batch_id


@pytest.mark.parametrize("part", ["values", "digests", "failures", "first"])
def test_a_damaged_result_is_not_given_and_is_calculated_again(
    url: str, opens: Callable[..., SqlStore], part: str
) -> None:
    batch_id, _ = _two_batches(url)
    worse = {"values": bytes(160), "digests": bytes(128), "failures": '[[4,"CRASH",""]]', "first": 5}[part]
    _change(
        url,
        update(results).where(results.c.batch_id == batch_id, results.c.number == 1).values({part: worse}),
    )
    store = opens(url)
    before = store.get(batch_id)
    assert same_rows(list(store.rows(batch_id)), [row(m) for m in (0, 1, 2, 3, 8, 9)])
    open_again = store.get(batch_id)
    assert (open_again.state, open_again.done_count, open_again.result_digest) == (BatchState.RUNNING, 6, "")
    assert run_all(store, batch_id) == 1
    assert same_rows(list(store.rows(batch_id)), [row(m) for m in range(10)])
    after = store.get(batch_id)
    assert (after.state, after.result_digest) == (BatchState.COMPLETE, before.result_digest)


def test_a_missing_result_is_calculated_again(url: str, opens: Callable[..., SqlStore]) -> None:
    batch_id, _ = _two_batches(url)
    _change(url, results.delete().where(results.c.batch_id == batch_id, results.c.number == 2))
    store = opens(url)
    assert [r.member for r in store.rows(batch_id)] == list(range(8))
    assert run_all(store, batch_id) == 1
    assert store.get(batch_id).state is BatchState.COMPLETE


def test_a_damaged_count_is_counted_again(url: str, opens: Callable[..., SqlStore]) -> None:
    first, second = _two_batches(url)
    _change(url, update(batches).values(done_count=7, state="complete", result_digest="0" * 64))
    store = opens(url)
    assert store.get(first).done_count == 10
    found = store.get(second)
    assert (found.state, found.done_count, found.result_digest) == (BatchState.RUNNING, 4, "")
    run_all(store)
    assert store.get(first).result_digest == store.get(second).result_digest != ""


@pytest.mark.parametrize(
    "change",
    [
        {"spec": b"{}"},
        {"head": '{"member_count":99}'},
        {"batch_id": "b-other"},
        {"kind": "cancelled"},
    ],
)
def test_a_damaged_record_stops_opening_and_is_named_with_the_repair(
    url: str, change: dict[str, object], capsys: pytest.CaptureFixture[str], opens: Callable[..., SqlStore]
) -> None:
    first, second = _two_batches(url)
    _change(url, update(records).where(records.c.seq == 1).values(change))
    with pytest.raises(StoreDamagedError) as stopped:
        open_store(url)
    assert "record 1" in str(stopped.value)
    assert "python -m gateway.jobs.store repair" in str(stopped.value)
    assert main(["check", url]) == 1
    assert main(["repair", url]) == 0
    told = capsys.readouterr().out
    assert "kept" in told and f"batch {first} is lost" in told
    store = opens(url)
    with pytest.raises(DomainError) as lost:
        store.get(first)
    assert lost.value.reason == "STORE_DAMAGED"
    assert same_rows(list(store.rows(second)), [row(m) for m in range(4)])
    run_all(store)
    assert store.get(second).state is BatchState.COMPLETE
    # What was lost may be asked for again.
    assert store.create(new_batch("r-1"))[1]


@pytest.mark.parametrize(
    "change", [{"hash": "0" * 64}, {"previous": "0" * 64}, {"digest": "0"}, {"length": 1}]
)
def test_damage_that_the_chain_itself_proves_is_mended_without_loss(
    url: str, change: dict[str, object], opens: Callable[..., SqlStore]
) -> None:
    first, second = _two_batches(url)
    store = open_store(url)
    third = store.create(new_batch("r-3"))[0].batch_id
    store.close()
    _change(url, update(records).where(records.c.seq == 2).values(change))
    with pytest.raises(StoreDamagedError, match="record 2"):
        open_store(url)
    assert main(["repair", url]) == 0
    store = opens(url)
    assert {b.batch_id for b in store.batches()} == {first, second, third}


def test_a_torn_tail_is_cut_and_the_rest_kept(
    url: str, opens: Callable[..., SqlStore], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = _two_batches(url)
    _change(url, records.delete().where(records.c.seq == 2))
    with pytest.raises(StoreDamagedError, match="record 2: missing"):
        open_store(url)
    assert main(["repair", url]) == 0
    assert f"batch {second} is lost" in capsys.readouterr().out
    store = opens(url)
    assert [b.batch_id for b in store.batches()] == [first]
    assert store.create(new_batch("r-4"))[1]
    store.close()
    assert len(opens(url).batches()) == 2


def test_an_empty_file_is_damage_and_not_a_new_store(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite").touch()
    with pytest.raises(StoreDamagedError, match="is empty"):
        open_store(f"sqlite:///{tmp_path}/s.sqlite")


def test_a_broken_page_is_repaired_by_building_the_file_again(
    tmp_path: Path, opens: Callable[..., SqlStore]
) -> None:
    url = f"sqlite:///{tmp_path}/s.sqlite"
    _two_batches(url)
    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'results'"
        page = connection.execute(query).fetchone()[0]
    with (tmp_path / "s.sqlite").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 64)
    with pytest.raises(StoreDamagedError, match="damaged"):
        open_store(url)
    assert main(["repair", url]) == 0
    assert list(tmp_path.glob("s.sqlite.damaged-*"))
    store = opens(url)
    run_all(store)
    for batch in store.batches():
        assert batch.state is BatchState.COMPLETE
        assert same_rows(list(store.rows(batch.batch_id)), [row(m) for m in range(10)])


def _judge(url: str, truth: dict[str, str], cancelled: str) -> str:
    """What a damaged file leads to; fails when anything wrong is served."""
    try:
        store = open_store(url)
    except StoreDamagedError as stopped:
        assert "repair" in str(stopped)
        return "stopped"
    except StoreRefusedError as stopped:  # the schema's own number
        assert "schema is" in str(stopped)
        return "stopped"
    try:
        for batch in store.batches():
            if batch.batch_id not in truth:
                raise AssertionError(f"an unknown batch {batch}")
            assert batch.member_count == 10
            assert same_rows(
                list(store.rows(batch.batch_id)), [row(r.member) for r in store.rows(batch.batch_id)]
            )
        run_all(store)
        found = {b.batch_id: b for b in store.batches()}
        assert set(found) == set(truth)
        for batch_id, digest in truth.items():
            assert store.accepted(batch_id).member_count == 10
            if batch_id != cancelled:
                assert same_rows(list(store.rows(batch_id)), [row(m) for m in range(10)])
                run_all(store)
                assert store.get(batch_id).result_digest == digest
                assert same_rows(list(store.rows(batch_id)), [row(m) for m in range(10)])
            else:
                assert found[batch_id].state is BatchState.CANCELLED
    except StoreDamagedError:
        return "stopped"
    finally:
        store.close()
    return "right"


@pytest.fixture
def flipped_case(tmp_path: Path) -> tuple[Path, dict[str, str], str]:
    """A store with a finished, an open and a cancelled batch, and what is true of them."""
    url = f"sqlite:///{tmp_path}/truth.sqlite"
    first, second = _two_batches(url)
    store = open_store(url)
    cancelled = store.create(new_batch("r-3"))[0].batch_id
    store.cancel(cancelled)
    digest = store.get(first).result_digest
    store.close()
    return tmp_path / "truth.sqlite", {first: digest, second: digest, cancelled: ""}, cancelled


def _judge_bytes(data: bytes, folder: Path, truth: dict[str, str], cancelled: str) -> str:
    folder.mkdir()
    (folder / "s.sqlite").write_bytes(data)
    told = _judge(f"sqlite:///{folder}/s.sqlite", truth, cancelled)
    shutil.rmtree(folder)
    return told


@pytest.mark.slow
def test_no_flipped_byte_and_no_truncation_makes_a_wrong_number(
    tmp_path: Path, flipped_case: tuple[Path, dict[str, str], str]
) -> None:
    path, truth, cancelled = flipped_case
    whole = path.read_bytes()
    used = [i for i, byte in enumerate(whole) if byte]
    chance = random.Random(9)
    told = []
    for i in range(200):
        data = bytearray(whole)
        # Half of them where something is written: most of a small file is empty.
        at = chance.choice(used) if i % 2 else chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        told.append(_judge_bytes(bytes(data), tmp_path / "case", truth, cancelled))
    assert told.count("right") > 20 and told.count("stopped") > 20


def test_no_truncation_at_the_border_of_a_page_makes_a_wrong_number(
    tmp_path: Path, flipped_case: tuple[Path, dict[str, str], str]
) -> None:
    path, truth, cancelled = flipped_case
    whole = path.read_bytes()
    for border in range(4096, len(whole), 4096):
        for end in (border - 1, border, border + 1):
            assert _judge_bytes(whole[:end], tmp_path / "case", truth, cancelled) == "stopped"


def test_a_record_changed_while_the_store_is_open_is_noticed_by_its_reader(
    postgres_url: str, opens: Callable[..., SqlStore]
) -> None:
    from tests.gateway.jobs.store.conftest import fresh_schema

    url = fresh_schema(postgres_url)
    store = opens(url)
    batch, _ = store.create(new_batch())
    _change(url, update(records).values(spec=text("'x'::bytea")))
    with pytest.raises(DomainError) as found:
        store.spec_text(batch.batch_id)
    assert found.value.reason == "STORE_DAMAGED"
    with store.database.transaction() as connection:
        assert connection.execute(func.count(records.c.seq).select()).scalar() == 1
