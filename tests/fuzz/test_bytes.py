"""Whatever bytes come, they are read, refused with reasons, or answered; nothing crashes, hangs or says UNKNOWN."""

import asyncio
import math
import random

import pytest

from dafeng.common.v1 import common_pb2
from dafeng.power.v1 import adequacy_pb2
from tests.fuzz.figures import ANSWERED, NEVER, PASSED, REFUSED, UNREADABLE, Figures, non_finite
from tests.fuzz.inside import fuzz
from tests.fuzz.mutate import mutated, shaken
from tests.fuzz.over_wire import fuzz_over_wire
from tests.fuzz.seeds import targets
from tests.gateway.conftest import served  # noqa: F401 a fixture

INSIDE, OVER_WIRE = 8_000, 300


def test_every_method_has_requests_to_begin_with():
    assert len(targets()) > 70
    assert all(any(t.seeds) for t in targets() if t.request.DESCRIPTOR.fields)


def test_mutations_are_the_same_for_a_seed_and_differ_from_what_they_change():
    seed = b"".join(t.seeds[0] for t in targets())[:500]
    first, second = ([mutated(seed, seed, random.Random(n)) for n in range(50)] for _ in range(2))
    assert first == second
    assert sum(one != seed for one in first) > 45
    message = common_pb2.Scenario(baseline="planned")
    assert (
        len(
            {
                shaken(common_pb2.Scenario.FromString(message.SerializeToString()), random.Random(n))
                for n in range(50)
            }
        )
        > 10
    )


def test_numbers_that_are_none_are_found_in_a_reply():
    reply = adequacy_pb2.AssessAdequacyRequest(load_mw=[1.0, math.nan])
    reply.units.add(capacity_mw=math.inf)
    assert set(non_finite(reply)) == {".load_mw", ".units.capacity_mw"}


def test_what_must_never_be_is_counted_and_kept():
    figures = Figures()
    for outcome in (*NEVER, REFUSED):
        figures.tell(outcome, "/service/method", b"\x01")
    assert figures.total == len(NEVER) + 1
    assert not figures.well
    assert len(figures.wrong) == len(NEVER)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_changed_messages_are_read_and_validated_by_every_method_without_a_crash(tmp_path, told):
    figures = asyncio.run(fuzz(tmp_path, INSIDE, seed=20261122))
    told(figures.line("read and validated"))
    assert figures.well, "\n".join(figures.wrong)
    assert figures.total == INSIDE
    # The messages reach all parts of the handlers.
    assert all(figures.counts[k] > INSIDE // 200 for k in (UNREADABLE, REFUSED, ANSWERED, PASSED))


def test_changed_messages_go_the_whole_way_to_a_gateway_and_each_is_answered_in_time(served, told):  # noqa: F811
    figures = asyncio.run(fuzz_over_wire(served[0], OVER_WIRE, seed=20261122))
    told(figures.line("over the wire"))
    assert figures.well, "\n".join(figures.wrong)
    assert figures.total == OVER_WIRE
