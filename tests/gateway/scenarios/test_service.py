"""ScenarioService over real sockets: checked as a projection, the same number again, every refusal with its reason."""

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.client import Client, InvalidInputError, ServiceError, setting
from dafeng.common.v1 import common_pb2
from gateway.scenarios.doors import (
    DeleteScenarioRequest,
    GetScenarioRequest,
    name_violations,
    with_clean_name,
)
from services.common.door import open_door
from services.common.errors import DomainError

FRAME = common_pb2.Frame(region="jiangsu", first_year=2020, last_year=2060, weather_year="normal")


@pytest.fixture
def client(keeping):
    with Client(keeping[0], timeout_seconds=60) as made:
        yield made


def scenario(name, lever_id="", share=0.4):
    made = [setting(lever_id, {2035: share})] if lever_id else []
    return common_pb2.Scenario(name=name, baseline="planned", settings=made)


def a_path_lever(client):
    """A lever and a value within its bounds."""
    lever = next(e.lever for e in client.levers("jiangsu") if e.years and e.lever.high > e.lever.low)
    return lever.lever_id, (lever.low + lever.high) / 2


def test_a_saved_scenario_is_opened_listed_and_deleted(client):
    lever_id, value = a_path_lever(client)
    saved = client.kept_scenarios.save(FRAME, scenario("  海上风电 first ", lever_id, value))
    assert saved.scenario.name == "海上风电 first"
    assert saved.owner == "local" and len(saved.scenario_id) == 64
    assert saved.saved_at.endswith("Z") and len(saved.saved_at) == len("2026-01-01T00:00:00Z")
    opened = client.kept_scenarios.open(saved.scenario_id[:12])
    assert opened.saved == saved and opened.revision_now == saved.revision
    assert saved.frame.factor_set, "the factors that a link stands for are named"
    assert saved in client.kept_scenarios.list("jiangsu", page_size=1)
    client.kept_scenarios.delete(saved.scenario_id)
    with pytest.raises(ServiceError, match="was deleted at 20") as told:
        client.kept_scenarios.open(saved.scenario_id)
    assert told.value.code == "NOT_FOUND"


def test_every_violation_is_told_at_once(client):
    wrong = scenario("tab\there", "power.no_such_lever")
    wrong.settings.append(setting(a_path_lever(client)[0], {2035: 1e12}))
    frame = common_pb2.Frame(region="jiangsu", first_year=2050, last_year=2030, weather_year="wet")
    with pytest.raises(InvalidInputError) as told:
        client.kept_scenarios.save(frame, wrong)
    fields = {v.field for v in told.value.violations}
    assert {"scenario.name", "scenario.settings[0].lever_id", "frame.weather_year"} <= fields
    assert any(f.startswith("scenario.settings[1]") for f in fields)


@pytest.mark.parametrize("name", ["", "   ", "\n", "x" * 121, "nul\0", "a\u202eb", "a\u2028b"])
def test_a_bad_name_is_refused(client, name):
    with pytest.raises(InvalidInputError) as told:
        client.kept_scenarios.save(FRAME, scenario(name))
    assert [v.field for v in told.value.violations] == ["scenario.name"]


def test_a_name_of_120_characters_within_spaces_is_taken(client):
    saved = client.kept_scenarios.save(FRAME, scenario(f"  {'峰' * 120}  "))
    assert saved.scenario.name == "峰" * 120


@given(st.text(max_size=130))
@settings(max_examples=300)
def test_a_name_is_taken_exactly_when_nothing_in_it_is_a_control(name):
    clean = with_clean_name({"name": name})["name"]
    assert clean == name.strip()
    controls = any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in clean)  # fmt: skip
    assert bool(name_violations(clean)) == (not clean or controls)


@given(st.one_of(st.text(max_size=70), st.from_regex(r"[0-9a-fA-F]{8,70}\n?", fullmatch=True)))
@settings(max_examples=300)
def test_only_12_to_64_characters_of_a_digest_are_an_id(text):
    for door, least in ((GetScenarioRequest, 12), (DeleteScenarioRequest, 64)):
        good = least <= len(text) <= 64 and set(text) <= set("0123456789abcdef")
        try:
            open_door(door, {"scenario_id": text})
            taken = True
        except DomainError as error:
            taken = False
            assert [v.field for v in error.violations] == ["scenario_id"]
        assert taken == good


def test_bad_ids_tokens_and_regions_are_refused_and_unknown_ones_told(client):
    for call in (client.kept_scenarios.open, client.kept_scenarios.delete):
        with pytest.raises(InvalidInputError):
            call("abc")
        with pytest.raises(ServiceError, match="No such scenario is kept") as told:
            call("0" * 64)
        assert told.value.code == "NOT_FOUND"
    with pytest.raises(InvalidInputError, match="page_size"):
        list(client.kept_scenarios.list("jiangsu", page_size=501))
    with pytest.raises(InvalidInputError, match="atlantis"):
        list(client.kept_scenarios.list("atlantis"))


def test_200_callers_at_once_get_one_scenario(client):
    with ThreadPoolExecutor(20) as pool:
        found = pool.map(lambda _: client.kept_scenarios.save(FRAME, scenario("at once")), range(200))
        ids = {(s.scenario_id, s.saved_at) for s in found}
    assert len(ids) == 1


def test_a_page_in_a_browser_saves_and_opens_by_http(keeping):
    body = {"frame": {"region": "jiangsu", "first_year": 2020, "last_year": 2060, "weather_year": "normal"}}
    body["scenario"] = {"name": "by page", "baseline": "planned"}
    with httpx2.Client(base_url=keeping[1]) as http:
        route = "/dafeng.scenarios.v1.ScenarioService/"
        saved = http.post(f"{route}SaveScenario", json=body).json()["saved"]
        opened = http.post(f"{route}GetScenario", json={"scenario_id": saved["scenario_id"]}).json()
        assert opened["saved"] == saved
        refused = http.post(f"{route}GetScenario", json={"scenario_id": "f" * 64})
        assert refused.status_code == 404 and "UNKNOWN_SCENARIO" in json.dumps(refused.json())


def test_a_gateway_without_a_store_says_that_it_keeps_nothing(served):
    with Client(served[0]) as client, pytest.raises(ServiceError, match="keeps neither") as told:
        client.kept_scenarios.save(FRAME, scenario("x"))
    assert told.value.code == "FAILED_PRECONDITION"
