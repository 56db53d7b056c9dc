"""Jiangxi: a second province in data alone. Its files are whole and its cities sum to it."""

import csv
import math

import pytest

from services.common.axes import BASE_YEAR
from services.common.levers import baseline_anchors
from services.common.region_files import ROOT
from services.common.regions import check_all, load_region
from services.common.scenario import BASELINES
from tests.architecture.test_structure import all_rows

REGION = "jiangxi"


@pytest.fixture(scope="module")
def region():
    return load_region(REGION)


def test_every_file_of_the_region_is_whole():
    assert not [problem for problem in check_all() if problem.startswith(REGION)]


def test_the_region_has_its_eleven_cities_with_their_codes(region):
    codes = [city.adcode for city in region.cities]
    assert codes == [f"36{n:02d}00" for n in range(1, 12)]
    everywhere = [folder.name for folder in ROOT.glob("*/cities/*")]
    assert len(everywhere) == len(set(everywhere))  # Fuzhou of Jiangxi is no other Fuzhou


def test_statistics_of_the_cities_sum_to_the_province(region):
    def total(metric):
        return math.fsum(region.observed(metric, c)[BASE_YEAR] for c in region.city_ids)

    assert total("population_resident") == pytest.approx(
        region.observed("population_resident")[BASE_YEAR], 1e-3
    )
    assert total("gdp_current") == pytest.approx(region.observed("gdp_current")[BASE_YEAR], 5e-3)
    for metric in ("floor_area_urban_residential", "floor_area_rural_residential", "floor_area_public"):
        assert total(metric) == pytest.approx(region.observed(metric)[BASE_YEAR], 2e-3)
    urban = math.fsum(
        region.observed("population_resident", c)[BASE_YEAR]
        * region.observed("urbanization_rate", c)[BASE_YEAR]
        for c in region.city_ids
    )
    assert urban / total("population_resident") == pytest.approx(60.44, abs=0.05)


def test_the_balance_closes_on_official_electricity(region):
    rows = region.table("energy_balance_2020").rows()
    used = math.fsum(
        r["electricity_twh"]
        for r in rows
        if r["carrier"] == "electricity" or (r["flow"] == "losses_and_own_use" and r["electricity_twh"] > 0)
    )
    assert used == pytest.approx(region.observed("electricity_consumption_total")[BASE_YEAR], 1e-3)
    generated = sum(region.observed(m)[BASE_YEAR] for m in ("generation_total", "net_power_import"))
    assert generated == pytest.approx(region.observed("electricity_consumption_total")[BASE_YEAR], 1e-3)


@pytest.mark.parametrize("baseline", BASELINES)
def test_every_lever_has_a_path_that_is_graded_and_told(baseline):
    anchors = baseline_anchors(REGION, baseline)
    assert {row.lever_id for row in all_rows()} <= set(anchors)
    rows = list(csv.DictReader((ROOT / REGION / f"scenarios/{baseline}.csv").open(encoding="utf-8")))
    assert all(row["grade"] in ("A", "B", "C") and row["note"] for row in rows)
