"""BatchService over real sockets: accepted batches are calculated by real worker processes and read in every form."""

import io
import itertools
import json

import grpc
import httpx2
import numpy as np
import pyarrow.ipc
import pyarrow.parquet
import pytest

from dafeng.areas.batch import random_design, spec_of
from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from dafeng.client import Client, InvalidInputError, NotReadyError, ServiceError
from services.common.words import Revision

COUNT = 12
YEARS = (2025, 2030, 2035)
REQUESTS = (f"test-{i}" for i in itertools.count())


@pytest.fixture
def client(gateway):
    with Client(gateway[0], timeout_seconds=120) as made:
        yield made


@pytest.fixture(scope="module")
def spec():
    made = spec_of("jiangsu", years=YEARS, random=random_design(COUNT, seed=7))
    made.mode = 1  # fast
    return made


@pytest.fixture(scope="module")
def done(gateway, spec):
    """A batch that has ended."""
    with Client(gateway[0], timeout_seconds=120) as client:
        accepted = client.batches.create("shared", spec, title="共享 shared")
        last = list(client.batches.watch(accepted.batch_id))[-1]
        assert last.batch.state == batch_pb2.BATCH_STATE_COMPLETE, last
        return last.batch


def test_every_member_has_one_result_of_every_column(client, done):
    found = client.batches.get(done.batch_id)
    rows = list(client.batches.rows(done.batch_id))
    assert [r.member for r in rows] == list(range(COUNT))
    assert {len(r.values) for r in rows} == {len(found.columns)}
    assert np.isfinite([v for r in rows for v in r.values]).all()
    assert len({r.digest for r in rows}) == COUNT
    assert {c.year for c in found.columns if c.kind == batch_pb2.COLUMN_KIND_METRIC} <= {2020, *YEARS}
    assert found.spec.years == [2020, *YEARS]


def test_a_repeated_request_is_the_same_batch(client, done, spec):
    assert client.batches.create("shared", spec, title="共享 shared").batch_id == done.batch_id


def test_the_same_request_id_with_another_body_is_refused(client, done, spec):
    other = batch_pb2.BatchSpec()
    other.CopyFrom(spec)
    other.random.seed = 8
    with pytest.raises(ServiceError) as error:
        client.batches.create("shared", other)
    assert error.value.code == "ALREADY_EXISTS"


def test_another_cut_and_the_single_member_give_the_same_digests(client, done, spec):
    again = client.batches.create(next(REQUESTS), spec, chunk_size=5)
    last = list(client.batches.watch(again.batch_id))[-1].batch
    assert last.result_digest == done.result_digest != ""
    stored = {r.member: r.digest for r in client.batches.rows(done.batch_id)}
    found = client.batches.member(done.batch_id, 3)
    assert found.same and found.digest == stored[3]
    assert len(found.projection.years) == 41


def test_a_member_projected_in_full_has_the_values_that_were_kept(client, done):
    columns = client.batches.get(done.batch_id).columns
    found = client.batches.member(done.batch_id, 5)
    at = {y: i for i, y in enumerate(found.projection.years)}
    series = {m.metric.metric_id: m.region_values for m in found.projection.metrics}
    checked = 0
    for column, value in zip(columns, found.stored.values, strict=True):
        if column.kind == batch_pb2.COLUMN_KIND_METRIC and not column.place and column.metric_id in series:
            assert series[column.metric_id][at[column.year]] == pytest.approx(value, rel=1e-12), (
                column.column_id
            )
            checked += 1
    assert checked > 50


