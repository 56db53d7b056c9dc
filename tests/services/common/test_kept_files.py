"""What is kept in files is used when it is whole and of the same words, and calculated again otherwise."""

from dataclasses import dataclass

import numpy as np
import pytest

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


def keep(made, *words):
    def make():
        made.append(words)
        note("leaf", "subject", "name")
        return Made(np.array([0.1, np.nextafter(0.3, 1)]), 0.7)

    return kept_in_file("things", ("w", *words), ("common",), Made, make)


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
