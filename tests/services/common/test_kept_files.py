"""What is kept in files is used when it is whole and of the same words, and calculated again otherwise."""

import os
import time
from dataclasses import dataclass

import numpy as np
import pytest

from services.common import kept_files
from services.common.arrays import FloatArray
from services.common.kept_files import kept_in_file
from services.common.recording import Read, note, recording


@dataclass(frozen=True, eq=False)
class Made:
    values: FloatArray
    step_k: float


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DAFENG_CACHE_DIR", str(tmp_path))
    return tmp_path


def keep(made, *words, subjects=("subject",)):
    def make():
        made.append(words)
        note("leaf", "subject", "name")
        return Made(np.array([0.1, np.nextafter(0.3, 1)]), 0.7)

    return kept_in_file("things", ("w", *words), ("common",), subjects, Made, make)


def test_the_second_call_reads_the_same_bits_and_tells_the_same_reads(folder):
    made = []
    with recording() as first:
        a = keep(made)
    with recording() as second:
        b = keep(made)
    assert len(made) == 1
    assert a.values.tobytes() == b.values.tobytes() and a.step_k == b.step_k
    assert (
        first == second and {r.subject for r in first} == {"subject"} and isinstance(next(iter(second)), Read)
    )
    with pytest.raises(ValueError, match="read-only"):
        b.values[0] = 1.0


def test_other_words_are_other_files(folder):
    made = []
    keep(made, "hot")
    keep(made, "cold")
    assert len(made) == 2


def test_what_read_other_data_than_it_is_named_after_is_not_kept(folder):
    made = []
    for _ in range(2):
        keep(made, subjects=("another",))
    assert len(made) == 2
    assert not list(folder.rglob("*.npz"))


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_file_is_calculated_again(folder, damage):
    made = []
    keep(made)
    (path,) = (folder / "things").iterdir()
    body = bytearray(path.read_bytes())
    for at in range(30, len(body), 97) if damage == "flip" else [0]:
        path.write_bytes(
            {
                "flip": bytes(body[:at]) + bytes([body[at] ^ 0x55]) + bytes(body[at + 1 :]),
                "cut": bytes(body[: len(body) // 2]),
                "empty": b"",
            }[damage]
        )
        found = keep(made)
        assert found.values.tolist() == [0.1, np.nextafter(0.3, 1)] and found.step_k == 0.7


def test_a_folder_that_cannot_be_written_costs_time_only(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DAFENG_CACHE_DIR", str(tmp_path / "file"))
    made = []
    keep(made)
    keep(made)
    assert len(made) == 2


def test_a_folder_keeps_the_files_that_were_used_last(folder):
    made = []
    most = kept_files._MOST_FILES
    for n in range(most):
        keep(made, str(n))
    files = {path.stat().st_mtime_ns: path for path in (folder / "things").iterdir()}
    assert len(files) == most
    now = time.time()
    for age, (_, path) in enumerate(sorted(files.items(), reverse=True)):  # the first made is the oldest
        os.utime(path, (now - 60 * age - 60,) * 2)
    keep(made, "0")  # read: used now
    for n in range(3):
        keep(made, f"new {n}")
    assert len(list((folder / "things").iterdir())) == most
    assert len(made) == most + 3
    keep(made, "0")
    keep(made, str(most - 1))
    assert len(made) == most + 3
    for n in (1, 2, 3):
        keep(made, str(n))
    assert len(made) == most + 6


def test_what_an_ended_process_left_half_written_goes_after_a_day(folder):
    keep([])
    (old,) = (folder / "things").iterdir()
    left, fresh = old.with_name("a.npz.7.part"), old.with_name("b.npz.8.part")
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 100_000,) * 2)
    keep([], "other")
    assert not left.exists() and fresh.exists() and old.exists()


def test_a_file_that_cannot_be_deleted_or_touched_costs_nothing(folder, monkeypatch):
    monkeypatch.setattr(kept_files, "_MOST_FILES", 1)

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    made = []
    for name in ("a", "b", "a", "b"):
        assert keep(made, name).step_k == 0.7
    assert len(made) == 2
