"""The hours of a year asked for beside an outcome: exact, closing by cause and source, and no part of the digest."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode, HoursChoice, PowerOutcome
from services.common.scenario import Frame, Scenario
from services.common.words import LoadShape
from services.power import model as module
from services.power.model import PowerModel
from tests.services.power.conftest import Parts, Run

FRAME = Frame(region="jiangsu", last_year=2030)
YEARS = (2020, 2030)
EVERY_DAY = tuple(range(365))

Ask = Callable[..., PowerOutcome]


@pytest.fixture
def ask(shapes: dict[str, LoadShape], parts: Callable[[int, int], Parts]) -> Ask:
    """Project with a model of this test's own, which has kept nothing yet."""
    model = PowerModel()
    model.put_shapes(list(shapes.values()))

    def go(hours: HoursChoice | None = None, **how: object) -> PowerOutcome:
        mode = how.pop("mode", DispatchMode.UNSPECIFIED)
        given = parts(2020, 2030)
        return model.project(FRAME, Scenario(), *given, mode, YEARS, hours=hours, **how)  # type: ignore[arg-type]

    return go


def test_the_hours_are_those_that_the_sums_and_the_peaks_were_made_of(ask: Ask) -> None:
    found = ask(HoursChoice(2030, (100,)))
    hours = found.year_hours
    assert hours is not None and hours.year == 2030
    y = found.years.index(2030)
    whole = found.demand_mwh[y] + found.loss_mwh[y] + found.plant_own_use_mwh[y]
    assert hours.load_mw.sum() == pytest.approx(whole, rel=1e-12)
    assert hours.load_mw[found.summer_peak_hour[y]] == found.summer_peak_load_mw[y]
    assert hours.load_mw[found.winter_peak_hour[y]] == found.winter_peak_load_mw[y]
    assert hours.net_load_mw.max() == found.net_peak_load_mw[y]
    assert hours.net_load_mw.argmax() == found.net_peak_hour[y]
    assert hours.price_cny_per_mwh.shape == hours.curtailed_mw.shape == (8760,)
    assert (hours.curtailed_mw >= 0).all()


@pytest.mark.parametrize("mode", [DispatchMode.FAST, DispatchMode.FAST_COMMITMENT])
def test_causes_and_supply_sum_to_the_load_on_every_day_of_the_year(ask: Ask, mode: DispatchMode) -> None:
    hours = ask(HoursChoice(2030, EVERY_DAY), mode=mode).year_hours
    assert hours is not None
    assert [d.first_hour for d in hours.days] == [24 * n for n in EVERY_DAY]
    for day in hours.days:
        np.testing.assert_array_equal(day.load_mw, hours.load_mw[day.first_hour : day.first_hour + 24])
        assert day.load_by_cause_mw.sum(axis=0) == pytest.approx(day.load_mw, rel=1e-12)
        assert day.supply_mw.sum(axis=0) == pytest.approx(day.load_mw, rel=1e-9)
        assert day.season == "" and day.load_mw.argmax() == day.peak_hour - day.first_hour


def test_the_day_of_a_peak_is_the_same_however_it_is_asked_for(ask: Ask) -> None:
    peak = next(d for d in ask().peak_days if (d.year, d.season) == (2030, "summer"))
    hours = ask(HoursChoice(2030, (peak.first_hour // 24,))).year_hours
    assert hours is not None
    (day,) = hours.days
    assert day.peak_hour == peak.peak_hour and (day.causes, day.groups) == (peak.causes, peak.groups)
    np.testing.assert_array_equal(day.load_by_cause_mw, peak.load_by_cause_mw)
    np.testing.assert_array_equal(day.supply_mw, peak.supply_mw)


def test_an_outcome_has_the_same_digest_with_hours_and_without(ask: Ask) -> None:
    plain = ask()
    assert plain.year_hours is None
    assert ask(HoursChoice(2030, (1, 2))).digest == plain.digest
    assert ask(HoursChoice(2020)).digest == plain.digest


def test_hydrogen_that_gas_plants_burn_is_told_and_no_part_of_the_digest(run: Run) -> None:
    found = run(2030, 2030, power__gas_hydrogen_share=0.3)
    gas = next(t for t in found.technologies if t.technology == "gas_chp")
    assert gas.hydrogen_gj == pytest.approx(gas.fuel_gj * 0.3 / 0.7, rel=1e-12)
    assert digest_of(replace(gas, hydrogen_gj=np.zeros(1))) == digest_of(gas)
    assert digest_of(replace(gas, fuel_gj=np.zeros(1))) != digest_of(gas)
    assert all(not t.hydrogen_gj.any() for t in found.technologies if t.carrier != "natural_gas")


def test_named_metrics_have_the_same_hours_as_a_whole_outcome(ask: Ask) -> None:
    whole = ask(HoursChoice(2030, (200,))).year_hours
    narrow = ask(HoursChoice(2030, (200,)), only=frozenset({"power.firm_capacity_mw"})).year_hours
    assert whole is not None and narrow is not None
    for name in ("load_mw", "net_load_mw", "curtailed_mw", "price_cny_per_mwh"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(narrow, name))
    np.testing.assert_array_equal(whole.days[0].supply_mw, narrow.days[0].supply_mw)


def test_only_the_year_asked_is_dispatched_again_and_another_day_of_it_is_there_at_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatched: list[int] = []
    run_year = module.run_year
    monkeypatch.setattr(
        module, "run_year", lambda request, y, **how: dispatched.append(y) or run_year(request, y, **how)
    )
    ask()
    assert dispatched == [0, 10]
    dispatched.clear()
    ask(HoursChoice(2030, (5,)))
    assert dispatched == [10]
    ask(HoursChoice(2030, (6,)))
    assert dispatched == [10]


def test_everything_wrong_with_the_hours_asked_for_is_told_at_once(ask: Ask) -> None:
    with pytest.raises(DomainError) as caught:
        ask(HoursChoice(2025, (365, -1, 7)))
    assert [v.field for v in caught.value.violations] == [
        "hours.year",
        "hours.days[0]",
        "hours.days[1]",
        "hours.days",
    ]