def test_files_hold_what_rows_hold(client, done, tmp_path):
    ids = [c.column_id for c in client.batches.get(done.batch_id).columns]
    rows = np.array([list(r.values) for r in client.batches.rows(done.batch_id)])
    parquet, arrow, text = tmp_path / "a.parquet", tmp_path / "a.arrow", tmp_path / "a.csv"
    client.batches.save(done.batch_id, parquet)
    client.batches.save(done.batch_id, arrow, batch_pb2.RESULT_FORMAT_ARROW, ids[:5])
    client.batches.save(done.batch_id, text, batch_pb2.RESULT_FORMAT_CSV, ids[:5])
    table = pyarrow.parquet.read_table(parquet)
    assert np.array_equal(np.column_stack([table[i].to_numpy() for i in ids]), rows)
    few = pyarrow.ipc.open_stream(io.BytesIO(arrow.read_bytes())).read_all()
    assert np.array_equal(np.column_stack([few[i].to_numpy() for i in ids[:5]]), rows[:, :5])
    assert "不得发布" in text.read_text("utf-8-sig").splitlines()[0]
    assert "不得发布" in table.schema.metadata[b"dafeng.release_status"].decode()


def test_statistics_are_those_of_the_rows(client, done):
    request = batch_pb2.SummariseBatchRequest(batch_id=done.batch_id)
    request.thresholds.add(column_id="carbon_peak.tco2", value=1.0)
    request.sensitivity_column_ids.append("carbon_peak.tco2")
    found = client.batches.summary(request)
    values = [r.values[0] for r in client.batches.rows(done.batch_id, ["carbon_peak.tco2"])]
    (peak,) = [p for p in found.percentiles if p.column_id == "carbon_peak.tco2"]
    assert peak.p50 == np.percentile(values, 50) and peak.highest == max(values)
    assert found.exceedances[0].above.share == 1.0
    assert sum(y.share for y in found.joint.years) == pytest.approx(1)
    assert sum(found.joint.cell_counts) == COUNT
    assert found.targets and all(
        0 <= t.met.low_share <= t.met.share <= t.met.high_share <= 1 for t in found.targets
    )
    assert found.sensitivities[0].inputs or found.sensitivities[0].reason


def test_what_rests_on_other_data_than_the_batch_is_refused_and_the_rest_goes_on(client, done, monkeypatch):
    monkeypatch.setattr("gateway.jobs.spec.revision_of", lambda _: Revision("other", "0" * 64))
    request = batch_pb2.SummariseBatchRequest(batch_id=done.batch_id)
    assert client.batches.summary(request).percentiles
    request.sensitivity_column_ids.append("carbon_peak.tco2")
    for ask in (lambda: client.batches.summary(request), lambda: client.batches.member(done.batch_id, 1)):
        with pytest.raises(ServiceError, match="another version"):
            ask()


def test_a_watcher_goes_on_from_its_token(client, done):
    (only,) = client.batches.watch(done.batch_id)
    assert only.percentiles and only.batch.done_count == COUNT
    again = list(client.batches.watch(done.batch_id, resume_token=only.resume_token))
    assert [w.batch.batch_id for w in again] in ([], [done.batch_id])


def test_cancelling_keeps_what_is_done_and_stops(client, spec):
    many = batch_pb2.BatchSpec()
    many.CopyFrom(spec)
    many.random.member_count = 4_000
    batch = client.batches.create(next(REQUESTS), many, chunk_size=8)
    for seen in client.batches.watch(batch.batch_id, interval_s=0.2):
        if seen.batch.done_count:
            break
    stopped = client.batches.cancel(batch.batch_id)
    assert stopped.state == batch_pb2.BATCH_STATE_CANCELLED
    assert 0 < stopped.done_count < 4_000
    last = list(client.batches.watch(batch.batch_id))[-1].batch
    assert last.state == batch_pb2.BATCH_STATE_CANCELLED
    assert len(list(client.batches.rows(batch.batch_id, ["carbon_peak.year"]))) == last.done_count


