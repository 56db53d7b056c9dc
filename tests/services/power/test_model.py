"""The power sector as a whole: base year, balances, response to levers, bad input, determinism."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode, PowerOutcome
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import LoadShape
from services.power.calibration import calibration_factors
from services.power.levers import LEVERS
from services.power.metrics import METRICS
from services.power.model import MODEL, PowerModel
from tests.services.power.conftest import Parts, Run

REGION = load_region("jiangsu")


def group(outcome: PowerOutcome, name: str) -> float:
    return float(sum(t.energy_mwh[0] for t in outcome.technologies if t.group == name))


@pytest.fixture(scope="module")
def base(run: Run) -> PowerOutcome:
    return run()


@pytest.fixture(scope="module")
def later(run: Run) -> PowerOutcome:
    return run(2035, 2035)


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("nuclear", "generation_nuclear"),
        ("wind", "generation_wind"),
        ("offgas", "generation_thermal_off_gas_and_waste_heat"),
        ("biomass", "generation_thermal_biomass_waste"),
        ("gas", "generation_thermal_gas"),
        ("coal", "generation_thermal_coal"),
        ("import", "net_power_import"),
    ],
)
def test_generation_of_2020_meets_the_statistics(base: PowerOutcome, name: str, metric: str) -> None:
    assert group(base, name) / 1e6 == pytest.approx(REGION.observed(metric)[2020], rel=0.03)


def test_fuel_and_co2_of_2020_meet_the_balance(base: PowerOutcome) -> None:
    burned = {
        c: sum(float(t.fuel_gj[0]) for t in base.technologies if t.carrier == c)
        for c in ("coal", "natural_gas")
    }
    assert burned["coal"] / 29.3076e6 == pytest.approx(106, rel=0.03)
    assert burned["natural_gas"] / 29.3076e6 == pytest.approx(14.6, rel=0.03)
    local = sum(float(t.energy_tco2[0]) for t in base.technologies if not t.imported)
    assert local / 1e6 == pytest.approx(303.64, rel=0.03)


def test_total_consumption_of_2020_closes(base: PowerOutcome) -> None:
    losses = sum(float(s.charged_mwh[0] - s.discharged_mwh[0]) for s in base.stores)
    total = float(base.demand_mwh[0] + base.loss_mwh[0] + base.plant_own_use_mwh[0]) + losses
    supplied = sum(float(t.energy_mwh[0]) for t in base.technologies) + float(
        base.unserved_mwh[0] - base.surplus_mwh[0]
    )
    assert supplied == pytest.approx(total, rel=1e-9)
    assert total / 1e6 == pytest.approx(637.4, rel=0.01)


def test_every_calibration_factor_is_published_and_within_its_bounds(base: PowerOutcome) -> None:
    published = {i.metric_id: i.region_values[0] for i in base.indicators}
    for name, value in calibration_factors("jiangsu").items():
        assert published[f"power.calibration_{name}_ratio"] == value


def test_every_metric_is_published_once_and_finite(later: PowerOutcome) -> None:
    assert sorted(i.metric_id for i in later.indicators) == sorted(m.metric_id for m in METRICS)


@pytest.mark.parametrize(
    "mode", [DispatchMode.FAST, DispatchMode.FAST_COMMITMENT, DispatchMode.FAST_COMMITMENT_ONE_PASS]
)
def test_annual_energies_close_to_a_billionth(run: Run, mode: DispatchMode) -> None:
    outcome = run(2045, 2046, mode)
    supply = sum(t.energy_mwh for t in outcome.technologies) + outcome.unserved_mwh
    store = sum(s.charged_mwh - s.discharged_mwh for s in outcome.stores)
    use = outcome.demand_mwh + outcome.loss_mwh + outcome.plant_own_use_mwh + outcome.surplus_mwh + store
    assert supply == pytest.approx(use, rel=1e-9)
    assert (outcome.balance_residual_share < 1e-9).all()


def test_wind_and_pv_available_are_delivered_or_curtailed(run: Run) -> None:
    free = run(2060, 2060)
    tight = run(2060, 2060, power__battery_capacity=0.0, power__long_storage_capacity=0.0)
    for name in ("onshore_wind", "offshore_wind", "utility_pv", "rooftop_pv"):
        a, b = (next(t for t in o.technologies if t.technology == name) for o in (free, tight))
        assert a.energy_mwh + a.curtailed_mwh == pytest.approx(b.energy_mwh + b.curtailed_mwh, rel=1e-9)
    lost = [sum(float(t.curtailed_mwh[0]) for t in o.technologies) for o in (free, tight)]
    assert lost[1] > lost[0] > 0


def test_peak_days_sum_exactly(later: PowerOutcome) -> None:
    for day in later.peak_days:
        assert day.load_by_cause_mw.sum(axis=0) == pytest.approx(day.load_mw, rel=1e-12)
        assert day.supply_mw.sum(axis=0) == pytest.approx(day.load_mw, rel=1e-9)
        assert day.load_mw.argmax() == day.peak_hour - day.first_hour
    summer = next(d for d in later.peak_days if d.season == "summer")
    assert summer.load_mw.max() == later.summer_peak_load_mw[0]
    assert summer.peak_hour == later.summer_peak_hour[0]


def test_commitment_costs_more_than_a_dispatch_without_it(run: Run) -> None:
    free = run(2030, 2030, DispatchMode.FAST)
    bound = run(2030, 2030, DispatchMode.FAST_COMMITMENT)
    assert free.mode is DispatchMode.FAST and bound.mode is DispatchMode.FAST_COMMITMENT
    assert bound.variable_cost_cny[0] > free.variable_cost_cny[0]
    assert free.gap_share[0] < 0.02


def test_one_pass_is_answered_as_asked(run: Run) -> None:
    one = run(2050, 2050, DispatchMode.FAST_COMMITMENT_ONE_PASS)
    more = run(2050, 2050, DispatchMode.FAST_COMMITMENT)
    assert one.mode is DispatchMode.FAST_COMMITMENT_ONE_PASS
    assert one.variable_cost_cny[0] == pytest.approx(more.variable_cost_cny[0], rel=0.05)
    assert one.gap_share[0] > more.gap_share[0]


def test_the_default_mode_commits_by_day(later: PowerOutcome) -> None:
    assert later.mode is DispatchMode.FAST_COMMITMENT


def co2(outcome: PowerOutcome) -> float:
    return float(sum(t.energy_tco2[0] for t in outcome.technologies if not t.imported))


def coal(outcome: PowerOutcome) -> float:
    return group(outcome, "coal")


def cost(outcome: PowerOutcome) -> float:
    return float(outcome.variable_cost_cny[0])


def reserve(outcome: PowerOutcome) -> float:
    return float(outcome.reserve_margin_share[0])


def curtailed(outcome: PowerOutcome) -> float:
    return float(sum(t.curtailed_mwh[0] for t in outcome.technologies))


def imported_co2(outcome: PowerOutcome) -> float:
    return float(sum(t.energy_tco2[0] for t in outcome.technologies if t.imported))


def new_channel(outcome: PowerOutcome) -> float:
    return metric(outcome, "new_channel_renewable_share")


def unserved(outcome: PowerOutcome) -> float:
    return float(outcome.unserved_mwh[0])


def hydro(outcome: PowerOutcome) -> float:
    return group(outcome, "hydro")


def gas(outcome: PowerOutcome) -> float:
    return group(outcome, "gas")


def response(outcome: PowerOutcome) -> float:
    return metric(outcome, "demand_response_mw")


def price(outcome: PowerOutcome) -> float:
    return float(outcome.mean_price_cny_per_mwh[0])


def coal_rate(outcome: PowerOutcome) -> float:
    return float(outcome.net_coal_rate_kgce_per_mwh[0])


def store_energy(outcome: PowerOutcome) -> float:
    return float(sum(s.energy_capacity_mwh[0] for s in outcome.stores))


def metric(outcome: PowerOutcome, name: str) -> float:
    return float(next(i.region_values[0] for i in outcome.indicators if i.metric_id == f"power.{name}"))


@pytest.mark.parametrize(
    ("lever", "low", "high", "figure", "sign"),
    [
        ("power__utility_pv_capacity", 20.0, 150.0, co2, -1),
        ("power__onshore_wind_capacity", 12.0, 24.0, co2, -1),
        ("power__offshore_wind_capacity", 15.0, 90.0, co2, -1),
        ("power__nuclear_capacity", 7.0, 20.0, co2, -1),
        ("power__biomass_capacity", 3.0, 6.0, coal, -1),
        ("power__hydro_capacity", 0.0, 2.0, hydro, 1),
        ("power__coal_capacity", 60.0, 95.0, unserved, -1),
        ("power__gas_capacity", 20.0, 60.0, reserve, 1),
        ("power__pumped_storage_capacity", 1.0, 14.0, store_energy, 1),
        ("power__battery_capacity", 5.0, 80.0, curtailed, -1),
        ("power__battery_duration", 1.0, 8.0, store_energy, 1),
        ("power__long_storage_capacity", 0.0, 20.0, reserve, 1),
        ("power__long_storage_duration", 4.0, 100.0, store_energy, 1),
        ("power__import_capacity", 40.0, 80.0, coal, -1),
        ("power__import_utilisation", 0.4, 0.7, coal, -1),
        ("power__existing_import_emission_factor", 0.1, 0.5, imported_co2, 1),
        ("power__new_channel_renewable_share", 0.2, 0.9, new_channel, 1),
        ("power__coal_min_load", 0.25, 0.5, curtailed, 1),
        ("power__coal_heat_rate_change", -2.0, 0.5, coal_rate, 1),
        ("power__coal_ccs_share", 0.0, 0.8, co2, -1),
        ("power__gas_hydrogen_share", 0.0, 0.5, co2, -1),
        ("power__industrial_interruptible_response", 0.0, 1.0, response, 1),
        ("power__import_flexibility", 0.0, 0.3, cost, -1),
        ("power__industrial_shiftable_response", 0.0, 1.0, cost, -1),
        ("power__cooling_response", 0.0, 0.3, cost, -1),
        ("drivers__carbon_price", 50.0, 500.0, price, 1),
        ("drivers__coal_price", 500.0, 1200.0, cost, 1),
        ("drivers__gas_price", 2.0, 4.0, cost, 1),
    ],
)
def test_each_lever_acts_in_its_direction(
    run: Run, lever: str, low: float, high: float, figure: Callable[[PowerOutcome], float], sign: int
) -> None:
    year = 2035
    less, more = run(year, year, **{lever: low}), run(year, year, **{lever: high})
    assert (figure(more) - figure(less)) * sign > 0


def test_each_lever_of_the_register_is_tested_for_its_effect() -> None:
    marks = next(m for m in test_each_lever_acts_in_its_direction.pytestmark if m.name == "parametrize")
    tested = {case[0].replace("__", ".") for case in marks.args[1]}
    assert {row.lever_id for row in LEVERS} - tested == {"power.value_of_lost_load"}


def test_the_value_of_lost_load_sets_the_price_of_shortage(
    model: PowerModel, parts: Callable[[int, int], Parts]
) -> None:
    def mean_price(value: float) -> float:
        settings = (
            LeverSetting(lever_id="power.value_of_lost_load", values=(value,)),
            LeverSetting(lever_id="power.coal_capacity", years=(2026,), values=(30.0,)),
        )
        outcome = model.project(
            Frame(region="jiangsu", first_year=2035, last_year=2035),
            Scenario(settings=settings),
            *parts(2035, 2035),
            DispatchMode.FAST,
        )
        assert outcome.unserved_mwh[0] > 0
        return float(outcome.mean_price_cny_per_mwh[0])

    assert mean_price(40_000.0) > mean_price(10_000.0)


def test_smart_charging_lowers_the_net_peak(
    run: Run, model: PowerModel, parts: Callable[[int, int], Parts]
) -> None:
    loads, on_site, heats, flexible = parts(2040, 2040)
    frame = Frame(region="jiangsu", first_year=2040, last_year=2040)
    without = model.project(frame, Scenario(), loads, on_site, heats, [])
    smart = model.project(frame, Scenario(), loads, on_site, heats, flexible)
    assert smart.net_peak_load_mw[0] < without.net_peak_load_mw[0]
    assert smart.demand_mwh[0] == without.demand_mwh[0]
    assert metric(smart, "moved_load_mwh") > 0


def test_a_still_year_burns_more_coal(run: Run) -> None:
    assert coal(run(2035, 2035, weather="low_wind")) > coal(run(2035, 2035))


def test_a_year_is_the_same_alone_and_within_a_span(run: Run) -> None:
    span, alone = run(2029, 2031), run(2030, 2030)
    for whole, one in zip(span.technologies, alone.technologies, strict=True):
        assert whole.energy_mwh[1] == one.energy_mwh[0]
        assert whole.energy_tco2[1] == one.energy_tco2[0]
    assert span.summer_peak_load_mw[1] == alone.summer_peak_load_mw[0]


def test_the_same_digest_alone_and_in_threads(run: Run) -> None:
    alone = run(2030, 2030).digest
    with ThreadPoolExecutor(4) as pool:
        assert {o.digest for o in pool.map(lambda _: run(2030, 2030), range(4))} == {alone}


def test_vehicles_feed_back_what_they_took_less_their_losses(
    model: PowerModel, parts: Callable[[int, int], Parts]
) -> None:
    loads, on_site, heats, (smart,) = parts(2035, 2035)
    fed = replace(smart, flexible_load_id="t.vehicles", efficiency_share=0.85, feed_in_mw=np.array([9000.0]))
    frame = Frame(region="jiangsu", first_year=2035, last_year=2035)
    mode = DispatchMode.ACCURATE
    without = model.project(frame, Scenario(), loads, on_site, heats, [smart], mode)
    outcome = model.project(frame, Scenario(), loads, on_site, heats, [fed], mode)
    (vehicles,) = (s for s in outcome.stores if s.store_id == "t.vehicles")
    assert vehicles.discharged_mwh[0] > 0
    assert vehicles.discharged_mwh[0] == pytest.approx(0.85 * vehicles.charged_mwh[0], rel=1e-9)
    assert outcome.system_cost.total_cny[0] < without.system_cost.total_cny[0]


def test_buildings_that_feed_back_are_a_store_of_half_their_window(
    model: PowerModel, parts: Callable[[int, int], Parts]
) -> None:
    loads, on_site, heats, (smart,) = parts(2035, 2035)
    buildings = replace(
        smart,
        flexible_load_id="buildings.flexible_buildings",
        window_hours=4.0,
        efficiency_share=0.88,
        energy_mwh=np.zeros(1),
        power_mw=np.zeros(1),
        feed_in_mw=np.array([2000.0]),
    )
    frame = Frame(region="jiangsu", first_year=2035, last_year=2035)
    outcome = model.project(
        frame, Scenario(), loads, on_site, heats, [smart, buildings], DispatchMode.ACCURATE
    )
    (store,) = (s for s in outcome.stores if s.store_id == buildings.flexible_load_id)
    assert store.energy_capacity_mwh[0] == pytest.approx(2 * store.power_mw[0])
    assert store.power_mw[0] == 2000.0
    assert store.discharged_mwh[0] == pytest.approx(0.88 * store.charged_mwh[0], rel=1e-9)


@pytest.mark.parametrize(
    ("fast", "accurate"),
    [
        (DispatchMode.FAST, DispatchMode.ACCURATE),
        (DispatchMode.FAST_COMMITMENT, DispatchMode.ACCURATE_COMMITMENT),
    ],
)
def test_accurate_modes_certify_a_smaller_gap_and_agree_with_the_fast_ones(
    run: Run, fast: DispatchMode, accurate: DispatchMode
) -> None:
    quick, slow = run(2050, 2050, fast), run(2050, 2050, accurate)
    assert slow.gap_share[0] < quick.gap_share[0]
    assert slow.gap_share[0] < (1e-3 if accurate is DispatchMode.ACCURATE else 0.02)
    assert slow.variable_cost_cny[0] == pytest.approx(quick.variable_cost_cny[0], rel=0.02)
    assert slow.balance_residual_share[0] < 1e-9


def test_unknown_shapes_are_all_named(model: PowerModel, parts: Callable[[int, int], Parts]) -> None:
    loads, on_site, heats, _ = parts(2020, 2020)
    wrong = [replace(loads[0], shape_digest="a" * 64), loads[1]]
    sun = [replace(on_site[0], shape_digest="b" * 64)]
    with pytest.raises(DomainError) as caught:
        model.project(Frame(region="jiangsu", last_year=2020), Scenario(), wrong, sun, heats, [])
    assert caught.value.reason == "SHAPE_UNKNOWN"
    assert {v.given for v in caught.value.violations} == {"a" * 64, "b" * 64}


def test_all_violations_of_a_scenario_come_at_once(
    model: PowerModel, parts: Callable[[int, int], Parts]
) -> None:
    bad = (
        LeverSetting(lever_id="power.coal_capacty", years=(2030,), values=(50.0,)),
        LeverSetting(lever_id="power.nuclear_capacity", years=(2030,), values=(999.0,)),
        LeverSetting(lever_id="drivers.coal_price", years=(2030,), values=(1.0,)),
    )
    with pytest.raises(DomainError) as caught:
        model.project(Frame(region="jiangsu", last_year=2020), Scenario(settings=bad), *parts(2020, 2020))
    assert caught.value.reason == "INVALID_INPUT"
    assert len(caught.value.violations) == 3


def test_shapes_are_kept_in_a_folder_and_checked(
    tmp_path: Path, shapes: dict[str, LoadShape], parts: Callable[[int, int], Parts]
) -> None:
    first = PowerModel(tmp_path)
    assert first.put_shapes(list(shapes.values())) == len(shapes)
    assert first.put_shapes(list(shapes.values())) == 0
    again = PowerModel(tmp_path)
    assert again.project(Frame(region="jiangsu", last_year=2020), Scenario(), *parts(2020, 2020)).digest
    with pytest.raises(DomainError) as caught:
        again.put_shapes([replace(shapes["t.sun"], digest="0" * 64)])
    assert caught.value.reason == "INVALID_INPUT"


def test_a_shape_file_that_was_damaged_is_not_used(
    tmp_path: Path, shapes: dict[str, LoadShape], parts: Callable[[int, int], Parts]
) -> None:
    PowerModel(tmp_path).put_shapes(list(shapes.values()))
    digest = shapes["t.cooling"].digest
    np.ones(8760).tofile(tmp_path / f"{digest}.f64")
    with pytest.raises(DomainError) as caught:
        PowerModel(tmp_path).project(Frame(region="jiangsu", last_year=2020), Scenario(), *parts(2020, 2020))
    assert [v.given for v in caught.value.violations] == [digest]


def test_the_model_fits_the_shape_of_a_sector() -> None:
    assert MODEL.sector == "power"
    assert all(row.owner == "power" for row in LEVERS)
    assert len({m.metric_id for m in METRICS}) == len(METRICS)
