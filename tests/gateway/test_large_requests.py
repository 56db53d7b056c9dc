"""Large requests hold up nobody: what is too long is not read, and reading goes on beside other calls."""

import asyncio
import contextvars
import json

from dafeng.projection.v1 import projection_pb2
from gateway.api.connect import _read
from gateway.api.json_replies import JSON
from services.common.door import read_scenario
from services.common.errors import MOST_HINTS, hints_of_a_call, near_names
from services.common.regions import load_region
from services.common.scenario import Scenario

MOST_SETTINGS = dict(Scenario.most_items)["settings"]


async def test_other_calls_go_on_while_a_large_body_is_read():
    settings = [{"lever_id": "x", "years": [2030], "values": [0.5]}] * 50_000
    body = json.dumps({"scenario": {"settings": settings}}).encode()
    turns, reading = 0, asyncio.ensure_future(_read(body, JSON, projection_pb2.ProjectRequest))
    while not reading.done():
        turns += 1
        await asyncio.sleep(0.001)
    assert len(reading.result().scenario.settings) == len(settings)
    assert turns > 3


def test_settings_beyond_what_a_scenario_may_have_are_not_read():
    read = []

    class Levers(dict):
        def get(self, key, default=None):
            read.append(key)
            return default

    settings = tuple({"lever_id": f"x{i}", "values": (0.5,)} for i in range(50 * MOST_SETTINGS))
    scenario, found = read_scenario({"settings": settings}, load_region("jiangsu"), lambda _: Levers())
    assert scenario is None
    assert found[0].field == "scenario.settings" and str(len(settings)) in found[0].given
    assert len(read) == MOST_SETTINGS


def test_near_names_are_looked_for_so_often_in_a_call_and_without_end_elsewhere():
    def of_a_call():
        hints_of_a_call()
        return [near_names("buildngs", ["buildings"]) for _ in range(3 * MOST_HINTS)]

    hinted = contextvars.copy_context().run(of_a_call)
    assert all(hinted[:MOST_HINTS]) and not any(hinted[MOST_HINTS:])
    # The next call has its own.
    assert all(contextvars.copy_context().run(of_a_call)[:MOST_HINTS])
    assert all(near_names("buildngs", ["buildings"]) for _ in range(3 * MOST_HINTS))
