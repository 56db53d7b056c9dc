"""A real gateway with users: nobody reaches another's drafts by any call, and the audit log says who tried."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx2
import pytest
from typer.testing import CliRunner

from dafeng.audit.v1 import audit_pb2, audit_pb2_grpc
from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from dafeng.cli.app import app
from dafeng.common.v1 import common_pb2
from dafeng.scenarios.v1 import scenarios_pb2, scenarios_pb2_grpc
from gateway.audit.spool import tell_command
from gateway.jobs.settings import BatchSettings
from gateway.jobs.store import open_store
from gateway.settings import ServeSettings
from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.users import User, Users
from tests.gateway.audit.tokens import token_for
from tests.gateway.conftest import free_port, running
from tests.gateway.jobs.store.cases import new_batch

USERS = {
    "nantong": User(user_id="nantong", roles=("planner",), scopes=("jiangsu/nantong",)),
    "suzhou": User(user_id="suzhou", roles=("analyst",), scopes=("jiangsu/suzhou",)),
    "province": User(user_id="province", roles=("planner",), scopes=("jiangsu",)),
    "auditor": User(user_id="auditor", roles=("auditor",), scopes=("*",)),
}
FRAME = common_pb2.Frame(region="jiangsu", first_year=2020, last_year=2060, weather_year="normal")

# Nothing stands in front of this gateway that could tell where its callers are.
ELSEWHERE = {"x-forwarded-for": "203.0.113.9"}


class Served:
    """A gateway, its store and its users' tokens."""

    def __init__(self, address: str, http: str, folder: Path, batch_id: str) -> None:
        self.address, self.http, self.folder, self.batch_id = address, http, folder, batch_id
        self.channel = grpc.insecure_channel(address)
        self.batches = batch_pb2_grpc.BatchServiceStub(self.channel)
        self.scenarios = scenarios_pb2_grpc.ScenarioServiceStub(self.channel)
        self.audit = audit_pb2_grpc.AuditServiceStub(self.channel)

    def call(self, method: Any, request: Any, user: str = "") -> Any:
        """A call as a user; nobody when none is named. A stream is read whole."""
        metadata = [("authorization", f"Bearer {token_for(self.folder / 'identity', user)}")] if user else []
        found = method(request, timeout=30, metadata=metadata)
        return list(found) if hasattr(found, "__next__") else found

    def refusal(self, method: Any, request: Any, user: str = "") -> tuple[str, str]:
        """Code and text of a refused call."""
        with pytest.raises(grpc.RpcError) as told:
            self.call(method, request, user)
        return told.value.code().name, told.value.details()

    def entries(self, **asked: Any) -> list[Any]:
        """Audit entries, the newest first."""
        request = audit_pb2.ListEntriesRequest(page_size=1000, **asked)
        return list(self.call(self.audit.ListEntries, request, "auditor").entries)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, module_patch: pytest.MonkeyPatch) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("audited")
    module_patch.setenv("DAFENG_DATA_DIR", str(folder))
    KeyFolder(folder / "identity").make()
    users = Users(folder / "identity")
    for user in USERS.values():
        users.put(user)
    url = f"sqlite:///{folder / 'batches.sqlite'}"
    store = open_store(url)
    batch, _ = store.create(new_batch("hers", caller="suzhou", scope="jiangsu/suzhou"))
    store.cancel(batch.batch_id)
    store.close()
    tell_command(folder, "identity.add_user", "nantong")
    http = f"127.0.0.1:{free_port()}"
    settings = ServeSettings(
        listen="127.0.0.1:0",
        http=http,
        batches=BatchSettings(store=url, workers=1),
        identity=IdentitySettings(mode="local", keys=str(folder / "identity")),
    )
    with running(settings) as address:
        yield Served(address, f"http://{http}", folder, batch.batch_id)
    found = CliRunner().invoke(app, ["audit", "verify", "--store", url])
    assert found.exit_code == 0, found.output
    exported = folder / "exported.jsonl"
    assert CliRunner().invoke(app, ["audit", "export", str(exported), "--store", url]).exit_code == 0
    acts = {json.loads(line)["act"] for line in exported.read_text("utf-8").splitlines()}
    assert {"gateway.start", "gateway.stop", "identity.add_user"} <= acts
    assert CliRunner().invoke(app, ["audit", "verify", "--file", str(exported)]).exit_code == 0
    seals = [json.loads(line) for line in (folder / "batches.sqlite.seals").read_text().splitlines()]
    assert seals[-1]["seq"] > 10


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def _scenario(name: str) -> Any:
    scenario = common_pb2.Scenario(name=name, baseline="planned")
    return scenarios_pb2.SaveScenarioRequest(frame=FRAME, scenario=scenario)


