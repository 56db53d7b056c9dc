"""The stock of Jiangsu: balances, lives against known values, standards, retrofit rules, marks, embodied CO2."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.base import FACTORY, PUBLIC, RURAL, TYPES, URBAN, stock_base
from services.buildings.embodied import embodied_tco2
from services.buildings.envelopes import envelopes
from services.buildings.levers import LEVERS
from services.buildings.project import read_paths
from services.buildings.states import (
    NEAR_ZERO,
    SAVING_30,
    SAVING_50,
    SAVING_75,
    STATES,
    ULTRA_LOW,
    EnvelopeState,
)
from services.buildings.stock import Stock, turn_over_stock
from services.buildings.stock_life import lives, oldest_age
from services.buildings.stock_retrofit import over_limit_share
from services.buildings.stock_standards import FAMILY, NEW_FAMILIES, STANDARD_LEVERS, as_built, permitted
from services.buildings.stock_view import project_stock
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import DomainError
from services.common.levers import LeverPaths
from services.common.scenario import Frame, LeverSetting, Scenario
from tests.services.buildings.stock_answers import (
    LIVES,
    MORE_YEARS,
    balance_gaps,
    embodied,
    over_limit,
    retrofit_gap,
    survival,
    years_left,
)

FRAME = Frame(region="jiangsu")
BASE = stock_base("jiangsu")
COLD = BASE.region.city_ids.index("xuzhou")
MILD = BASE.region.city_ids.index("nanjing")
STOCK_LEVERS = [row for row in LEVERS if row.group in ("standards", "retrofit", "stock")]
PAIRED = ("retrofit_medium", "retrofit_deep", "ultra_low", "near_zero")


def setting(name: str, *values: float, year: int = 2030) -> LeverSetting:
    years = tuple(range(year, year + len(values)))
    return LeverSetting(lever_id=f"buildings.{name}", years=years, values=values)


def paths(*chosen: LeverSetting, baseline: str = "planned") -> LeverPaths:
    return read_paths(FRAME, Scenario.model_validate({"baseline": baseline, "settings": chosen}))


def stock(*chosen: LeverSetting, baseline: str = "planned") -> Stock:
    return turn_over_stock(BASE, paths(*chosen, baseline=baseline))


def by_law(levers: LeverPaths) -> FloatArray:
    return permitted(BASE, levers.years, *(levers.by_place(name) for name in STANDARD_LEVERS[:3]))


PLANNED = stock()


def check_balance(found: Stock) -> None:
    gaps = balance_gaps(found)
    assert gaps["turnover"] < 1e-9 and gaps["periods"] < 1e-9
    assert gaps["missing"] <= 1e-12 and gaps["negative"] <= 0.0


@pytest.mark.parametrize("baseline", ["frozen", "planned", "reference", "accelerated"])
def test_area_is_kept_in_every_city_type_and_year(baseline: str) -> None:
    found = stock(baseline=baseline)
    check_balance(found)
    assert retrofit_gap(found, paths(baseline=baseline)) < 1e-9


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_area_is_kept_whatever_the_levers(data: st.DataObject) -> None:
    chosen = []
    for row in data.draw(st.lists(st.sampled_from(STOCK_LEVERS), unique_by=lambda r: r.lever_id, max_size=8)):
        high = 0.5 if row.lever_id.removeprefix("buildings.").startswith(PAIRED) else row.high
        value = data.draw(st.sampled_from((row.low, high)) | st.floats(row.low, high))
        chosen.append(LeverSetting(lever_id=row.lever_id, years=(2030,), values=(value,)))
    check_balance(stock(*chosen, baseline="frozen"))


def test_segments_and_periods_tell_the_same_area() -> None:
    view = project_stock(Frame(region="jiangsu", first_year=2030, last_year=2043), Scenario())
    for building in TYPES:
        by_state = np.sum([s.floor_area_m2 for s in view.segments if s.building_type == building], axis=0)
        own = [v for v in view.vintages if v.building_type == building]
        np.testing.assert_allclose(np.sum([v.floor_area_m2 for v in own], axis=0), by_state, rtol=1e-9)
        ends = [v.completed_to_year for v in own]
        starts = [v.completed_from_year for v in own]
        assert [s - 1 for s in starts[1:]] == ends[:-1]  # no gap, no overlap
        assert ends[-1] == 2043
        after = [v for v in own if v.completed_from_year > 2030]
        assert all((v.floor_area_m2[:, 0] == 0).all() for v in after)


def test_twice_the_area_gives_twice_of_everything() -> None:
    more = turn_over_stock(replace(BASE, area_m2=2 * BASE.area_m2), paths(setting("retrofit_area_public", 10.0, year=2021), setting("retrofit_area_residential", 6.0, year=2021)))  # fmt: skip
    once = stock(setting("retrofit_area_public", 5.0, year=2021), setting("retrofit_area_residential", 3.0, year=2021))  # fmt: skip
    for name in ("area_m2", "demand_m2", "completed_m2", "demolished_m2", "retrofitted_m2"):
        np.testing.assert_allclose(getattr(more, name), 2 * getattr(once, name), rtol=1e-9)
    np.testing.assert_allclose(more.vintages.period_m2, 2 * once.vintages.period_m2, rtol=1e-9)
    np.testing.assert_array_equal(more.urban_population, once.urban_population)


def test_survival_has_the_known_values() -> None:
    for figure, known, absolute in survival(BASE, paths(), MILD).values():
        assert figure == pytest.approx(known, abs=absolute)


@pytest.mark.parametrize(("mean", "shape"), LIVES)
def test_a_retrofit_asks_for_twelve_more_years_on_average(mean: float, shape: float) -> None:
    assert years_left(mean, shape) == pytest.approx(MORE_YEARS, rel=1e-3)
    # a mean life of 9 years is too short at any age
    assert oldest_age(MORE_YEARS, shape, np.array([10.0]))[0] == -1.0


def test_only_buildings_of_15_years_with_life_left_are_open() -> None:
    found = lives(BASE, paths(), np.ones((13, 41)))
    open_2030 = found.open_to_retrofit[found.of_place[MILD], 0, 10]
    years = np.arange(BASE.first_vintage, 2061)[open_2030 == 1]
    assert years.max() == 2015
    # Two groups: the old life ends the queue at about 40 years of age, that of 2010 and later does not.
    assert 1988 <= years.min() <= 1994
    harder = lives(BASE, paths(), np.full((13, 41), 2.0)).open_to_retrofit
    assert harder.sum() < found.open_to_retrofit.sum()
    assert (harder <= found.open_to_retrofit).all()


def test_more_demolition_demolishes_more_and_builds_more() -> None:
    runs = [stock(setting("demolition_ratio", r)) for r in (0.3, 0.7, 1.0, 1.5, 3.0)]
    demolished, completed = (
        [getattr(r, n)[..., 10:].sum() for r in runs] for n in ("demolished_m2", "completed_m2")
    )
    assert demolished == sorted(demolished) and len(set(demolished)) == 5
    assert completed == sorted(completed)
    for run in runs:
        np.testing.assert_array_equal(run.area_m2[..., :6], PLANNED.area_m2[..., :6])


def test_retrofit_moves_area_to_the_depths_asked_for_and_only_once() -> None:
    deep = stock(
        setting("retrofit_deep_share", 1.0, year=2026), setting("retrofit_medium_share", 0.0, year=2026)
    )
    done = deep.retrofitted_m2.sum(axis=(0, 1))
    by_depth = deep.retrofitted_by_depth_m2.sum(axis=(1, 2))
    np.testing.assert_allclose(by_depth.sum(axis=0), done, rtol=1e-12)
    np.testing.assert_allclose(by_depth[2, 6:], done[6:], rtol=1e-12)
    # Never more retrofitted area than was ever retrofitted: nothing is counted twice.
    standing = deep.area_m2[:, :, NEAR_ZERO + 1 :].sum(axis=2)
    assert (standing <= np.cumsum(deep.retrofitted_m2, axis=2) * (1 + 1e-9) + 1e-6).all()
    assert (deep.retrofitted_m2[:, [RURAL, FACTORY]] == 0).all()
    light = [e for e, s in enumerate(STATES) if s.depth in ("light", "medium")]
    assert (np.diff(deep.area_m2[:, :, light, 6:], axis=-1) <= 1e-6).all()


def test_asking_for_more_retrofit_than_there_is_tells_what_is_missing() -> None:
    much = stock(setting("retrofit_area_residential", 60.0), setting("retrofit_area_public", 40.0))
    check_balance(much)
    short = much.retrofit_shortfall_m2
    assert (short[:6] == 0).all() and short[-1] > 0
    worst = much.area_m2[:, PUBLIC, :SAVING_50]
    assert worst[..., -1].sum() < worst[..., 5].sum()


def test_the_worst_standard_goes_first_in_every_city() -> None:
    found = stock()
    pre = found.area_m2[
        :, :, [i for i, s in enumerate(STATES) if s.standard == "pre_standard" and s.depth != "none"]
    ]
    later = found.area_m2[
        :, :, [i for i, s in enumerate(STATES) if s.standard == "saving_50" and s.depth != "none"]
    ]
    assert pre[..., 10].sum() > 0
    # Public buildings of Nanjing: there is enough from before the first standard to 2030, so none of it is later.
    assert later[MILD, PUBLIC, :, :11].sum() == 0


def test_the_over_limit_share_is_that_of_a_lognormal() -> None:
    figure, known, absolute = over_limit()
    assert figure == pytest.approx(known, abs=absolute)
    share = over_limit_share(BASE)
    office, school = TYPES.index("government_office"), TYPES.index("school")
    assert 0.4 < share[office] < 0.8 and share[school] == 0.0
    # Of the same standard, offices over the limit are taken before schools.
    taken = PLANNED.retrofitted_m2[MILD, :, 1:6].sum(axis=1) / PLANNED.type_m2[MILD, :, 0]
    assert taken[office] > 0 and taken[school] == 0.0


def test_what_misses_its_standard_is_one_rung_lower_on_its_own_ladder() -> None:
    p = paths(setting("as_built_compliance", 0.8), setting("near_zero_energy_share_new", 0.2))
    wanted = np.zeros_like(by_law(p))
    for city in (COLD, MILD):
        for g in (SAVING_50, SAVING_75, ULTRA_LOW, NEAR_ZERO):
            wanted[:] = 0.0
            wanted[:, NEW_FAMILIES.index("urban"), :, g] = 1.0
            built = as_built(BASE, p.by_place(STANDARD_LEVERS[3]), wanted)[
                city, NEW_FAMILIES.index("urban"), 12
            ]
            lower = {SAVING_50: SAVING_30 if city == COLD else 0}.get(g, g - 1)
            assert built[g] == pytest.approx(0.8) and built[lower] == pytest.approx(0.2)
    found = as_built(BASE, p.by_place(STANDARD_LEVERS[3]), by_law(p))
    np.testing.assert_allclose(found.sum(axis=-1), 1.0, rtol=1e-12)
    public = found[COLD, NEW_FAMILIES.index("public")]
    assert (public[:, SAVING_30] == 0).all()  # no such standard for public buildings
    assert found[MILD, NEW_FAMILIES.index("urban"), 12, NEAR_ZERO] == pytest.approx(0.2 * 0.8)


def test_near_zero_begins_after_2025_and_shares_of_new_floor_stay_within_the_whole() -> None:
    assert (by_law(paths(baseline="accelerated"))[:, :, :6, NEAR_ZERO] == 0).all()
    with pytest.raises(DomainError):
        paths(setting("near_zero_energy_share_new", 0.5, year=2024))
    with pytest.raises(DomainError) as caught:
        paths(setting("near_zero_energy_share_new", 0.7), setting("ultra_low_energy_share_new", 0.6))
    assert "ultra_low" in caught.value.violations[0].description


def test_prefabricated_starts_are_completed_two_years_later() -> None:
    more = stock(setting("prefabricated_share_new_starts", 1.0))
    before = PLANNED.vintages.prefabricated_m2.sum(axis=(0, 1))
    after = more.vintages.prefabricated_m2.sum(axis=(0, 1))
    year = [y - BASE_YEAR for y in (2028, 2032)]
    # From 2026 on the path of starts bends towards 2030, so completions differ from 2028 on.
    np.testing.assert_array_equal(after[: year[0]], before[: year[0]])
    civil = PLANNED.completed_m2[:, :FACTORY].sum(axis=(0, 1))
    assert after[year[1]] == pytest.approx(civil[year[1]])
    assert (more.vintages.prefabricated_stock_m2 <= more.type_m2).all()
    assert (
        more.vintages.prefabricated_stock_m2.sum(axis=(0, 1))[-1]
        > PLANNED.vintages.prefabricated_stock_m2.sum(axis=(0, 1))[-1]
    )


def test_two_stars_are_asked_of_government_invested_public_floor_only() -> None:
    shares = {
        r["building_type"]: r["government_share"] for r in BASE.region.table("buildings/public_types").rows()
    }
    for t, name in enumerate(TYPES):
        full = shares.get(name, 0.0) * PLANNED.completed_m2[:, t, 5:]
        np.testing.assert_allclose(PLANNED.vintages.two_star_m2[:, t, 5:], full, rtol=1e-12)


def test_embodied_co2_is_what_is_built_retrofitted_and_demolished() -> None:
    figure, by_hand, absolute = embodied(BASE, PLANNED, MILD, 15)
    assert figure == pytest.approx(by_hand, abs=absolute)
    fewer = embodied_tco2(BASE, stock(setting("prefabricated_share_new_starts", 0.0)))
    assert (fewer[:, 12:] > embodied_tco2(BASE, PLANNED)[:, 12:]).all()


def test_the_stock_of_2020_and_its_area_per_head_do_not_depend_on_the_levers() -> None:
    for changed in (stock(baseline="accelerated"), stock(setting("demolition_ratio", 3.0))):
        np.testing.assert_array_equal(changed.area_m2[..., 0], BASE.state_area_m2)
    per_head: Any = PLANNED.type_m2[:, URBAN].sum(axis=0) / PLANNED.urban_population.sum(axis=0)
    assert 40 < per_head[0] < 44 and (np.diff(per_head) > -0.01).all()


def test_near_zero_and_ultra_low_reach_the_stock_of_both_urban_families() -> None:
    more = stock(setting("near_zero_energy_share_new", 0.4))
    built = more.area_m2[:, :, NEAR_ZERO, -1] > 0
    assert built[:, [URBAN, *range(PUBLIC.start, PUBLIC.stop)]].all()
    assert not built[:, [RURAL, FACTORY]].any()
    assert len(FAMILY) == len(TYPES)


def test_a_shorter_horizon_gives_the_same_bits() -> None:
    short = turn_over_stock(BASE, read_paths(Frame(region="jiangsu", last_year=2033), Scenario()))
    for name in ("area_m2", "completed_m2", "demolished_m2", "retrofitted_m2"):
        np.testing.assert_array_equal(getattr(short, name), getattr(PLANNED, name)[..., :14])
    for name in ("later_m2", "prefabricated_stock_m2", "two_star_stock_m2", "floor_years_m2"):
        whole = getattr(PLANNED.vintages, name)
        np.testing.assert_array_equal(getattr(short.vintages, name), whole[..., :14])


def test_what_later_plans_built_stands_in_their_periods() -> None:
    first = [years[0] for years in PLANNED.vintages.periods[URBAN]]
    later = PLANNED.vintages.period_m2[:, URBAN, first.index(2021) : len(first)].sum(axis=1)
    np.testing.assert_array_equal(later, PLANNED.vintages.later_m2[:, URBAN])


def test_no_package_makes_an_element_worse_and_deeper_ones_hold_more_heat() -> None:
    depths = ("none", "light", "medium", "deep")
    for family, zone in (("residential", "hscw"), ("residential", "cold"), ("public", "all")):
        found = dict(zip(STATES, envelopes(BASE.region, family, zone), strict=True))
        for standard in {s.standard for s in STATES if s.depth == "deep"}:
            rungs = [found[EnvelopeState(standard, d)] for d in depths]
            for element in ("u_wall", "u_roof", "u_window", "air_change_per_h"):
                values = [getattr(r, element) for r in rungs]
                assert values == sorted(values, reverse=True)
            assert rungs[3].u_wall < rungs[0].u_wall
