"""A store of the former schema, with batches and scenarios in it, is upgraded: nothing lost, everything local's."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from gateway.jobs.store import SqlStore, migrate, open_store
from gateway.jobs.store import open as opening
from gateway.jobs.store.__main__ import main
from gateway.jobs.store.chain import Kind, append
from gateway.jobs.words import BatchState
from gateway.owning import Sight
from gateway.scenarios.store import ScenarioStore
from gateway.scenarios.words import id_of, text_of
from services.common.access import Subject
from services.common.errors import DomainError
from services.common.scenario import Frame, Scenario
from tests.gateway.jobs.store.cases import new_batch, row, run_all, same_rows

BATCHES = {"b-old": "r-old", "b-other": "r-other"}
FRAME = Frame(region="jiangsu", factor_set="balance_2020")


def _sealed(plain: dict[str, Any]) -> dict[str, Any]:
    return plain | {"digest": hashlib.sha256(json.dumps(plain).encode()).hexdigest()}


def _former(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store as the former schema had it, with two batches and a scenario; the scenario's id."""
    scripts = folder / "former"
    (scripts / "versions").mkdir(parents=True)
    for script in migrate._SCRIPTS.glob("**/*.py"):
        if script.name < "0004" or script.name == "env.py":
            (scripts / script.relative_to(migrate._SCRIPTS)).write_text(script.read_text())
    with monkeypatch.context() as patch:
        patch.setattr(opening, "migrate", lambda connection: migrate.migrate(connection, scripts))
        patch.setattr(opening, "_settle_all", lambda _: None)
        store = open_store(url)
    content = text_of(FRAME, Scenario(name="旧 old", baseline="planned"))
    with store.database.transaction() as connection:
        for batch_id, request_id in BATCHES.items():
            plain = asdict(new_batch(request_id))
            del plain["scope"]
            spec = plain.pop("spec_text").encode()
            seq = append(connection, Kind.ACCEPTED, batch_id, plain | {"created_at": "2026-01-01T00:00:00.000Z"}, spec)  # fmt: skip
            own = {
                "batch_id": batch_id,
                "seq": seq,
                "request_id": request_id,
                "region": "jiangsu",
                "state": "queued",
            }
            counts = dict.fromkeys(("done_count", "failed_count", "done_chunks", "stored_bytes"), 0)
            texts = dict.fromkeys(("started_at", "ended_at", "result_digest", "deleted_at"), "")
            _insert(connection, "batches", _sealed(own | counts | texts))
            for number in range(3 if url.startswith("postgresql") else 0):  # a file has them in memory
                chunk = {
                    "batch_id": batch_id,
                    "number": number,
                    "state": "waiting",
                    "attempt": 0,
                    "owner": "",
                }
                _insert(connection, "chunks", chunk)
        kept = {"scenario_id": id_of(content), "seq": 1, "region": "jiangsu", "content": content}
        kept |= {
            "saved_at": "2026-01-01T00:00:00Z",
            "owner": "local",
            "model_version": "1",
            "data_revision": "data",
        }
        _insert(connection, "scenarios", _sealed(kept | {"deleted_at": ""}))
    store.close()
    return id_of(content)


def _insert(connection: Any, table: str, values: dict[str, Any]) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def test_what_stood_in_a_store_of_the_former_schema_is_the_local_users(
    url: str, opens: Callable[..., SqlStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario_id = _former(url, tmp_path, monkeypatch)
    store = opens(url)
    assert [b.batch_id for b in store.batches()] == ["b-other", "b-old"]
    assert {(b.owner, b.scope) for b in store.batches()} == {("local", "jiangsu")}
    assert store.check_seen("b-old", Sight(owner="", scopes=("jiangsu",))) == Subject("jiangsu", "local")
    assert store.find_request("r-old").batch_id == "b-old"  # type: ignore[union-attr]
    run_all(store, "b-old")
    assert store.get("b-old").state is BatchState.COMPLETE
    assert same_rows(list(store.rows("b-old")), [row(m) for m in range(10)])
    saved = ScenarioStore(store.database).get(scenario_id)
    assert (saved.owner, saved.scope, saved.scenario.name) == ("local", "jiangsu", "旧 old")
    with pytest.raises(DomainError):
        ScenarioStore(store.database).get(scenario_id, Sight(owner="somebody", scopes=("jiangsu/nantong",)))


def test_damage_that_was_there_before_the_upgrade_still_shows_after_it(
    url: str, opens: Callable[..., SqlStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario_id = _former(url, tmp_path, monkeypatch)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE scenarios SET saved_at = '2020-01-01T00:00:00Z'"))
        connection.execute(text("UPDATE batches SET state = 'complete' WHERE batch_id = 'b-old'"))
    engine.dispose()
    store = opens(url)
    with pytest.raises(DomainError, match="does not have its digest"):
        ScenarioStore(store.database).get(scenario_id)
    assert store.get("b-old").state is BatchState.QUEUED, "its row was made again from its record"


def test_a_file_of_the_former_schema_can_be_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/s.sqlite"
    scenario_id = _former(url, tmp_path, monkeypatch)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE records SET head = 'x' WHERE batch_id = 'b-old'"))
    engine.dispose()
    assert main(["check", url]) == 1
    assert main(["repair", url]) == 0
    store = open_store(url)
    assert [b.batch_id for b in store.batches()] == ["b-other"]
    assert ScenarioStore(store.database).get(scenario_id).scope == "jiangsu"
    store.close()
