"""A member has the same digest through services, over the wire, as in a worker that calls the models itself."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from gateway.direct import DirectCalls
from gateway.jobs.members import MemberRuns, design_of, open_members
from gateway.jobs.prepare import prepare
from gateway.jobs.spec import text_of
from gateway.runs import Runs
from services.common.errors import DomainError
from services.common.scenario import Frame, LeverSetting, Scenario
from services.runtime.sectors import sectors

MEMBERS = 3
REQUEST = {
    "request_id": "both-ways",
    "spec": {
        "frame": {"region": "jiangxi", "last_year": 2035},
        "years": [2025, 2030],
        "mode": "fast",
        "random": {"member_count": MEMBERS, "seed": 9},
    },
}
FRAME = Frame(region="jiangxi", last_year=2030)


async def over_the_wire(pipeline: Any, spec: Any) -> list[str]:
    design = design_of(spec, await pipeline.calls.levers(spec.frame.region))
    runs = MemberRuns(spec, design, pipeline.runs)
    return [(await runs.row(drawn)).digest for drawn in design.block(0, MEMBERS)]


def test_members_have_one_digest_over_the_wire_and_in_a_worker(shop: Any) -> None:
    spec = shop.do(prepare(shop.pipeline, REQUEST)).spec
    members = open_members(text_of(spec))
    here = [row.digest for row in members.block(0, MEMBERS)]
    members.close()
    assert len(set(here)) == MEMBERS
    assert shop.do(over_the_wire(shop.pipeline, spec)) == here


async def test_direct_runs_keep_answers_start_no_thread_and_ask_for_what_is_read(monkeypatch: Any) -> None:
    pool = ThreadPoolExecutor(1)
    calls = DirectCalls(sectors())
    asked: list[tuple[str, frozenset[str]]] = []
    project = calls.project

    async def heard(sector_id: str, *args: Any, only: frozenset[str], sealed: bool) -> Any:
        found = await project(sector_id, *args, only=only, sealed=sealed)
        for outcome in found:
            assert {i.metric_id for i in outcome.indicators} == only and not outcome.digest
        asked.append((sector_id, only))
        return found

    monkeypatch.setattr(calls, "project", heard)
    runs = Runs(calls, pool, 8)
    changed = LeverSetting(lever_id="transport.nev_sales_share_private_car", years=(2030,), values=(0.9,))
    scenarios = (Scenario(), Scenario(), Scenario(settings=(changed,)))
    only = frozenset({"account.territorial_tco2", "account.so2_t", "transport.vehicle_stock_count"})
    found = await runs.all(FRAME, scenarios, (2030,), only=only)
    # Three sectors for the first scenario, the second is the same, and in the third transport alone is another.
    assert [sector_id for sector_id, _ in asked].count("transport") == 1
    by_sector = dict(asked)
    assert by_sector["transport"] == {"transport.vehicle_stock_count", "transport.so2_t"}
    info = await calls.describe("industry")
    assert set(info.needs) <= frozenset().union(*by_sector.values())
    assert {*found[0].metrics, *found[0].annual} == only
    np.testing.assert_array_equal(
        found[0].annual["transport.vehicle_stock_count"].region_values,
        found[1].annual["transport.vehicle_stock_count"].region_values,
    )
    asked.clear()
    await runs.all(FRAME, scenarios[::-1], (2030,), only=only)
    assert not asked
    assert not pool._threads


@pytest.mark.filterwarnings("error")
async def test_a_sector_that_fails_ends_a_direct_run_and_is_asked_again(monkeypatch: Any) -> None:
    calls = DirectCalls(sectors())
    project = calls.project
    frame = Frame(region="jiangxi", last_year=2021)

    async def refuse(*args: Any, **choice: Any) -> Any:
        raise DomainError("BALANCE", detail="refused")

    runs = Runs(calls, ThreadPoolExecutor(1), 8)
    monkeypatch.setattr(calls, "project", refuse)
    for _ in range(2):
        with pytest.raises(DomainError, match="refused"):
            await runs.sector_outcomes(frame, (Scenario(),))
    monkeypatch.setattr(calls, "project", project)
    (found,) = await runs.sector_outcomes(frame, (Scenario(),), frozenset())
    assert {i.metric_id for o in found for i in o.indicators} == set((await calls.describe("industry")).needs)
