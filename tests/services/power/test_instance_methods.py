"""Which method takes an instance: equal stores count once, and the linear programme takes what the others cannot."""

from dataclasses import replace

import numpy as np
import pytest

from services.power.instance import search
from services.power.instance.result import DispatchMethod, DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, Reserve, Storage
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import random_instance
from tests.services.power.schedule_check import check


def many(instance: DispatchInstance, count: int, differ: float) -> DispatchInstance:
    """The first store of an instance cut into parts that are equal, or differ in their cost."""
    whole = instance.storages[0]
    parts = tuple(
        Storage(
            f"part{i}",
            whole.charge_mw / count,
            whole.discharge_mw / count,
            whole.energy_mwh / count,
            whole.charge_efficiency_share,
            whole.discharge_efficiency_share,
            1.0 + differ * i,
        )
        for i in range(count)
    )
    return replace(instance, storages=parts)


def programme_is_asked(instance: DispatchInstance, reason: str) -> DispatchResult:
    result = dispatch(instance, with_steps=True)
    assert result.method is DispatchMethod.LINEAR_PROGRAMME
    assert reason in result.method_reason
    assert check(instance, result) == []
    assert result.cost_cny == pytest.approx(optimum(instance).objective_cny, rel=1e-8)
    assert result.gap_share < 1e-9
    return result


@pytest.mark.parametrize("count", [2, 20])
def test_equal_stores_do_what_one_large_store_does(count: int) -> None:
    instance = random_instance("one store", 3, 96.0)
    one, parts = many(instance, 1, 0.0), many(instance, count, 0.0)
    whole, split = dispatch(one, with_steps=True), dispatch(parts, with_steps=True)
    assert split.method is whole.method is DispatchMethod.EXACT_WALK
    assert split.cost_cny == pytest.approx(whole.cost_cny, rel=1e-12)
    assert check(parts, split) == []
    for told in split.storages:
        assert told.discharged_mwh == pytest.approx(whole.storages[0].discharged_mwh / count)


def test_equal_stores_are_equal_in_the_linear_programme_too() -> None:
    instance = many(random_instance("ramps", 3, 48.0), 20, 0.0)
    result = programme_is_asked(instance, "ramp limit")
    assert len({s.discharged_mwh for s in result.storages}) == 1


def test_many_stores_that_differ_are_a_linear_programme() -> None:
    programme_is_asked(many(random_instance("one store", 3, 24.0), 17, 0.1), "more than 16 stores")


def test_prices_by_step_with_commitment_are_a_linear_programme() -> None:
    instance = random_instance("commitment", 3, 48.0)
    price = random_instance("hourly prices", 3, 48.0).series[-1]
    price = replace(price, series_id="price", values=np.resize(price.values, instance.load_mw.size))
    free = next(i for i, g in enumerate(instance.generators) if g.group == "thermal" and g.commitment is None)
    units = list(instance.generators)
    units[free] = replace(units[free], cost_series="price", cost_steps=())
    instance = replace(instance, generators=tuple(units), series=(*instance.series, price))
    instance = replace(instance, value_of_lost_load_cny_per_mwh=20_000.0)
    programme_is_asked(instance, "prices by step together with commitment")


@pytest.mark.parametrize("seed", range(3))
def test_reserve_from_units_with_an_energy_budget_is_counted(seed: int) -> None:
    instance = random_instance("hydro", seed, 72.0)
    units = tuple(replace(g, reserve_eligible=True) for g in instance.generators)
    reserve = Reserve(0.3, 0.1, 100.0, 900.0)
    programme_is_asked(replace(instance, generators=units, reserve=reserve), "energy budget")


def test_a_joint_method_that_does_not_converge_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "JOINT_TURNS", 2)
    programme_is_asked(random_instance("hydro", 3, 48.0), "did not converge")


def test_cycles_are_told_of_the_whole_store_even_where_only_a_part_can_be_used() -> None:
    units = (
        Generator("a", capacity_mw=100.0, cost_cny_per_mwh=100.0),
        Generator("b", "", 100.0, cost_cny_per_mwh=500.0),
    )
    store = Storage("s", 10.0, 10.0, 1000.0, 1.0, 1.0)
    result = dispatch(DispatchInstance("large", np.array([80.0, 120.0, 80.0, 120.0]), units, (store,)))
    assert result.storages[0].discharged_mwh == pytest.approx(20.0)
    assert result.storages[0].cycles_count == pytest.approx(0.02)
