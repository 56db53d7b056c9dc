"""A copy made while the store serves is one sound moment of it, and can be put back."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from gateway.jobs import drill
from gateway.jobs.ports import StoreDamagedError, StoreRefusedError
from gateway.jobs.store import open_store
from gateway.jobs.store.__main__ import main
from gateway.jobs.store.backup import copy_of, keep_copies, restore
from tests.gateway.jobs.store.cases import new_batch, row, run_all, same_rows


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_copy_put_back_holds_every_batch_and_the_same_results(tmp_path):
    url, copy = _url(tmp_path / "s.sqlite"), tmp_path / "copy.sqlite"
    store = open_store(url)
    batch, _ = store.create(new_batch(members=10))
    run_all(store)
    copy_of(store.database, copy)
    store.create(new_batch("later"))
    store.close()
    (tmp_path / "s.sqlite").unlink()
    assert main(["restore", url, str(copy)]) == 0
    again = open_store(url)
    try:
        assert [b.request_id for b in again.batches()] == ["r-1"]
        assert same_rows(list(again.rows(batch.batch_id)), [row(m) for m in range(10)])
    finally:
        again.close()


def test_a_copy_is_sound_whatever_is_written_meanwhile(tmp_path):
    store = open_store(_url(tmp_path / "s.sqlite"))
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.create(new_batch(f"w-{number}", members=4))
            run_all(store)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [copy_of(store.database, tmp_path / f"c{k}.sqlite") for k in range(8)]
    finally:
        stop.set()
        writer.join()
        store.close()
    counts = []
    for copy in copies:
        opened = open_store(_url(copy))
        counts.append(len(opened.batches(limit=10_000)))
        opened.close()
    assert counts == sorted(counts)


def test_what_stood_in_the_place_is_kept_beside_it(tmp_path):
    url, copy = _url(tmp_path / "s.sqlite"), tmp_path / "copy.sqlite"
    store = open_store(url)
    copy_of(store.database, copy)
    store.create(new_batch("after the copy"))
    store.close()
    assert "另存" in restore(copy, url)[0]
    (kept,) = tmp_path.glob("s.sqlite.before-*")
    old = open_store(_url(kept))
    assert [b.request_id for b in old.batches()] == ["after the copy"]
    old.close()


def test_a_damaged_copy_or_an_open_store_changes_nothing(tmp_path, capsys):
    url, copy = _url(tmp_path / "s.sqlite"), tmp_path / "copy.sqlite"
    store = open_store(url)
    store.create(new_batch())
    copy_of(store.database, copy)
    with pytest.raises(StoreRefusedError, match="held by process"):
        restore(copy, url)
    store.close()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE records SET head = replace(head, 'r-1', 'r-2')")
    before = (tmp_path / "s.sqlite").read_bytes()
    with pytest.raises(StoreDamagedError):
        restore(copy, url)
    copy.write_bytes(copy.read_bytes()[:5000])
    assert main(["restore", url, str(copy)]) == 1 and "sound" in capsys.readouterr().err
    assert (tmp_path / "s.sqlite").read_bytes() == before
    assert not list(tmp_path.glob("*.restored*"))


def test_only_the_newest_copies_are_kept_and_their_owner_alone_reads_them(tmp_path):
    store = open_store(_url(tmp_path / "s.sqlite"))
    made = [keep_copies(store.database, tmp_path / "copies", 3) for _ in range(5)]
    store.close()
    assert sorted((tmp_path / "copies").iterdir()) == sorted(made[-3:])
    assert all(m.stat().st_mode & 0o077 == 0 for m in made[-3:])


class _Members:
    """Members that are `row`, or others."""

    def __init__(self, changed: frozenset[int]) -> None:
        self._changed = changed

    def block(self, first, count):
        return [row(m + 1000 if m in self._changed else m) for m in range(first, first + count)]

    def close(self):
        pass


@pytest.mark.parametrize(("changed", "code"), [(frozenset(), 0), (frozenset({8}), 1)])
def test_the_drill_calculates_members_again_and_names_those_that_differ(
    tmp_path, monkeypatch, capsys, changed, code
):
    store = open_store(_url(tmp_path / "s.sqlite"))
    store.create(new_batch(members=12))
    run_all(store)
    copy = copy_of(store.database, tmp_path / "copy.sqlite")
    store.close()
    monkeypatch.setattr(drill, "open_members", lambda _: _Members(changed))
    assert drill.main([str(copy), "--share", "0.25"]) == code
    told = capsys.readouterr().out
    assert "calculated again 3" in told
    assert ("[8]" in told) == bool(changed)
