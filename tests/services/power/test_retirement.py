"""Building and closing that capacity paths imply."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.axes import BASE_YEAR
from services.common.levers import resolve
from services.common.regions import load_region
from services.common.scenario import LeverSetting, Scenario
from services.power.city_capacity import city_shares, city_values
from services.power.fleet import fleet_of
from services.power.levers import LEVERS
from services.power.retirement import TECHS, age_paths, follow, life_years, standing_2020

YEARS = tuple(range(2020, 2061))


def jiangsu_paths(baseline: str = "planned", **levers: float):
    settings = tuple(
        LeverSetting(lever_id=f"power.{name}", years=(2030,), values=(value,))
        for name, value in levers.items()
    )
    rows = [row.in_region("jiangsu") for row in LEVERS]
    return resolve(rows, "jiangsu", Scenario(baseline=baseline, settings=settings), YEARS)


def test_a_unit_retires_at_its_age_and_is_built_again_where_the_path_stays():
    # 100 MW due in 2023 with a life of 5 years: built again in 2023, 2028 and 2033.
    path = follow(np.full(16, 100.0), {2023: 100.0}, 5)
    years = [BASE_YEAR + int(y) for y in np.flatnonzero(path.addition_mw)]
    assert years == [2023, 2028, 2033]
    assert np.array_equal(path.addition_mw, path.retirement_mw)
    assert not path.early_mw.any()


def test_a_path_that_falls_as_age_lets_it_needs_neither_building_nor_early_closure():
    path = follow(np.array([100.0, 100.0, 60.0, 60.0, 0.0]), {2022: 40.0, 2024: 60.0}, 30)
    assert not path.addition_mw.any()
    assert path.retirement_mw.tolist() == [0.0, 0.0, 40.0, 0.0, 60.0]


def test_a_path_that_falls_faster_closes_what_would_retire_next():
    path = follow(np.array([100.0, 50.0, 50.0, 50.0]), {2022: 40.0, 2023: 60.0}, 30)
    assert path.early_mw.tolist() == [0.0, 50.0, 0.0, 0.0]
    # The 40 MW due in 2022 and 10 of the 60 MW due in 2023 are gone: 50 MW are left to replace in 2023.
    assert path.addition_mw.tolist() == [0.0, 0.0, 0.0, 50.0]


@given(
    st.lists(st.floats(0.0, 1e5), min_size=2, max_size=41),
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(2021, 2060), st.floats(0.0, 1.0)), min_size=1, max_size=8),
)
def test_capacity_is_what_stood_plus_built_less_retired_on_any_path(values, life, due):
    capacity = np.array(values)
    weight = sum(w for _, w in due) or 1.0
    standing: dict[int, float] = {}
    for year, w in due:
        standing[year] = standing.get(year, 0.0) + capacity[0] * w / weight
    path = follow(capacity, standing, life)
    balance = capacity[:-1] + path.addition_mw[1:] - path.retirement_mw[1:]
    assert balance == pytest.approx(capacity[1:], abs=1e-6)
    assert (path.addition_mw >= 0.0).all()
    assert (path.early_mw <= path.retirement_mw + 1e-9).all()


@pytest.mark.parametrize("baseline", ["frozen", "planned", "reference", "accelerated"])
def test_every_technology_of_a_baseline_conserves_capacity(baseline):
    paths = jiangsu_paths(baseline)
    for name, path in age_paths(fleet_of("jiangsu"), paths).items():
        lever = paths.path(f"power.{name}_capacity") * 1e3
        assert np.diff(lever) == pytest.approx((path.addition_mw - path.retirement_mw)[1:], abs=1e-6), name


def test_everything_that_stands_in_2020_has_an_age():
    fleet = fleet_of("jiangsu")
    for name, years in standing_2020("jiangsu").items():
        assert sum(years.values()) == pytest.approx(1.0), name
        assert min(years) > BASE_YEAR
        assert max(years) <= BASE_YEAR + life_years(fleet, name), name


def test_tianwan_1_retires_sixty_years_after_2007():
    years = standing_2020("jiangsu")["nuclear"]
    assert 2067 in years
    assert years[2067] == pytest.approx(2 * 1060 / (2 * 1060 + 2 * 1126 + 1118))


def test_the_outcome_publishes_building_and_closing(run):
    outcome = run(2020, 2031)
    values = {i.metric_id: i.region_values for i in outcome.indicators}
    for name in TECHS:
        assert values[f"power.{name}_addition_mw"].shape == (12,)
        assert (values[f"power.{name}_retirement_mw"] >= 0.0).all()
    capacity = next(t for t in outcome.technologies if t.technology == "offshore_wind").capacity_mw
    change = values["power.offshore_wind_addition_mw"] - values["power.offshore_wind_retirement_mw"]
    assert np.diff(capacity) == pytest.approx(change[1:])


def test_plants_of_the_cities_sum_to_the_classes_of_the_fleet():
    region = load_region("jiangsu")
    held: dict[str, float] = {}
    for row in region.table("power/plants").rows():
        if row["status"] == "operating" and row["city"]:
            held[row["technology"]] = held.get(row["technology"], 0.0) + row["capacity_mw"]
    for row in region.table("power/coal_classes").rows():
        assert held[row["technology"]] == row["capacity_mid_2023_mw"]
    assert held["nuclear"] == 6608
    assert held["pumped_storage"] == 3950
    assert {r["city"] for r in region.table("power/plants").rows()} <= {"", *region.city_ids}


def test_city_capacities_sum_to_the_province_and_follow_the_plant_lists():
    region = load_region("jiangsu")
    cities = {name: i for i, name in enumerate(region.city_ids)}
    for name, share in city_shares(region, YEARS).items():
        assert share.sum(axis=0) == pytest.approx(1.0), name
    held = city_values(region, YEARS, {"nuclear": np.full(41, 9138.0), "pumped_storage": np.full(41, 5150.0)})
    assert set(held) == {"nuclear_capacity_mw", "pumped_storage_capacity_mw"}
    assert held["nuclear_capacity_mw"][cities["lianyungang"]] == pytest.approx(9138.0)
    # 2030: Jurong 1,350 of 5,150 MW stand in Zhenjiang.
    assert held["pumped_storage_capacity_mw"][cities["zhenjiang"], 10] == pytest.approx(1350.0)


def test_what_is_known_later_moves_no_city_share():
    early = city_shares(load_region("jiangsu", 2020), YEARS)
    assert "utility_pv" not in early
    late = city_shares(load_region("jiangsu"), YEARS)
    assert not np.allclose(early["offshore_wind"], late["offshore_wind"])
    assert np.allclose(early["offshore_wind"], early["offshore_wind"][:, :1])
