"""Release control over a real gateway with sign-in: three people, another process, files for the public; and no leak."""

import base64
import csv
import io
import json
import struct

import grpc
import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from typer.testing import CliRunner

from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from dafeng.cli.app import app
from dafeng.common.v1 import common_pb2
from dafeng.power.v1 import modes_pb2
from dafeng.projection.v1 import projection_pb2
from dafeng.release.v1 import release_pb2, release_pb2_grpc
from dafeng.releases import check, fingerprint
from dafeng.scenarios.v1 import scenarios_pb2, scenarios_pb2_grpc
from gateway.api.connect import methods_of
from gateway.api.services import SERVICES
from gateway.jobs.settings import BatchSettings
from gateway.release.signing import public_half, public_pem
from gateway.settings import ServeSettings
from services.common.access import access_table
from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.readers import LocalTokens
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.users import User, Users
from services.runtime.logs import configure_logs
from services.runtime.telemetry.log_sink import flush_logs
from tests.gateway.conftest import free_port, running
from tests.gateway.release import web

PEOPLE = {
    "wang": ("planner", "jiangsu"),
    "li": ("reviewer", "jiangsu"),
    "zhao": ("releaser", "jiangsu"),
    "gu": ("viewer", "*"),
    "qian": ("planner", "jiangxi"),
}
FRAME = common_pb2.Frame(region="jiangsu", last_year=2030)
SECRETS = {"title": "机密标题ZQ9X", "name": "机密情景ZQ8X", "batch": "机密批次ZQ7X", "reason": "机密理由ZQ6X"}
OPTIONS = [("grpc.max_receive_message_length", 16 * 1024**2)]


class Office:
    """A gateway with sign-in, and the people who come to it."""

    def __init__(self, address, http, tokens, keys):
        self.address, self.http, self.keys = address, http, keys
        self._tokens = tokens
        self.channel = grpc.insecure_channel(address, options=OPTIONS)
        self.releases = release_pb2_grpc.ReleaseServiceStub(self.channel)
        self.public = release_pb2_grpc.PublicReleaseServiceStub(self.channel)

    def as_(self, who):
        return (("authorization", f"Bearer {self._tokens[who]}"),) if who else ()

    def headers(self, who):
        return dict(self.as_(who))

    def submit(self, title, who="wang", reason="请审核"):
        request = release_pb2.SubmitResultRequest(
            frame=FRAME, mode=modes_pb2.DISPATCH_MODE_FAST, title=title, reason=reason
        )
        return self.releases.SubmitResult(request, metadata=self.as_(who), timeout=120).release

    def review(self, release_id, who="li", approved=True):
        request = release_pb2.ReviewResultRequest(release_id=release_id, approved=approved, reason="已核对")
        return self.releases.ReviewResult(request, metadata=self.as_(who), timeout=300).release

    def release(self, release_id, who="zhao", supersedes=""):
        request = release_pb2.ReleaseResultRequest(
            release_id=release_id, reason="同意发布", supersedes=supersedes
        )
        return self.releases.ReleaseResult(request, metadata=self.as_(who), timeout=300).release


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    identity = IdentitySettings(mode="local", keys=str(folder / "keys"))
    KeyFolder(folder / "keys").make()
    users = Users(folder / "keys")
    for user_id, (role, scope) in PEOPLE.items():
        users.put(User(user_id=user_id, roles=(role,), scopes=(scope,)))
    issuer = LocalTokens(folder / "keys", identity)
    tokens = {user_id: issuer.issue(user_id, 3600) for user_id in PEOPLE}
    http = f"127.0.0.1:{free_port()}"
    store = BatchSettings(store=f"sqlite:///{folder / 'store.sqlite'}", workers=1)
    settings = ServeSettings(listen="127.0.0.1:0", http=http, identity=identity, batches=store)
    with running(settings) as address:
        yield Office(address, f"http://{http}", tokens, folder / "keys")


@pytest.fixture(scope="module")
def released(office):
    """A released result; calculated again in two other processes on its way."""
    release_id = office.submit("江苏碳达峰测算").release_id
    office.review(release_id)
    return office.release(release_id)


