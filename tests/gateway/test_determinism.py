"""The same scenario gives the same bits: alone, in a chunk, with one thread or two, embedded or in processes."""

import asyncio
import contextlib

from dafeng.client import Client, setting
from gateway.calls import SectorCalls
from gateway.pipeline import Pipeline
from gateway.serve_sector import running_sector
from gateway.settings import ServeSettings
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, LeverSetting, Scenario
from services.runtime.sectors import sectors
from services.runtime.serve import worker_pool
from tests.gateway.conftest import separate_processes

SPAN = {"first_year": 2020, "last_year": 2023}
SETTINGS = [setting("buildings.heat_pump_share_new", {2030: 0.6})]


def scenario(number):
    share = LeverSetting(lever_id="buildings.heat_pump_share_new", years=(2026,), values=(number / 64,))
    return Scenario(name=f"member {number}", settings=(share,))


async def digests(threads, chunks, tmp_path):
    """Digests of the chunks of scenarios on services with so many threads, by name."""
    frame = Frame(region="jiangsu", **SPAN)
    settings = ServeSettings(threads=threads, http="")
    addresses = {e.sector_id: f"unix:{tmp_path}/{e.sector_id}.{threads}" for e in sectors()}
    pool = worker_pool(threads)
    found = {}
    async with contextlib.AsyncExitStack() as stack:
        for entry in sectors():
            await stack.enter_async_context(running_sector(entry, addresses[entry.sector_id], settings))
        calls = SectorCalls(sectors(), addresses)
        stack.push_async_callback(calls.close)
        pipeline = Pipeline(calls, pool)
        for chunk in chunks:
            for p in await pipeline.project_chunk(frame, chunk, DispatchMode.UNSPECIFIED):
                found[p.scenario_name] = p.digest
    pool.shutdown()
    return found


def test_alone_and_in_a_chunk_of_64_with_one_and_two_threads(tmp_path):
    members = [scenario(i) for i in range(64)]
    alone = asyncio.run(digests(1, [[members[0]], [members[63]]], tmp_path))
    together = asyncio.run(digests(2, [members], tmp_path))
    single_thread = asyncio.run(digests(1, [list(reversed(members))], tmp_path))
    assert alone["member 0"] == together["member 0"]
    assert alone["member 63"] == together["member 63"]
    assert together == single_thread
    assert len(set(together.values())) == 64


def test_embedded_and_as_separate_processes(client):
    here = client.project("jiangsu", "planned", SETTINGS, **SPAN)
    with separate_processes("--threads", "1") as address, Client(address) as other:
        there = other.project("jiangsu", "planned", SETTINGS, **SPAN)
    assert here.digest == there.digest
    assert here == there


def test_years_asked_for_do_not_change_the_years_given(client):
    whole = client.project("jiangsu", "planned", first_year=2020, last_year=2026)
    part = client.project("jiangsu", "planned", first_year=2024, last_year=2026)
    assert list(part.years) == [2024, 2025, 2026]
    assert list(part.account.territorial_tco2) == list(whole.account.territorial_tco2)[4:]
    assert [d.year for d in part.power.peak_days] == [d.year for d in whole.power.peak_days if d.year >= 2024]
