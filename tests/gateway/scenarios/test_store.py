"""Kept scenarios on disk, in SQLite and PostgreSQL: one row an id, told when damaged, there after a restart."""

import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update

from gateway.jobs.ports import StoreDamagedError
from gateway.jobs.store import SqlStore, open_store
from gateway.jobs.store.__main__ import main
from gateway.jobs.store.tables import scenarios
from gateway.owning import Sight
from gateway.scenarios.store import ScenarioStore
from gateway.scenarios.words import SavedScenario, text_of
from services.common.errors import DomainError
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Revision

LOCAL = Sight(owner="local")
FRAME = Frame(region="jiangsu", factor_set="balance_2020")
REVISION = Revision("1", "data")
MOMENTS = [f"2026-01-{day:02d}T08:00:00Z" for day in range(1, 29)]


def _scenario(name: str = "海上风电 first", share: float = 0.5) -> Scenario:
    settings = (LeverSetting(lever_id="power.some", years=(2030, 2040), values=(share, 1 / 3)),)
    return Scenario(name=name, baseline="planned", settings=settings)


@pytest.fixture
def kept(store: SqlStore) -> ScenarioStore:
    moments: Iterator[str] = iter(MOMENTS)
    return ScenarioStore(store.database, now=lambda: next(moments))


def _save(kept: ScenarioStore, name: str = "a", region: str = "jiangsu") -> SavedScenario:
    frame = FRAME.model_copy(update={"region": region})
    return kept.save(frame, _scenario(name), REVISION, "local")


def test_what_was_saved_is_opened_bit_by_bit(kept: ScenarioStore) -> None:
    saved = _save(kept)
    assert kept.get(saved.scenario_id) == saved
    assert saved.frame == FRAME and saved.scenario == _scenario("a")
    assert saved.scenario.settings[0].values == (0.5, 1 / 3)
    assert (saved.saved_at, saved.owner, saved.revision) == (MOMENTS[0], "local", REVISION)


def test_the_id_is_the_sha256_of_the_canonical_text(kept: ScenarioStore) -> None:
    saved = _save(kept)
    assert saved.scenario_id == hashlib.sha256(text_of(FRAME, _scenario("a")).encode()).hexdigest()


def test_saving_again_keeps_the_id_and_the_first_moment(kept: ScenarioStore) -> None:
    first = _save(kept)
    assert _save(kept) == first
    assert len(kept.listed("jiangsu", LOCAL, 10)) == 1


def test_another_name_or_value_is_another_scenario(kept: ScenarioStore) -> None:
    ids = {_save(kept, name).scenario_id for name in ("a", "b")}
    ids.add(kept.save(FRAME, _scenario("a", 0.5000000000000001), REVISION, "local").scenario_id)
    assert len(ids) == 3


def test_a_deleted_scenario_is_told_with_its_moment_and_comes_back_when_saved_again(
    kept: ScenarioStore,
) -> None:
    first = _save(kept)
    kept.delete(first.scenario_id)
    with pytest.raises(DomainError, match=MOMENTS[1]) as told:
        kept.get(first.scenario_id)
    assert told.value.reason == "SCENARIO_DELETED"
    assert kept.listed("jiangsu", LOCAL, 10) == ()
    kept.delete(first.scenario_id)  # a second time changes nothing
    with pytest.raises(DomainError, match=MOMENTS[1]):
        kept.get(first.scenario_id[:12])
    assert _save(kept) == first
    assert kept.get(first.scenario_id) == first


def test_a_deleted_scenario_leaves_no_text_behind(store: SqlStore, kept: ScenarioStore) -> None:
    saved = _save(kept, "秘密 secret name")
    kept.delete(saved.scenario_id)
    with store.database.transaction() as connection:
        (content,) = connection.execute(text("SELECT content FROM scenarios")).scalars()
    assert content == ""


def test_an_unknown_id_is_told(kept: ScenarioStore) -> None:
    for call in (kept.get, kept.delete):
        with pytest.raises(DomainError) as told:
            call("0" * 64)
        assert told.value.reason == "UNKNOWN_SCENARIO"


def test_a_beginning_of_an_id_opens_unless_two_begin_so(store: SqlStore, kept: ScenarioStore) -> None:
    ids = [_save(kept, f"n{i}").scenario_id for i in range(20)]
    assert all(kept.get(one[:12]).scenario_id == one for one in ids)
    assert kept.get(ids[0][:40]).scenario_id == ids[0]
    with store.database.transaction() as connection:  # no two digests begin alike: one is made to
        twin = ids[0][:20] + "f" * 44
        connection.execute(
            update(scenarios).where(scenarios.c.scenario_id == ids[1]).values(scenario_id=twin)
        )
    with pytest.raises(DomainError, match="several kept scenarios begin so") as told:
        kept.get(ids[0][:12])
    assert told.value.reason == "INVALID_INPUT"
    assert kept.get(ids[0]).scenario_id == ids[0]


def test_lists_are_by_region_the_newest_first(kept: ScenarioStore) -> None:
    names = [_save(kept, name).scenario.name for name in "abc"]
    _save(kept, "other", "jiangxi")
    assert [s.scenario.name for s in kept.listed("jiangsu", LOCAL, 10)] == names[::-1]
    assert kept.listed("jiangsu", Sight(owner="somebody"), 10) == ()


