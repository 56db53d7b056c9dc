"""Scenarios become paths; wrong settings are told all at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import DomainError
from services.common.levers import LeverRow, baseline_anchors, resolve
from services.common.scenario import LeverSetting, Scenario
from services.common.words import Grade, Label, LeverKind

YEARS = tuple(range(2020, 2061))
HEAT_PUMP = "buildings.heat_pump_share_new"
ROW = LeverRow(
    HEAT_PUMP,
    "heat",
    Label("热泵", "heat pumps"),
    "share",
    0.0,
    1.0,
    "lever_register",
    last_observed_year=2025,
)
LEVERS = (ROW.in_region("jiangsu"),)


def path(settings=(), baseline="planned", as_of=0, place=None):
    scenario = Scenario(baseline=baseline, settings=settings)
    paths = resolve(LEVERS, "jiangsu", scenario, YEARS, as_of)
    return paths.path(HEAT_PUMP) if place is None else paths.by_place(HEAT_PUMP)[place]


def test_a_baseline_is_linear_between_its_anchors_and_hits_them():
    anchors = baseline_anchors("jiangsu", "planned")[HEAT_PUMP]
    values = path()
    for year, value in anchors.items():
        assert values[YEARS.index(year)] == pytest.approx(value)
    middle = (anchors[2030] + anchors[2035]) / 2
    assert (values[YEARS.index(2032)] + values[YEARS.index(2033)]) / 2 == pytest.approx(middle)


def test_a_setting_leaves_observed_years_and_holds_after_its_last_point():
    base = path()
    changed = path((LeverSetting(lever_id=HEAT_PUMP, years=(2030, 2040), values=(0.5, 0.9)),))
    assert changed[:6].tolist() == base[:6].tolist()  # 2020 to 2025 are observed
    assert changed[YEARS.index(2030)] == 0.5
    assert changed[YEARS.index(2035)] == pytest.approx(0.7)
    assert (changed[YEARS.index(2040) :] == 0.9).all()


def test_a_city_may_have_a_path_of_its_own():
    only_nanjing = (LeverSetting(lever_id=HEAT_PUMP, place="nanjing", years=(2030,), values=(1.0,)),)
    assert path(only_nanjing, place=0)[-1] == 1.0
    assert path(only_nanjing, place=1)[-1] == path()[-1]


def test_as_of_hides_what_was_observed_later_and_freezes_frozen_there():
    frozen = path(baseline="frozen", as_of=2020)
    assert (frozen == frozen[0]).all()
    known = path(as_of=2020)
    assert known[0] == path()[0]


def test_a_step_lever_holds_its_value_for_the_years_after_the_previous_point():
    growth = next(row for row in DRIVERS if row.lever_id == "drivers.gdp_growth")
    assert growth.kind is LeverKind.STEP
    anchors = baseline_anchors("jiangsu", "planned")[growth.lever_id]
    values = resolve((growth.in_region("jiangsu"),), "jiangsu", Scenario(), YEARS).path(growth.lever_id)
    for year in range(2031, 2036):
        assert values[YEARS.index(year)] == anchors[2035]


def test_every_violation_is_listed_at_once():
    settings = (
        LeverSetting(lever_id="buildings.heat_pump_share_nwe", years=(2030,), values=(0.5,)),
        LeverSetting(lever_id=HEAT_PUMP, years=(2040, 2030), values=(0.5, 1.5)),
        LeverSetting(lever_id=HEAT_PUMP, place="nanjingg", years=(2024,), values=(-0.1,)),
    )
    with pytest.raises(DomainError) as caught:
        path(settings)
    fields = [v.field for v in caught.value.violations]
    assert fields == [
        "scenario.settings[0].lever_id",
        "scenario.settings[1].years",
        "scenario.settings[1].values[1]",
        "scenario.settings[2].place",
        "scenario.settings[2].years[0]",
        "scenario.settings[2].values[0]",
    ]
    text = str(caught.value)
    assert "did you mean buildings.heat_pump_share_new" in text
    assert "did you mean nanjing" in text
    assert "0 to 1 share" in text


@given(st.dictionaries(st.integers(2026, 2060), st.floats(0, 1), min_size=1))
def test_any_path_inside_the_bounds_stays_inside_them(points):
    years = tuple(sorted(points))
    setting = LeverSetting(lever_id=HEAT_PUMP, years=years, values=tuple(points[y] for y in years))
    values = path((setting,))
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (values <= 1).all()


def test_a_year_that_a_hindcast_hides_can_be_set():
    """As of 2021 the PV of 2024 is not known: a setting may say it; with all observations it may not."""
    row = LeverRow(
        lever_id="power.utility_pv_capacity", group="g", label=Label("光伏", "PV"), unit="GW", low=0, high=250,
        source="lever_register", grade=Grade.C, last_observed_year=2025,
    ).in_region("jiangsu")  # fmt: skip
    setting = LeverSetting(lever_id=row.lever_id, years=(2024,), values=(40.0,))
    scenario = Scenario(settings=(setting,))
    paths = resolve([row], "jiangsu", scenario, tuple(range(2020, 2031)), as_of_year=2021)
    values = dict(zip(paths.years, paths.path(row.lever_id), strict=True))
    untouched = resolve([row], "jiangsu", Scenario(), paths.years, as_of_year=2021).path(row.lever_id)
    assert values[2024] == 40.0
    assert values[2021] == untouched[1]
    with pytest.raises(DomainError, match="observed up to 2025"):
        resolve([row], "jiangsu", scenario, paths.years)
