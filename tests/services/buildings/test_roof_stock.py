"""Rooftop PV of the region: capacity, what new roofs really get, wear, own use and export."""

from functools import lru_cache

import numpy as np
import pytest

from services.buildings.base import FACTORY, PUBLIC_TYPES, RURAL, TYPES, URBAN
from services.buildings.own_use import load_shapes_of_roofs, own_use_share
from services.buildings.project import Projection, project_buildings
from services.buildings.pv_fleet import health
from services.buildings.roof_area import roof_figures
from services.buildings.roofs.places import city_output, city_yields
from services.common.arrays import FloatArray
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario

pytestmark = pytest.mark.filterwarnings("ignore")
REGION = load_region("jiangsu")
BASELINES = ("frozen", "planned", "reference", "accelerated")


@lru_cache
def projected(baseline: str = "planned", *settings: tuple[str, float], last: int = 2060) -> Projection:
    chosen = tuple(
        LeverSetting(lever_id=f"buildings.{name}", years=(2030,), values=(value,)) for name, value in settings
    )
    scenario = Scenario.model_validate({"baseline": baseline, "settings": chosen})
    return project_buildings(Frame(region="jiangsu", last_year=last), scenario)


@pytest.mark.parametrize("baseline", BASELINES)
def test_capacity_of_cities_and_types_makes_the_lever(baseline: str) -> None:
    p = projected(baseline)
    lever = 1e3 * p.paths.path("buildings.distributed_pv_capacity")
    assert p.roofs.capacity_mw.sum(axis=0) == pytest.approx(lever)
    assert p.roofs.type_mw.sum(axis=1) + p.roofs.beyond_mw == pytest.approx(p.roofs.capacity_mw)
    assert (p.roofs.type_mw >= 0).all()


@pytest.mark.parametrize("baseline", BASELINES)
def test_no_roof_carries_more_than_it_can_hold(baseline: str) -> None:
    roofs = projected(baseline).roofs
    assert (roofs.type_mw.sum(axis=1) <= roofs.potential_mw * (1 + 1e-9)).all()
    figures = roof_figures("jiangsu")
    assert (roofs.new.module_m2 <= roofs.new.roof_m2 * figures.new_module[:, None] * (1 + 1e-9)).all()
    assert (roofs.old_module_m2 <= roofs.old_roof_m2 * figures.module.max()).all()


def test_capacity_beyond_the_roofs_is_told_and_only_then() -> None:
    few = projected("planned", ("distributed_pv_capacity", 80.0)).roofs
    many = projected("planned", ("distributed_pv_capacity", 270.0)).roofs
    assert few.beyond_mw.max() == 0
    assert many.beyond_mw[:, -1].sum() > 20e3
    full = many.type_mw[:, :, -1].sum() / many.potential_mw[:, -1].sum()
    assert full == pytest.approx(1)


@pytest.mark.parametrize("baseline", BASELINES)
def test_output_is_used_or_exported_in_every_city_and_year(baseline: str) -> None:
    p = projected(baseline)
    assert p.self_used_mwh.sum(axis=1) + p.exported_mwh == pytest.approx(p.roofs.energy_mwh)
    assert (p.exported_mwh >= 0).all()
    assert (p.self_used_mwh >= 0).all()
    assert (p.self_used_mwh <= p.roofs.type_energy_mwh * (1 + 1e-9)).all()


RATIOS = (0.07, 0.33, 0.9, 2.1, 7.7)  # of a year's output to a year's load, between the points of the table


def own_use(ratio: float, p: int) -> tuple[FloatArray, FloatArray]:
    """Share of the output used in a city by building type: by the curve, and hour by hour."""
    output, loads = city_output("jiangsu"), load_shapes_of_roofs("jiangsu")
    share = own_use_share("jiangsu", np.full((len(output), len(TYPES), 1), ratio))[p, :, 0]
    sun = output[p] / output[p].sum()
    return share, np.minimum(ratio * sun, loads).sum(axis=1) / ratio


@pytest.mark.parametrize("ratio", RATIOS)
def test_own_use_of_the_curve_is_that_of_the_hours(ratio: float) -> None:
    for p in (0, 5):
        curve, exact = own_use(ratio, p)
        assert curve == pytest.approx(exact, abs=0.004)


def test_more_pv_under_the_same_load_is_used_less() -> None:
    ratios = np.geomspace(0.001, 1e3, 60)
    places = len(REGION.city_ids)
    share = own_use_share("jiangsu", np.tile(ratios, (places, len(TYPES), 1)))
    assert (np.diff(share, axis=2) <= 1e-12).all()
    assert (share <= 1 + 1e-12).all()
    assert (share[..., -1] < 0.01).all()


