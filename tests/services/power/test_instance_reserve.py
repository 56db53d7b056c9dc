"""The reserve of a fleet: set apart where it costs least in every step, and part of every cost and certificate."""

from dataclasses import replace

import numpy as np
import pytest

from services.common.power_outcome import DispatchMode
from services.power.instance.answer import answer
from services.power.instance.commit import plan_with_commitment
from services.power.instance.reduce import reduce_instance
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, Reserve, StepSeries
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import random_instance
from tests.services.power.schedule_check import check

RESERVE = Reserve(0.3, 0.1, 100.0, 900.0)
MODES = (DispatchMode.FAST, DispatchMode.ACCURATE)


def judge(instance: DispatchInstance, mode: DispatchMode, limit: float) -> None:
    best = optimum(instance).objective_cny
    result = dispatch(instance, mode, True)
    assert check(instance, result) == []
    assert best * (1 - 1e-8) <= result.cost_cny <= best * (1 + limit)
    assert result.lower_bound_cny <= best * (1 + 1e-8)


def test_the_reserve_stands_on_the_unit_that_is_dearest_in_each_step() -> None:
    # Two units of 100 MW change places in cost; 60 MW of load, 140 MW of reserve: the dear unit stands still.
    cost = (StepSeries("a", np.array([100.0, 300.0])), StepSeries("b", np.array([300.0, 100.0])))
    units = tuple(
        Generator(name, capacity_mw=100.0, cost_series=name, reserve_eligible=True) for name in ("a", "b")
    )
    instance = DispatchInstance(
        "swap",
        np.array([60.0, 60.0]),
        units,
        series=cost,
        reserve=Reserve(constant_mw=140.0, shortage_cost_cny_per_mwh=50.0),
    )
    result = dispatch(instance)
    assert result.cost_cny == pytest.approx(2 * 60 * 100)
    assert result.reserve_short_mwh == 0.0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(3))
def test_with_prices_by_step_the_reserve_is_that_of_the_linear_programme(
    seed: int, mode: DispatchMode
) -> None:
    judge(replace(random_instance("hourly prices", seed, 72.0), reserve=RESERVE), mode, 0.004)


@pytest.mark.parametrize("seed", range(5))
def test_units_are_chosen_with_the_reserve_they_give_and_the_certificate_holds(seed: int) -> None:
    instance = random_instance("all together", seed, 72.0)
    units = tuple(replace(g, reserve_eligible=g.commitment is not None) for g in instance.generators)
    instance = replace(instance, generators=units, reserve=Reserve(0.6, 0.3, 300.0, 900.0))
    best = optimum(instance).objective_cny
    reduced = reduce_instance(instance)
    result = answer(instance, reduced, plan_with_commitment(instance, reduced, False, 1e-3), MODES[0], True)
    assert check(instance, result) == []
    assert result.lower_bound_cny <= best * (1 + 1e-8)
    assert best * (1 - 1e-8) <= result.cost_cny <= best * 1.05


def test_a_reserve_whose_shortage_costs_nothing_is_kept_where_that_costs_nothing() -> None:
    units = tuple(
        Generator(name, capacity_mw=100.0, cost_cny_per_mwh=200.0, reserve_eligible=name != "c")
        for name in ("a", "b", "c")
    )
    instance = DispatchInstance("free", np.array([200.0, 250.0]), units, reserve=Reserve(constant_mw=100.0))
    result = dispatch(instance, with_steps=True)
    assert check(instance, result) == []
    assert result.reserve_short_mwh == pytest.approx(50.0)
