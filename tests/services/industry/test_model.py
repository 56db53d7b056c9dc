"""The industry sector through its door."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.errors import DomainError
from services.common.levers import LeverRow
from services.common.outcome import Outcome, UpstreamSeries
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import LeverKind
from services.industry.levers import LEVERS
from services.industry.model import MODEL, project_branches

FRAME = Frame(region="jiangsu")
CITIES = load_region("jiangsu").city_ids
YEAR_2030 = 10


def setting(lever: str, value: float, *, year: int = 2021, place: str = "") -> LeverSetting:
    return LeverSetting(lever_id=f"industry.{lever}", place=place, years=(year,), values=(value,))


def project(*settings: LeverSetting, baseline: str = "frozen", frame: Frame = FRAME) -> Outcome:
    scenario = Scenario(baseline=baseline, settings=settings)  # type: ignore[arg-type]
    return MODEL.project(frame, scenario, ())


def metric(outcome: Outcome, name: str) -> FloatArray:
    return next(i.region_values for i in outcome.indicators if i.metric_id == f"industry.{name}")


def direct_tco2(outcome: Outcome) -> FloatArray:
    return sum((f.energy_tco2.sum(axis=0) for f in outcome.fuel_uses), np.zeros(len(outcome.years)))


def use_tco2(outcome: Outcome, *uses: str) -> FloatArray:
    parts = [f.energy_tco2.sum(axis=0) for f in outcome.fuel_uses if f.use in uses]
    return np.sum(parts, axis=0)


def electricity_mwh(outcome: Outcome) -> FloatArray:
    return sum((u.energy_mwh.sum(axis=0) for u in outcome.electricity_uses), np.zeros(len(outcome.years)))


def test_twenty_per_cent_short_process_saves_fourteen_million_tonnes() -> None:
    base = project(setting("crude_steel_output", 121.08), setting("steel_short_process_share", 0.105))
    more = project(setting("crude_steel_output", 121.08), setting("steel_short_process_share", 0.20))
    assert metric(base, "hot_metal_t")[1] == pytest.approx(100.2e6, rel=1e-3)
    assert metric(more, "hot_metal_t")[1] == pytest.approx(89.6e6, rel=1e-3)
    fall = use_tco2(base, "steel", "coking")[1] - use_tco2(more, "steel", "coking")[1]
    assert use_tco2(base, "steel", "coking")[1] == pytest.approx(145.5e6, rel=1e-3)
    assert fall == pytest.approx(14.4e6, rel=0.01)
    assert electricity_mwh(more)[1] - electricity_mwh(base)[1] == pytest.approx(0.5e6, abs=0.05e6)


def test_coke_and_electricity_of_steel_follow_hot_metal() -> None:
    outcome = project(setting("crude_steel_output", 121.08), setting("steel_short_process_share", 0.105))
    coke = next(f for f in outcome.fuel_uses if f.use == "steel" and f.carrier == "coke")
    assert coke.energy_gj[:, 1].sum() / 29.3076e6 == pytest.approx(36.3, rel=1e-3)
    steel = [u.energy_mwh[:, 1].sum() for u in outcome.electricity_uses if u.use == "steel"]
    assert sum(steel) == pytest.approx(68.0e6, rel=1e-3)


def test_planned_lands_on_the_short_process_targets() -> None:
    share = metric(project(baseline="planned"), "steel_short_process_share")
    assert share[5] >= 0.15 - 1e-12
    assert share[10] >= 0.20 - 1e-12


def test_frozen_keeps_the_technology_of_2020() -> None:
    outcome = project()
    assert metric(outcome, "steel_short_process_share") == pytest.approx(np.full(41, 0.105))
    assert (metric(outcome, "captured_tco2") == 0).all()
    assert (metric(outcome, "low_carbon_heat_gj") == 0).all()


def test_cities_add_up_for_every_branch_carrier_and_metric() -> None:
    outcome = project(baseline="planned")
    branches = project_branches(FRAME, Scenario(baseline="planned")).branches
    by_branch = sum((b.energy_tco2 for b in branches), np.zeros(41))
    assert by_branch == pytest.approx(direct_tco2(outcome), rel=1e-12)
    power = sum((b.electricity_mwh for b in branches), np.zeros(41))
    assert power == pytest.approx(electricity_mwh(outcome), rel=1e-12)
    ratios = ("_share", "_ratio")
    for indicator in outcome.indicators:
        if indicator.place_values.size and not indicator.metric_id.endswith(ratios):
            assert indicator.place_values.sum(axis=0) == pytest.approx(indicator.region_values, rel=1e-12)


def test_heat_used_is_heat_bought_by_branches_and_buildings() -> None:
    outcome = project(baseline="planned")
    bought = [f.energy_gj.sum(axis=0) for f in outcome.fuel_uses if f.carrier == "heat"]
    buildings = metric(outcome, "heat_used_gj") - np.sum(bought, axis=0)
    assert buildings == pytest.approx(np.full(41, 0.4 * 29.3076e6), rel=1e-9)
    assert (metric(outcome, "heat_used_gj") > metric(outcome, "low_carbon_heat_gj")).all()


@pytest.mark.parametrize(
    ("lever", "value"),
    [
        ("steel_short_process_share", 0.4),
        ("steel_hydrogen_iron_share", 0.3),
        ("scrap_share_converter", 0.25),
        ("fuel_intensity_reduction", 0.3),
        ("coal_to_gas_share", 0.5),
        ("low_carbon_heat_share", 0.5),
        ("ccus_share", 0.5),
        ("cement_alternative_fuel_share", 0.4),
        ("clinker_ratio", 0.5),
    ],
)
def test_a_cleaner_setting_never_raises_direct_or_process_co2(lever: str, value: float) -> None:
    base, cleaner = project(), project(setting(lever, value))
    process = [o.process_emissions[0].process_tco2.sum(axis=0) for o in (base, cleaner)]
    assert (direct_tco2(cleaner)[1:] + process[1][1:] < direct_tco2(base)[1:] + process[0][1:]).all()
    assert (direct_tco2(cleaner) <= direct_tco2(base) + 1e-3).all()


def test_electrification_saves_fuel_and_its_net_effect_depends_on_the_grid() -> None:
    base, moved = project(), project(setting("electrification_share", 0.2))
    saved = (direct_tco2(base) - direct_tco2(moved))[YEAR_2030]
    extra = (electricity_mwh(moved) - electricity_mwh(base))[YEAR_2030]
    assert saved > 0 and extra > 0
    assert saved - extra * 0.2 > 0  # a clean grid: a gain
    assert saved - extra * 0.8 < saved - extra * 0.2  # coal at the margin: less of it, or a loss


@pytest.mark.parametrize("row", LEVERS, ids=lambda row: row.lever_id)
def test_every_lever_acts(row: LeverRow) -> None:
    near = 0.7 * row.low + 0.3 * row.high
    years = () if row.kind is LeverKind.CONSTANT else (2025,)
    change = LeverSetting(lever_id=row.lever_id, years=years, values=(near,))
    assert project(change, baseline="planned").digest != project(baseline="planned").digest


def test_a_city_setting_changes_that_city_alone() -> None:
    base = project(baseline="planned")
    changed = project(setting("electrification_share", 0.6, place="nantong"), baseline="planned")
    nantong = CITIES.index("nantong")
    for before, after in zip(base.electricity_uses, changed.electricity_uses, strict=True):
        others = np.delete(before.energy_mwh - after.energy_mwh, nantong, axis=0)
        assert (others == 0).all()
    assert electricity_mwh(changed)[YEAR_2030] > electricity_mwh(base)[YEAR_2030]


def test_all_violations_of_levers_and_upstream_come_at_once() -> None:
    scenario = Scenario(
        settings=(
            setting("steel_short_process_share", 0.95),
            setting("electrification_shar", 0.2),
            setting("cement_output", 100.0, place="nantong"),
            setting("ccus_share", 0.1, year=2020),
        )
    )
    wrong = UpstreamSeries("buildings.district_heat_gj", np.full((13, 2), 1.0))
    with pytest.raises(DomainError) as caught:
        MODEL.project(FRAME, scenario, [wrong])
    text = str(caught.value)
    assert caught.value.reason == "INVALID_INPUT"
    for part in ("out of range", "electrification_share", "whole region", "observed up to", "upstream[0]"):
        assert part in text


def test_buildings_heat_and_floor_area_come_from_upstream_when_given() -> None:
    heat = UpstreamSeries("buildings.district_heat_gj", np.full((13, 41), 1e6))
    falling = np.linspace(95e6, 40e6, 41) / 13 * np.ones((13, 1))
    area = UpstreamSeries("buildings.completed_floor_area_m2", falling)
    alone = project()
    fed = MODEL.project(FRAME, Scenario(baseline="frozen"), [heat, area])
    industry_heat = metric(alone, "heat_used_gj")[0] - 0.4 * 29.3076e6
    assert metric(fed, "heat_used_gj")[0] == pytest.approx(industry_heat + 13e6, rel=1e-9)
    construction = use_tco2(fed, "construction")
    assert construction[0] == pytest.approx(1.3e6, rel=0.01)
    assert construction[40] / construction[0] == pytest.approx(40 / 95, rel=1e-9)


def test_a_slice_of_years_has_the_values_of_the_whole() -> None:
    whole = project(baseline="planned")
    part = project(baseline="planned", frame=Frame(region="jiangsu", first_year=2028, last_year=2031))
    assert part.years == (2028, 2029, 2030, 2031)
    for a, b in zip(whole.fuel_uses, part.fuel_uses, strict=True):
        assert (a.energy_gj[:, 8:12] == b.energy_gj).all()


def test_same_bits_alone_and_in_threads() -> None:
    scenarios = [Scenario(baseline="planned", settings=(setting("ccus_share", i / 20),)) for i in range(8)]

    def digest(scenario: Scenario) -> str:
        return MODEL.project(FRAME, scenario, ()).digest

    alone = [digest(s) for s in scenarios]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(digest, scenarios)) == alone
    assert len(set(alone)) == len(alone)


def test_demand_response_potential_of_2020_is_the_sum_over_branches() -> None:
    outcome = project()
    assert metric(outcome, "interruptible_potential_mw")[0] == pytest.approx(9300, rel=0.01)
    assert metric(outcome, "shiftable_potential_mw")[0] == pytest.approx(5400, rel=0.01)


def test_feedstock_is_energy_without_combustion_co2() -> None:
    feed = [f for f in project().fuel_uses if f.feedstock]
    assert sum(f.energy_gj[:, 0].sum() for f in feed) == pytest.approx(12.3 * 29.3076e6, rel=1e-9)
    assert all((f.energy_tco2 == 0).all() for f in feed)


def test_less_efficient_data_centres_take_more_than_the_stated_path() -> None:
    planned, frozen = project(baseline="planned"), project()

    def twh(outcome: Outcome, year: int) -> float:
        return (
            sum(u.energy_mwh[:, year].sum() for u in outcome.electricity_uses if u.use == "data_centres")
            / 1e6
        )

    assert twh(planned, 0) == pytest.approx(7.0, rel=1e-9)
    assert twh(planned, 10) == pytest.approx(30.0, rel=1e-9)
    assert twh(frozen, 10) == pytest.approx(30.0 * 1.45 / 1.25, rel=1e-9)


def test_what_was_observed_later_can_be_hidden() -> None:
    hidden = project(baseline="planned", frame=Frame(region="jiangsu", as_of_year=2020))
    assert direct_tco2(hidden)[0] == pytest.approx(direct_tco2(project())[0], rel=1e-9)


def test_electricity_of_2025_is_near_the_statistic() -> None:
    # 595.5 TWh official with losses and own use; these were 45.2 of 637.4 TWh in 2020 and grow with use.
    own = metric(project(baseline="planned"), "industrial_electricity_mwh")[5] / 1e6
    assert own + 45.2 * 889.5 / 637.4 == pytest.approx(595.5, rel=0.04)


def test_a_hind_cast_from_2020_does_not_know_the_electricity_of_2025() -> None:
    hidden = project(baseline="reference", frame=Frame(region="jiangsu", as_of_year=2020))
    known = project(baseline="reference")
    branch = "industrial_electricity_mwh"
    assert metric(hidden, branch)[0] == pytest.approx(metric(known, branch)[0], rel=1e-9)
    assert metric(hidden, branch)[5] < 0.95 * metric(known, branch)[5]
    partly = project(baseline="reference", frame=Frame(region="jiangsu", as_of_year=2023))
    assert metric(hidden, branch)[5] < metric(partly, branch)[5] < metric(known, branch)[5]


def test_low_carbon_heat_takes_electricity_and_biomass_instead_of_coal() -> None:
    base, cleaner = project(), project(setting("low_carbon_heat_share", 0.5))
    heat = metric(cleaner, "low_carbon_heat_gj")[YEAR_2030]
    assert heat == pytest.approx(0.5 * metric(cleaner, "heat_used_gj")[YEAR_2030], rel=1e-9)
    biomass = next(f for f in cleaner.fuel_uses if f.carrier == "biomass")
    assert 0 < biomass.energy_gj[:, YEAR_2030].sum() < heat
    extra = (electricity_mwh(cleaner) - electricity_mwh(base))[YEAR_2030] * 3.6
    assert extra == pytest.approx(heat * 0.35 / 3.0, rel=1e-6)
    chp = [o.heat_supplies[0].chp_heat_gj[:, YEAR_2030].sum() for o in (base, cleaner)]
    assert chp[1] == pytest.approx(chp[0] / 2, rel=1e-9)
