"""Ramp limits: worked by hand, against the independent linear programme, and quick methods kept where none binds."""

from dataclasses import replace

import numpy as np
import pytest

from services.common.errors import DomainError
from services.power.instance.result import DispatchMethod, DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, StepSeries, Storage
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import random_instance

# Slow coal at 100 CNY, fast gas at 500; load jumps by 60 MW.
LOAD = np.array([40.0, 40.0, 100.0, 100.0])
SLOW = Generator("coal", capacity_mw=120.0, cost_cny_per_mwh=100.0, ramp_mw_per_h=20.0)
FAST = Generator("gas", capacity_mw=120.0, cost_cny_per_mwh=500.0)


def output(result: DispatchResult, name: str) -> np.ndarray:
    return next(s.values for s in result.series if s.series_id == f"{name}.output_mw")


def test_a_slow_unit_starts_to_climb_before_the_load_does() -> None:
    result = dispatch(DispatchInstance("jump", LOAD, (SLOW, FAST)), with_steps=True)
    # To run 100 MW at the jump coal runs 60 and 80 before it, 20 and 40 MW of them in vain: 340 MWh at 100 CNY. To wait
    # at 40 MW and let gas carry 40 and 20 MWh would cost 220 x 100 + 60 x 500.
    assert output(result, "coal") == pytest.approx([60.0, 80.0, 100.0, 100.0])
    assert result.surplus_mwh == pytest.approx(60.0)
    assert result.cost_cny == pytest.approx(34_000.0)
    assert result.method is DispatchMethod.LINEAR_PROGRAMME
    assert "coal" in result.method_reason
    assert result.gap_share < 1e-9


def test_a_dear_unit_fills_in_where_a_slow_one_cannot_follow() -> None:
    # Coal holds 100 MW at most from hour to hour + 20: at a load of 0, 0, 100 it would have to run in vain for 500 CNY
    # an hour of gas saved at 400: gas carries what coal cannot reach.
    wind = Generator(
        "wind", capacity_mw=100.0, availability_share=1.0, variable=True, availability_series="w"
    )
    load = np.array([100.0, 100.0, 100.0])
    series = (StepSeries("w", np.array([1.0, 1.0, 0.0])),)
    dear = replace(SLOW, cost_cny_per_mwh=450.0)
    result = dispatch(DispatchInstance("still", load, (wind, dear, FAST), series=series), with_steps=True)
    # One MW of coal in hour 2 above the 20 needs one in hour 1 at 450 to save 50: not worth it.
    assert output(result, "coal") == pytest.approx([0.0, 0.0, 20.0])
    assert output(result, "gas") == pytest.approx([0.0, 0.0, 80.0])


def test_a_limit_that_does_not_bind_changes_nothing_and_keeps_the_quick_method() -> None:
    loose = DispatchInstance("loose", LOAD, (replace(SLOW, ramp_mw_per_h=60.0), FAST))
    free = DispatchInstance("loose", LOAD, (replace(SLOW, ramp_mw_per_h=None), FAST))
    assert dispatch(loose).digest == dispatch(free).digest
    assert dispatch(loose).method is DispatchMethod.MERIT_ORDER


def test_a_unit_that_must_run_down_faster_than_it_can_leaves_surplus() -> None:
    falling = DispatchInstance("fall", np.array([100.0, 20.0]), (SLOW,))
    result = dispatch(falling, with_steps=True)
    # Running 40 then 20 keeps the limit at the price of 60 MW unserved; running 100 then 80 leaves 60 MW surplus.
    assert result.surplus_mwh == pytest.approx(60.0)
    assert result.unserved_mwh == pytest.approx(0.0)


@pytest.mark.parametrize("kind", ["ramps", "all together"])
@pytest.mark.parametrize("seed", range(20, 26))
def test_with_ramps_the_cost_is_that_of_the_linear_programme(kind: str, seed: int) -> None:
    instance = random_instance(kind, seed)
    limited = tuple(replace(g, ramp_mw_per_h=0.1 * g.capacity_mw) for g in instance.generators)
    instance = replace(instance, generators=limited)
    best = optimum(instance).objective_cny
    assert dispatch(instance).cost_cny == pytest.approx(best, rel=1e-6)


def test_one_or_two_steps_with_a_store_are_exact() -> None:
    store = Storage("s", 30.0, 30.0, 30.0, 0.9, 0.9)
    for load in ([50.0], [20.0, 130.0]):
        instance = DispatchInstance(
            "short", np.array(load), (replace(SLOW, ramp_mw_per_h=None), FAST), (store,)
        )
        assert dispatch(instance).cost_cny == pytest.approx(optimum(instance).objective_cny, rel=1e-9)


def test_store_ends_that_cannot_be_met_are_refused_not_half_answered() -> None:
    leaking = Storage("s", 1.0, 1.0, 30.0, 0.9, 0.9, start_mwh=0.0, end_mwh=30.0, loss_share_per_h=0.5)
    with pytest.raises(DomainError) as caught:
        dispatch(DispatchInstance("leak", np.full(6, 50.0), (SLOW, FAST), (leaking,)))
    assert caught.value.reason == "INVALID_INPUT"
