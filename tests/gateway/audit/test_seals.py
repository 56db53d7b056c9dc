"""Seals beside the chain: a restore is told and not taken for a forgery; a forgery shows; seals that fail are told."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dafeng.cli.app import app
from gateway.audit import seals
from gateway.audit.log import AuditLog
from gateway.audit.restoring import seal_restore, tell_restore
from gateway.audit.running import running_audit
from gateway.audit.seals import Seal
from gateway.audit.settings import AuditSettings
from gateway.audit.store import AuditStore
from gateway.audit.verify import verify
from gateway.audit.words import RESTORED
from gateway.jobs.ports import StoreFullError
from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.store.__main__ import main
from gateway.jobs.store.backup import copy_of
from services.common.errors import DomainError
from services.runtime.telemetry.metrics import metrics
from tests.gateway.audit.conftest import told


class Kept:
    """A SQLite store, its seals on another disk, and its copies."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "s.sqlite"
        self.url, self.seals = f"sqlite:///{self.path}", folder / "elsewhere.seals"
        self.seals.touch()

    def write(self, count: int, copy: str = "") -> None:
        """So many entries more and a seal, as a gateway does; a copy of it as it was after them."""
        store = open_store(self.url)
        log = AuditStore(store.database)
        log.append([told(n) for n in range(count)])
        end = log.end()
        if copy:
            copy_of(store.database, self.folder / copy)
        else:
            seals.add(self.seals, Seal(f"2026-01-01T00:00:{end.seq:02d}.000Z", end.seq, end.hash))
        store.close()

    def restore(self, copy: str, *options: str) -> int:
        return main(["restore", self.url, str(self.folder / copy), *options])

    def verify(self, *options: str) -> tuple[int, str]:
        given = options or ("--store", self.url, "--seal", str(self.seals))
        found = CliRunner().invoke(app, ["audit", "verify", *given])
        return found.exit_code, found.output


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Sealed at 5 and 12, copied at 9."""
    made = Kept(tmp_path)
    made.write(5)
    made.write(4, copy="copy.sqlite")
    made.write(3)
    return made


def test_a_restore_is_told_in_the_chain_and_the_seals_and_verify_names_it(kept: Kept, capsys: Any) -> None:
    assert kept.restore("copy.sqlite", "--seal", str(kept.seals)) == 0
    assert "goes on at entry 10" in capsys.readouterr().out
    for more in (0, 5):  # before the gateway goes on, and when it is past the places that were sealed
        if more:
            kept.write(more)
        code, said = kept.verify()
        assert code == 0, said
        assert "entry 10: restored on" in said and str(kept.folder / "copy.sqlite") in said
        assert "entries 12..12 sealed before are gone" in said and "local:" in said
    store = open_store(kept.url)
    (entry,) = AuditStore(store.database).listed(act=RESTORED)
    store.close()
    assert entry.seq == 10 and len(entry.digest) == 64 and entry.address == "command line"


def test_the_settings_of_the_gateway_name_the_seals_that_a_restore_tells(kept: Kept) -> None:
    config = kept.folder / "dafeng.toml"
    config.write_text(f'[audit]\nseal_file = "{kept.seals}"\n')
    assert kept.restore("copy.sqlite", "--config", str(config)) == 0
    assert kept.verify()[0] == 0


def test_seals_beside_the_store_are_told_of_a_restore_without_being_named(kept: Kept) -> None:
    kept.seals.rename(kept.path.with_name("s.sqlite.seals"))
    assert kept.restore("copy.sqlite") == 0
    code, said = kept.verify("--store", kept.url)
    assert code == 0 and "12..12" in said and "seals compared: 2" in said, said


def test_a_restore_without_its_seals_is_mended_by_a_command_that_verify_tells(kept: Kept) -> None:
    assert kept.restore("copy.sqlite") == 0
    kept.write(5)
    code, said = kept.verify()
    assert code == 1 and "entry 12: " in said and "dafeng audit seal --restored --to" in said
    mend = ["audit", "seal", "--restored", "--to", str(kept.seals), "--store", kept.url]
    assert CliRunner().invoke(app, mend).exit_code == 0
    code, said = kept.verify()
    assert code == 0 and "entries 12..12 sealed before are gone" in said, said
    assert CliRunner().invoke(app, mend).exit_code == 2, "told once"


def test_after_a_restore_is_told_a_cut_tail_and_a_changed_entry_still_show(kept: Kept) -> None:
    kept.restore("copy.sqlite", "--seal", str(kept.seals))
    store = open_store(kept.url)
    log = AuditStore(store.database)
    lines = seals.read(kept.seals)
    later = Seal("2099-01-01T00:00:00.000Z", 14, "f" * 64)
    assert [f.seq for f in verify(log, [*lines, later]).faults] == [11]
    assert [f.seq for f in verify(log, [later, *lines]).faults] == [11], "sealed after the restore"
    early = Seal("2026-01-01T00:00:00.000Z", 7, "f" * 64)
    assert [f.seq for f in verify(log, [early, *lines]).faults] == [7], "before the copy ends nothing is gone"
    store.close()


def test_a_line_of_a_restore_that_the_chain_does_not_tell_explains_nothing(kept: Kept) -> None:
    store = open_store(kept.url)
    log = AuditStore(store.database)
    tenth = list(log.each())[9]
    wrong = Seal("2026-01-01T00:00:11.000Z", 11, "f" * 64)
    forged = Seal("2099-01-01T00:00:00.000Z", 10, tenth.hash, "copy")
    assert [f.seq for f in verify(log, [wrong, forged]).faults] == [10, 11]
    unknown = Seal("2099-01-01T00:00:00.000Z", 10, "e" * 64, "copy")
    assert [f.seq for f in verify(log, [wrong, unknown]).faults] == [11, 10]
    store.close()


def test_a_copy_older_than_an_earlier_restore_undoes_it(kept: Kept) -> None:
    kept.write(2, copy="late.sqlite")
    kept.restore("copy.sqlite", "--seal", str(kept.seals))
    kept.write(1)
    kept.restore("late.sqlite", "--seal", str(kept.seals))
    kept.write(1)
    code, said = kept.verify()
    assert code == 0 and "entries 10..11 sealed before are gone" in said, said


def test_a_restore_whose_seals_are_not_there_changes_nothing(kept: Kept, capsys: Any) -> None:
    before = kept.path.read_bytes()
    assert kept.restore("copy.sqlite", "--seal", str(kept.folder / "away" / "x.seals")) == 1
    assert "no file of seals" in capsys.readouterr().err and kept.path.read_bytes() == before


@pytest.mark.parametrize("which", ["missing", "a folder"])
def test_seals_that_are_named_and_cannot_be_read_are_refused(kept: Kept, which: str) -> None:
    path = kept.folder if which == "a folder" else kept.folder / "none.seals"
    code, said = kept.verify("--store", kept.url, "--seal", str(path))
    assert code == 2 and "whole" not in said and str(path) in said.replace("\n", "")


def test_verify_says_how_many_seals_it_compared(kept: Kept) -> None:
    assert "对照封存 seals compared: 2" in kept.verify()[1]
    code, said = kept.verify("--store", kept.url)
    assert code == 0 and "未对照封存 no seals compared" in said


def test_an_export_is_whole_as_far_as_it_goes_and_compared_with_seals(kept: Kept) -> None:
    file = kept.folder / "export.jsonl"
    assert CliRunner().invoke(app, ["audit", "export", str(file), "--store", kept.url]).exit_code == 0
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[2:10]), "utf-8")
    code, said = kept.verify("--file", str(file))
    assert code == 0 and "whole as far as this file goes, entries 3 to 10" in said
    assert "no seals compared" in said
    code, said = kept.verify("--file", str(file), "--seal", str(kept.seals))
    assert code == 0 and "seals compared: 2" in said and "go on to entry 12, this file ends at 10" in said
    seals.add(kept.seals, Seal("2026-01-01T00:00:08.000Z", 8, "f" * 64))
    code, said = kept.verify("--file", str(file), "--seal", str(kept.seals))
    assert code == 1 and "entry 8: " in said


def test_a_store_that_is_not_there_is_not_sent_to_a_gateway(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["audit", "verify", "--store", f"sqlite:///{tmp_path / 'no.sqlite'}"])
    assert found.exit_code == 2 and "no.sqlite" in found.output.replace("\n", "")
    assert "--address" not in found.output


@pytest.mark.parametrize("place", ["", "no/such/folder/x.seals"])
async def test_a_seal_file_that_cannot_be_written_is_refused_at_the_start(
    store: SqlStore, tmp_path: Path, place: str
) -> None:
    path = tmp_path / place
    with pytest.raises(DomainError) as error:
        async with running_audit(store.database, AuditSettings(seal_file=str(path))):
            pass
    assert [v.field for v in error.value.violations] == ["audit.seal_file"]
    assert not (tmp_path / "no").exists(), "a folder is not made where a share may be away"


async def test_the_start_is_sealed_and_a_seal_that_fails_later_is_told_by_verify_and_a_figure(
    store: SqlStore, tmp_path: Path
) -> None:
    path = tmp_path / "x.seals"
    settings = AuditSettings(seal_file=str(path), seal_seconds=1)
    async with running_audit(store.database, settings) as audit:
        (first,) = seals.read(path)
        assert first.seq == 1 and audit.desk is not None
        path.unlink()
        path.mkdir()
        await _until(lambda: metrics().audit_sealed._value.get() == 0)
        (fault,) = (await audit.desk.verify()).faults
        assert "the seals cannot be read" in fault.what
        path.rmdir()
        path.touch(0o600)
        await _until(lambda: metrics().audit_sealed._value.get() == 1)
        assert (await audit.desk.verify()).faults == ()
        path.unlink()
        await _until(lambda: metrics().audit_sealed._value.get() == 0)
        assert not path.exists(), "a share that went away: not written on the disk below"
        path.write_text(json.dumps({"at": first.at, "seq": 1, "hash": first.hash}) + "\n")
        (fault,) = (await audit.desk.verify()).faults
        assert "no seal could be written" in fault.what
    metrics().audit_sealed.set(1)


async def test_figures_count_entries_and_tell_a_log_that_cannot_be_written(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.audit.log._AGAIN_SECONDS", 0.02)
    figures, log = metrics(), AuditStore(store.database)
    before = figures.audit_entries._value.get()
    async with AuditLog(log).running() as written:
        for number in range(3):
            written.tell(told(number))
        await written.flush()
        assert figures.audit_entries._value.get() == before + 3
        append = log.append
        monkeypatch.setattr(log, "append", _full)
        written.tell(told(4))
        await written.flush()
        assert (figures.audit_well._value.get(), figures.audit_waiting._value.get()) == (0, 1)
        monkeypatch.setattr(log, "append", append)
        await written.flush()
    assert (figures.audit_well._value.get(), figures.audit_waiting._value.get()) == (1, 0)
    assert figures.audit_entries._value.get() == before + 4


def test_a_restored_database_is_told_by_hand_in_both_places(store: SqlStore, tmp_path: Path) -> None:
    log, path = AuditStore(store.database), tmp_path / "x.seals"
    log.append([told(1)])
    seals.add(path, Seal("2026-01-01T00:00:00.000Z", 7, "f" * 64))
    seal_restore(path, tell_restore(log, "PostgreSQL"), just_now=True)
    found = verify(log, seals.read(path))
    assert found.faults == () and "entries 7..7" in found.notes[0]


def _full(_: object) -> None:
    raise StoreFullError("full")


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.05)