def test_pages_go_on_where_they_ended_though_others_save_and_delete(kept: ScenarioStore) -> None:
    ids = [_save(kept, str(i)).scenario_id for i in range(9)][::-1]
    page = kept.listed("jiangsu", LOCAL, 3)
    _save(kept, "new")
    kept.delete(page[-1].scenario_id)  # the one that the token names
    kept.delete(ids[4])
    rest = kept.listed("jiangsu", LOCAL, 10, page[-1].token)
    assert [s.scenario_id for s in page] == ids[:3]
    assert [s.scenario_id for s in rest] == [ids[3], *ids[5:]]


def test_a_token_of_another_region_is_refused(kept: ScenarioStore) -> None:
    other = _save(kept, "other", "jiangxi").token
    for token in (other, "0" * 64, f"{'0' * 64}:local"):
        with pytest.raises(DomainError, match="not a token of this call"):
            kept.listed("jiangsu", LOCAL, 3, token)


def test_the_quota_says_how_many_and_deleting_makes_room(store: SqlStore) -> None:
    kept = ScenarioStore(store.database, most_kept=2)
    first = _save(kept, "a")
    _save(kept, "b")
    _save(kept, "a")  # known already: not one more
    with pytest.raises(DomainError, match="at most 2") as told:
        _save(kept, "c")
    assert told.value.reason == "QUOTA"
    kept.delete(first.scenario_id)
    _save(kept, "c")
    with pytest.raises(DomainError, match="at most 2"):
        _save(kept, "a")  # coming back counts as well


def test_200_savings_of_one_scenario_at_once_make_one_row(kept: ScenarioStore, store: SqlStore) -> None:
    steady = ScenarioStore(store.database)
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: repr(_save(steady)), range(200)))
    assert len(found) == 1
    assert len(steady.listed("jiangsu", LOCAL, 500)) == 1


def test_200_scenarios_saved_at_once_are_all_kept_in_one_order(store: SqlStore) -> None:
    kept = ScenarioStore(store.database)
    with ThreadPoolExecutor(16) as pool:
        ids = {s.scenario_id for s in pool.map(lambda i: _save(kept, f"n{i}"), range(200))}
    pages: list[SavedScenario] = []
    while len(page := kept.listed("jiangsu", LOCAL, 30, pages[-1].token if pages else "")):
        pages += page
    assert len(pages) == 200 and {s.scenario_id for s in pages} == ids


def test_a_restart_keeps_what_was_saved_and_what_was_deleted(url: str) -> None:
    store = open_store(url)
    kept = ScenarioStore(store.database)
    saved, gone = _save(kept, "a"), _save(kept, "b")
    kept.delete(gone.scenario_id)
    store.close()
    store = open_store(url)
    kept = ScenarioStore(store.database)
    assert kept.get(saved.scenario_id) == saved
    with pytest.raises(DomainError, match="was deleted at"):
        kept.get(gone.scenario_id)
    store.close()


_DAMAGES = ["content", "saved_at", "owner", "deleted_at", "region", "model_version", "digest"]


@pytest.mark.parametrize("part", _DAMAGES)
def test_a_damaged_row_is_told_and_saving_again_mends_it(
    store: SqlStore, kept: ScenarioStore, part: str
) -> None:
    saved, sound = _save(kept, "a"), _save(kept, "b")
    with store.database.transaction() as connection:
        worse = {"content": '{"frame":{}}'}.get(part, "2020")
        own = scenarios.c.scenario_id == saved.scenario_id
        connection.execute(update(scenarios).where(own).values({part: worse}))
    for call in (kept.get, kept.delete):
        with pytest.raises(DomainError, match=saved.scenario_id) as told:
            call(saved.scenario_id)
        assert told.value.reason == "STORE_DAMAGED"
    assert kept.get(sound.scenario_id) == sound
    again = _save(kept, "a")
    assert again.scenario == saved.scenario and kept.get(saved.scenario_id) == again


def test_check_names_a_damaged_scenario_and_repair_leaves_it_out(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # a repair of a server keeps what it takes out in the folder it is called in
    store = open_store(url)
    kept = ScenarioStore(store.database)
    saved, sound = _save(kept, "a"), _save(kept, "b")
    store.close()
    _behind_its_back(url, f"UPDATE scenarios SET content = 'x' WHERE scenario_id = '{saved.scenario_id}'")
    assert main(["check", url]) == 1
    assert saved.scenario_id[:12] in capsys.readouterr().err
    assert main(["repair", url]) == 0
    assert f"kept scenario {saved.scenario_id} is lost" in capsys.readouterr().out
    assert main(["check", url]) == 0
    store = open_store(url)
    kept = ScenarioStore(store.database)
    assert kept.listed("jiangsu", LOCAL, 5) == (sound,)
    store.close()


def test_a_file_with_scenarios_alone_can_be_repaired(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.sqlite"
    store = open_store(url)
    saved = _save(ScenarioStore(store.database))
    store.close()
    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as file:
        file.execute("PRAGMA application_id=1")
    with pytest.raises(StoreDamagedError):
        open_store(url)
    assert main(["repair", url]) == 0
    store = open_store(url)
    assert ScenarioStore(store.database).get(saved.scenario_id) == saved
    store.close()


def _behind_its_back(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