# Ranges told for China. They are estimates: five points beyond them still count.
OWN_USE = {
    URBAN: (0.2, 0.3),  # common load of apartment blocks
    RURAL: (0.25, 0.35),
    FACTORY: (0.75, 0.95),
    2 + PUBLIC_TYPES.index("office"): (0.75, 0.95),
    2 + PUBLIC_TYPES.index("commerce"): (0.75, 0.95),
    2 + PUBLIC_TYPES.index("school"): (0.5, 0.65),
}
OWN_USE_YEARS = (2025, 2030, 2035)


def own_use_of_types(year: int) -> FloatArray:
    """Share of the rooftop output that each building type uses itself in the planned scenario, [t]."""
    p, y = projected(), year - 2020
    return np.asarray(p.self_used_mwh[..., y].sum(axis=0) / p.roofs.type_energy_mwh[..., y].sum(axis=0))


@pytest.mark.parametrize("year", OWN_USE_YEARS)
def test_own_use_is_typical_of_each_building_group(year: int) -> None:
    share = own_use_of_types(year)
    for t, (low, high) in OWN_USE.items():
        assert low - 0.05 <= share[t] <= high + 0.05, (TYPES[t], share[t])


def test_new_public_and_factory_roofs_reach_half_by_2025_as_planned() -> None:
    new = projected().roofs.new
    of = [*range(2, 2 + len(PUBLIC_TYPES)), FACTORY]
    share = new.module_m2[:, of].sum(axis=(0, 1)) / new.roof_m2[:, of].sum(axis=(0, 1))
    assert share[5] >= 0.5 - 1e-9
    assert share[0] < 0.2
    assert new.roof_m2[:, of].sum(axis=(0, 1)).min() > 0


def test_coverage_is_what_roofs_really_get() -> None:
    """More than a roof can hold, or than the region has, is not built though the lever asks for it."""
    asked = projected("planned", ("rooftop_pv_coverage_new_factory", 0.85)).roofs.new
    real = asked.module_m2[:, FACTORY].sum(axis=0) / asked.roof_m2[:, FACTORY].sum(axis=0)
    assert real[10:] == pytest.approx(0.8 * 0.85)
    scarce = projected("planned", ("distributed_pv_capacity", 1.0)).roofs
    assert scarce.new.capacity_mw.sum(axis=(0, 1))[10:].max() <= 1e3 * (1 + 1e-9)
    covered = scarce.new.module_m2[:, FACTORY, 10].sum() / scarce.new.roof_m2[:, FACTORY, 10].sum()
    assert covered < 0.01


def test_the_years_after_2020_are_as_observed() -> None:
    roofs = projected().roofs.capacity_mw.sum(axis=0) / 1e3
    seen = REGION.observed("capacity_pv_distributed")
    for year in (2020, 2021, 2022):
        assert roofs[year - 2020] == pytest.approx(seen[year])
    total = REGION.observed("capacity_pv")
    assert roofs[4] < total[2024]
    assert (np.diff(roofs[:6]) > 0).all()


def test_modules_wear_and_are_renewed() -> None:
    steady = health(REGION, np.full(60, 1e3))
    assert steady[0] > 0.98
    assert steady.min() > 0.995**25
    assert steady[60 - 1] == pytest.approx(steady[60 - 1 - 25], abs=1e-9)
    young = health(REGION, 1e3 * np.arange(1, 31) ** 2)
    assert young[20] > steady[20]


def test_hours_of_use_follow_yield_wear_and_mid_year_growth() -> None:
    p = projected("frozen")
    hours = p.roofs.energy_mwh[:, 12] / p.roofs.capacity_mw[:, 12]
    worn = health(REGION, p.roofs.capacity_mw.sum(axis=0))[12]
    assert hours / city_yields("jiangsu") == pytest.approx(worn, rel=0.02)


def test_a_shorter_horizon_changes_nothing() -> None:
    near, far = projected(last=2030), projected()
    assert near.roofs.capacity_mw == pytest.approx(far.roofs.capacity_mw[:, :11], rel=1e-12)
    assert near.exported_mwh == pytest.approx(far.exported_mwh[:, :11], rel=1e-12)


def test_older_and_lower_dwellings_have_more_roof() -> None:
    figures = roof_figures("jiangsu")
    assert figures.per_floor[URBAN, 0] > 2 * figures.per_new_floor[URBAN]
    assert figures.per_floor[FACTORY].min() == 0.5
