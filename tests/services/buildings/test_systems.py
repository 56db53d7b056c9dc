"""Systems of heat and cold: shares of one whole, what retrofit changes, hot water by hand, fuels that balance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings import space as space_module
from services.buildings.demand import _plant_use, space_demand
from services.buildings.demand_kernels import weigh_by_area, weigh_dwellings, weigh_public
from services.buildings.end_use_records import EndUses, Reader
from services.buildings.hot_water import heat_kwh_per_daily_litre
from services.buildings.intensity import ELECTRICITY, HEAT, intensities
from services.buildings.project import Projection, project_buildings
from services.buildings.states import STATES, state_index
from services.buildings.systems import GROUND, HYDRONIC, NETWORK, SOLID, SPLIT, mixed_in
from services.common.errors import DomainError
from services.common.scenario import Frame, LeverSetting, Scenario

FRAME = Frame(region="jiangsu")


def project(**values: float) -> Projection:
    settings = [
        LeverSetting(lever_id=f"buildings.{k}", place="", years=(2030,), values=(v,))
        for k, v in values.items()
    ]
    return project_buildings(FRAME, Scenario.model_validate({"baseline": "planned", "settings": settings}))


PLANNED = project()


@settings(max_examples=12, deadline=None)
@given(*(st.floats(0, high) for high in (1, 1, 0.5, 0.4, 0.5, 1)))
def test_shares_of_systems_are_one_whole_in_every_segment_city_and_year(
    new: float, replaced: float, ground: float, network: float, solid: float, electric: float
) -> None:
    share = project(
        heat_pump_share_new=new,
        heat_pump_share_replacement=replaced,
        ground_source_share_new=ground,
        district_heat_share_urban=network,
        rural_solid_fuel_share=solid,
        all_electric_share_new_public=electric,
    ).equipment.share
    assert (share >= -1e-12).all() and (share <= 1).all()
    np.testing.assert_allclose(share.sum(axis=0), 1.0, rtol=1e-9)


def test_networks_grow_only_where_they_exist_and_take_from_all_others() -> None:
    more = project(district_heat_share_urban=0.2).equipment.share
    before = PLANNED.equipment.share
    served = PLANNED.base.district_heated_share > 0
    assert served.any() and not served.all()
    change = more[NETWORK, 0, :, -1] - before[NETWORK, 0, :, -1]
    np.testing.assert_allclose(change, np.where(served, 0.2, 0.0), atol=1e-12)
    np.testing.assert_array_equal(more[..., 0], before[..., 0])


def test_boilers_that_end_become_air_to_water_units_and_ground_source_stays_with_new_floor() -> None:
    more = project(heat_pump_share_replacement=1.0).equipment.share
    less = project(heat_pump_share_replacement=0.0).equipment.share
    assert (more[HYDRONIC, 0, :, -1] > less[HYDRONIC, 0, :, -1]).all()
    np.testing.assert_allclose(more[GROUND], less[GROUND])
    np.testing.assert_allclose(more[SPLIT], less[SPLIT])
    assert (PLANNED.equipment.share[SOLID, 0] == 0).all() and (PLANNED.equipment.share[SOLID, 2] == 0).all()


def test_what_is_mixed_in_reaches_the_share_of_completions() -> None:
    new, value = np.full((2, 400), 0.03), np.full((2, 400), 0.4)
    held = mixed_in(new, value)
    assert held[0, 0] == 0 and held[0, 1] == pytest.approx(0.012)
    assert held[0, -1] == pytest.approx(0.4, rel=1e-4)


def test_retrofit_acts_on_plant_by_its_package_and_leaves_useful_heat_to_the_simulation() -> None:
    used = _plant_use(PLANNED.base.region)
    light, medium, deep = (state_index("pre_standard", d) for d in ("light", "medium", "deep"))
    k = ELECTRICITY["heating_split"]
    assert (used[:, HEAT] == 1).all()
    assert used[light, k] == pytest.approx(0.92)
    assert used[medium, k] == pytest.approx(0.92 / 1.2)
    assert used[deep, k] == pytest.approx(0.92 / 1.35)
    assert all((used[e] == 1).all() for e, s in enumerate(STATES) if s.depth == "none")


def test_the_kernel_weighs_as_a_plain_sum() -> None:
    draw = np.random.default_rng(7)
    table, area, hat = draw.random((2, 3, 3, 4, 9)), draw.random((9, 6)), draw.random((2, 3, 6))
    out = np.empty(6)
    states, points = np.arange(9), np.arange(3)
    weigh_by_area(table, 1, 2, 3, area, states, hat, points, np.empty(6), out)
    np.testing.assert_allclose(out, np.einsum("we,ey,wy->y", table[1, 2, :, 3], area, hat[1]), rtol=1e-12)


def test_dwellings_mix_modes_and_set_points_and_leave_out_what_has_no_area_or_weight() -> None:
    draw = np.random.default_rng(8)
    usual, warmer = draw.random((2, 2, 3, 3, 2, 6)), draw.random((2, 2, 3, 3, 2, 6))
    area, used, hat = draw.random((2, 5, 6, 7)), draw.random((2, 5, 7)), draw.random((2, 3, 7))
    area[1, :, 2] = 0.0
    hat[0, 1] = 0.0
    mixes, is_heat = draw.random((2, 2, 3, 2, 7)), np.array([1, 0], dtype=np.int32)
    for steps in (np.zeros((2, 2, 7)), draw.random((2, 2, 7))):
        out, network = np.zeros((2, 3, 2, 7)), np.zeros((3, 2, 7))
        weigh_dwellings(usual, warmer, steps, mixes, is_heat, area, used, 1e3, hat, 0, out, network)
        floor = area * used[:, :, None] / 1e3
        found, second = (np.einsum("spmwce,psey,pwy->spmcy", k, floor[:, :2], hat) for k in (usual, warmer))
        step = steps.transpose(1, 0, 2)[None, :, None]  # column 0 follows the heating set-point
        found = (1 - step) * found + step * second
        np.testing.assert_allclose(out[:, :2], np.einsum("scmpy,spmcy->cspy", mixes, found), rtol=1e-12)
        np.testing.assert_allclose(network[:2], found[:, :, -1, 0], rtol=1e-12)


def test_public_types_lie_between_their_two_set_points() -> None:
    draw = np.random.default_rng(9)
    table, levels = draw.random((3, 2, 2, 3, 2, 6)), draw.random((2, 2, 7))
    area, used, hat = draw.random((2, 5, 6, 7)), draw.random((2, 5, 7)), draw.random((2, 3, 7))
    out = np.empty((3, 2, 2, 7))
    weigh_public(table, levels, np.array([1, 0], dtype=np.int32), area, used, 1e3, hat, 2, out)
    floor = (area * used[:, :, None] / 1e3)[:, 2:]
    at = np.einsum("tpxwce,ptey,pwy->xtcpy", table, floor, hat)
    np.testing.assert_allclose(out, (1 - levels) * at[0] + levels * at[1], rtol=1e-12)


def test_twice_the_floor_needs_twice_the_heat_and_cold() -> None:
    table = intensities("jiangsu", "normal")
    once = space_demand(PLANNED.base, PLANNED.paths, PLANNED.stock, table)
    double = replace(PLANNED.stock, area_m2=2 * PLANNED.stock.area_m2, demand_m2=2 * PLANNED.stock.demand_m2)
    twice = space_demand(PLANNED.base, PLANNED.paths, double, table)
    np.testing.assert_allclose(twice.columns, 2 * once.columns, rtol=1e-12)


def test_public_types_add_up_to_the_segment() -> None:
    table = intensities("jiangsu", "normal")
    demand = space_demand(PLANNED.base, PLANNED.paths, PLANNED.stock, table)
    np.testing.assert_allclose(
        demand.public_columns.sum(axis=0)[: demand.columns.shape[0]], demand.columns[:, 2]
    )
    for use, by_type in PLANNED.raw.public_types.items():
        if use in ("space_heating", "cooling", "lighting_appliances"):
            whole = PLANNED.raw.energy[use, "electricity"][2]
            np.testing.assert_allclose(
                by_type.sum(axis=0), whole, rtol=0.02 if use == "space_heating" else 1e-9
            )


def test_a_litre_a_day_from_cold_mains_is_what_a_hand_calculation_gives() -> None:
    # 15 degC all year to 45 degC: 365 l x 30 K x 4.186 kJ / 3600 x 1.15 = 14.64 kWh
    read = Reader(PLANNED.base, PLANNED.paths)
    monthly = np.full((12, 1, 1), 15.0)
    found = heat_kwh_per_daily_litre(PLANNED.base.region, read, monthly, 45.0)
    assert found[0, 0] == pytest.approx(14.642, abs=0.01)
    frozen = heat_kwh_per_daily_litre(PLANNED.base.region, read, np.full((12, 1, 1), -5.0), 45.0)
    assert frozen[0, 0] == pytest.approx(14.642 * 40 / 30, abs=0.01)  # mains never under 5 degC


def test_hot_water_of_a_town_dweller_is_350_to_420_kwh() -> None:
    useful = PLANNED.raw.hot_water_mwh[0, :, 0] * 1e3 / PLANNED.stock.urban_population[:, 0]
    assert ((useful > 340) & (useful < 425)).all()


def test_useful_heat_equals_what_the_systems_deliver() -> None:
    base, paths, stock = PLANNED.base, PLANNED.paths, PLANNED.stock
    demand = space_demand(base, paths, stock, intensities("jiangsu", "normal"))
    equipment = replace(PLANNED.equipment, saving=np.zeros_like(PLANNED.equipment.saving))
    out, read = EndUses(), Reader(base, paths)
    space_module.space(out, read, paths, demand, equipment)
    boiler, stove = read.one("gas_boiler_efficiency"), read.one("solid_stove_efficiency")
    resisted = out.energy["space_heating", "electricity"] - out.pump_electricity_mwh
    gas = out.energy["space_heating", "natural_gas"] / 3.6 * boiler
    solid = out.energy["space_heating", "coal"] / 3.6 * stove / read.one("coal_share_of_rural_solid")
    own = out.air_heat_mwh + out.ground_heat_mwh + resisted + gas + solid
    expected = demand.heat * (1 - equipment.share[NETWORK])
    # boilers and stoves of retrofitted floor give less than useful heat by what its controls save
    np.testing.assert_allclose(own[..., 0], expected[..., 0], rtol=1e-9)
    assert (own <= expected * (1 + 1e-9)).all()


def test_set_points_of_dwellings_act_as_simulated() -> None:
    table = intensities("jiangsu", "normal")
    assert (table.comfort[..., HEAT] >= table.residential[..., HEAT] - 1e-9).all()
    warm = project(residential_heating_setpoint_shift=2.0)
    assert warm.raw.heat_mwh[:2, :, -1].sum() > 1.2 * PLANNED.raw.heat_mwh[:2, :, -1].sum()
    np.testing.assert_array_equal(warm.raw.heat_mwh[2], PLANNED.raw.heat_mwh[2])
    np.testing.assert_array_equal(warm.raw.cool_mwh, PLANNED.raw.cool_mwh)
    np.testing.assert_array_equal(warm.raw.heat_mwh[..., 0], PLANNED.raw.heat_mwh[..., 0])


def test_a_city_without_networks_cannot_extend_one_and_is_told_who_can() -> None:
    def ask(city: str) -> Projection:
        setting = LeverSetting(
            lever_id="buildings.district_heat_share_urban", place=city, years=(2030,), values=(0.1,)
        )
        return project_buildings(FRAME, Scenario(settings=(setting,)))

    with pytest.raises(DomainError) as caught:
        ask("suzhou")
    assert caught.value.violations[0].field == "scenario.settings[0].place"
    assert "xuzhou" in str(caught.value.violations[0].allowed)
    share = ask("xuzhou").equipment.share[NETWORK, 0, :, -1]
    change = share - PLANNED.equipment.share[NETWORK, 0, :, -1]
    expected = [0.1 if city == "xuzhou" else 0.0 for city in PLANNED.base.region.city_ids]
    np.testing.assert_allclose(change, expected, atol=1e-12)