def test_a_bad_request_hears_every_fault_at_once(client):
    wrong = spec_of("jiangsu", "planed", years=[2031], random=random_design(0))
    wrong.metrics.add(metric_id="x" * 200)
    wrong.grid.axes.add(lever_id="power.no_such_lever", year=2030, values=[1.0])
    with pytest.raises(InvalidInputError) as error:
        client.batches.create("bad id", wrong)
    fields = " ".join(v.field for v in error.value.violations)
    for name in ("request_id", "baseline", "member_count", "metrics[0].metric_id"):
        assert name in fields, fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda s: s.metrics.add(metric_id="account.teritorial_tco2"), "spec.metrics[0].metric_id"),
        (
            lambda s: s.metrics.add(metric_id="account.territorial_tco2", place="paris"),
            "spec.metrics[0].place",
        ),
        (lambda s: s.target_ids.append("JSP-999"), "spec.target_ids[0]"),
        (lambda s: s.years.append(2019), "spec.years[3]"),
        (lambda s: s.frame.MergeFromString(b"\n\x05paris"), "spec.frame.region"),
    ],
)
def test_unknown_names_are_told_with_their_field(client, spec, change, field):
    wrong = batch_pb2.BatchSpec()
    wrong.CopyFrom(spec)
    change(wrong)
    with pytest.raises(InvalidInputError) as error:
        client.batches.create(next(REQUESTS), wrong)
    assert field in [v.field for v in error.value.violations]


def test_names_metrics_design_and_launcher_are_told_together_by_their_paths(client, spec):
    wrong = batch_pb2.BatchSpec()
    wrong.CopyFrom(spec)
    wrong.frame.last_year = 2050
    wrong.years.append(2055)
    wrong.random.policy_inputs.append("no_such_policy")
    wrong.metrics.add(metric_id="account.nothing")
    wrong.target_ids.append("JSP-999")
    with pytest.raises(InvalidInputError) as error:
        client.batches.create(next(REQUESTS), wrong, launcher="moon")
    assert [v.field for v in error.value.violations] == [
        "launcher",
        "spec.years[3]",
        "spec.target_ids[0]",
        "spec.random.policy_inputs[0]",
        "spec.metrics[0].metric_id",
    ]


def test_a_metric_of_adequacy_is_told_as_one_of_single_projections(client, spec):
    wrong = batch_pb2.BatchSpec()
    wrong.CopyFrom(spec)
    wrong.metrics.add(metric_id="power.eens_mwh")
    with pytest.raises(InvalidInputError, match="single projections only") as error:
        client.batches.create(next(REQUESTS), wrong)
    assert error.value.violations[0].field == "spec.metrics[0].metric_id"


def test_the_specification_of_a_batch_makes_the_same_batch(client, done):
    found = client.batches.get(done.batch_id)
    again = client.batches.create(next(REQUESTS), found.spec)
    assert again.batch_id != done.batch_id
    assert again.spec_digest == done.spec_digest
    client.batches.cancel(again.batch_id)


def violations(make):
    with pytest.raises(InvalidInputError) as error:
        make()
    return {v.field for v in error.value.violations}


def test_rows_and_watch_take_tokens_of_their_own_batch_only(client, done, gateway):
    for token in ("garbage", "b-000000000000000000000000.3", f"{done.batch_id}.{COUNT + 1}", "3"):
        with grpc.insecure_channel(gateway[0]) as channel:
            stub = batch_pb2_grpc.BatchServiceStub(channel)
            request = batch_pb2.StreamResultsRequest(batch_id=done.batch_id, resume_token=token)
            with pytest.raises(grpc.RpcError) as error:
                list(stub.StreamResults(request, timeout=20))
            assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT, token
    other = "b-000000000000000000000000.complete.1.0"
    assert violations(lambda: list(client.batches.watch(done.batch_id, resume_token=other))) == {
        "resume_token"
    }
    with grpc.insecure_channel(gateway[0]) as channel:
        stub = batch_pb2_grpc.BatchServiceStub(channel)
        first = batch_pb2.StreamResultsRequest(batch_id=done.batch_id, member_count=5)
        (some,) = stub.StreamResults(first, timeout=20)
        rest = batch_pb2.StreamResultsRequest(batch_id=done.batch_id, resume_token=some.resume_token)
        members = [r.member for m in stub.StreamResults(rest, timeout=20) for r in m.rows]
    assert members == list(range(5, COUNT))


