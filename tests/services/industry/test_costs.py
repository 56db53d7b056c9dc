"""Costs and air pollutants of industry: measures cost, save fuel, and leave what others count alone."""

import numpy as np
import pytest

from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.industry.air import pollutants_t
from services.industry.balance import balance_industry
from services.industry.costs import MEASURES, TABLE, amounts, costs_cny
from services.industry.model import MODEL, _read

FRAME = Frame(region="jiangsu", last_year=2035)


def run(baseline="frozen", **levers):
    settings = tuple(
        LeverSetting(lever_id=f"industry.{name}", years=(2026, 2035), values=(value, value))
        for name, value in levers.items()
    )
    base, paths, given = _read(FRAME, Scenario(baseline=baseline, settings=settings), ())
    return base, balance_industry(base, paths, given), paths


def total(values, year=2035):
    return float(values[:, year - 2020].sum())


def test_the_parts_sum_to_the_system_cost_and_cities_to_the_region():
    found = {i.metric_id.partition(".")[2]: i for i in MODEL.project(FRAME, Scenario(), ()).indicators}
    parts = [found[f"{name}_cost_cny"] for name in (*MEASURES, "fuel")]
    cost = found["system_cost_cny"]
    np.testing.assert_allclose(np.sum([p.place_values for p in parts], axis=0), cost.place_values, rtol=1e-12)
    np.testing.assert_allclose(cost.place_values.sum(axis=0), cost.region_values, rtol=1e-12)


def test_the_base_year_has_no_measures():
    for name, values in amounts(*run("planned")).items():
        assert abs(total(values, 2020)) < 1e-3, name


@pytest.mark.parametrize(
    ("lever", "value", "measure"),
    [
        ("fuel_intensity_reduction", 0.2, "efficiency"),
        ("steel_short_process_share", 0.3, "scrap_steel"),
        ("scrap_share_converter", 0.25, "scrap_steel"),
        ("electrification_share", 0.2, "electrification"),
        ("coal_to_gas_share", 0.4, "coal_to_gas"),
        ("steel_hydrogen_iron_share", 0.1, "hydrogen_iron"),
        ("ccus_share", 0.3, "ccus"),
        ("low_carbon_heat_share", 0.3, "low_carbon_heat"),
    ],
)
def test_a_measure_costs_and_only_capture_and_gas_save_no_fuel_money(lever, value, measure):
    before, after = costs_cny(*run()), costs_cny(*run(**{lever: value}))
    assert total(after[measure]) > total(before[measure]) + 1e6
    if measure not in ("ccus", "coal_to_gas"):
        assert total(after["fuel"]) < total(before["fuel"])


def test_fuel_that_measures_act_on_closes_the_balance_of_fuel():
    base, after, _ = run(fuel_intensity_reduction=0.2, electrification_share=0.3)
    _, before, _ = run()
    saved, moved, _ = after.measured_gj
    left = before.fuel_gj.sum(axis=(0, 1)) - after.fuel_gj.sum(axis=(0, 1))
    np.testing.assert_allclose((saved + moved).sum(axis=0), left.sum(axis=0), rtol=1e-9, atol=1.0)
    assert base.fuel_gj.sum() > 0


def test_net_cost_of_capture_lies_in_the_range_of_its_row():
    row = load_region("jiangsu").table(TABLE).by("measure")["ccus"]
    base, _, _ = run()
    electricity_cny = base.processes["capture_electricity_mwh_per_t"] * 400
    net = row["cost_cny_per_unit"] + electricity_cny
    assert row["net_low_cny_per_tco2"] <= net <= row["net_high_cny_per_tco2"]


def test_pollutants_fall_with_fuel_and_by_removal():
    frozen, saving = run(), run(fuel_intensity_reduction=0.3)
    a = pollutants_t(frozen[0], frozen[1], frozen[2].years)
    b = pollutants_t(saving[0], saving[1], saving[2].years)
    for name in a:
        assert total(b[name]) < total(a[name])
        assert (a[name] >= 0).all()
    assert total(a["nox"], 2025) < total(a["nox"], 2020)
