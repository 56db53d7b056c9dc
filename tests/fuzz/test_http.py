"""Requests made from the published OpenAPI document: refused or answered in time, as the document says."""

import pytest
import requests
import schemathesis
from schemathesis import Response

from gateway.api.openapi import openapi
from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from tests.fuzz.figures import ANSWERED, CRASHES, NON_FINITE, REFUSED, UNKNOWN
from tests.fuzz.over_http import fuzz_over_http, outcome_of, strict
from tests.gateway.conftest import free_port, running

# Of every method; of the methods there are about eighty.
EXAMPLES = 2


@pytest.fixture
def with_store(tmp_path):
    """HTTP address of a gateway that keeps batches and scenarios, in a folder of its own."""
    http = f"127.0.0.1:{free_port()}"
    store = BatchSettings(store=f"sqlite:///{tmp_path / 'store.sqlite'}", workers=1)
    with running(ServeSettings(listen="127.0.0.1:0", http=http, batches=store)):
        yield f"http://{http}"


def test_requests_made_from_the_api_description_are_answered_as_it_says(with_store, told):
    said = fuzz_over_http(with_store, EXAMPLES, seed_number=20261122)
    told(said.figures.line("over HTTP, from the API's description"))
    told(f"over HTTP: {said.line}")
    assert said.figures.well, "\n".join(said.figures.wrong)
    assert said.figures.total > 70 * EXAMPLES
    # They come further than the door.
    assert said.statuses[200] > 5 * EXAMPLES
    assert said.statuses[400] > 25 * EXAMPLES


REPLIES = {
    "a sound reply": (200, b'{"regions": []}', ANSWERED),
    "an error in its form": (400, b'{"code": "invalid_argument", "message": "", "details": []}', REFUSED),
    "a busy service": (429, b'{"code": "resource_exhausted", "message": "", "details": []}', REFUSED),
    "no number": (200, b'{"regions": [NaN]}', NON_FINITE),
    "an infinity by its digits": (200, b'{"regions": [1e999]}', NON_FINITE),
    "an error that nobody knows": (500, b'{"code": "unknown", "message": "", "details": []}', UNKNOWN),
    "an internal error": (500, b'{"code": "internal", "message": "", "details": []}', CRASHES),
    "a status of a broken door": (502, b'{"code": "bad", "message": "", "details": []}', CRASHES),
    "a field of another type": (200, b'{"regions": "jiangsu"}', CRASHES),
    "a field that is not told": (200, b'{"regions": [], "secret": 1}', CRASHES),
    "no JSON": (200, b"<html>", CRASHES),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_that_must_never_be_is_seen(name):
    status, content, expected = REPLIES[name]
    schema = schemathesis.openapi.from_dict(strict(openapi(("dafeng.projection.v1.ProjectionService",))))
    operation = schema["/dafeng.projection.v1.ProjectionService/ListRegions"]["POST"]
    request = requests.Request("POST", "http://127.0.0.1:1/", json={}).prepare()
    reply = Response(status, {"content-type": ["application/json"]}, content, request, 0.1, verify=False)
    assert outcome_of(operation.Case(body={}, media_type="application/json"), reply)[0] == expected