def test_every_call_about_anothers_batch_answers_as_if_it_did_not_exist(gateway: Served) -> None:
    calls = {
        gateway.batches.GetBatch: batch_pb2.GetBatchRequest,
        gateway.batches.WatchBatch: batch_pb2.WatchBatchRequest,
        gateway.batches.StreamResults: batch_pb2.StreamResultsRequest,
        gateway.batches.SummariseBatch: batch_pb2.SummariseBatchRequest,
        gateway.batches.GetMember: batch_pb2.GetMemberRequest,
        gateway.batches.CancelBatch: batch_pb2.CancelBatchRequest,
    }
    nobodys = "b-" + "0" * 24
    for method, request in calls.items():
        hidden = gateway.refusal(method, request(batch_id=gateway.batch_id), "nantong")
        absent = gateway.refusal(method, request(batch_id=nobodys), "nantong")
        assert hidden[0] == absent[0] == "NOT_FOUND"
        assert hidden[1].replace(gateway.batch_id, "") == absent[1].replace(nobodys, "")
    page = batch_pb2.ListBatchesRequest
    assert not gateway.call(gateway.batches.ListBatches, page(), "nantong").batches
    for token in (gateway.batch_id, nobodys):
        code, text = gateway.refusal(gateway.batches.ListBatches, page(page_token=token), "nantong")
        assert code == "INVALID_ARGUMENT" and "not a token" in text
    for user in ("suzhou", "province"):
        (batch,) = gateway.call(gateway.batches.ListBatches, page(), user).batches
        assert (batch.owner, batch.scope) == ("suzhou", "jiangsu/suzhou")
    tried = [e for e in gateway.entries(actor="nantong") if e.object == gateway.batch_id]
    assert len(tried) >= len(calls) and {(e.outcome, e.reason) for e in tried} <= {
        ("refused", "NOT_ALLOWED"),
        ("begun", ""),
    }


def test_the_same_scenario_of_two_owners_is_two_and_each_deletes_their_own(gateway: Served) -> None:
    save, stub = _scenario("same 同一"), gateway.scenarios
    mine, hers = (gateway.call(stub.SaveScenario, save, user).saved for user in ("nantong", "suzhou"))
    assert mine.scenario_id == hers.scenario_id
    assert (mine.owner, mine.scope, hers.owner) == ("nantong", "jiangsu/nantong", "suzhou")
    listing = scenarios_pb2.ListSavedScenariosRequest(region="jiangsu", page_size=1)
    assert [s.owner for s in gateway.call(stub.ListSavedScenarios, listing, "nantong").scenarios] == [
        "nantong"
    ]
    seen, token = [], ""
    while True:
        listing.page_token = token
        reply = gateway.call(stub.ListSavedScenarios, listing, "province")
        seen += [s.owner for s in reply.scenarios]
        if not (token := reply.next_page_token):
            break
    assert sorted(seen) == ["nantong", "suzhou"]
    gateway.call(
        stub.DeleteScenario, scenarios_pb2.DeleteScenarioRequest(scenario_id=mine.scenario_id), "nantong"
    )
    opened = gateway.call(
        stub.GetScenario, scenarios_pb2.GetScenarioRequest(scenario_id=mine.scenario_id), "suzhou"
    )
    assert opened.saved.owner == "suzhou"
    acts = gateway.entries(act="dafeng.scenarios.v1.ScenarioService/")
    assert [(e.actor, e.outcome) for e in acts if e.act.endswith("DeleteScenario")] == [
        ("nantong", "done"),
        ("nantong", "begun"),
    ]
    done = next(e for e in acts if e.act.endswith("SaveScenario") and e.outcome == "done")
    assert done.object == mine.scenario_id and len(done.digest) == 64


