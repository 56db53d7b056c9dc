"""Stores for tests: a SQLite file, and a PostgreSQL server of our own when Debian's package is there."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.jobs.store import SqlStore, open_store


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server on a unix socket in a folder of its own, ended by its own pid."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="dafeng-pg-", dir="/tmp"))
    as_user: dict[str, object] = {}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"}
    run = {"check": True, "capture_output": True, **as_user}
    data = folder / "data"
    subprocess.run(
        [binaries[-1] / "initdb", "-D", data, "-U", "dafeng", "-A", "trust", "-E", "UTF8", "--no-locale"],
        **run,
    )  # type: ignore[call-overload]
    server = subprocess.Popen(
        [binaries[-1] / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=60", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=(folder.parent / f"{folder.name}.log").open("w"), **as_user,  # type: ignore[call-overload]
    )  # fmt: skip
    try:
        for _ in range(100):
            ready = subprocess.run(
                [binaries[-1] / "pg_isready", "-h", folder, "-d", "postgres"], capture_output=True
            )
            if ready.returncode == 0:
                break
            server.wait(0.1) if server.poll() is not None else time.sleep(0.1)
        yield f"postgresql+psycopg://dafeng@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)  # ends without waiting for idle connections
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is one: these tests kill processes, not machines, and write to disk a lot."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < 1024**3:
        yield tmp_path_factory.mktemp("store")
        return
    with tempfile.TemporaryDirectory(prefix="dafeng-store-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store that nobody has opened yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/batches.sqlite"
    return fresh_schema(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An open store of either kind."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def opens() -> Iterator[Callable[..., SqlStore]]:
    """Opens stores and closes them at the end."""
    held: list[SqlStore] = []

    def open_one(url: str, **options: int) -> SqlStore:
        held.append(open_store(url, **options))
        return held[-1]

    yield open_one
    for one in held:
        one.close()


def fresh_schema(postgres_url: str) -> str:
    """A schema of its own on the server: as good as a database, and quicker."""
    from sqlalchemy import create_engine, text

    name = f"t{uuid.uuid4().hex[:12]}"
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{postgres_url}&options=-csearch_path%3D{name}"
