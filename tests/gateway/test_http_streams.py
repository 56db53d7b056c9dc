"""Streams over HTTP: one JSON object a line, and an end of the work when the caller leaves."""

import http.client
import json
import time
from urllib.parse import urlsplit

LONG = {
    "frame": {"region": "jiangsu"},
    "metricId": "account.territorial_tco2",
    "year": 2037,
    "scenario": {"baseline": "accelerated"},
    "influenceCount": 30,
}


def test_the_work_ends_when_the_caller_of_a_stream_leaves(served):
    connection = http.client.HTTPConnection(urlsplit(served[1]).netloc, timeout=60)
    headers = {"content-type": "application/json"}
    connection.request("POST", "/dafeng.trace.v1.TraceService/GetTrace", json.dumps(LONG), headers)
    reply = connection.getresponse()
    lines = [json.loads(reply.readline())["progress"] for _ in range(3)]
    assert lines[-1]["total_count"] > 50, "there is work for many seconds"
    reply.close()
    connection.close()
    time.sleep(2.0)
    before = time.process_time()
    time.sleep(2.0)
    assert time.process_time() - before < 0.5
