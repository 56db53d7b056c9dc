"""Odd fleets that a dispatch must answer well: sizes beyond use, stores that do nothing, costs of nothing, bad numbers."""

from dataclasses import replace

import numpy as np
import pytest

from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.power.instance.solve import dispatch
from services.power.instance.words import (
    DispatchInstance,
    FlexibleLoad,
    Generator,
    Reserve,
    StepSeries,
    Storage,
)
from tests.services.power.lp import optimum

HOUR = np.arange(48)
LOAD = 100.0 + 30.0 * np.sin(2 * np.pi * (HOUR - 8) / 24)
COAL = Generator("coal", capacity_mw=90.0, cost_cny_per_mwh=300.0, reserve_eligible=True)
GAS = Generator("gas", capacity_mw=60.0, cost_cny_per_mwh=550.0, reserve_eligible=True)
STORE = Storage("battery", 20.0, 20.0, 40.0, 0.93, 0.93)
BASE = DispatchInstance("base", LOAD, (COAL, GAS), (STORE,))


def fleet(kind: str) -> DispatchInstance:
    series = (StepSeries("cars", np.full(48, 5.0)), StepSeries("rain", np.full(48, 2.0)))
    endless = FlexibleLoad("cars", "cars", 10.0, shift_mwh=1e9, window_step_count=24)
    hydro = Generator("hydro", capacity_mw=20.0, budget_mwh=1e9, budget_step_count=24, reserve_eligible=True)
    lake = Storage("lake", 0.0, 10.0, 200.0, 0.9, 0.9, start_mwh=50.0, inflow_series="rain")
    return {
        "a store without end": replace(BASE, storages=(replace(STORE, energy_mwh=1e11),)),
        "power without end": replace(
            BASE, storages=(replace(STORE, charge_mw=1e11, discharge_mw=1e11), STORE_2)
        ),
        "load that may move for ever": replace(BASE, flexible_loads=(endless,), series=series),
        "a budget that never binds": replace(BASE, generators=(COAL, GAS, hydro)),
        "reserve from a budget": replace(
            BASE,
            generators=(COAL, GAS, replace(hydro, budget_mwh=100.0)),
            reserve=Reserve(0.2, 0.0, 10.0, 1000.0),
        ),
        "a store without power": replace(BASE, storages=(STORE, Storage("old", 0.0, 0.0, 40.0, 0.9, 0.9))),
        "a store that only loses": replace(
            BASE, storages=(STORE, Storage("old", 0.0, 5.0, 40.0, 0.9, 0.9, loss_share_per_h=0.9))
        ),
        "a lake": replace(BASE, storages=(lake, STORE), series=series[1:]),
        "energy for nothing": replace(
            BASE, generators=(replace(COAL, capacity_mw=200.0, cost_cny_per_mwh=0.0),)
        ),
    }[kind]


STORE_2 = replace(STORE, storage_id="second")
KINDS = (
    "a store without end",
    "power without end",
    "load that may move for ever",
    "a budget that never binds",
    "reserve from a budget",
    "a store without power",
    "a store that only loses",
    "a lake",
    "energy for nothing",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", [DispatchMode.FAST, DispatchMode.ACCURATE])
def test_an_odd_fleet_costs_what_its_linear_programme_does(kind: str, mode: DispatchMode) -> None:
    instance = fleet(kind)
    best, result = optimum(instance).objective_cny, dispatch(instance, mode)
    assert result.cost_cny == pytest.approx(best, rel=2e-3 if mode is DispatchMode.FAST else 1e-4, abs=1e-3)
    assert 0.0 <= result.lower_bound_cny <= best * (1 + 1e-8) + 1e-6
    assert 0.0 <= result.gap_share <= (0.03 if mode is DispatchMode.FAST else 2e-3)


def test_the_saving_of_stores_is_the_difference_to_the_same_fleet_without_them() -> None:
    result = dispatch(BASE)
    without = optimum(replace(BASE, storages=())).objective_cny
    assert result.cost_without_stores_cny == pytest.approx(without, rel=1e-9)


def test_numbers_beyond_any_fleet_and_the_tolerance_are_refused_together() -> None:
    bad = replace(BASE, storages=(replace(STORE, energy_mwh=1e20),), load_mw=-LOAD)
    with pytest.raises(DomainError) as caught:
        dispatch(bad, gap_tolerance_share=2.0)
    fields = {v.field for v in caught.value.violations}
    assert fields == {"instance.load_mw", "instance.storages[0].energy_mwh", "gap_tolerance_share"}