def refused(code, call, *given, **more):
    with pytest.raises(grpc.RpcError) as caught:
        call(*given, **more)
    assert caught.value.code() is code, caught.value
    return caught.value


def test_a_result_served_is_the_same_in_another_process_and_released_by_three_people(released):
    assert released.status == common_pb2.RELEASE_STATUS_RELEASED
    assert [s.actor for s in released.steps] == ["wang", "li", "zhao"]
    assert released.signature and len(released.manifest.sources) > 50
    assert set(released.manifest.sectors) == {"buildings", "transport", "industry", "power"}


def test_the_public_reads_it_without_a_token_and_without_people(office, released):
    request = release_pb2.GetReleasedRequest(release_id=released.release_id)
    reply, call = office.public.GetReleased.with_call(request)
    assert dict(call.trailing_metadata())["dafeng-release-status"] == "released"
    assert reply.projection.release_status == common_pb2.RELEASE_STATUS_RELEASED
    assert not any(s.actor for s in reply.release.steps)
    assert not [f for f in check(reply.release, reply.projection) if f.wrong]
    wrong = projection_pb2.Projection()
    wrong.CopyFrom(reply.projection)
    wrong.account.territorial_tco2[3] += 1.0
    assert [f.what for f in check(reply.release, wrong) if f.wrong]
    altered = release_pb2.Release()
    altered.CopyFrom(reply.release)
    altered.manifest.carbon_peak_year += 1
    assert [f.what for f in check(altered, reply.projection) if f.wrong]


def test_its_files_carry_state_and_manifest_id_everywhere(office, released):
    for ending in ("json", "csv", "xlsx"):
        reply = web.get(f"{office.http}/released/{released.release_id}.{ending}")
        assert reply.status_code == 200
        assert reply.headers["dafeng-release-status"] == "released"
        assert "public" in reply.headers["cache-control"]
        if ending == "json":
            found = json_format.Parse(reply.text, release_pb2.GetReleasedResponse())
            assert not [f for f in check(found.release, found.projection) if f.wrong]
        elif ending == "csv":
            rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
            assert "已发布" in rows[0][0] and rows[0][1] == released.manifest_id
            assert any(r[0] == "metric" for r in rows) and len(rows) > 100
        else:
            book = openpyxl.load_workbook(io.BytesIO(reply.content))
            for sheet in book:
                for text in (sheet["A1"].value, sheet.oddFooter.left.text):
                    assert "已发布" in text and released.manifest_id in text and "不得发布" not in text
            assert released.manifest_id in book.properties.description


def test_its_file_is_proved_without_a_gateway(office, released, tmp_path):
    file = tmp_path / "release.json"
    file.write_bytes(web.get(f"{office.http}/released/{released.release_id}.json").content)
    (tmp_path / "key.txt").write_text(released.public_key)
    key = tmp_path / "out" / "key.pem"
    made = CliRunner().invoke(app, ["release", "public-key", str(key), "--keys", str(office.keys)])
    assert made.exit_code == 0, made.output
    shown = fingerprint(base64.b64decode(released.public_key))
    assert shown in made.output and b"PRIVATE" not in key.read_bytes()
    for given in (tmp_path / "key.txt", key):
        run = CliRunner().invoke(app, ["release", "verify", str(file), "--key", str(given)])
        assert run.exit_code == 0 and shown in run.output and "as given" in run.output, run.output
    key.write_bytes(public_pem(Ed25519PrivateKey.generate().public_key()))
    run = CliRunner().invoke(app, ["release", "verify", str(file), "--key", str(key)])
    assert run.exit_code == 1 and "not the key given" in run.output and "as given" not in run.output
    plain = json.loads(file.read_text("utf-8"))
    title = plain["release"]["manifest"]["title"]
    file.write_text(file.read_text("utf-8").replace(title, title + "！"), "utf-8")
    run = CliRunner().invoke(app, ["release", "verify", str(file)])
    assert run.exit_code == 1 and "✗" in run.output


