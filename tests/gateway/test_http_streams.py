"""Streams over HTTP: one JSON object a line, and an end of the work when the caller leaves."""

import http.client
import json
import time
from urllib.parse import urlsplit

from gateway.calls import SectorCalls

LONG = {
    "frame": {"region": "jiangsu"},
    "metricId": "account.territorial_tco2",
    "year": 2037,
    "scenario": {"baseline": "accelerated"},
    "influenceCount": 30,
}


def test_the_work_ends_when_the_caller_of_a_stream_leaves(served, monkeypatch):
    begun = []
    project = SectorCalls.project_power

    async def counted(self, *arguments, **named):
        begun.append(time.monotonic())
        return await project(self, *arguments, **named)

    monkeypatch.setattr(SectorCalls, "project_power", counted)
    connection = http.client.HTTPConnection(urlsplit(served[1]).netloc, timeout=60)
    headers = {"content-type": "application/json"}
    connection.request("POST", "/dafeng.trace.v1.TraceService/GetTrace", json.dumps(LONG), headers)
    reply = connection.getresponse()
    lines = [json.loads(reply.readline())["progress"] for _ in range(3)]
    assert lines[-1]["total_count"] > 50, "there is work for many seconds"
    reply.close()
    connection.close()
    time.sleep(2.0)  # what is under way may end
    so_far = len(begun)
    assert so_far
    time.sleep(4.0)
    assert len(begun) == so_far
