"""TargetService over gRPC and HTTP: progress, answers, and every violation at once."""

import json
import math

import httpx2
import pytest

from dafeng.client import InvalidInputError
from dafeng.projection.v1 import projection_pb2
from dafeng.targets.v1 import targets_pb2

SEEN_ONLY = {"frame": {"region": "jiangsu", "first_year": 2020, "last_year": 2060, "weather_year": "normal"}}


def entered(**fields):
    return targets_pb2.EnteredValue(**fields)


def by_id(results):
    return {t.target_id: t for t in results}


def test_a_scenario_is_answered_with_progress_and_entered_values_outrank_it(client):
    heard = []
    mine = entered(item_id="JSP-17", year=2025, value=295.9, source="bulletin", status="final")
    report = client.targets.evaluate("jiangsu", entered=[mine], tell=heard.append)
    assert [p.done_count for p in heard] == [0, 1]
    assert (report.projected, report.baseline, len(report.targets)) == (True, "planned", 90)
    found = by_id(report.targets)["JSP-17"]
    assert (found.verdict, found.basis) == (projection_pb2.VERDICT_MISSED, "observed")
    assert found.tolerance_needed == pytest.approx(5.9)
    assert found.value_source.source == "bulletin"
    plain = by_id(client.project("jiangsu").targets)
    for target_id, answer in by_id(report.targets).items():
        if target_id != "JSP-17":
            assert answer == plain[target_id]
    early = by_id(report.targets)["JSP-06"]
    assert [r.name for r in early.readings] == ["main", "with_imported_power", "by_2030"]


def test_without_a_projection_nothing_is_modelled(client):
    report = client.targets.evaluate("jiangsu", without_projection=True)
    assert not report.projected
    assert {t.value_source.kind for t in report.targets if t.HasField("value_source")} == {"observation"}
    assert report.conflicts == client.targets.conflicts("jiangsu").conflicts


def test_the_catalogue_and_the_conflicts_are_listed(client):
    catalogue = client.targets.list("jiangsu")
    assert [d.document_id for d in catalogue.documents] == ["JSP", "JSS", "NTP", "JSD"]
    assert (len(catalogue.targets), len(catalogue.rules), len(catalogue.slots)) == (90, 43, 9)
    conflicts = client.targets.conflicts("jiangsu", as_of_year=2022)
    assert len(conflicts.not_checked) == 1
    earlier = [c for c in conflicts.conflicts if c.kind == targets_pb2.CONFLICT_KIND_OVERTAKEN]
    later = client.targets.conflicts("jiangsu").conflicts
    assert len(earlier) < len([c for c in later if c.kind == targets_pb2.CONFLICT_KIND_OVERTAKEN])


def test_every_violation_is_told_at_once(client):
    wrong = [
        entered(item_id="JSP-99", year=2025, value=1.0, source="a"),
        entered(item_id="JSP-17", year=2025, value=math.nan, source="a"),
        entered(item_id="JSP-17", year=2025, value=290.0),
        entered(item_id="JSP-17", year=1990, value=290.0, source="a"),
        entered(item_id="JSP-17", place="nantong", year=2025, value=290.0, source="a"),
        entered(item_id="JSP-15", year=2025, value=152.0, source="a"),
        entered(item_id="JSP-35", year=2025, value=1.5, source="a"),
        entered(item_id="NTP-D05", year=2025, value=2.0, source="a"),
        entered(item_id="JSP-S1", year=2030, value=18.0, source="a"),
        entered(item_id="JSP-17", year=2024, value=290.0, source="a"),
        entered(item_id="JSP-17", year=2024, value=291.0, source="b"),
        entered(item_id="JSP-17", year=2025, source="a"),
        entered(item_id="JSP-17", year=2025, value=290.0, source="a", date="May 2025"),
        entered(item_id="JSP-17", year=2025, value=290.0, source="a", role="asked"),
    ]
    with pytest.raises(InvalidInputError) as caught:
        client.targets.evaluate(
            "jiangsu", "hopeful", entered=wrong, tolerances={"JSP-02": 1.0, "JSP-98": 1.0}, anchor="chain"
        )
    fields = [v.field for v in caught.value.violations]
    for expected in [
        "scenario.baseline",
        "anchor",
        "entered[0].item_id",
        "entered[1].value",
        "entered[2].source",
        "entered[3].year",
        "entered[4].place",
        "entered[5].value",
        "entered[6].value",
        "entered[7].value",
        "entered[8].year",
        "entered[10]",
        "entered[11].value",
        "entered[12].date",
        "entered[13].role",
        "tolerances[0].target_id",
        "tolerances[1].target_id",
    ]:
        assert expected in fields, expected
    texts = " ".join(v.description for v in caught.value.violations)
    assert "did you mean JSP-" in texts


def test_settings_that_would_be_lost_are_refused(client):
    request = targets_pb2.EvaluateTargetsRequest(without_projection=True)
    request.frame.region, request.frame.first_year, request.frame.last_year = "jiangsu", 2020, 2060
    request.frame.weather_year = "normal"
    request.scenario.settings.add(lever_id="power.coal_capacity", years=[2030], values=[1.0])
    with pytest.raises(InvalidInputError, match=r"settings"):
        client.targets.follow(client.targets.stub.EvaluateTargets, request)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.targets.list("atlantis"),
        lambda c: c.targets.list("jiangsu", "atlantis"),
        lambda c: c.targets.conflicts("jiangsuu"),
        lambda c: c.targets.conflicts("jiangsu", as_of_year=1990),
        lambda c: c.targets.evaluate("atlantis", without_projection=True),
    ],
)
def test_unknown_regions_and_places_are_refused(client, call):
    with pytest.raises(InvalidInputError):
        call(client)


def test_what_is_entered_after_as_of_is_refused(client):
    late = entered(item_id="JSP-17", year=2025, value=290.0, source="a")
    with pytest.raises(InvalidInputError, match="as_of_year"):
        client.targets.evaluate("jiangsu", entered=[late], without_projection=True, as_of_year=2023)


def test_http_gives_progress_and_result_as_lines(http):
    url = f"{http}/dafeng.targets.v1.TargetService/EvaluateTargets"
    body = SEEN_ONLY | {"without_projection": True}
    lines = [json.loads(x) for x in httpx2.post(url, json=body, timeout=60).text.splitlines() if x]
    assert list(lines[0]) == ["progress"]
    assert len(lines[-1]["result"]["targets"]) == 90
    again = [json.loads(x) for x in httpx2.post(url, json=body, timeout=60).text.splitlines() if x]
    assert again[-1] == lines[-1]