def test_the_key_that_proves_releases_and_the_page_of_each_are_public(office, released):
    reply = web.get(f"{office.http}/released/public-key.pem")
    assert reply.status_code == 200 and "public" in reply.headers["cache-control"]
    assert reply.content == public_pem(public_half(office.keys)) and b"PRIVATE" not in reply.content
    reply = web.get(f"{office.http}/released/{released.release_id}")
    assert reply.status_code == 307
    assert reply.headers["location"] == f"/released/#/{released.release_id}"
    reply = web.get(f"{office.http}/released/no-id")
    assert reply.status_code == 404 and reply.headers["dafeng-release-status"] == "internal"
    assert "no-id" in json.loads(reply.content)["message"]
    for path in ("/released/public-key.pem", f"/released/{released.release_id}"):
        assert web.get(office.http + path).headers["dafeng-release-status"] == "released"


def test_over_http_every_reply_says_its_status_and_what_is_internal_is_kept_by_nobody(office, released):
    service = f"{office.http}/dafeng.release.v1"
    public = web.post(f"{service}.PublicReleaseService/GetReleased", {"releaseId": released.release_id})
    assert public.headers["dafeng-release-status"] == "released"
    for reply in (
        web.post(f"{service}.ReleaseService/ListReleases", {}, headers=office.headers("wang")),
        web.post(f"{service}.ReleaseService/ListReleases", {}),
        web.get(f"{office.http}/released/{'0' * 24}.json"),
        web.get(f"{office.http}/healthz"),
    ):
        assert reply.headers["dafeng-release-status"] == "internal"
        assert reply.headers["cache-control"] == "no-store"


def test_who_has_not_the_role_or_the_place_is_refused(office, released):
    release_id = office.submit("待审").release_id
    refused(grpc.StatusCode.PERMISSION_DENIED, office.review, release_id, "wang")
    refused(grpc.StatusCode.PERMISSION_DENIED, office.review, release_id, "zhao")
    refused(grpc.StatusCode.PERMISSION_DENIED, office.submit, "x", "gu")
    refused(grpc.StatusCode.PERMISSION_DENIED, office.submit, "x", "qian")
    refused(grpc.StatusCode.UNAUTHENTICATED, office.submit, "x", "")
    refused(grpc.StatusCode.FAILED_PRECONDITION, office.release, release_id)
    get = release_pb2.GetReleaseRequest(release_id=release_id)
    refused(grpc.StatusCode.NOT_FOUND, office.releases.GetRelease, get, metadata=office.as_("qian"))


class Drafts:
    """What must not be reachable: ids to try, and texts and bytes that no reply may hold."""

    def __init__(self, office):
        self.release = office.submit(SECRETS["title"], reason=SECRETS["reason"])
        scenario = common_pb2.Scenario(name=SECRETS["name"], baseline="frozen")
        kept = scenarios_pb2_grpc.ScenarioServiceStub(office.channel)
        asked = scenarios_pb2.SaveScenarioRequest(frame=FRAME, scenario=scenario)
        self.scenario_id = kept.SaveScenario(asked, metadata=office.as_("wang")).saved.scenario_id
        request = batch_pb2.CreateBatchRequest(request_id="leak-test", title=SECRETS["batch"])
        spec = {
            "frame": {"region": "jiangsu", "last_year": 2025},
            "years": [2025],
            "random": {"member_count": 2, "seed": 1},
        }
        json_format.ParseDict({"spec": spec}, request)
        batches = batch_pb2_grpc.BatchServiceStub(office.channel)
        self.batch_id = batches.CreateBatch(request, metadata=office.as_("wang")).batch.batch_id
        manifest = self.release.manifest
        number = manifest.carbon_peak_tco2
        self.ids = (self.release.release_id, self.scenario_id, self.batch_id)
        texts = (*SECRETS.values(), self.release.manifest_id, manifest.result_digest, manifest.content_digest)
        self.hidden = [t.encode() for t in texts] + [repr(number).encode(), struct.pack("<d", number)]
        self.hidden += [json.dumps(t)[1:-1].encode() for t in SECRETS.values()]

    def in_(self, answer):
        return [hidden for hidden in self.hidden if hidden in answer]


