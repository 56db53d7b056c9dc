"""Flexible buildings as power sees them, and the renewable substitution rate with its parts."""

from dataclasses import replace

import numpy as np
import pytest

from services.buildings import shapes
from services.buildings.answer import make_outcome
from services.buildings.flexible import DEMAND, STORAGE, flexible_loads, movable_mwh, storage_mw
from services.buildings.project import Projection, project_buildings
from services.buildings.substitution import substitution, utilisation
from services.buildings.use import END_USES
from services.common.outcome import Outcome
from services.common.scenario import Frame, LeverSetting, Scenario

FRAME = Frame(region="jiangsu")
TCE_PER_MWH_HEAT = 3.6 / 29.3076


def project(baseline: str = "planned", **values: float) -> Projection:
    settings = [
        LeverSetting(lever_id=f"buildings.{k}", place="", years=(2030,), values=(v,))
        for k, v in values.items()
    ]
    return project_buildings(FRAME, Scenario.model_validate({"baseline": baseline, "settings": settings}))


PLANNED = project()
FULL = project(flexible_building_share_new=1.0)


def outcome(p: Projection) -> Outcome:
    return make_outcome(p, FRAME)


def test_both_records_are_there_in_every_scenario() -> None:
    for p in (project("frozen", flexible_building_share_new=0.0), FULL):
        assert [f.flexible_load_id for f in outcome(p).flexible_loads] == [STORAGE, DEMAND]


def test_without_flexible_buildings_nothing_moves() -> None:
    for load in outcome(project("frozen", flexible_building_share_new=0.0)).flexible_loads:
        # until the last observed year the observed share of completions holds
        for values in (load.energy_mwh, load.power_mw, load.feed_in_mw):
            assert values[0] == 0
            assert values.max() < 50e3


def test_storage_feeds_in_and_load_only_moves() -> None:
    storage, moved = outcome(FULL).flexible_loads
    assert (storage.energy_mwh == 0).all() and (storage.power_mw == 0).all()
    assert (moved.feed_in_mw == 0).all() and moved.power_mw[-1] > 0
    assert storage.feed_in_mw[-1] > storage.feed_in_mw[12] > 0
    assert 0 < storage.efficiency_share < 1 and moved.efficiency_share == 1
    assert {storage.shape_id, moved.shape_id} == {shapes.APPLIANCES_PUBLIC}


def test_storage_follows_the_floor_of_flexible_buildings() -> None:
    watt = FULL.base.region.number(END_USES, "flexible_building_storage_w_per_m2")
    np.testing.assert_allclose(storage_mw(FULL), FULL.equipment.flexible_m2 * watt / 1e6)
    grown = np.diff(FULL.equipment.flexible_m2.sum(axis=0))
    built = FULL.stock.completed_m2[:, 2:9].sum(axis=(0, 1))[1:]
    assert (grown <= built * (1 + 1e-9)).all()


def test_movable_energy_is_counted_in_the_electricity_of_equipment_and_cooling_is_not_touched() -> None:
    equipment = FULL.energy["lighting_appliances", "electricity"][2]
    assert (movable_mwh(FULL) <= 0.15 * equipment + 1e-9).all()
    for use in ("cooling", "lighting_appliances"):
        np.testing.assert_array_equal(FULL.energy[use, "electricity"], PLANNED.energy[use, "electricity"])


def test_records_are_cut_to_the_years_asked_for() -> None:
    late = flexible_loads(FULL, slice(15, 21))
    assert late[0].feed_in_mw.shape == (6,)
    np.testing.assert_array_equal(late[0].feed_in_mw, flexible_loads(FULL, slice(0, 41))[0].feed_in_mw[15:21])


def test_parts_of_the_substitution_rate_are_those_of_the_formula() -> None:
    found = substitution(PLANNED)
    raw = PLANNED.raw
    solar = (raw.solar_hot_water_mwh[0] + raw.solar_hot_water_mwh[2]) * TCE_PER_MWH_HEAT / 0.31
    np.testing.assert_allclose(found.solar_tce, solar, rtol=1e-6)
    pv = PLANNED.roofs.energy_mwh * PLANNED.roofs.urban_share * 0.3
    np.testing.assert_allclose(found.pv_tce, pv, rtol=1e-12)
    cooling = PLANNED.energy["cooling", "electricity"] / raw.energy["cooling", "electricity"]
    eer = np.array([2.5, 2.5, 3.1])[:, None, None]
    saved = (raw.ground_cool_mwh / eer - raw.ground_cool_electricity_mwh) * cooling * 0.3
    np.testing.assert_allclose(found.ground_cool_tce, saved[[0, 2]].sum(axis=0), rtol=1e-9)
    assert (found.air_tce > 0).all() and (found.ground_heat_tce > 0).all()


def test_the_rate_of_2020_is_plausible_and_air_source_is_beside_it() -> None:
    found = {i.metric_id: i.region_values for i in outcome(PLANNED).indicators}
    rate, with_air = (found[f"buildings.renewable_substitution{k}_share"] for k in ("", "_with_air"))
    assert 0.04 < rate[0] < 0.08
    assert (with_air > rate).all()
    parts = sum(
        found[f"buildings.renewable_substitution_{k}_tce"]
        for k in ("solar", "pv", "ground_heat", "ground_cool")
    )
    np.testing.assert_allclose(parts / found["buildings.renewable_substitution_whole_tce"], rate, rtol=1e-12)


def test_ground_source_raises_its_part_and_the_utilisation() -> None:
    more = project(ground_source_share_new=0.5)
    assert (
        substitution(more).ground_heat_tce[:, -1].sum()
        > 2 * substitution(PLANNED).ground_heat_tce[:, -1].sum()
    )
    part, whole = utilisation(more)
    before_part, before_whole = utilisation(PLANNED)
    assert part[:, -1].sum() / whole[:, -1].sum() > before_part[:, -1].sum() / before_whole[:, -1].sum()
    assert ((part / whole) < 1).all()


def test_without_sun_there_is_no_solar_part() -> None:
    dark = replace(PLANNED.raw, solar_hot_water_mwh=np.zeros_like(PLANNED.raw.solar_hot_water_mwh))
    assert substitution(replace(PLANNED, raw=dark)).solar_tce == pytest.approx(0.0)
