"""A busy service, as the client meets it."""

import time
from concurrent import futures

import grpc
import pytest

from dafeng.calling import Caller, NotReadyError, ServiceError
from services.common.errors import DomainError
from services.runtime.statuses import CODES, STATUS_KEY, status_of

METHOD = "/test.Busy/Ask"


@pytest.fixture
def busy():
    """A caller of a service that refuses with the errors of a list, then answers; the list and the times asked."""
    errors, asked = [], []

    def answer(request, context):
        asked.append(time.monotonic())
        if errors:
            status = status_of(errors.pop(0))
            context.set_trailing_metadata(((STATUS_KEY, status.SerializeToString()),))
            context.abort(CODES["RESOURCE_EXHAUSTED"], status.message)
        return b"done"

    server = grpc.server(futures.ThreadPoolExecutor(2))
    handler = grpc.method_handlers_generic_handler(
        "test.Busy", {"Ask": grpc.unary_unary_rpc_method_handler(answer)}
    )
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Caller(channel, 5.0), channel.unary_unary(METHOD), errors, asked
    server.stop(None)


def test_a_refused_call_is_repeated_after_the_time_that_the_service_asks_for(busy):
    caller, method, errors, asked = busy
    errors += [DomainError("CAPACITY", retry_after_s=0.2)] * 2
    assert caller.call(method, b"") == b"done"
    assert len(asked) == 3
    assert asked[1] - asked[0] >= 0.2


def test_a_service_that_stays_busy_is_told_with_the_time_to_wait(busy):
    caller, method, errors, asked = busy
    errors += [DomainError("CAPACITY", retry_after_s=0.05)] * 9
    with pytest.raises(NotReadyError) as caught:
        caller.call(method, b"")
    assert (caught.value.reason, caught.value.retry_after_seconds) == ("CAPACITY", 0.05)
    assert len(asked) == 3


def test_a_wait_beyond_the_callers_time_is_not_waited(busy):
    caller, method, errors, asked = busy
    errors += [DomainError("CAPACITY", retry_after_s=60)]
    started = time.monotonic()
    with pytest.raises(NotReadyError):
        caller.call(method, b"")
    assert time.monotonic() - started < 4
    assert len(asked) == 1


def test_what_was_refused_for_another_reason_is_not_repeated(busy):
    caller, method, errors, asked = busy
    errors += [DomainError("QUOTA")]
    with pytest.raises(ServiceError):
        caller.call(method, b"")
    assert len(asked) == 1