def test_anothers_scenario_cannot_be_opened_or_deleted_by_its_id(gateway: Served) -> None:
    hers = gateway.call(gateway.scenarios.SaveScenario, _scenario("苏州 draft"), "suzhou").saved.scenario_id
    for method, request in (
        (gateway.scenarios.GetScenario, scenarios_pb2.GetScenarioRequest),
        (gateway.scenarios.DeleteScenario, scenarios_pb2.DeleteScenarioRequest),
    ):
        hidden = gateway.refusal(method, request(scenario_id=hers), "nantong")
        absent = gateway.refusal(method, request(scenario_id="0" * 64), "nantong")
        assert hidden[0] == absent[0] == "NOT_FOUND"
        assert hidden[1].replace(hers, "") == absent[1].replace("0" * 64, "")
    assert gateway.call(
        gateway.scenarios.GetScenario, scenarios_pb2.GetScenarioRequest(scenario_id=hers), "suzhou"
    )


def test_refusals_at_both_doors_are_entries_and_the_log_is_for_auditors(gateway: Served) -> None:
    request = audit_pb2.ListEntriesRequest()
    assert gateway.refusal(gateway.audit.ListEntries, request)[0] == "UNAUTHENTICATED"
    assert gateway.refusal(gateway.audit.ListEntries, request, "province")[0] == "PERMISSION_DENIED"
    with httpx2.Client(base_url=gateway.http) as http:
        assert http.post("/dafeng.audit.v1.AuditService/ListEntries", json={}).status_code == 401
        assert http.post("/sign-in", data={"token": "wrong"}, headers=ELSEWHERE).status_code == 401
        token = token_for(gateway.folder / "identity", "auditor")
        assert http.post("/sign-in", data={"token": token}).status_code == 303
    signed_in = ("sign-in", "auditor", "done", "")
    said = set()
    for _ in range(100):  # what is told besides changes is written a moment later
        said = {(e.act, e.actor, e.outcome, e.reason) for e in gateway.entries()}
        if signed_in in said:
            break
        time.sleep(0.05)
    method = "dafeng.audit.v1.AuditService/ListEntries"
    assert {
        (method, "", "refused", "UNAUTHENTICATED"),
        (method, "province", "refused", "NOT_ALLOWED"),
    } <= said
    assert {("sign-in", "", "refused", "UNAUTHENTICATED"), signed_in} <= said
    (start,) = gateway.entries(act="gateway.start")
    assert start.seq <= 2
    (added,) = gateway.entries(act="identity.add_user")
    assert added.object == "nantong" and added.actor.startswith("local:")
    by_http = [e.address for e in gateway.entries(act="sign-in")]
    assert all(re.fullmatch(r"http:127\.0\.0\.1:\d+", a) for a in by_http)
    assert all(re.match(r"(ipv4|http):", e.address) for e in gateway.entries(act="dafeng."))


def test_the_command_asks_the_gateway_and_compares_seals_of_ones_own(gateway: Served, tmp_path: Path) -> None:
    env = {"DAFENG_TOKEN": token_for(gateway.folder / "identity", "auditor")}
    asked = ["audit", "verify", "--address", gateway.address]
    found = CliRunner().invoke(app, asked, env=env)
    assert found.exit_code == 0 and "seals compared: " in found.output, found.output
    own = tmp_path / "own.seals"
    sealed = ["audit", "seal", "--to", str(own), "--address", gateway.address]
    assert CliRunner().invoke(app, sealed, env=env).exit_code == 0
    found = CliRunner().invoke(app, [*asked, "--seal", str(own)], env=env)
    assert found.exit_code == 0 and "seals compared: 1" in found.output, found.output
    own.write_text(own.read_text().replace('"hash": "', '"hash": "0'))
    assert CliRunner().invoke(app, [*asked, "--seal", str(own)], env=env).exit_code == 1
    sealed[3] = str(tmp_path / "away" / "own.seals")
    assert CliRunner().invoke(app, sealed, env=env).exit_code == 2


def test_the_chain_is_verified_through_the_gateway(gateway: Served) -> None:
    found = gateway.call(gateway.audit.VerifyChain, audit_pb2.VerifyChainRequest(), "auditor")
    assert not found.faults and found.entry_count == found.last_seq >= 2
