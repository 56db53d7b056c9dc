"""Attribution with the real services: sums, signs, idle levers, baselines, bad input."""

import numpy as np
import pytest

from gateway.compare.attribute import attribute
from services.common.errors import DomainError

YEARS = (2030, 2031)


def lever(lever_id, value, year=2027):
    return {"lever_id": lever_id, "years": (year,), "values": (value,)}


THREE = (
    lever("transport.nev_sales_share_private_car", 0.95),
    lever("power.onshore_wind_capacity", 15.0),
    lever("buildings.heat_pump_share_new", 0.6),
)
NAMES = tuple(s["lever_id"] for s in THREE)
FRAME = {"region": "jiangsu", "last_year": 2031}


def last_of(shop, stage, raw):
    """The parts of a stage: what was told on the way, and the result."""

    async def gathered():
        return [part async for part in stage(shop.pipeline, raw)]

    parts = shop.do(gathered())
    return parts[:-1], parts[-1]


def request(base=(), changed=THREE, **more):
    return {
        "frame": FRAME,
        "base": {"name": "before", "settings": tuple(base)},
        "changed": {"name": "after", "settings": tuple(changed)},
        "years": YEARS,
    } | more


@pytest.fixture(scope="module")
def three(shop):
    return last_of(shop, attribute, request(all_metrics=True))


def assert_sums(found):
    for m in found.metrics:
        gap = m.changed_values - m.base_values
        size = np.maximum(np.abs(m.base_values), np.abs(m.changed_values))
        np.testing.assert_allclose(
            m.contributions.sum(axis=0),
            gap,
            rtol=0,
            atol=1e-9 * max(size.max(), 1e-12),
            err_msg=m.metric.metric_id,
        )


def test_contributions_of_three_levers_sum_to_the_difference_of_every_metric_and_year(three):
    progress, found = three
    assert sorted(c.contributor_id for c in found.contributors) == sorted(NAMES)
    assert found.run.method.value == "exact" and found.run.run_count == 8 and found.run.converged
    assert len(found.metrics) > 100
    assert_sums(found)
    assert [p.done_count for p in progress] == list(range(1, 9)) and progress[-1].total_count == 8


def test_wedges_and_sectors_sum_to_the_gap(three):
    _, found = three
    first = found.metrics[0]
    assert first.metric.metric_id == "account.territorial_tco2"
    gap = first.changed_values - first.base_values
    signed = sum(
        np.where(c >= 0, 1, -1) * (w.high - w.low)
        for c, w in zip(first.contributions, found.wedges, strict=True)
    )
    np.testing.assert_allclose(signed, gap, rtol=1e-9)
    np.testing.assert_allclose(sum(s.direct_tco2 for s in found.sectors), gap, rtol=1e-9)
    imported = next(m for m in found.metrics if m.metric.metric_id == "account.with_imported_power_tco2")
    np.testing.assert_allclose(
        sum(s.attributed_tco2 for s in found.sectors),
        imported.changed_values - imported.base_values,
        rtol=1e-6,
    )


def test_a_lever_moves_nothing_it_cannot_reach_and_is_exactly_idle_there(three):
    _, found = three
    at = [c.contributor_id for c in found.contributors].index("power.onshore_wind_capacity")
    for m in found.metrics:
        if m.metric.metric_id.startswith(("buildings.", "transport.")):
            assert not m.contributions[at].any(), m.metric.metric_id


def test_swapping_the_scenarios_flips_every_sign_and_an_equal_lever_is_left_out(shop, three):
    idle = lever("transport.shore_power_share", 0.7)
    forth = last_of(shop, attribute, request((idle,), (*THREE, idle)))[1]
    back = last_of(shop, attribute, request((*THREE, idle), (idle,)))[1]
    assert "transport.shore_power_share" not in {c.contributor_id for c in forth.contributors}
    for a, b in zip(forth.metrics, back.metrics, strict=True):
        scale = 1e-9 * np.abs(a.base_values).max()
        np.testing.assert_allclose(b.contributions, -a.contributions, rtol=1e-9, atol=scale)


def test_every_metric_of_very_many_runs_is_refused_before_it_is_held(shop):
    with pytest.raises(DomainError) as refused:
        last_of(shop, attribute, request(all_metrics=True, run_limit=20000))
    assert "run_limit" in refused.value.violations[0].description
