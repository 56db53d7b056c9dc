"""Worked answers of the method: least change, weights, bounds, a curved goal, a planted conflict."""

import numpy as np
import pytest

from gateway.solve.method.conflict import conflict_sets
from gateway.solve.method.corner import Signs, prove_infeasible
from gateway.solve.method.least import Aim, least
from gateway.solve.method.nearest import Shortfall, nearest
from tests.gateway.solve.plain import USUAL, do, task


def total(x):
    return [x[0] + x[1]]


def opposed(x):
    return [0.6 * x[0] + 0.4 * x[1], 1 - 0.5 * x[0] - 0.3 * max(x[1], 0.0) ** 1.5]


def test_s1_least_change_with_one_linear_goal():
    point = do(least(task(total, [0.1, 0.1], [1.2]), Aim.LEAST_CHANGE))
    assert point.x == pytest.approx([0.6, 0.6], abs=1e-6)
    assert 0.5 * ((point.x - 0.1) ** 2).sum() == pytest.approx(0.25, abs=1e-6)


def test_s2_a_bound_moves_the_effort_to_the_other_knob():
    point = do(least(task(total, [0.1, 0.1], [1.2], high=[0.4, 1.0]), Aim.LEAST_CHANGE))
    assert point.x == pytest.approx([0.4, 0.8], abs=1e-6)


def test_s3_weights_in_squares_and_in_few_levers():
    squares = do(least(task(total, [0.1, 0.1], [1.2], weight=[2, 1]), Aim.LEAST_CHANGE))
    assert squares.x == pytest.approx([0.3, 0.9], abs=1e-6)
    few = do(least(task(total, [0.1, 0.1], [1.2], weight=[2, 1]), Aim.FEW_LEVERS))
    assert few.x == pytest.approx([0.2, 1.0], abs=1e-6)
    assert 2 * abs(few.x[0] - 0.1) + abs(few.x[1] - 0.1) == pytest.approx(1.1, abs=1e-6)


@pytest.mark.parametrize("usual", [False, True])
def test_s4_a_curved_goal(usual):
    more = {"tuning": USUAL} if usual else {}
    problem = task(lambda x: [1 - (1 - 0.5 * x[0]) * (1 - 0.4 * x[1])], [0, 0], [0.55], **more)
    point = do(least(problem, Aim.LEAST_CHANGE))
    assert point.x == pytest.approx([0.880313, 0.490510], abs=2e-2 if usual else 1e-5)
    assert (point.x**2).sum() == pytest.approx(1.015551, abs=1e-3 if usual else 1e-5)


def test_s5_the_nearest_point_of_a_planted_conflict():
    problem = task(opposed, [0, 0], [0.70, 0.75])
    point = do(nearest(problem, Shortfall.SQUARES, problem.space.start))
    assert point.x == pytest.approx([0.5955, 0.549], abs=5e-4)
    assert -point.g == pytest.approx([0.176, 0.226], abs=5e-4)


def test_s5_the_conflict_is_found_and_proved_by_corners():
    problem = task(lambda x: [*opposed(x), x[0] + x[1]], [0, 0], [0.70, 0.75, 0.3])
    point = do(nearest(problem, Shortfall.SQUARES, problem.space.start))
    (found,) = do(conflict_sets(problem, point, Signs(3, 2)))
    assert found.goals == (0, 1)
    assert found.proved
    for left_out, witness in zip(found.goals, found.witnesses, strict=True):
        others = [k for k in found.goals if k != left_out]
        values = opposed(witness)
        assert all(values[k] >= [0.70, 0.75][k] for k in others)
    signs = Signs(2, 2)
    signs.saw(np.array([[1.0, 1.0], [-1.0, -1.0]]))
    proof = do(prove_infeasible(task(opposed, [0, 0], [0.70, 0.75]), [0, 1], signs))
    assert proof.proved
    assert proof.evaluation_count <= 28
