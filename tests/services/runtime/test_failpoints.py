"""Failpoints act where the environment says so, in tests alone."""

import io
import subprocess
import sys

import pytest

from services.common.errors import DomainError
from services.runtime import failpoints
from services.runtime.serve import Server


@pytest.fixture
def armed(monkeypatch):
    monkeypatch.setattr(failpoints, "_reached", type(failpoints._reached)())

    def arm(text, profile="test"):
        monkeypatch.setenv("DAFENG_FAILPOINTS", text)
        monkeypatch.setenv("DAFENG_PROFILE", profile)

    return arm


def test_without_the_environment_nothing_happens(monkeypatch):
    monkeypatch.delenv("DAFENG_FAILPOINTS", raising=False)
    failpoints.hit("a.place")
    failpoints.refuse_outside_tests()


def test_a_place_raises_the_error_it_is_told(armed):
    armed("a.place=raise:ENOSPC")
    failpoints.hit("another.place")
    with pytest.raises(OSError, match="No space left"):
        failpoints.hit("a.place")


def test_a_place_can_be_chosen_by_its_count_or_by_a_number(armed):
    armed("a.place=raise:EIO@3; b.place=raise:EIO@member=137")
    failpoints.hit("a.place")
    failpoints.hit("a.place")
    with pytest.raises(OSError):
        failpoints.hit("a.place")
    failpoints.hit("a.place")
    failpoints.hit("b.place", member=136)
    with pytest.raises(OSError):
        failpoints.hit("b.place", member=137)


def test_work_is_done_and_its_answer_lost(armed):
    armed("a.place=execute-then-fail:EIO")
    done = []
    with pytest.raises(OSError), failpoints.around("a.place"):
        done.append(1)
    assert done == [1]


def test_outside_the_test_profile_nothing_happens_and_no_server_starts(armed):
    armed("a.place=raise:EIO", profile="production")
    failpoints.hit("a.place")
    with pytest.raises(DomainError, match="for tests only"):
        Server("x", "127.0.0.1:0", [], with_reflection=False)


@pytest.mark.parametrize(
    "text", ["a.place", "a.place=explode", "a=raise:ENOTHING", "a=sleep:x", "a=kill@x", "=kill"]
)
def test_what_is_no_failpoint_is_refused(armed, text):
    armed(text)
    with pytest.raises(DomainError, match="not a failpoint"):
        failpoints.refuse_outside_tests()


def test_an_untouched_write_is_whole(armed):
    armed("other=kill")
    sink = io.BytesIO()
    failpoints.write("a.place", sink, b"abcdef")
    assert sink.getvalue() == b"abcdef"


def test_a_torn_write_leaves_half_and_ends_the_process(armed, tmp_path):
    armed("a.place=torn-write")
    program = (
        "import sys; from services.runtime import failpoints\n"
        "failpoints.write('a.place', open(sys.argv[1], 'wb'), b'abcdef')"
    )
    ended = subprocess.run([sys.executable, "-c", program, tmp_path / "x"], check=False)
    assert ended.returncode == -9
    assert (tmp_path / "x").read_bytes() == b"abc"
