"""The judge is judged: the linear programme meets known optima, and its own schedule passes the check."""

import numpy as np
import pytest

from services.power.instance.words import DispatchInstance, Generator, Storage
from tests.services.power.instances import FOUND, NAMES, read_instance, read_optimum
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import KINDS, random_instance
from tests.services.power.schedule_check import Check


@pytest.mark.skipif(FOUND is None, reason="no folder of dispatch instances")
@pytest.mark.parametrize("name", NAMES)
def test_the_programme_meets_the_published_optimum(name: str) -> None:
    instance = read_instance(name)
    found = optimum(instance)
    assert found.objective_cny == pytest.approx(read_optimum(name), rel=1e-8)
    check = Check(instance, found.series, found.start_mwh)
    assert check.problems == []
    assert check.cost_cny == pytest.approx(found.objective_cny, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_optimum_of_a_random_fleet_keeps_every_constraint_and_costs_what_it_says(
    kind: str, seed: int
) -> None:
    instance = random_instance(kind, seed)
    found = optimum(instance)
    check = Check(instance, found.series, found.start_mwh)
    assert check.problems == []
    assert check.cost_cny == pytest.approx(found.objective_cny, rel=1e-8)


def test_a_day_worked_by_hand() -> None:
    # 100 MW at 200 and 100 MW at 400; a lossless store of 50 MW and 40 MWh at 0.5 a MWh each
    # way, empty at both ends; 80, 150, 80 MW.
    # Hour 0 has 20 MW left at 200: they replace 20 of the 50 MW at 400 in hour 1.
    plants = (
        Generator("a", capacity_mw=100, cost_cny_per_mwh=200),
        Generator("b", capacity_mw=100, cost_cny_per_mwh=400),
    )
    store = Storage("s", 50, 50, 40, 1, 1, 0.5, start_mwh=0.0, end_mwh=0.0)
    found = optimum(DispatchInstance("hand", np.array([80.0, 150.0, 80.0]), plants, (store,)))
    assert found.objective_cny == pytest.approx(200 * (100 + 100 + 80) + 400 * 30 + 0.5 * 40)
    assert found.series["s.content_mwh"] == pytest.approx([20, 0, 0])
    assert found.price == pytest.approx([399, 400, 200])


def test_the_check_finds_a_schedule_that_breaks_its_limits() -> None:
    instance = random_instance("all together", 3)
    found = optimum(instance)
    for name, values in found.series.items():
        if name.startswith("price"):
            continue
        broken = dict(found.series)
        broken[name] = values + np.where(np.arange(values.size) == values.size // 2, 1e4, 0.0)
        assert Check(instance, broken, found.start_mwh).problems, name
