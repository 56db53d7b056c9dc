"""Ramp limits: worked by hand, against the independent linear programme, and quick methods kept where none binds."""

from dataclasses import replace

import numpy as np
import pytest

from services.common.errors import DomainError
from services.power.instance import programme
from services.power.instance.result import DispatchMethod, DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, StepSeries, Storage, UnitCommitment
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import random_instance
from tests.services.power.schedule_check import check

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
    instance = random_instance(kind, seed, 72.0)
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


def test_units_of_a_cluster_start_and_stop_at_their_minimum_load() -> None:
    # Periods of two steps; coal is not worth keeping through the night (no-load 50, starts free). Of 100 MW online 40 MW
    # is minimum load, and output above it moves by 20 MW a step: 40 + 20 at the start, then 80; the same backwards.
    cluster = replace(SLOW, capacity_mw=100.0, commitment=UnitCommitment(0.4, 50.0, 0.0))
    load = np.array([0.0, 0.0, 80.0, 80.0, 80.0, 60.0, 0.0, 0.0])
    instance = DispatchInstance("cluster", load, (cluster, FAST), commitment_step_count=2)
    result = dispatch(instance, with_steps=True)
    assert result.method is DispatchMethod.LINEAR_PROGRAMME
    assert output(result, "coal") == pytest.approx([0.0, 0.0, 60.0, 80.0, 80.0, 60.0, 0.0, 0.0])
    assert result.cost_cny == pytest.approx(280 * 100 + 20 * 500 + 400 * 50)
    assert result.cost_cny == pytest.approx(optimum(instance).objective_cny)


@pytest.mark.parametrize("kind", ["ramps", "all together", "commitment", "two stores, leaky", "hydro"])
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_limits_are_kept_and_cost_what_they_must(kind: str, share: float) -> None:
    free = random_instance(kind, 7, 48.0)
    free = replace(free, generators=tuple(replace(g, ramp_mw_per_h=None) for g in free.generators))
    units = tuple(replace(g, ramp_mw_per_h=share * g.capacity_mw) for g in free.generators)
    instance = replace(free, generators=units)
    best, loose = optimum(instance).objective_cny, optimum(free).objective_cny
    result = dispatch(instance, with_steps=True)
    assert check(instance, result) == []
    assert result.cost_cny == pytest.approx(best, rel=1e-6)
    assert best >= loose
    if best > loose * (1 + 1e-6):
        assert result.method is DispatchMethod.LINEAR_PROGRAMME
        assert result.gap_share < 1e-9
        assert result.lower_bound_cny <= best * (1 + 1e-9)
        assert result.cost_without_stores_cny >= result.cost_cny * (1 - 1e-9)
    for unit, told in zip(units, result.units, strict=False):
        if unit.commitment is None:
            assert told.largest_ramp_mw_per_h <= share * unit.capacity_mw + 1e-6


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1e3])
def test_the_size_of_a_system_changes_nothing_but_the_size_of_the_answer(scale: float) -> None:
    units = tuple(
        replace(g, capacity_mw=scale * g.capacity_mw, ramp_mw_per_h=None if g is FAST else 20 * scale)
        for g in (SLOW, FAST)
    )
    result = dispatch(DispatchInstance("size", scale * LOAD, units))
    assert result.cost_cny == pytest.approx(34_000.0 * scale, rel=1e-9)


def test_a_programme_above_the_limit_is_refused_with_what_to_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme, "MOST_VARIABLES", 10)
    with pytest.raises(DomainError) as caught:
        dispatch(DispatchInstance("jump", LOAD, (SLOW, FAST)))
    assert caught.value.reason == "INVALID_INPUT"
    assert "ramp limit of coal binds" in str(caught.value)
    assert "no ramp limits on units that never reach them" in str(caught.value)


def test_every_store_that_cannot_reach_its_end_is_named() -> None:
    leaking = Storage("a", 1.0, 1.0, 30.0, 0.9, 0.9, start_mwh=0.0, end_mwh=30.0, loss_share_per_h=0.5)
    stores = (leaking, replace(leaking, storage_id="good", end_mwh=1.0), replace(leaking, storage_id="b"))
    with pytest.raises(DomainError) as caught:
        dispatch(replace(DispatchInstance("leak", np.full(2, 50.0), (SLOW, FAST)), storages=stores))
    assert [v.description.split("'")[1] for v in caught.value.violations] == ["a", "b"]
