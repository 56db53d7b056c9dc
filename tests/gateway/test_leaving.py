"""A caller who leaves a stream over HTTP before its first message ends the work behind it."""

import asyncio
import json

from starlette.requests import Request

from gateway.api.connect import ConnectRoute

SERVICE = "dafeng.batch.v1.BatchService"


class Call:
    """A call whose first message never comes."""

    def __init__(self):
        self.ended = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(60)

    def cancel(self):
        self.ended = True


class Channel:
    def __init__(self, call):
        self.call = call

    def unary_stream(self, *_, **__):
        return lambda *_, **__: self.call


async def left_at_once(call):
    body = json.dumps({"batch_id": "b-1"}).encode()
    coming = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]

    async def receive():
        return coming.pop(0) if len(coming) > 1 else coming[0]

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"application/json")],
        "path_params": {"service": SERVICE, "method": "WatchBatch"},
    }
    return await asyncio.wait_for(ConnectRoute({SERVICE: Channel(call)})(Request(scope, receive)), 5)


def test_a_watcher_who_leaves_before_the_first_message_ends_its_call():
    call = Call()
    assert asyncio.run(left_at_once(call)).status_code == 499
    assert call.ended
