"""Lines of calls as a model: limits hold, turns are fair, and every slot comes back."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from services.runtime.overload.lines import Line, Lines, State

NAMES = ("light", "short", "interactive", "heavy", "batch")


def lines_of(limit=2, room=4, share=0.5):
    return Lines(
        {
            "light": Line(3, 0, share),
            "short": Line(limit, room, share),
            "interactive": Line(limit, room, share),
            "heavy": Line(1, room, share),
            "batch": Line(limit, room, share),
        }
    )


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.sampled_from(NAMES), st.sampled_from("ABC")),
        st.tuples(st.just("leave"), st.integers(0, 40), st.just("")),
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.sampled_from([0.34, 0.5, 1.0]))
def test_limits_hold_whatever_comes_and_every_slot_comes_back(steps, share):
    lines = lines_of(share=share)
    tickets = []
    for step, what, caller in steps:
        if step == "enter":
            ticket = lines.enter(what, caller)
            if ticket is not None:
                tickets.append(ticket)
        elif tickets:
            lines.leave(tickets[what % len(tickets)])
        for line in lines.lines.values():
            ours = [t for t in tickets if t.line is line]
            started = sum(t.state is State.STARTED for t in ours)
            waiting = sum(t.state is State.WAITING for t in ours)
            assert line.in_flight == started <= line.limit
            assert line.waiting == waiting <= line.room
            for queue in line.waiting_by.values():
                assert 0 < len(queue) <= max(1, -(-line.room * share // 1))
            # Nobody waits while there is a slot, except batches that let interactive calls pass.
            free = line.in_flight < line.limit
            if line.waiting and free:
                assert line is lines.lines["batch"] and lines.lines["interactive"].waiting
    for ticket in tickets:
        lines.leave(ticket)
        lines.leave(ticket)
    assert all(line.in_flight == line.waiting == 0 for line in lines.lines.values())
    assert not any(line.started_by or line.waiting_by for line in lines.lines.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=8))
def test_nobody_starves_every_waiting_caller_is_served_within_a_round(callers):
    lines = lines_of(limit=1, room=8, share=1.0)
    running = lines.enter("interactive", "A")
    waiting = [t for t in (lines.enter("interactive", c) for c in callers) if t is not None]
    while waiting:
        expected = {t.caller for t in waiting}
        served = []
        for _ in range(len(expected)):
            lines.leave(running)
            running = next(t for t in waiting if t.state is State.STARTED)
            waiting.remove(running)
            served.append(running.caller)
        assert set(served) == expected


def test_a_flood_leaves_a_place_for_the_next_caller():
    lines = lines_of(limit=2, room=4, share=0.5)
    flood = [lines.enter("interactive", "A") for _ in range(20)]
    assert [t.state for t in flood if t] == [State.STARTED] * 2 + [State.WAITING] * 2
    assert lines.enter("interactive", "B").state is State.WAITING


def test_a_full_line_gives_the_newest_place_of_who_holds_most_to_who_holds_fewer():
    lines = lines_of(limit=1, room=4, share=1.0)
    held = [lines.enter("interactive", "A") for _ in range(5)]
    told = []
    held[-1].tell = lambda: told.append("refused")
    late = lines.enter("interactive", "B")
    assert late.state is State.WAITING
    assert (held[-1].state, told) == (State.REFUSED, ["refused"])
    lines.leave(held[0])
    lines.leave(held[1])
    assert late.state is State.STARTED


def test_batches_let_interactive_calls_pass_but_never_stop_altogether():
    lines = lines_of(limit=1, room=4, share=1.0)
    lines.lines["batch"].limit = 2
    now = lines.enter("interactive", "A")
    asked = lines.enter("interactive", "A")
    first, second = lines.enter("batch", "B"), lines.enter("batch", "B")
    assert (first.state, second.state) == (State.STARTED, State.WAITING)
    lines.leave(now)
    assert (asked.state, second.state) == (State.STARTED, State.STARTED)


def test_one_caller_cannot_hold_all_open_streams():
    lines = lines_of(share=0.5)
    mine = [lines.enter("light", "A") for _ in range(3)]
    assert [t is not None for t in mine] == [True, True, False]
    assert lines.enter("light", "B") is not None


def test_calls_of_one_caller_are_served_in_their_order():
    lines = lines_of(limit=1, room=4, share=1.0)
    tickets = [lines.enter("interactive", "A") for _ in range(4)]
    for before, after in itertools.pairwise(tickets):
        assert after.state is State.WAITING
        lines.leave(before)
        assert after.state is State.STARTED
