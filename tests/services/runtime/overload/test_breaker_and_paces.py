"""The breaker of a service, and what is learned of how long calls take."""

import grpc
import pytest

from services.common.errors import DomainError
from services.runtime.overload.breaker import OPEN_S, Breaker
from services.runtime.overload.paces import Paces

OK, AWAY, LATE = grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker("power", clock)


def fail(breaker, code=AWAY, count=5, allowed_s=10.0):
    for _ in range(count):
        breaker.before()
        breaker.after(code, allowed_s)


def test_half_of_twenty_failed_calls_open_it_and_the_refusal_names_the_service(breaker):
    for _ in range(9):
        fail(breaker, count=1)
        breaker.after(OK, 10)
    breaker.before()
    breaker.after(LATE, 10)
    with pytest.raises(DomainError, match="power") as caught:
        breaker.before()
    assert caught.value.reason == "NOT_READY"
    assert 0 < caught.value.retry_after_s <= OPEN_S


def test_where_few_calls_are_made_five_failures_in_a_row_open_it(breaker):
    for _ in range(20):
        breaker.after(OK, 10)
    fail(breaker, count=5)
    with pytest.raises(DomainError):
        breaker.before()


def test_fewer_failures_leave_it_closed(breaker):
    for _ in range(50):
        breaker.after(OK, 10)
        breaker.after(OK, 10)
        breaker.after(AWAY, 10)
        breaker.before()


def test_after_two_seconds_one_call_tries_and_success_closes_it(breaker, clock):
    fail(breaker)
    clock.now += OPEN_S + 0.1
    breaker.before()
    with pytest.raises(DomainError):
        breaker.before()
    breaker.after(OK, 10)
    breaker.before()
    fail(breaker, count=4)
    breaker.before()


def test_a_failed_or_lost_probe_keeps_it_open_until_the_next(breaker, clock):
    fail(breaker)
    for _ in range(3):
        clock.now += OPEN_S + 0.1
        breaker.before()
        breaker.after(AWAY, 10)
        with pytest.raises(DomainError):
            breaker.before()


def test_callers_who_leave_and_callers_in_a_hurry_say_nothing_about_the_service(breaker):
    fail(breaker, grpc.StatusCode.CANCELLED, 40)
    fail(breaker, LATE, 40, allowed_s=0.05)
    breaker.before()


def test_errors_that_a_service_tells_are_answers(breaker):
    fail(breaker, grpc.StatusCode.INVALID_ARGUMENT, 40)
    fail(breaker, grpc.StatusCode.RESOURCE_EXHAUSTED, 40)
    breaker.before()


def test_who_has_less_time_than_a_method_usually_takes_is_refused_at_once():
    paces = Paces()
    paces.check("/m", 0.01)
    for _ in range(20):
        paces.took("/m", 1.0)
    paces.check("/m", 1.5)
    paces.check("/m", None)
    with pytest.raises(DomainError) as caught:
        paces.check("/m", 0.5)
    assert caught.value.reason == "NO_TIME"


def test_the_usual_time_leans_to_the_quick_calls():
    paces = Paces()
    for _ in range(100):
        paces.took("/m", 0.1)
        paces.took("/m", 5.0)
    assert paces.usual_s("/m") < 1.0


def test_a_method_that_was_slow_once_is_tried_again():
    paces = Paces()
    paces.took("/m", 10.0)
    for _ in range(1000):
        try:
            paces.check("/m", 2.0)
            return
        except DomainError:
            pass
    pytest.fail("never tried again")


def test_a_call_that_ran_out_of_time_keeps_others_in_the_same_hurry_out():
    paces = Paces()
    paces.ran_out("/m", 0.05)
    let_in = 0
    for _ in range(300):
        try:
            paces.check("/m", 0.05)
            let_in += 1
            paces.ran_out("/m", 0.05)
        except DomainError:
            pass
    assert let_in <= 300 / 20


def test_no_time_at_all_is_no_time():
    with pytest.raises(DomainError):
        Paces().check("/m", 0.0)