@pytest.mark.parametrize(
    ("method", "request_", "field"),
    [
        ("ListBatches", batch_pb2.ListBatchesRequest(states=[0]), "states[0]"),
        ("ListBatches", batch_pb2.ListBatchesRequest(states=[99]), "states[0]"),
        ("ListBatches", batch_pb2.ListBatchesRequest(page_token="b-none"), "page_token"),
        ("ListBatches", batch_pb2.ListBatchesRequest(region="\0"), "region"),
        ("GetBatch", batch_pb2.GetBatchRequest(batch_id="\0"), "batch_id"),
        ("CreateBatch", batch_pb2.CreateBatchRequest(request_id="a", title="\x1b[31m"), "title"),
    ],
)
def test_hostile_words_are_refused_with_their_field(gateway, method, request_, field):
    found = httpx2.post(
        f"{gateway[1]}/dafeng.batch.v1.BatchService/{method}",
        content=request_.SerializeToString(),
        headers={"content-type": "application/proto"},
    )
    assert found.status_code == 400
    assert f"{field}: " in found.json()["message"]


def test_a_file_names_a_column_once_and_begins_inside_the_batch(client, done, tmp_path):
    twice = ["carbon_peak.tco2"] * 2
    assert violations(lambda: client.batches.save(done.batch_id, tmp_path / "a", column_ids=twice)) == {
        "column_ids[1]"
    }
    assert violations(lambda: list(client.batches.rows(done.batch_id, first_member=COUNT))) == {
        "first_member"
    }


def test_quotas_are_published_and_kept(client, spec):
    quotas = client.batches.quotas()
    assert [c.call_class for c in quotas.classes] == ["light", "short", "interactive", "heavy", "batch"]
    assert quotas.classes[0].own_in_flight >= 1
    assert (quotas.most_members, quotas.worker_count) == (5_000, 2)
    wrong = batch_pb2.BatchSpec()
    wrong.CopyFrom(spec)
    wrong.random.member_count = 5_001
    with pytest.raises(NotReadyError, match="quota"):
        client.batches.create(next(REQUESTS), wrong)


@pytest.mark.parametrize("name", ["GetBatch", "CancelBatch", "SummariseBatch", "GetMember"])
def test_an_unknown_batch_is_not_found(gateway, name):
    with grpc.insecure_channel(gateway[0]) as channel:
        request = getattr(batch_pb2, f"{name}Request")(batch_id="none")
        call = channel.unary_unary(
            f"/dafeng.batch.v1.BatchService/{name}",
            request_serializer=lambda m: m.SerializeToString(),
            response_deserializer=lambda b: b,
        )
        with pytest.raises(grpc.RpcError) as error:
            call(request, timeout=20)
    assert error.value.code() is grpc.StatusCode.NOT_FOUND


def test_http_says_the_same_as_grpc(gateway, client, done):
    base = f"{gateway[1]}/dafeng.batch.v1.BatchService"
    found = httpx2.post(f"{base}/GetBatch", json={"batch_id": done.batch_id}).json()
    assert found["batch"]["result_digest"] == done.result_digest
    watched = httpx2.post(f"{base}/WatchBatch", json={"batch_id": done.batch_id}).text.splitlines()
    assert json.loads(watched[-1])["batch"]["done_count"] == COUNT
    lines = httpx2.post(
        f"{base}/StreamResults", json={"batch_id": done.batch_id, "column_ids": ["carbon_peak.year"]}
    ).text.splitlines()
    rows = [row for line in lines for row in json.loads(line)["rows"]]
    assert [r["digest"] for r in rows] == [r.digest for r in client.batches.rows(done.batch_id)]
    missing = httpx2.post(f"{base}/GetBatch", json={"batch_id": "none"})
    assert missing.status_code == 404 and missing.json()["code"] == "not_found"


def test_a_gateway_without_a_store_says_so(served):
    with Client(served[0]) as client, pytest.raises(ServiceError, match="batches"):
        list(client.batches.list())
