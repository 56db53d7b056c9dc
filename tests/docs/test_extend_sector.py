"""docs/extend/sector.md, followed: the new sector is served, its CO2 is in the account, and a cluster reaches it."""

import json

import pytest

from tests.docs.extend_project import copied
from tests.docs.extend_steps import DOCS, steps
from tests.k8s import policies
from tests.k8s.kustomize import build


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    with copied(tmp_path_factory.mktemp("sector")) as made:
        made.follow(steps(DOCS / "extend" / "sector.md"))
        yield made


def projection(copy, name):
    return json.loads((copy.root / name).read_text("utf-8"))


def process_tco2(projected, sector):
    (found,) = (s["process_tco2"] for s in projected["sectors"] if s["sector"] == sector)
    return found


def test_its_process_co2_is_in_the_account(copy):
    before, after = projection(copy, "before.json"), projection(copy, "sorted.json")
    for one in (before, after):
        parts = [process_tco2(one, s["sector"]) for s in one["sectors"]]
        assert one["account"]["process_tco2"] == pytest.approx([sum(p) for p in zip(*parts, strict=True)])
    assert process_tco2(before, "waste")[0] == pytest.approx(2.3e6, rel=0.02)
    assert process_tco2(after, "waste")[-1] == pytest.approx(0.5 * process_tco2(before, "waste")[-1])
    assert process_tco2(after, "industry") == process_tco2(before, "industry")


def test_its_metrics_are_published_with_their_cities(copy):
    found = {m["metric"]["metric_id"]: m for m in projection(copy, "before.json")["metrics"]}
    assert {"waste.burnt_t", "waste.fossil_tco2"} <= set(found)
    ratio = found["waste.fossil_tco2"]["region_values"][0] / found["waste.burnt_t"]["region_values"][0]
    assert ratio == pytest.approx(0.20 * 0.39 * 0.95 * 44 / 12)


@pytest.mark.parametrize("overlay", ["dev", "production"])
def test_a_cluster_has_what_it_needs(copy, overlay, monkeypatch):
    whole = {"tls.crt", "tls.key", "ca.crt"}
    monkeypatch.setattr(policies, "SECRETS", policies.SECRETS | {"dafeng-waste-tls": whole})
    objects = build(copy.root / "k8s" / "overlays" / overlay)
    assert {rule.__name__: list(rule(objects)) for rule in policies.RULES if list(rule(objects))} == {}
    assert "waste" in {d["metadata"]["name"] for d in policies.deployments(objects)}
