"""The metrics that batches keep unless told otherwise."""

import pytest

from services.common.power_outcome import DispatchMode
from services.common.regions import load_region


@pytest.mark.parametrize("region_id", ["jiangsu", "jiangxi"])
def test_every_headline_metric_of_batches_exists_and_has_a_reason(shop, region_id):
    table = load_region(region_id).table("ensemble/batch_metrics")
    asked = [row["metric_id"] for row in table.rows()]
    (run,) = shop.do(
        shop.pipeline.project(
            {"region": region_id, "last_year": 2021}, {"scenario": {}}, DispatchMode.UNSPECIFIED
        )
    )
    known = {m.metric.metric_id for m in run.metrics}
    assert 40 <= len(asked) == len(set(asked)) <= 60
    assert set(asked) <= known
    assert all(p.derivation for p in table.provenance)
