"""The method on plain functions: conflicts planted, goals that turn back, locked knobs, time, fronts, same bits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from gateway.solve.method.conflict import conflict_sets
from gateway.solve.method.corner import Signs
from gateway.solve.method.front import Axis, efficient, front
from gateway.solve.method.least import Aim, least
from gateway.solve.method.nearest import Shortfall, nearest
from gateway.solve.method.words import Model, Task
from tests.gateway.solve.plain import TIGHT, USUAL, do, task

WIDE = np.array([[0.5, 0.3, 0.1, 0.0], [0.0, 0.4, 0.3, 0.2], [0.2, 0.0, 0.3, 0.4], [0.3, 0.2, 0.1, 0.1]])


def saturating(x):
    return 1 - np.exp(-(WIDE @ np.maximum(x, -1.0)))


def test_goals_that_hold_already_move_nothing_and_cost_one_run():
    problem = task(lambda x: [x[0] + x[1]], [0.7, 0.7], [1.2])
    point = do(least(problem, Aim.LEAST_CHANGE))
    assert point.x.tolist() == [0.7, 0.7]
    assert problem.model.run_count == 1


def test_a_locked_knob_stays_and_is_never_differenced():
    seen = []

    def watched(x):
        seen.append(float(x[1]))
        return [x[0] + x[1]]

    problem = task(watched, [0.1, 0.1], [0.9], low=[0, 0.1], high=[1, 0.1])
    point = do(least(problem, Aim.LEAST_CHANGE))
    assert point.x == pytest.approx([0.8, 0.1], abs=1e-6)
    assert set(seen) == {0.1}


def test_differences_of_one_jacobian_are_one_batch():
    batches = []
    problem = task(lambda x: [x.sum()], [0.1] * 5, [2.0], batches=batches)
    do(least(problem, Aim.LEAST_CHANGE))
    assert batches[0] == 1
    assert batches[1] == 5


def test_a_goal_that_turns_back_is_met_on_the_near_side():
    # Peak load first rises with electrification, then smart charging takes it down again.
    problem = task(lambda x: [0.5 + x[0] - 1.2 * x[0] ** 2 - 0.3 * x[1]], [0.3, 0.0], [0.6], sign=[-1.0])
    point = do(least(problem, Aim.LEAST_CHANGE))
    assert 0.5 + point.x[0] - 1.2 * point.x[0] ** 2 - 0.3 * point.x[1] <= 0.6
    best = minimize(
        lambda x: ((x - [0.3, 0.0]) ** 2).sum(),
        [0.1, 0.1],
        bounds=[(0, 1)] * 2,
        constraints={"type": "ineq", "fun": lambda x: 0.1 - x[0] + 1.2 * x[0] ** 2 + 0.3 * x[1]},
    )
    assert ((point.x - [0.3, 0.0]) ** 2).sum() <= best.fun * (1 + 1e-3)


@pytest.mark.parametrize("aim", [Aim.LEAST_CHANGE, Aim.LEAST_COST])
def test_the_answer_is_that_of_an_independent_solver(aim):
    numbers = saturating(np.array([0.6, 0.5, 0.7, 0.4])) * 0.95
    price = np.array([1.0, 2.0, 0.5, 3.0])
    problem = task(saturating, [0.1] * 4, numbers, cost=lambda x: price @ x, tuning=TIGHT)
    point = do(least(problem, aim))

    def wanted(x):
        change = ((x - 0.1) ** 2).sum()
        return 0.5 * change if aim is Aim.LEAST_CHANGE else price @ x + 1e-3 * change

    best = minimize(
        wanted,
        [0.9] * 4,
        bounds=[(0, 1)] * 4,
        constraints={"type": "ineq", "fun": lambda x: saturating(x) - numbers},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert wanted(point.x) == pytest.approx(best.fun, rel=1e-4)
    assert (saturating(point.x) >= numbers).all()


@given(
    st.lists(st.floats(0.05, 0.95), min_size=4, max_size=4),
    st.lists(st.floats(0.1, 5), min_size=4, max_size=4),
)
@settings(max_examples=25, deadline=None)
def test_what_can_be_reached_is_met_and_the_same_request_gives_the_same_bits(inside, weight):
    numbers = saturating(np.array(inside))
    ends = [
        do(least(task(saturating, [0.2] * 4, numbers, weight=weight, tuning=USUAL), Aim.LEAST_CHANGE))
        for _ in range(2)
    ]
    assert (saturating(ends[0].x) >= numbers).all()
    assert ends[0].x.tobytes() == ends[1].x.tobytes()


def test_few_levers_moves_fewer_knobs():
    numbers = saturating(np.array([0.3, 0.3, 0.3, 0.3]))[:2]

    def two(x):
        return saturating(x)[:2]

    even = do(least(task(two, [0.0] * 4, numbers), Aim.LEAST_CHANGE))
    few = do(least(task(two, [0.0] * 4, numbers), Aim.FEW_LEVERS))
    assert (few.x > 1e-4).sum() < (even.x > 1e-4).sum()
    assert few.x.sum() <= even.x.sum() + 1e-6


def found_conflicts(function, numbers, start=(0.5, 0.5, 0.5), **more):
    problem = task(function, list(start), numbers, **more)
    point = do(nearest(problem, Shortfall.SQUARES, problem.space.start))
    return do(conflict_sets(problem, point, Signs(len(numbers), len(start))))


def test_a_planted_conflict_of_one():
    (found,) = found_conflicts(lambda x: [0.4 * x[0], x[1] + x[2]], [0.5, 1.2])
    assert found.goals == (0,)
    assert found.proved


def test_a_planted_conflict_of_two_among_goals_that_can_be_met():
    (found,) = found_conflicts(
        lambda x: [x[2], x[0] + 0.2 * x[1], 1 - x[0] - 0.1 * x[1], x[1]], [0.3, 0.7, 0.45, 0.2]
    )
    assert found.goals == (1, 2)
    assert found.proved


def test_a_planted_conflict_of_three_of_which_any_two_can_be_met():
    def three(x):
        return [x[0] + 0.0 * x[1], x[1] + 0.0 * x[0], 1.5 - x[0] - x[1], x[2]]

    (found,) = found_conflicts(three, [0.8, 0.8, 0.1, 0.4])
    assert found.goals == (0, 1, 2)
    assert found.proved
    for k, witness in zip(found.goals, found.witnesses, strict=True):
        values = np.array(three(witness))
        assert all(values[i] >= [0.8, 0.8, 0.1][i] for i in (0, 1, 2) if i != k)


def test_two_conflicts_that_share_nothing_are_both_told():
    found = found_conflicts(
        lambda x: [x[0], 1 - x[0], x[1], 1 - x[1]], [0.8, 0.8, 0.7, 0.7], start=(0.5, 0.5)
    )
    assert {f.goals for f in found} == {(0, 1), (2, 3)}


def test_a_conflict_whose_signs_are_not_known_is_not_called_proved():
    # The first goal turns back inside the box.
    (found,) = found_conflicts(lambda x: [x[0] * (1 - x[0]) * 4, x[0]], [0.9, 0.9], start=(0.5,))
    assert found.goals == (0, 1)
    assert not found.proved


def test_binding_goals_come_before_those_that_strive():
    problem = task(lambda x: [x[0], 1 - x[0]], [0.5], [0.8, 0.8], priority=(0, 1))
    point = do(nearest(problem, Shortfall.SQUARES, problem.space.start))
    assert point.x[0] == pytest.approx(0.8, abs=1e-4)


def test_out_of_time_the_best_point_so_far_is_given():
    problem = task(lambda x: [1 - (1 - 0.5 * x[0]) * (1 - 0.4 * x[1])], [0, 0], [0.55])
    runs = []

    async def counted(points):
        runs.extend(points)
        return await problem.model._evaluate(points)

    limited = Task(Model(counted, lambda: len(runs) < 4), problem.space, problem.rows, problem.tuning)
    point = do(least(limited, Aim.LEAST_CHANGE))
    assert limited.model.out_of_time
    assert point.g[0] > task(lambda x: [0.0], [0, 0], [0.55]).margins(np.array([0.0, 0.0]))[0]


@pytest.mark.parametrize("aim", list(Aim))
def test_whenever_time_runs_out_a_point_is_given(aim):
    def curve(x):
        return [1 - (1 - 0.5 * x[0]) * (1 - 0.4 * x[1])]

    for most in range(60):
        problem = task(curve, [0, 0], [0.55], cost=lambda x: x[0] + 2 * x[1] ** 2)
        limited = replace(problem, model=short_of_time(problem.model, most))
        limited.model.know(np.zeros(2), np.array([0.0, 0.0]))
        point = do(least(limited, aim))
        assert point.x.shape == (2,)
        if not limited.model.out_of_time:
            break
    assert problem.meets(point.g, [0])


def short_of_time(model, most):
    """The model for as many batches; then time is over."""
    batches = []

    async def counted(points):
        batches.append(points)
        return await model._evaluate(points)

    return Model(counted, lambda: len(batches) < most)


def test_a_front_is_the_curve_known_by_hand():
    # Distances to (1, 0) and (0, 1): every efficient point lies on the straight line between them.
    def ends(x):
        first, second = (x[0] - 1) ** 2 + x[1] ** 2, x[0] ** 2 + (x[1] - 1) ** 2
        return [first, first, second, second]

    problem = task(ends, [0.2, 0.2], [1.0] * 4, goal=(-1,) * 4, tuning=USUAL)

    async def points():
        return [p async for p in front(problem, Axis(0, 1, -1.0, 0.01), Axis(2, 3, -1.0, 0.01), 5)]

    found = efficient(do(points()))
    assert len(found) == 7
    for p in found:
        assert p.point.x.sum() == pytest.approx(1.0, abs=2e-2)
        assert np.sqrt(p.first / 200) + np.sqrt(p.second / 200) == pytest.approx(1.0, abs=1e-2)
    inner = found[1:-1]
    # Along the curve, d first / d second is sqrt(first / second).
    assert [p.exchange for p in inner] == pytest.approx(
        [np.sqrt(p.first / p.second) for p in inner], rel=0.05
    )
