"""The report's arithmetic on made records whose answers are known, and the rules of what may be loaded."""

import math

import pytest

from loadtests.aims import judged
from loadtests.figures import (
    faults,
    goodput_per_s,
    growth_share,
    latency_course,
    per_second,
    percentile,
    reasons,
    recovery_s,
    summary,
)
from loadtests.plots import line_plot
from loadtests.records import Phase, Record, RecordFile, read_records
from loadtests.servers import refuse_remote
from loadtests.shapes import SHAPES, users_at
from loadtests.watch import Held


def record(at_s=0.0, ms=10.0, outcome="ok", reason="", phase="p", late_ms=0.0):
    return Record(at_s, ms, phase, "User", "Method", outcome, reason, 100, late_ms)


def held(**values):
    return Held(
        **(
            {
                "at_s": 0.0,
                "process": "x",
                "rss_mb": 100.0,
                "threads": 9,
                "files": 20,
                "sockets": 9,
                "cpu_s": 1.0,
            }
            | values
        )
    )


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([5.0], 0.5) == percentile([5.0], 0.99) == 5.0
    assert percentile([3, 1, 2], 0.5) == 2
    assert math.isnan(percentile([], 0.5))


def test_a_summary_counts_every_call_once_and_times_accepted_ones_alone():
    calls = [record(ms=float(i)) for i in range(1, 101)]
    calls += [record(ms=1.0, outcome="refused")] * 3 + [
        record(ms=9999.0, outcome="failed", reason="INTERNAL: x")
    ]
    found = summary("all", calls, 10.0)
    assert (found.count, found.ok, found.refused, found.failed) == (104, 100, 3, 1)
    assert (found.ok_per_s, found.p50_ms, found.p95_ms, found.p99_ms) == (10.0, 50.0, 95.0, 99.0)
    assert found.refused_p99_ms == 1.0


def test_goodput_counts_good_answers_that_came_while_the_phase_lasted():
    calls = [record(at_s=s, ms=500.0) for s in (9.0, 9.8, 10.0, 14.0, 14.6)]
    calls.append(record(at_s=12.0, outcome="refused"))
    assert goodput_per_s(calls, Phase("p", 10.0, 15.0)) == 3 / 5


def test_recovery_ends_with_the_last_call_that_was_refused_or_slow():
    calls = [
        record(at_s=9.0, outcome="refused"),
        record(at_s=11.0, outcome="refused"),
        record(at_s=12.5, ms=900.0),
        record(at_s=13.0),
    ]
    assert recovery_s(calls, 10.0, slow_ms=800.0) == 2.5
    assert recovery_s(calls, 10.0, slow_ms=1000.0) == 1.0
    assert recovery_s(calls[:1], 10.0, 800.0) == 0.0


def test_a_call_refused_by_chance_long_after_a_pulse_is_no_part_of_it():
    calls = [record(at_s=10.1 + i / 10, outcome="refused") for i in range(10)]
    calls += [record(at_s=11.1 + i / 10) for i in range(89)] + [record(at_s=30.0, outcome="refused")]
    assert recovery_s(calls, 10.0, 800.0) == 20.0
    assert 0.0 < recovery_s(calls, 10.0, 800.0, chance_share=0.05) < 1.0


def test_growth_leaves_the_warm_up_out():
    assert growth_share([1.0] * 20 + [100.0] * 80) == 0.0
    assert growth_share([50.0] * 20 + [100.0 + i for i in range(80)]) == pytest.approx(171.5 / 107.5 - 1)
    assert math.isnan(growth_share([1.0] * 5))


def test_faults_are_the_codes_that_no_caller_explains():
    calls = [record(outcome="failed", reason=r) for r in ("UNKNOWN: x", "INTERNAL: y", "UNAVAILABLE: z")]
    assert faults(calls) == {"INTERNAL: y": 1, "UNKNOWN: x": 1}
    assert reasons([record(outcome="refused", reason="CAPACITY")] * 2, "refused") == {"CAPACITY": 2}


def test_courses_add_up_to_the_calls():
    calls = [record(at_s=i / 10, ms=1.0) for i in range(50)]
    assert sum(n for _, n in per_second(calls, "ok", 5.0)) == 50
    assert [v for _, v in latency_course(calls, 0.99, 5.0)] == [1.0] * 5


@pytest.mark.parametrize(("share", "users"), [(0.0, 3), (0.3, 6), (0.6, 9), (0.9, 12), (1.0, None)])
def test_a_step_has_a_quarter_more_each_time(share, users):
    assert users_at(SHAPES["step"], share, 12) == users


def test_overload_is_judged_by_goodput_by_slowness_and_by_recovery():
    phases = [Phase("1x", 0, 10), Phase("3x", 10, 20), Phase("10x", 20, 30), Phase("pulse", 30, 40)]
    calls = [record(at_s=i / 10, ms=50.0, phase="1x") for i in range(99)]
    calls += [record(at_s=10 + i / 10, ms=90.0, phase="3x") for i in range(98)]
    calls += [record(at_s=20 + i / 10, ms=150.0, phase="10x") for i in range(50)]
    calls += [
        record(at_s=20 + i / 20, ms=30.0, phase="10x", outcome="refused", reason="CAPACITY")
        for i in range(100)
    ]
    found = {a.name: a.met for a in judged("overload", calls, phases, [], capacity=10.0)}
    assert found["3x: goodput of capacity"] and found["3x: p99 over p99 at capacity"]
    assert not found["10x: goodput of capacity"] and not found["10x: p99 over p99 at capacity"]
    assert not found["refusals, p99"] and found["recovery after the pulse"]
    assert found["calls that ended UNKNOWN or INTERNAL"]


def test_a_soak_is_judged_by_what_grows_and_names_it():
    flat = [held(at_s=i) for i in range(100)]
    assert all(a.met is not False for a in judged("soak", [record()], [], flat, 0.0))
    leaking = [held(at_s=i, sockets=9 + i, rss_mb=100.0 + i) for i in range(100)]
    missed = {a.name for a in judged("soak", [record()], [], leaking, 0.0) if a.met is False}
    assert missed == {"x: growth of sockets", "x: growth of rss_mb"}


def test_one_internal_error_misses_its_aim():
    found = judged(
        "steady", [record()] * 5000 + [record(outcome="failed", reason="INTERNAL: x")], [], [], 0.0
    )
    assert [a.name for a in found if a.met is False] == ["calls that ended UNKNOWN or INTERNAL"]


def test_records_return_from_their_file(tmp_path):
    file = RecordFile(tmp_path / "r.csv")
    whole = record(at_s=1.25, ms=3.5, outcome="failed", reason='NOT_FOUND: "a, b"\nc')
    file.add(whole)
    file.close()
    assert list(read_records(tmp_path / "r.csv")) == [whole]


@pytest.mark.parametrize(
    "address", ["10.0.0.1:50050", "http://dafeng.example:8080", "0.0.0.0:1", "[::]:50050", ""]
)
def test_only_loopback_is_loaded(address):
    with pytest.raises(ValueError, match="this machine only"):
        refuse_remote(address)


@pytest.mark.parametrize(
    "address", ["127.0.0.1:50050", "http://127.0.0.1:8080", "localhost:1", "[::1]:50050"]
)
def test_loopback_may_be_loaded(address):
    assert refuse_remote(address) == address


def test_a_plot_of_nothing_is_drawn_and_names_are_text():
    assert "<svg" in line_plot("t", "ms", {})
    assert "<b>" not in line_plot("t", "ms", {"<b>": [(0.0, 1.0), (1.0, 2.0)]})
