"""Costs: annuity, vintages, sums by technology and component, response to prices."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.annuity import capital_recovery_factor
from services.common.power_outcome import PowerOutcome, SystemCost
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.power.capacity import LEVER_TECHS, STORES
from services.power.cost_kernels import value_standing
from services.power.costs import (
    Asset,
    fixed_cost,
    read_assets,
)
from services.power.model import PowerModel
from services.power.stack import COAL
from tests.services.power.conftest import Parts, Run

COMPONENTS = [f.name for f in fields(SystemCost) if f.name != "total_cny"]


@pytest.fixture(scope="module")
def near(run: Run) -> PowerOutcome:
    return run(2025, 2026)


@pytest.fixture(scope="module")
def far(run: Run) -> PowerOutcome:
    return run(2045, 2045)


def standing(capacity: list[float], capex: list[float], lifetime: int) -> list[float]:
    out = np.empty(len(capacity))
    value_standing(np.array(capacity), np.array(capex), lifetime, np.empty(len(capacity)), out)
    return out.tolist()


def plain_standing(capacity: list[float], capex: list[float], lifetime: int) -> list[float]:
    """The same by a list of megawatts with their year, one entry a megawatt; index 0 is the first stock."""
    units = [0] * round(capacity[0])
    found = []
    for y in range(len(capacity)):
        units = [y if 0 < u <= y - lifetime else u for u in units]
        units = sorted(units)[max(len(units) - round(capacity[y]), 0) :] if y else units
        units += [y] * (round(capacity[y]) - len(units))
        found.append(float(sum(capex[u] for u in units)))
    return found


def test_the_capital_recovery_factor_at_six_per_cent_over_25_years_is_0_0782() -> None:
    # 1.06^25 = 4.29187; 0.06 x 4.29187 / 3.29187 = 0.078227
    assert capital_recovery_factor(0.06, 25) == pytest.approx(0.078227, abs=5e-7)


def test_annuities_discounted_over_the_lifetime_give_the_investment() -> None:
    payment = capital_recovery_factor(0.045, 30)
    assert sum(payment / 1.045**year for year in range(1, 31)) == pytest.approx(1.0, rel=1e-12)


def test_without_interest_the_investment_is_spread_evenly() -> None:
    assert capital_recovery_factor(0.0, 20) == 0.05
    assert capital_recovery_factor(1e-7, 20) == pytest.approx(0.05, rel=1e-5)


def test_additions_are_valued_at_their_year_and_the_first_stock_at_the_first_year() -> None:
    # 10 MW at 5; 2 MW more at 4; 3 MW more at 3: 50, 58, 67. Closing 4 MW takes the first stock: 67 - 20 = 47.
    assert standing([10, 12, 15, 11], [5, 4, 3, 2], 25) == pytest.approx([50, 58, 67, 47])


def test_what_reaches_its_age_is_rebuilt_at_the_cost_of_that_year() -> None:
    # 4 MW built in year 1 at 8 and rebuilt in year 3 at 6.
    assert standing([0, 4, 4, 4, 4], [9, 8, 7, 6, 5], 2) == pytest.approx([0, 32, 32, 24, 24])


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=12),
    st.lists(st.floats(0, 100), min_size=12, max_size=12),
    st.integers(1, 6),
)
def test_standing_value_equals_a_book_of_single_megawatts(
    capacity: list[int], capex: list[float], lifetime: int
) -> None:
    given_mw = [float(c) for c in capacity]
    assert standing(given_mw, capex[: len(capacity)], lifetime) == pytest.approx(
        plain_standing(given_mw, capex, lifetime), rel=1e-9, abs=1e-9
    )


def test_upkeep_is_its_share_of_what_was_invested() -> None:
    asset = Asset(np.array([3e6, 2e6]), 0.02, 25)
    cost = fixed_cost(asset, np.array([100.0, 150.0]), 0.06)
    # 100 MW at 3 and 50 MW at 2 million a MW: 300 and 400 million.
    assert cost.fixed_om_cny == pytest.approx([6e6, 8e6])
    assert cost.investment_cny == pytest.approx([300e6 * 0.078227, 400e6 * 0.078227], rel=1e-5)


def test_every_technology_store_and_line_has_an_asset_with_figures_in_range() -> None:
    assets = read_assets(load_region("jiangsu"), (2020, 2025, 2027, 2060))
    stores = set(STORES) - {"battery"} | {"battery_power", "battery_energy"}
    assert {*LEVER_TECHS, *COAL, *stores, "gas_chp", "gas_ccgt", "import_line"} <= set(assets)
    for asset in assets.values():
        assert (asset.capex_cny_per_mw >= 0).all() and asset.lifetime_years > 0
        assert 0 <= asset.fom_share < 0.1
    # 2,700 CNY/kW in 2025 and 2,300 in 2030: 2,540 in 2027.
    assert assets["utility_pv"].capex_cny_per_mw[2] == pytest.approx(2.54e6)
    two_hours, four_hours = (
        assets["battery_power"].capex_cny_per_mw + h * assets["battery_energy"].capex_cny_per_mw
        for h in (2, 4)
    )
    assert (two_hours[1], four_hours[1]) == pytest.approx((2.2e6, 3.9e6))


def test_the_system_cost_is_the_sum_of_its_components(near: PowerOutcome, far: PowerOutcome) -> None:
    for outcome in (near, far):
        parts = sum(getattr(outcome.system_cost, name) for name in COMPONENTS)
        assert outcome.system_cost.total_cny == pytest.approx(parts, rel=1e-12)
        assert all((getattr(outcome.system_cost, name) >= 0).all() for name in COMPONENTS)


def test_technologies_and_stores_add_up_to_the_system(near: PowerOutcome, far: PowerOutcome) -> None:
    for outcome in (near, far):
        owners = (*outcome.technologies, *outcome.stores)
        system = outcome.system_cost
        for name in ("investment_cny", "fixed_om_cny"):
            assert sum(getattr(o, name) for o in owners) == pytest.approx(getattr(system, name), rel=1e-12)
        assert sum(t.carbon_cost_cny for t in outcome.technologies) == pytest.approx(
            system.carbon_cny, rel=1e-12
        )


def test_variable_components_are_the_variable_cost_which_leaves_carbon_out(
    near: PowerOutcome, far: PowerOutcome
) -> None:
    for outcome in (near, far):
        cost = outcome.system_cost
        variable = (
            cost.fuel_cny + cost.variable_om_cny + cost.start_cny + cost.import_cny + cost.interruption_cny
        )
        assert variable == pytest.approx(outcome.variable_cost_cny, rel=1e-12)
        owners = (*outcome.technologies, *outcome.stores)
        assert sum(o.variable_cost_cny for o in owners) == pytest.approx(outcome.variable_cost_cny, rel=1e-12)


def test_carbon_and_unserved_load_are_priced_by_the_levers(near: PowerOutcome) -> None:
    local = sum(t.energy_tco2 for t in near.technologies if not t.imported)
    # 70 CNY/t in 2025, 80 in 2026 on the way to 120 in 2030; 10,000 CNY/MWh.
    assert near.system_cost.carbon_cny == pytest.approx(local * [70, 80], rel=1e-12)
    assert near.system_cost.unserved_cny == pytest.approx(near.unserved_mwh * 1e4, rel=1e-12)


def test_levelised_cost_times_energy_sent_out_is_the_whole_cost(near: PowerOutcome) -> None:
    nuclear = next(t for t in near.technologies if t.technology == "nuclear")
    # 6.3 % own use, scaled by the calibration of own use.
    ratio = next(i for i in near.indicators if i.metric_id == "power.calibration_own_use_ratio").region_values
    sent_out = nuclear.energy_mwh * (1 - 0.063 * ratio)
    whole = nuclear.investment_cny + nuclear.fixed_om_cny + nuclear.variable_cost_cny
    assert nuclear.levelised_cost_cny_per_mwh * sent_out == pytest.approx(whole, rel=1e-12)
    assert (nuclear.carbon_cost_cny == 0).all()


def test_levelised_costs_of_2025_are_of_the_known_order(near: PowerOutcome) -> None:
    cost = {t.technology: t.levelised_cost_cny_per_mwh[0] for t in near.technologies}
    assert 350 < cost["coal_usc_1000"] < 500
    assert 220 < cost["nuclear"] < 420
    assert 220 < cost["utility_pv"] < 380
    assert 220 < cost["onshore_wind"] < 380
    assert cost["onshore_wind"] < cost["offshore_wind"] < 700
    # Purchase and line together come near the coal benchmark tariff of the province, 391 CNY/MWh.
    assert cost["import_yanhuai"] == pytest.approx(391, rel=0.1)


def test_a_technology_that_does_not_run_has_no_levelised_cost(near: PowerOutcome) -> None:
    later = next(t for t in near.technologies if t.technology == "import_new")
    assert (later.energy_mwh == 0).all() and (later.levelised_cost_cny_per_mwh == 0).all()


def test_a_dearer_discount_rate_raises_investment_only(
    model: PowerModel, parts: Callable[[int, int], Parts], far: PowerOutcome
) -> None:
    setting = LeverSetting(lever_id="drivers.discount_rate", values=(0.08,))
    frame = Frame(region="jiangsu", first_year=2045, last_year=2045)
    dear = model.project(frame, Scenario(settings=(setting,)), *parts(2045, 2045))
    assert dear.system_cost.investment_cny[0] > far.system_cost.investment_cny[0] * 1.1
    assert dear.variable_cost_cny[0] == far.variable_cost_cny[0]
    assert dear.system_cost.fixed_om_cny[0] == far.system_cost.fixed_om_cny[0]


def test_a_dearer_carbon_price_never_lowers_the_system_cost(run: Run) -> None:
    totals = [run(2030, 2030, drivers__carbon_price=p).system_cost.total_cny[0] for p in (0.0, 200.0, 800.0)]
    assert totals == sorted(totals) and totals[0] < totals[2]


def test_more_capacity_costs_more_investment_and_no_more_fuel(run: Run, far: PowerOutcome) -> None:
    more = run(2045, 2045, power__offshore_wind_capacity=130.0)
    assert more.system_cost.investment_cny[0] > far.system_cost.investment_cny[0]
    assert more.system_cost.fuel_cny[0] < far.system_cost.fuel_cny[0]
