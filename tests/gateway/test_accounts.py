"""Accounts on hand-made outcomes; the arithmetic stands in the tests."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gateway.accounts import power_city_shares
from gateway.cost.metrics import cost_and_air_metrics
from gateway.metrics import METRICS, account_metrics
from gateway.peak_load import peak_load_of
from services.common.arrays import check_shapes
from services.common.errors import DomainError
from services.common.outcome import Outcome
from tests.gateway.small_outcomes import (
    PLACES,
    REGION,
    YEARS,
    outcome,
    power_outcome,
    small_accounts,
    small_projection,
    technology,
)

GJ_PER_MTCE = 29.3076e6


def homes() -> Outcome:
    return outcome(
        "homes",
        electricity=[("cooling", 300.0)],
        fuels=[("cooking", "natural_gas", 1000.0, 50.0), ("heating", "heat", 400.0, 0.0)],
    )


def works() -> Outcome:
    return outcome(
        "works",
        electricity=[("mill", 600.0), ("boilers", 100.0)],
        fuels=[
            ("mill", "coal", 2000.0, 200.0),
            ("mill", "heat", 1200.0, 0.0),
            ("boilers", "coal", 1600.0, 160.0),
            ("cracker", "oil_products", 500.0, 0.0, "feedstock"),
        ],
        process=[("cement", 44.0)],
        heat=[("boilers", 1600.0)],
        indicators=[("works.forest_sink_tco2", 5.0)],
    )


def power(**changes):
    return power_outcome(
        [
            technology("coal_plant", "coal", carrier="coal", mwh=500.0, gj=5000.0, tco2=450.0),
            technology("wind", "wind", mwh=300.0, clean=True),
            technology("line", "import", mwh=300.0, tco2=50.0, imported=True),
        ],
        demand=1000.0,
        loss=40.0,
        own_use=50.0,
        stores=[("pumped", 30.0, 20.0)],
        **changes,
    )


def test_territorial_co2_sums_direct_co2_and_local_power_only():
    account = small_accounts([homes(), works()], power()).region
    # homes 50; works 200 + 160; power 450; the imported 50 stand apart
    assert_allclose(account.territorial_tco2, 860.0)
    assert_allclose(account.imported_power_tco2, 50.0)
    assert_allclose(account.process_tco2, 44.0)
    assert_allclose(account.sink_tco2, 5.0)


def test_electricity_and_heat_are_attributed_to_their_users():
    homes_account, works_account, power_account = small_accounts([homes(), works()], power()).sectors
    # electricity carries (450 + 50) / 1000 MWh = 0.5 t/MWh; heat carries 160 + 0.5 x 100 = 210 t over 1,600 GJ
    assert_allclose(homes_account.attributed_tco2, 50 + 0.5 * 300 + 210 * 400 / 1600)
    assert_allclose(works_account.attributed_tco2, 200 + 0.5 * 600 + 210 * 1200 / 1600)
    assert_allclose(power_account.attributed_tco2, 0.0)


def test_total_consumption_counts_losses_own_use_and_storage():
    accounts = small_accounts([homes(), works()], power())
    # 300 + 700 at the meter, 40 lost, 50 used by plants, 10 lost in storage
    assert_allclose(accounts.region.electricity_consumption_mwh, 1100.0)
    assert_allclose(accounts.region.electricity_tco2_per_mwh, 500 / 1100)


def test_direct_co2_of_heat_making_stays_with_the_sector_that_burns_the_fuel():
    works_account = small_accounts([homes(), works()], power()).sectors[1]
    assert_allclose(works_account.direct_tco2, 360.0)
    assert {p.part: float(p.direct_tco2[0]) for p in works_account.parts} == pytest.approx(
        {"mill": 200.0, "boilers": 160.0}
    )


def test_the_2020_balance_gives_its_primary_energy_and_shares():
    """Fuels of the reconciled 2020 balance, Mtce; supply 170.35 coal, 24.0 coke, 48.92 oil, 39.5 gas, 5.94 biomass."""
    uses = [("coal", 20.85 + 25.0), ("coke", 38.0), ("oil_products", 47.72), ("natural_gas", 24.5)]
    works_2020 = outcome(
        "works",
        electricity=[("all", 1.0)],
        fuels=[("all", c, e * GJ_PER_MTCE, 0.0) for c, e in uses],
    )
    plants = [
        technology("coal", "coal", carrier="coal", gj=106 * GJ_PER_MTCE),
        technology("gas", "gas", carrier="natural_gas", gj=14.6 * GJ_PER_MTCE),
        technology("offgas", "offgas", carrier="byproduct_gas", gj=8.3 * GJ_PER_MTCE),
        technology("bio", "biomass", carrier="biomass", gj=5.94 * GJ_PER_MTCE, clean=True),
        technology("others", "wind", mwh=74.8e6, clean=True),
        technology("lines", "import", mwh=115.6e6, tco2=45e6, imported=True),
    ]
    account = small_accounts([works_2020], power_outcome(plants)).region
    assert account.primary_coal_equivalent_gj[0] / GJ_PER_MTCE == pytest.approx(346, abs=1.0)
    assert account.primary_calorific_gj[0] / GJ_PER_MTCE == pytest.approx(312, abs=1.0)
    assert account.coal_share[0] == pytest.approx(0.56, abs=0.006)
    assert account.power_coal_share[0] == pytest.approx(0.6225, abs=0.002)
    assert account.non_fossil_local_share[0] == pytest.approx(0.082, abs=0.001)
    # 45 Mt / 0.86 = 52.3 TWh of the imports are thermal, 63.3 clean: 19.0 Mtce more
    assert account.non_fossil_with_imports_share[0] == pytest.approx(0.082 + 19.0 / 346, abs=0.002)


def test_698_mt_in_2020_is_a_fall_of_54_per_cent_since_2005():
    plants = [
        technology("coal", "coal", carrier="coal", mwh=1.0, gj=1.0, tco2=653e6),
        technology("line", "import", mwh=1.0, tco2=45e6, imported=True),
    ]
    account = small_accounts([outcome("works", electricity=[("all", 1.0)])], power_outcome(plants)).region
    assert account.co2_per_gdp_fall_since_2005_share[0] == pytest.approx(0.541, abs=0.0005)


def test_cities_add_up_to_the_region():
    accounts = small_accounts([homes(), works()], power())
    cities = np.array([c.territorial_tco2 for c in accounts.cities])
    assert_allclose(cities.sum(axis=0), accounts.region.territorial_tco2, rtol=1e-12)
    assert_allclose(sum(c.electricity_mwh for c in accounts.cities), 1000.0)


def test_coal_power_is_placed_where_the_coal_units_stand():
    accounts = small_accounts([homes(), works()], power())
    place = dict(zip(PLACES, accounts.sectors[-1].place_direct_tco2[:, 0], strict=True))
    # 16.252 GW of units in Suzhou, 1.375 GW in Changzhou at the end of 2020
    assert place["suzhou"] / place["changzhou"] == pytest.approx(16.252 / 1.375)


def test_a_new_sector_needs_no_change():
    ports = outcome("homes", electricity=[("cranes", 10.0)], fuels=[("tugs", "diesel", 100.0, 7.0)])
    assert_allclose(small_accounts([ports], power()).sectors[0].direct_tco2, 7.0)


def test_an_unknown_carrier_is_refused_by_name():
    strange = outcome("works", fuels=[("mill", "peat", 1.0, 1.0)])
    with pytest.raises(DomainError, match="peat"):
        small_accounts([strange], power())


def test_sectors_of_other_years_are_refused():
    with pytest.raises(DomainError, match="other places or years"):
        small_accounts([outcome("homes", years=(2020,))], power())


def test_every_metric_of_the_accounts_is_published_with_consistent_shapes():
    outcomes, supply = [homes(), works()], power()
    accounts = small_accounts(outcomes, supply)
    metrics = (
        *account_metrics(REGION, accounts, peak_load_of(supply)),
        *cost_and_air_metrics(REGION, outcomes, supply, power_city_shares(REGION, outcomes, supply)),
    )
    assert [m.metric for m in metrics] == list(METRICS)
    assert check_shapes(small_projection(accounts, supply, metrics)) == []


def test_net_co2_takes_the_sink_off_once():
    outcomes, supply = [homes(), works()], power()
    metrics = {
        m.metric.metric_id: m.region_values
        for m in account_metrics(REGION, small_accounts(outcomes, supply), peak_load_of(supply))
    }
    assert_allclose(metrics["account.net_tco2"], 860 + 50 + 44 - 5)
    assert metrics["account.net_tco2"].size == len(YEARS)


def test_final_energy_leaves_out_feedstock_and_the_making_of_heat():
    outcomes, supply = [homes(), works()], power()
    primary = small_accounts(outcomes, supply).primary
    # electricity 300 + 600 MWh; gas 1,000, heat 400 + 1,200, coal 2,000 GJ; not the cracker, not the boilers
    assert_allclose(primary.final_electricity_gj, 3.6 * 900)
    assert_allclose(primary.final_gj, 3.6 * 900 + 4600)


def test_load_called_off_is_neither_consumption_nor_clean_generation():
    called = technology("demand_response", "other", mwh=10.0, clean=True)
    supply = power_outcome([technology("coal", "coal", carrier="coal", gj=1.0), called], demand=100.0)
    accounts = small_accounts([outcome("homes", electricity=[("all", 100.0)])], supply)
    assert_allclose(accounts.region.electricity_consumption_mwh, 90.0)
    assert_allclose(accounts.primary.non_fossil_local_gj, 0.0)
