"""A caller who leaves over HTTP before the reply, or the first message of a stream, ends the work behind it."""

import asyncio
import json
import socket
import time

from starlette.requests import Request

from gateway.api.connect import ConnectRoute
from services.power.model import MODEL

SERVICE = "dafeng.batch.v1.BatchService"


class Call:
    """A call whose first message never comes."""

    def __init__(self):
        self.ended = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(60)

    def __await__(self):
        return asyncio.sleep(60).__await__()

    def cancel(self):
        self.ended = True


class Channel:
    def __init__(self, call):
        self.call = call

    def unary_stream(self, *_, **__):
        return lambda *_, **__: self.call

    unary_unary = unary_stream


async def left_at_once(call, method="WatchBatch"):
    body = json.dumps({"batch_id": "b-1"}).encode()
    coming = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]

    async def receive():
        return coming.pop(0) if len(coming) > 1 else coming[0]

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"application/json")],
        "path_params": {"service": SERVICE, "method": method},
    }
    return await asyncio.wait_for(ConnectRoute({SERVICE: Channel(call)})(Request(scope, receive)), 5)


def test_a_watcher_who_leaves_before_the_first_message_ends_its_call():
    call = Call()
    assert asyncio.run(left_at_once(call)).status_code == 499
    assert call.ended


def test_a_page_that_takes_a_request_back_ends_its_call():
    call = Call()
    assert asyncio.run(left_at_once(call, "GetBatch")).status_code == 499
    assert call.ended


def test_a_projection_taken_back_over_a_socket_stops_before_its_years_are_dispatched(http, monkeypatch):
    begun, one_year = [], MODEL.one_year

    def heard(work, y):
        begun.append(y)
        time.sleep(0.05)
        return one_year(work, y)

    monkeypatch.setattr(MODEL, "one_year", heard)
    host, _, port = http.removeprefix("http://").rpartition(":")
    text = json.dumps({"frame": {"region": "jiangsu"}, "scenario": {}}).encode()
    head = (
        "POST /dafeng.projection.v1.ProjectionService/Project HTTP/1.1\r\n"
        f"Host: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + text)
        while not begun:
            time.sleep(0.01)
    time.sleep(0.5)
    dispatched = len(begun)
    time.sleep(0.5)
    assert len(begun) == dispatched < 41, "years are dispatched though nobody waits for them"