@pytest.fixture(scope="module")
def drafts(office):
    return Drafts(office)


def filled(cls, draft_id):
    """A request that names a draft wherever it can."""
    request = cls()
    for field in request.DESCRIPTOR.fields:
        if field.name == "frame":
            request.frame.CopyFrom(FRAME)
        elif field.name == "region":
            request.region = "jiangsu"
        elif field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated:
            if field.name.endswith(("_id", "token", "supersedes")):
                setattr(request, field.name, draft_id)
            elif field.name == "reason":
                request.reason = "x"
    return request


def every_method():
    names = [s.name for s in SERVICES] + [
        n for n in access_table().methods if n not in {s.name for s in SERVICES}
    ]
    for name in names:
        try:
            yield from ((name, method) for method in methods_of(name).values())
        except ImportError:
            continue


def answer_of(office, method, request, who):
    """All that a call tells: replies, error, trailing metadata, as bytes."""
    kind = office.channel.unary_stream if method.streams else office.channel.unary_unary
    call = kind(
        method.path,
        request_serializer=method.request.SerializeToString,
        response_deserializer=lambda data: data,
    )
    told = []
    try:
        if method.streams:
            stream = call(request, metadata=office.as_(who), timeout=20)
            told += list(stream)
        else:
            reply, stream = call.with_call(request, metadata=office.as_(who), timeout=20)
            told.append(reply)
    except grpc.RpcError as error:
        stream = error
        told.append((error.details() or "").encode())
    told += [v if isinstance(v, bytes) else v.encode() for _, v in stream.trailing_metadata() or ()]
    return b"\n".join(told)


@pytest.mark.parametrize("who", ["", "gu"], ids=["nobody", "viewer"])
def test_nothing_unreleased_is_reachable_by_any_method(office, drafts, who):
    tried = 0
    for _, method in every_method():
        for draft_id in drafts.ids:
            request = filled(method.request, draft_id)
            assert not drafts.in_(answer_of(office, method, request, who)), method.path
            body = json_format.MessageToDict(request)
            reply = web.post(office.http + method.path, body, office.headers(who))
            assert not drafts.in_(reply.content), method.path
            assert "public" not in reply.headers["cache-control"], method.path
            tried += 2
    assert tried > 300


@pytest.mark.parametrize("who", ["", "gu", "qian"], ids=["nobody", "viewer", "another region"])
def test_nothing_unreleased_is_reachable_by_any_path(office, drafts, who):
    pages = list(access_table().pages)
    paths = [*pages]
    for draft_id in drafts.ids:
        for ending in ("", ".json", ".csv", ".xlsx", ".parquet", "/", "%2ejson", ".json?language=en"):
            paths += [f"/released/{draft_id}{ending}", f"/{draft_id}{ending}", f"/assets/{draft_id}{ending}"]
        paths += [f"/?scenario={draft_id}", f"/?release={draft_id}", f"/released?id={draft_id}"]
    for path in paths:
        reply = web.get(office.http + path, office.headers(who))
        assert not drafts.in_(reply.content), path
        assert not drafts.in_(str(reply.headers).encode()), path


def test_the_log_at_debug_holds_nothing_of_a_draft(office, drafts, capfd):
    configure_logs("debug")
    try:
        office.submit(SECRETS["title"], reason=SECRETS["reason"])
        get = release_pb2.GetReleaseRequest(release_id=drafts.release.release_id, with_projection=True)
        office.releases.GetRelease(get, metadata=office.as_("wang"))
        refused(
            grpc.StatusCode.NOT_FOUND,
            office.public.GetReleased,
            release_pb2.GetReleasedRequest(release_id=get.release_id),
        )
        web.get(f"{office.http}/released/{get.release_id}.json")
        flush_logs()
        told = "".join(capfd.readouterr()).encode()
    finally:
        configure_logs("error")
    # A result's digest is what operators find its call by; it says nothing of what the result holds.
    told = told.replace(drafts.release.manifest.result_digest.encode(), b"digest")
    lines = [line[:400] for line in told.splitlines() if drafts.in_(line)]
    assert b"GetRelease" in told and not lines, lines
