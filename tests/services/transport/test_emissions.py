"""Pollutants of Jiangsu and greenhouse gases from well to wheel, by scenario."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.common.region_files import RegionDataError
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.units import GJ_PER_MWH
from services.transport.base import AGES, DIESEL, FIRST_YEAR, GASOLINE, PHEV
from services.transport.emissions.factors import standard_factors
from services.transport.emissions.greenhouse import ch4_n2o_factors
from services.transport.emissions.pollutants import CO, NOX, PM25, VOC, Pollutants, old_diesel_truck_nox_t
from services.transport.emissions.standards import standard_shares
from services.transport.emissions.well_to_wheel import (
    chain_of,
    reference_grid_kgco2_per_kwh,
    well_to_tank_kgco2e_per_gj,
)
from services.transport.fleet.cohorts import run_cohorts
from services.transport.fleet.run import cohorts_of, stock_targets
from services.transport.indicators import emissions as rows
from services.transport.indicators.project import Projection, Sums
from services.transport.project import project_transport

FRAME = Frame(region="jiangsu")
REGION = load_region("jiangsu")
BASELINES = ("frozen", "planned", "reference", "accelerated")
KT = 1e3
# km a year of the inventory guideline of 2014, with which national inventories are made
GUIDELINE_KM = {
    "private_car": 18_000,
    "taxi": 120_000,
    "urban_bus": 60_000,
    "coach": 58_000,
    "light_truck": 30_000,
    "medium_truck": 35_000,
    "heavy_truck": 75_000,
    "motorcycle": 6_000,
}


@lru_cache(maxsize=32)
def projected(baseline: str, *setting: tuple[str, float]) -> Projection:
    given = tuple(
        LeverSetting(lever_id=f"transport.{name}", years=(2026,), values=(value,)) for name, value in setting
    )
    return project_transport(FRAME, Scenario(baseline=baseline, settings=given))  # type: ignore[arg-type]


def sums(p: Projection) -> dict[str, FloatArray]:
    made = Sums(rows.SUMS, p)
    return {name: made[name] for name in rows.SUMS}


@lru_cache(maxsize=32)
def metrics(baseline: str, *setting: tuple[str, float]) -> dict[str, FloatArray]:
    """Values of the region by year."""
    return {name: v.sum(axis=0) for name, v in sums(projected(baseline, *setting)).items()}


def road_t(q: int) -> float:
    p = projected("reference")
    return float(Pollutants(p.base, p.activity, p.energy).exhaust_t(q)[:, :, 0].sum())


def test_exhaust_of_jiangsu_in_2020_is_of_the_order_of_its_part_of_the_national_inventory() -> None:
    """Vehicles of China in 2020 (annual report on mobile sources, B): NOx 6.1, HC 1.9, PM 0.07, CO 7.7 Mt.

    Jiangsu has 5 to 7 % of it (C). Our km are a half of those in the guideline behind the report, so that NOx, PM and
    CO come out at 35 to 100 % of this part; evaporation closes VOC.
    """
    assert 0.35 * 305 * KT < road_t(NOX) < 430 * KT
    assert 0.35 * 385 * KT < road_t(CO) < 540 * KT
    assert 0.35 * 3.4 * KT < road_t(PM25) < 4.9 * KT
    p = projected("reference")
    evaporated = float(Pollutants(p.base, p.activity, p.energy).evaporation_t[:, 0].sum())
    assert 0.7 * 95 * KT < road_t(VOC) + evaporated < 133 * KT


def test_with_the_mileage_of_the_guideline_nox_comes_near_the_inventory() -> None:
    p = projected("reference")
    by_class = p.activity.fleet.pollutant_t[NOX, :, :, :, 0].sum(axis=(0, 2))
    scaled = sum(
        by_class[c] * GUIDELINE_KM.get(name, p.base.rows[c]["mileage_km"]) / p.base.rows[c]["mileage_km"]
        for c, name in enumerate(p.base.classes)
    )
    assert 0.8 * 305 * KT < scaled < 430 * KT


@pytest.mark.parametrize("baseline", BASELINES)
def test_early_retirement_of_china_iii_trucks_lowers_nox_in_every_baseline(baseline: str) -> None:
    plain = metrics(baseline, ("china3_diesel_retirement_rate", 0.0))
    early = metrics(baseline, ("china3_diesel_retirement_rate", 1.0))
    first = 2026 - 2020
    assert plain["china3_diesel_truck_nox_t"][first] > 0.0
    assert early["nox_t"][first] < plain["nox_t"][first]
    assert early["road_exhaust_pm25_t"][first] < plain["road_exhaust_pm25_t"][first]
    assert early["china3_diesel_truck_nox_t"][first] == pytest.approx(0.0, abs=1e-6)
    soon = slice(first, 2029 - 2020)  # fifteen years after the last of them was sold
    assert np.all(early["nox_t"][soon] <= plain["nox_t"][soon])
    # later the trucks bought early are a little older than those bought in their time
    np.testing.assert_allclose(early["nox_t"], plain["nox_t"], rtol=0.05)
    assert early["nox_t"].sum() < plain["nox_t"].sum()
    np.testing.assert_array_equal(early["nox_t"][:first], plain["nox_t"][:first])


def test_china_iii_trucks_emit_more_than_their_part_of_the_stock() -> None:
    p, values = projected("frozen"), metrics("frozen")
    trucks = list(p.base.commercial_truck)
    old = p.activity.fleet.diesel_standard_stock[:4, :, trucks, 0].sum()
    part_of_stock = old / p.activity.fleet.stock[:, trucks, :, 0].sum()
    part_of_nox = values["china3_diesel_truck_nox_t"][0] / values["truck_nox_t"][0]
    assert part_of_nox > part_of_stock > 0.1
    share = values["china3_diesel_truck_nox_t"] / values["road_nox_t"]
    assert np.all(np.diff(share) <= 1e-12)
    assert share[2030 - 2020] == 0.0  # fifteen years is the oldest age allowed


@pytest.mark.parametrize("baseline", BASELINES)
def test_nox_of_old_trucks_agrees_with_cohorts_that_carry_the_old_standards_alone(baseline: str) -> None:
    p = projected(baseline)
    base, a = p.base, p.activity
    wanted = stock_targets(base, p.paths, a.freight, a.population, a.urban_persons, a.gdp_cny)
    cohorts = cohorts_of(base, p.paths, a.fleet.share, wanted)
    own = standard_shares(REGION, "jiangsu", base.fleet_classes, FIRST_YEAR, cohorts.exhaust.shape[-1])
    grams, _ = standard_factors(REGION, base.fleet_classes)
    old = np.einsum("ckvs,qcks->qckv", own[..., :4], grams[..., :4])
    whole = run_cohorts(cohorts)
    part = run_cohorts(cohorts._replace(exhaust=old, rise=np.zeros_like(old)))
    trucks = list(base.commercial_truck)
    exact = np.zeros_like(a.population)
    for c in trucks:
        ratio = part.use[3 + NOX, c, DIESEL] / np.maximum(whole.use[3 + NOX, c, DIESEL], 1e-30)
        exact += ratio.T * a.fleet.pollutant_t[NOX, :, c, DIESEL]
    found = old_diesel_truck_nox_t(base, a)
    np.testing.assert_allclose(found[:, 0], exact[:, 0], rtol=0.03)
    scale = exact.sum(axis=0)[0]
    np.testing.assert_allclose(found.sum(axis=0) / scale, exact.sum(axis=0) / scale, atol=0.01)


def test_the_first_year_of_exhaust_is_what_plain_loops_over_ages_give() -> None:
    p = projected("reference")
    base, fleet = p.base, p.activity.fleet
    c, city = base.position("private_car"), 3
    vehicles = base.opening_by_age[base.fleet_classes.index("private_car"), GASOLINE, :, city]
    km = base.age_km[base.fleet_classes.index("private_car")]
    own = standard_shares(REGION, "jiangsu", ("private_car",), FIRST_YEAR, AGES)[0, GASOLINE]
    grams, worsens = standard_factors(REGION, ("private_car",))
    total = 0.0
    for i in range(AGES):
        age = AGES - 1 - i
        for s in range(7):
            worse = 1.0 + 0.02 * min(age, 10) * worsens[NOX, 0, GASOLINE, s]
            total += vehicles[i] * km[i] * own[i, s] * grams[NOX, 0, GASOLINE, s] * worse
    assert fleet.pollutant_t[NOX, city, c, GASOLINE, 0] == pytest.approx(total / 1e6, rel=1e-9)


def test_plug_in_hybrids_emit_on_their_fuel_km_only() -> None:
    p = projected("reference")
    fleet, c = p.activity.fleet, p.base.position("private_car")
    nox, km = fleet.pollutant_t[NOX, :, c, :, 10], fleet.km[:, c, :, 10]
    assert np.all(nox[:, PHEV] / km[:, PHEV] < 0.6 * nox[:, GASOLINE] / km[:, GASOLINE])


@pytest.mark.parametrize("baseline", BASELINES)
def test_nothing_is_negative_and_the_boundaries_grow(baseline: str) -> None:
    p = projected(baseline)
    for name, values in sums(p).items():
        assert np.all(np.isfinite(values)), name
        assert values.min() >= 0.0, name
    totals = metrics(baseline)
    direct = sum(v.sum(axis=0) for v in p.energy.fuel_tco2.values())
    assert np.all(totals["direct_and_electricity_tco2"] > direct)
    assert np.all(totals["well_to_wheel_tco2e"] > totals["direct_and_electricity_tco2"])
    assert np.all(totals["nox_t"] > totals["road_nox_t"])
    assert np.all(totals["road_nox_t"] >= totals["truck_nox_t"])


def test_electric_fleets_bring_well_to_wheel_down_beside_frozen() -> None:
    frozen, reference = metrics("frozen"), metrics("reference")
    assert reference["well_to_wheel_tco2e"][20] < frozen["well_to_wheel_tco2e"][20]
    assert reference["nox_t"][20] < frozen["nox_t"][20]


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 1.2), st.floats(0.0, 1.2))
def test_well_to_wheel_is_linear_in_the_grid_factor(low: float, high: float) -> None:
    p = projected("accelerated")
    one = np.ones(len(p.paths.years))

    def electricity(grid: float) -> FloatArray:
        return chain_of(p.base, p.paths, p.activity, p.energy, grid * one).electricity_tco2

    np.testing.assert_allclose(electricity(low) + electricity(high), electricity(low + high), rtol=1e-12)
    assert np.all(electricity(0.0) == 0.0)


def test_the_reference_grid_falls_from_0_65() -> None:
    grid = reference_grid_kgco2_per_kwh(REGION, (2020, 2021, 2060))
    np.testing.assert_allclose(grid, [0.65, 0.65 * 0.975, 0.65 * 0.975**40], rtol=1e-12)


def test_electricity_of_the_chain_is_the_meter_and_its_losses() -> None:
    p = projected("reference")
    mwh = p.energy.charging_mwh.sum() * 0.0
    mwh = (
        sum(v[:, 10].sum() for v in p.energy.electricity_mwh.values()) + p.energy.charging_mwh[:, :, 10].sum()
    )
    chain = chain_of(p.base, p.paths, p.activity, p.energy)
    by_hand = mwh * 0.65 * 0.975**10 / (1 - 0.033)
    assert chain.electricity_tco2[:, 10].sum() == pytest.approx(by_hand, rel=1e-9)


def test_chains_of_fuels_are_those_of_the_table() -> None:
    assert well_to_tank_kgco2e_per_gj(REGION, "gasoline") == 16.0
    assert well_to_tank_kgco2e_per_gj(REGION, "diesel") == 17.0
    assert well_to_tank_kgco2e_per_gj(REGION, "lng") == 18.5
    assert well_to_tank_kgco2e_per_gj(REGION, "cng") == 13.0
    with pytest.raises(RegionDataError, match="no chain of peat"):
        well_to_tank_kgco2e_per_gj(REGION, "peat")
    with pytest.raises(RegionDataError, match="hydrogen by magic"):
        well_to_tank_kgco2e_per_gj(REGION, "hydrogen", "magic")


def test_routes_of_hydrogen_stand_in_order() -> None:
    by_route = {
        route: well_to_tank_kgco2e_per_gj(REGION, "hydrogen", route, grid_kgco2_per_kwh=0.65)
        for route in ("coal", "natural_gas", "by_product", "electrolysis")
    }
    assert by_route["by_product"] < by_route["natural_gas"] < by_route["coal"] < by_route["electrolysis"]
    assert by_route["electrolysis"] == pytest.approx(0.65 / (1 - 0.033) * 55 / 0.12)  # 308 kg/GJ
    clean = well_to_tank_kgco2e_per_gj(REGION, "hydrogen", "electrolysis", grid_kgco2_per_kwh=0.05)
    assert clean < by_route["by_product"]
    assert well_to_tank_kgco2e_per_gj(REGION, "hydrogen", "electrolysis") == 0.0


@given(st.floats(0.0, 1.5))
def test_electricity_per_gj_goes_back_to_its_kwh(grid: float) -> None:
    per_gj = well_to_tank_kgco2e_per_gj(REGION, "electricity", grid_kgco2_per_kwh=grid)
    assert per_gj * GJ_PER_MWH / 1e3 * (1 - 0.033) == pytest.approx(grid, rel=1e-12, abs=1e-15)


def test_a_callers_own_losses_take_the_place_of_the_regions() -> None:
    per_gj = well_to_tank_kgco2e_per_gj(REGION, "electricity", grid_kgco2_per_kwh=0.5, loss_share=0.2)
    assert per_gj == pytest.approx(0.5 / 0.8 / 0.0036)


def test_green_hydrogen_moves_from_the_chain_to_electricity() -> None:
    grey = projected("accelerated", ("hydrogen_green_share", 0.0))
    green = projected("accelerated", ("hydrogen_green_share", 1.0))
    before, after = (chain_of(p.base, p.paths, p.activity, p.energy) for p in (grey, green))
    year = 20
    hydrogen = sum(gj[:, year].sum() for (_, n), gj in green.energy.fuel_gj.items() if n == "hydrogen")
    assert hydrogen > 0.0
    fall = before.fuels_tco2e[:, year].sum() - after.fuels_tco2e[:, year].sum()
    assert fall == pytest.approx(hydrogen * 40.0 / 1e3, rel=1e-9)
    assert after.electricity_tco2[:, year].sum() > before.electricity_tco2[:, year].sum()


def test_metrics_have_rows_and_values_by_city() -> None:
    p = projected("reference")
    named = {row.metric_id.removeprefix("transport.") for row in rows.METRICS}
    values = sums(p)
    assert named == values.keys() | rows.SHARES.keys() | rows.OF_REGION.keys()
    assert all(v.shape == p.activity.population.shape for v in values.values())


def test_metrics_leave_the_projection_as_it_is() -> None:
    p = projected("reference")
    fleet = p.activity.fleet
    before = [getattr(fleet, name).copy() for name in ("km", "stock", "fuel_gj", "pollutant_t")]
    first, second = sums(p), sums(p)
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
    for old, name in zip(before, ("km", "stock", "fuel_gj", "pollutant_t"), strict=True):
        np.testing.assert_array_equal(getattr(fleet, name), old)


def test_ch4_and_n2o_of_a_class_are_km_times_the_mix_of_its_standards() -> None:
    p = projected("reference")
    base, fleet, year = p.base, p.activity.fleet, 10
    factor = ch4_n2o_factors(REGION, base.classes)
    use = 1.0 - np.exp(-0.024566 * p.paths.by_place("transport.phev_electric_range")[:, year] ** 0.875609)
    use = np.minimum(use, 0.85)
    total = 0.0
    for city in range(len(base.region.city_ids)):
        for c, row in enumerate(base.rows):
            diesel = fleet.diesel_standard_stock[:7, city, c, year]
            other = fleet.standard_stock[:7, city, c, year] - diesel
            for k in range(6):
                stock = diesel if k == DIESEL else other
                km = fleet.km[city, c, k, year]
                km = km * (1.0 - use[city] * row["phev_use_factor"]) if k == PHEV else km
                total += km * (stock @ factor[c, k]) / stock.sum() if stock.sum() > 0 else 0.0
    assert metrics("reference")["vehicle_ch4_n2o_tco2e"][year] == pytest.approx(total / 1e9, rel=1e-9)
