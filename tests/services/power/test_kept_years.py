"""Kept years are the years that would be calculated; adequacy left out leaves everything else as it is."""

import numpy as np

from services.common.digest import array_digest
from services.common.power_outcome import DispatchMode, FlexibleDemand, LoadComponent
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Label, LoadShape
from services.power import model as module
from services.power.calibration import base_year
from services.power.model import PowerModel

FRAME = Frame(region="jiangsu", last_year=2030)
YEARS = (2020, 2026, 2030)


def shaped():
    share = 1 + 0.3 * np.sin(np.arange(8760) * 2 * np.pi / 24)
    share = share / share.sum()
    return LoadShape("cooling", array_digest(share), "cooling", Label("冷", "cooling"), share)


def project(model, scenario, load_factor=1.0, feed_in_mw=0.0, **how):
    shape = shaped()
    model.put_shapes([shape])
    count = len(FRAME.years)
    energy = base_year("jiangsu").final_electricity_mwh * load_factor * np.ones(count)
    load = LoadComponent("buildings.cooling", "cooling", shape.digest, energy)
    moved = FlexibleDemand(
        "transport.cars",
        shape.digest,
        12.0,
        0.9,
        1e-3 * energy,
        np.full(count, 3e3),
        np.full(count, feed_in_mw),
    )
    return model.project(FRAME, scenario, [load], [], [], [moved], DispatchMode.UNSPECIFIED, YEARS, **how)


def path(lever_id, value, year=2030):
    return Scenario(settings=(LeverSetting(lever_id=lever_id, years=(year,), values=(value,)),))


CASES = (
    (Scenario(), {}),
    (path("power.onshore_wind_capacity", 15.0), {}),
    (path("power.battery_capacity", 30.0), {}),
    (path("power.coal_capacity", 70.0), {}),
    (path("drivers.carbon_price", 300.0), {}),
    (path("drivers.coal_price", 900.0), {}),
    (path("power.import_flexibility", 0.1), {}),
    (path("power.cooling_response", 0.1), {}),
    (Scenario(baseline="accelerated"), {}),
    (Scenario(), {"load_factor": 1.01}),
    (Scenario(), {"feed_in_mw": 500.0}),
    (Scenario(), {}),
)


def test_a_model_that_keeps_years_says_what_a_fresh_model_says():
    keeping = PowerModel()
    for scenario, more in CASES:
        assert project(keeping, scenario, **more).digest == project(PowerModel(), scenario, **more).digest


def test_a_lever_of_2030_dispatches_no_year_before_its_path_moves(monkeypatch):
    dispatched = []
    run_year = module.run_year
    monkeypatch.setattr(
        module, "run_year", lambda request, y, **more: dispatched.append(y) or run_year(request, y, **more)
    )
    model = PowerModel()
    project(model, Scenario())
    assert dispatched == [0, 6, 10]
    dispatched.clear()
    project(model, path("drivers.carbon_price", 300.0))
    assert 0 not in dispatched
    assert 10 in dispatched


def test_without_adequacy_its_metrics_are_absent_and_the_others_stay():
    whole, lean = project(PowerModel(), Scenario()), project(PowerModel(), Scenario(), with_adequacy=False)
    values = {i.metric_id: i.region_values for i in lean.indicators}
    left = {i.metric_id for i in whole.indicators} - set(values)
    assert {"power.lole_hours", "power.eens_mwh", "power.capacity_lacking_mw"} <= left
    assert all("lole" in n or "eens" in n or "lacking" in n or "credit" in n for n in left)
    for indicator in whole.indicators:
        if indicator.metric_id in values:
            np.testing.assert_array_equal(indicator.region_values, values[indicator.metric_id])
    # What is kept without adequacy is not taken for a year with it.
    model = PowerModel()
    project(model, Scenario(), with_adequacy=False)
    assert project(model, Scenario()).digest == whole.digest


def test_credits_between_years_that_were_not_dispatched_are_not_told():
    names = {i.metric_id for i in project(PowerModel(), Scenario()).indicators}
    assert not any("capacity_credit" in n for n in names)
    assert "power.lole_hours" in names


def test_a_year_kept_without_its_bound_is_not_taken_for_one_with_it():
    model = PowerModel()
    narrow = project(model, Scenario(), only=frozenset({"power.system_cost_cny"}))
    whole = project(model, Scenario())
    assert whole.digest == project(PowerModel(), Scenario()).digest
    np.testing.assert_array_equal(narrow.variable_cost_cny, whole.variable_cost_cny)
