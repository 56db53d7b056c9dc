"""The worker program as a process of its own, as a pod runs it: its exit codes and what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gateway.jobs import handover
from gateway.jobs.handover import Span, WorkSpec
from gateway.jobs.ports import StoreDamagedError
from gateway.jobs.shard_run import BadInputError
from gateway.jobs.store import open_store
from gateway.jobs.worker import _parser, task_of
from services.cache_place import make_usable, own_folder
from tests.gateway.jobs.kubernetes.cheap_worker import cheap_row
from tests.gateway.jobs.store.cases import new_batch
from tests.gateway.jobs.store.conftest import fresh_schema

ROOT = Path(__file__).resolve().parents[4]
CHEAP = [sys.executable, str(Path(__file__).with_name("cheap_worker.py"))]
SUPERVISED = [sys.executable, str(Path(__file__).with_name("supervised_worker.py"))]


def environment(**more):
    # What a node may have, and nothing else.
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **more}


def start(*arguments, program=CHEAP, cwd="/", **more):
    return subprocess.Popen(
        [*program, *arguments], env=environment(**more), cwd=cwd, stderr=subprocess.PIPE, text=True
    )


def run(*arguments, **more):
    process = start(*arguments, **more)
    text = process.communicate(timeout=60)[1]
    # Every message is one JSON line; what a dying child writes is not a message of the worker.
    lines = [json.loads(line) for line in text.splitlines() if more.get("program") is None or line[:1] == "{"]
    return process.returncode, lines


@pytest.fixture
def put(tmp_path):
    def put(says=None, members=10, chunk=4):
        work = WorkSpec("b1", "spec digest", members, chunk, json.dumps(says or {}))
        handover.write_spec(tmp_path, work)
        return work

    return put


def test_a_shard_is_calculated_and_stands_in_the_folder(tmp_path, put):
    work = put()
    code, lines = run("--batch", "b1", "--folder", str(tmp_path), JOB_COMPLETION_INDEX="1")
    assert code == 0, lines
    (path,) = handover.found(tmp_path, "b1")
    there = handover.read_rows(path, work)
    assert there.span == Span(4, 4)
    assert [r.digest for r in there.rows] == [cheap_row(n).digest for n in range(4, 8)]


@pytest.mark.slow
def test_a_shard_of_several_chunks_ends_with_the_last_member(tmp_path, put):
    put()
    code, _ = run("--batch", "b1", "--folder", str(tmp_path), "--chunks-per-shard", "2", "--shard", "1")
    assert code == 0
    assert [handover.span_of(p) for p in handover.found(tmp_path, "b1")] == [Span(8, 2)]


@pytest.mark.slow
def test_the_index_is_a_place_in_the_list_of_shards_that_run(tmp_path, put):
    put()
    code, _ = run("--batch", "b1", "--folder", str(tmp_path), "--only", "0,2", JOB_COMPLETION_INDEX="1")
    assert code == 0
    assert [handover.span_of(p) for p in handover.found(tmp_path, "b1")] == [Span(8, 2)]


@pytest.mark.slow
def test_a_second_run_changes_nothing_and_is_done(tmp_path, put):
    put()
    arguments = ("--batch", "b1", "--folder", str(tmp_path), "--shard", "0")
    assert run(*arguments)[0] == 0
    (path,) = handover.found(tmp_path, "b1")
    before = path.stat().st_mtime_ns
    code, lines = run(*arguments)
    assert (code, lines[-1]["event"]) == (0, "already_there")
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("says", "arguments"),
    [({"bad": True}, ("--shard", "0")), ({}, ("--shard", "3")), ({}, ("--shard", "0", "--sha256", "0" * 64))],
)
def test_bad_input_ends_with_42_and_says_why(tmp_path, put, says, arguments):
    put(says)
    code, lines = run("--batch", "b1", "--folder", str(tmp_path), *arguments)
    assert code == 42, lines
    assert lines[-1]["exit_code"] == 42
    assert lines[-1]["message"]
    assert list(handover.found(tmp_path, "b1")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--shard", "-1"),
        ("--shard", "x"),
        (),
        ("--shard", "2", "--only", "0-1"),
        ("--shard", "0", "--only", "z"),
        ("--shard", "0", "--chunks-per-shard", "0"),
        ("--shard", "0", "--store", "sqlite:////tmp/both.db"),
        ("--shard", "0", "--unknown"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_bad_input(arguments):
    with pytest.raises(BadInputError):
        task_of(_parser().parse_args(("--batch", "b1", "--folder", "/shared", *arguments)), {})


def test_a_damaged_command_line_ends_the_program_with_42():
    assert run("--batch", "b1", "--nonsense")[0] == 42


@pytest.mark.slow
def test_a_damaged_specification_ends_with_42(tmp_path, put):
    put()
    path = tmp_path / "b1" / "spec.json"
    path.write_text(path.read_text().replace("spec digest", "spec digesT"))
    assert run("--batch", "b1", "--folder", str(tmp_path), "--shard", "0")[0] == 42


@pytest.mark.slow
def test_an_unknown_batch_ends_with_42_after_a_look_again(tmp_path, put):
    put()
    assert run("--batch", "b2", "--folder", str(tmp_path), "--shard", "0")[0] == 42


def test_a_folder_that_is_not_there_ends_with_75(tmp_path):
    code, lines = run("--batch", "b1", "--folder", str(tmp_path / "away"), "--shard", "0")
    assert code == 75, lines


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_ends_with_75(tmp_path, put):
    put()
    rows = tmp_path / "b1" / "rows"
    rows.rmdir()
    rows.write_text("a file where a folder should be")
    assert run("--batch", "b1", "--folder", str(tmp_path), "--shard", "0")[0] == 75


@pytest.mark.slow
def test_a_database_that_is_not_there_ends_with_75_and_hides_its_password(tmp_path):
    url = f"postgresql+psycopg://dafeng:secret@/postgres?host={tmp_path}"
    code, lines = run("--batch", "b1", "--shard", "0", DAFENG_STORE_URL=url)
    assert code == 75, lines
    assert "secret" not in str(lines)


@pytest.mark.slow
def test_a_store_that_pods_cannot_share_is_nobodys_bad_input(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    try:
        code, _ = run("--batch", "b1", "--shard", "0", "--store", f"sqlite:///{tmp_path / 'store.sqlite'}")
        assert code == 1
    finally:
        store.close()


@pytest.fixture
def shared(postgres_url):
    """The URL of a PostgreSQL store with two batches of two chunks each: another's, and the pods' own."""
    url = fresh_schema(postgres_url)
    store = open_store(url)
    ids = [store.create(new_batch(f"r-{n}", members=8, spec_text="{}"))[0].batch_id for n in range(2)]
    store.close()
    return url, ids


def change(url, statement):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def version(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        return connection.execute(text("SELECT version_num FROM schema_version")).scalar_one()


@pytest.mark.parametrize("other", ["0001", "9999"])
def test_a_pod_neither_upgrades_nor_fails_for_good_by_a_schema_of_another_version(shared, other):
    url, (_, batch_id) = shared
    change(url, f"UPDATE schema_version SET version_num = '{other}'")
    if other == "0001":
        change(url, "DROP TABLE retention")  # an upgrade would make it again, and succeed
    code, lines = run("--batch", batch_id, "--shard", "0", DAFENG_STORE_URL=url)
    assert (code, version(url)) == (75, other)
    assert f"schema is {other}" in lines[-1]["message"]


def test_a_pod_does_not_make_a_store_where_there_is_none(postgres_url):
    code, lines = run("--batch", "b1", "--shard", "0", DAFENG_STORE_URL=fresh_schema(postgres_url))
    assert code == 75 and "not made" in lines[-1]["message"]


def test_damage_of_another_batch_is_no_business_of_a_pod_and_that_of_its_own_is_not_tried_again(shared):
    url, (another, batch_id) = shared
    change(url, f"UPDATE records SET head = 'damaged' WHERE batch_id = '{another}'")
    with pytest.raises(StoreDamagedError):
        open_store(url)
    code, lines = run("--batch", batch_id, "--shard", "0", DAFENG_STORE_URL=url)
    assert code == 0, lines
    for damage in (
        f"spec = '{{ }}' WHERE batch_id = '{batch_id}'",
        f"head = '' WHERE batch_id = '{batch_id}'",
    ):
        change(url, f"UPDATE records SET {damage}")
        code, lines = run("--batch", batch_id, "--shard", "1", DAFENG_STORE_URL=url)
        assert code == 42, lines


def test_eviction_ends_with_143_at_once_and_leaves_nothing_half_written(tmp_path, put):
    put({"slow_s": 30})
    process = start("--batch", "b1", "--folder", str(tmp_path), "--shard", "0")
    for line in process.stderr:
        if json.loads(line)["event"] == "started":
            break
    time.sleep(0.2)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 143
    assert time.monotonic() - asked < 2
    assert list((tmp_path / "b1" / "rows").iterdir()) == []


@pytest.mark.slow
def test_a_process_that_dies_leaves_nothing_half_written(tmp_path, put):
    put({"crash": [0]})
    process = start("--batch", "b1", "--folder", str(tmp_path), "--shard", "0")
    process.communicate(timeout=30)
    assert process.returncode == 7
    assert list((tmp_path / "b1" / "rows").iterdir()) == []


@pytest.mark.slow
def test_a_cache_folder_that_cannot_be_made_is_replaced(tmp_path, put):
    put()
    (tmp_path / "file").touch()
    code, lines = run(
        "--batch", "b1", "--folder", str(tmp_path), "--shard", "0",
        DAFENG_CACHE_DIR=str(tmp_path / "file" / "c"), TMPDIR=str(tmp_path),
    )  # fmt: skip
    assert code == 0
    assert lines[0]["event"] == "cache_replaced"
    assert Path(lines[0]["by"]).parent == tmp_path


def test_kernels_that_an_image_brings_read_only_are_copied(tmp_path, monkeypatch):
    brought = tmp_path / "brought"
    (brought / "kernels").mkdir(parents=True)
    (brought / "kernels" / "k.nbi").write_text("compiled")
    monkeypatch.setenv("DAFENG_CACHE_DIR", str(brought))

    def refused(dir):
        raise PermissionError(13, "read-only", str(dir))

    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make_usable()
    place = Path(os.environ["DAFENG_CACHE_DIR"])
    assert place != brought
    assert (place / "kernels" / "k.nbi").read_text() == "compiled"


@pytest.mark.parametrize("planted", ["open", "link"])
def test_a_cache_that_somebody_planted_is_not_taken(tmp_path, monkeypatch, planted):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place = tmp_path / f"dafeng-cache-{os.getuid()}"
    if planted == "link":
        place.symlink_to(tmp_path)
    else:
        place.mkdir()
        place.chmod(0o777)
    assert own_folder() != place


@pytest.mark.slow
def test_a_member_that_takes_its_process_down_fails_alone(tmp_path, put):
    work = put({"segv": [3], "endless": [6]}, members=8, chunk=8)
    code, lines = run(
        "--batch", "b1", "--folder", str(tmp_path), "--shard", "0", "--member-seconds", "1", program=SUPERVISED
    )  # fmt: skip
    assert code == 0, lines
    (path,) = handover.found(tmp_path, "b1")
    rows = handover.read_rows(path, work).rows
    assert {r.member: r.failure for r in rows if r.failure} == {3: "CRASH", 6: "TIME_LIMIT"}
    assert all(r.digest == cheap_row(r.member).digest for r in rows if not r.failure)


@pytest.mark.slow
def test_a_specification_that_cannot_be_opened_ends_with_42_and_names_the_field(tmp_path, put):
    put({"unknown": True})
    code, lines = run("--batch", "b1", "--folder", str(tmp_path), "--shard", "0", program=SUPERVISED)
    assert code == 42
    assert "no such region" in lines[-1]["message"]


@pytest.mark.slow
def test_eviction_takes_the_child_along(tmp_path, put):
    pid_file = tmp_path / "pid"
    put({"endless": [0], "pid": str(pid_file)})
    process = start("--batch", "b1", "--folder", str(tmp_path), "--shard", "0", program=SUPERVISED)
    end = time.monotonic() + 60
    while not (pid_file.exists() and pid_file.read_text()):
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 143
    child = Path(f"/proc/{pid_file.read_text()}")
    while child.exists():
        assert time.monotonic() < end, "the child outlived its parent"
        time.sleep(0.05)
    assert list((tmp_path / "b1" / "rows").iterdir()) == []
