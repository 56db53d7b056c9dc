"""Base year against the balance, and its end uses against measured use with the residual shown."""

import numpy as np
import pytest

from services.buildings.appliances import _public_kwh_per_m2
from services.buildings.base import PUBLIC_TYPES
from services.buildings.calibration import balance_statistics, calibration_factors
from services.buildings.end_use_checks import end_use_checks
from services.buildings.indicators.intensity import CHECKS
from services.buildings.intensity import ELECTRICITY, intensities
from services.buildings.model import MODEL
from services.buildings.project import project_buildings
from services.buildings.states import state_index
from services.buildings.type_electricity import public_electricity_mwh
from services.buildings.use import END_USES
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario

# Independent simulation of Nanjing's true typical year: kWh/m2 of heating, cooling, light and equipment by level.
PROTOTYPES = {
    "government_office": (79, 69, 64, 57),
    "office": (101, 86, 79, 72),
    "commerce": (170, 149, 138, 125),
    "hospital": (175, 148, 137, 125),
    "school": (36, 31, 28, 25),
}
FRAME = Frame(region="jiangsu")
REGION = load_region("jiangsu")
OUTCOME = MODEL.project(FRAME, Scenario(), ())
VALUES = {i.metric_id.partition(".")[2]: i.region_values for i in OUTCOME.indicators}
FOUND = {check.check: check for check in end_use_checks(REGION, VALUES)}
# Platforms meter large and well-served buildings: with the balance kept, all types lie below them by the same share.
# Households of the surveys burnt more fuel.
BELOW_PLATFORMS = {*PUBLIC_TYPES, "household_energy"}


def test_every_check_of_the_table_is_published_with_its_residual() -> None:
    assert sorted(FOUND) == sorted(CHECKS)
    for name, check in FOUND.items():
        assert VALUES[f"check_{name}_residual_ratio"] == pytest.approx(check.residual_share)
        assert check.model == pytest.approx(check.reference * (1 + check.residual_share))
        assert check.unit and check.note


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in BELOW_PLATFORMS])
def test_an_end_use_lies_within_its_tolerance(name: str) -> None:
    assert FOUND[name].holds, FOUND[name]


@pytest.mark.parametrize("name", sorted(BELOW_PLATFORMS))
def test_what_misses_its_tolerance_lies_below_the_platforms_and_not_far(name: str) -> None:
    assert -0.6 < FOUND[name].residual_share < -FOUND[name].tolerance_share


def test_types_stand_to_each_other_as_measured_at_the_level_of_the_balance() -> None:
    area = VALUES["public_floor_area_m2"][0]
    level = balance_statistics(REGION)[1][2] * 1e9 / area
    assert VALUES["public_electricity_kwh_per_m2"][0] == pytest.approx(level, rel=1e-6)
    office, school = FOUND["office"], FOUND["school"]
    assert office.model / school.model == pytest.approx(office.reference / school.reference)


def test_public_types_add_up_to_the_balance() -> None:
    p = project_buildings(FRAME, Scenario())
    _, twh = balance_statistics(REGION)
    by_type = public_electricity_mwh(p.raw, p.energy, p.factors)
    assert (by_type >= 0).all()
    assert by_type[..., 0].sum() / 1e6 == pytest.approx(twh[2], rel=1e-9)


def test_factors_lie_well_inside_their_bounds() -> None:
    bounds = REGION.table("buildings/calibration").by("factor")
    for name, value in calibration_factors("jiangsu").items():
        assert bounds[name]["low"] < value < bounds[name]["high"], name


def test_services_of_2025_are_hidden_from_an_earlier_view() -> None:
    blind = MODEL.project(Frame(region="jiangsu", as_of_year=2022), Scenario(), ())
    mwh = {i.metric_id: i.region_values for i in blind.indicators}["buildings.electricity_mwh"]
    seen = VALUES["electricity_mwh"]
    assert mwh[0] == seen[0]
    assert mwh[1] == pytest.approx(seen[1], rel=0.01)  # 2021 was known
    assert mwh[5] < 0.95 * seen[5]


def test_dwellings_and_services_of_2021_and_2025_are_near_the_statistics() -> None:
    residential = REGION.observed("electricity_consumption_residential")[2021]
    assert VALUES["residential_electricity_mwh"][1] / 1e6 == pytest.approx(residential, rel=0.02)
    rest = (
        REGION.observed("electricity_consumption_total")[2025]
        - REGION.observed("electricity_consumption_industry")[2025]
    )
    # of it buildings hold all but farming, building sites, transport and data centres, and what a hot summer adds
    assert 0.72 < VALUES["electricity_mwh"][5] / 1e6 / rest < 0.85


@pytest.mark.parametrize("name", PROTOTYPES)
def test_uncalibrated_public_types_are_near_an_independent_simulation(name: str) -> None:
    table, t, p = intensities("jiangsu", "normal"), PUBLIC_TYPES.index(name), REGION.city_ids.index("nanjing")
    light, plugged = _public_kwh_per_m2(REGION)
    levels = [state_index(k) for k in ("pre_standard", "saving_50", "saving_65", "saving_75")]
    of_type = table.public[t, levels, :, p, 0].mean(axis=1)  # between the two levels of set-points
    fans = 1 + REGION.number(END_USES, "public_auxiliary_share")
    plant = of_type[:, ELECTRICITY["heating_split"]] + of_type[:, ELECTRICITY["cooling_air"]]
    total = fans * plant + light[t] + plugged[t]
    assert (np.diff(total) < 0).all()
    np.testing.assert_allclose(total, PROTOTYPES[name], rtol=0.22)


def test_seasons_of_the_stock_lie_in_the_published_ranges() -> None:
    assert 2.5 < VALUES["seasonal_heating_split_ratio"][0] < 2.9
    assert 2.5 < VALUES["seasonal_heating_hydronic_ratio"][0] < 3.5
    assert 4.3 < VALUES["seasonal_heating_ground_ratio"][0] < 5.5
    assert 3.0 < VALUES["seasonal_cooling_air_ratio"][0] < VALUES["seasonal_cooling_ground_ratio"][0] < 4.5
