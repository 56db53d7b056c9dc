"""Jiangxi: a second province in data alone. Its files are whole and its cities sum to it."""

import csv
import math
import re

import pytest

from gateway.region_folder.check import check_folder
from gateway.region_folder.findings import Kind
from services.common.axes import BASE_YEAR
from services.common.levers import baseline_anchors
from services.common.region_files import ROOT
from services.common.regions import check_all, load_region
from services.common.scenario import BASELINES
from tests.architecture.test_structure import all_rows

REGION = "jiangxi"
# Plants and stores whose capacities of 2050 and 2060 follow the rule adequacy_scaling.
SCALED = (
    *(
        f"power.{name}_capacity"
        for name in ("coal", "gas", "nuclear", "biomass", "onshore_wind", "utility_pv")
    ),
    *(f"power.{name}_capacity" for name in ("pumped_storage", "battery", "long_storage")),
    "buildings.distributed_pv_capacity",
)
SCALING = re.compile(
    r"register ([\d.]+) x ([\d.]+) by rule adequacy_scaling \([^)]*\)(, at most the register's bound)?;"
)


@pytest.fixture(scope="module")
def region():
    return load_region(REGION)


def rows_of(baseline):
    with (ROOT / REGION / f"scenarios/{baseline}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


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


def test_every_downscaled_figure_of_a_city_tells_its_rule(region):
    found = check_folder(ROOT / REGION)
    rules = {city: {} for city in region.city_ids}
    for finding in found.of(Kind.ESTIMATE):
        where = finding.file.split("/")
        if where[0] == "cities":
            rules[where[1]][where[2], finding.what] = finding.text
    figures = [set(told) for told in rules.values()]
    assert all(told == figures[0] for told in figures)
    assert {file.removesuffix(".csv") for file, _ in figures[0]} == {
        "buildings",
        "industry",
        "observations",
        "transport",
    }
    assert all(len(text) > 4 for told in rules.values() for text in told.values())


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
    tertiary = math.fsum(
        r["electricity_twh"]
        for r in rows
        if r["carrier"] == "electricity" and r["owner"] in ("transport", "buildings")
        if not r["flow"].startswith("residential")
    )
    assert tertiary == pytest.approx(region.observed("electricity_consumption_tertiary")[BASE_YEAR], 1e-3)


@pytest.mark.parametrize("baseline", BASELINES)
def test_every_lever_has_a_path_that_is_graded_and_told(baseline):
    anchors = baseline_anchors(REGION, baseline)
    assert {row.lever_id for row in all_rows()} <= set(anchors)
    assert all(row["grade"] in ("A", "B", "C") and row["note"] for row in rows_of(baseline))


@pytest.mark.parametrize("baseline", BASELINES)
def test_one_factor_scales_all_plants_and_stores_and_nothing_else(baseline):
    factors = {}
    for row in rows_of(baseline):
        found = SCALING.match(row["note"])
        named = row["lever_id"] in SCALED and row["year"] in ("2050", "2060") and baseline != "frozen"
        assert bool(found) == named, row
        if found:
            register, factor, capped = float(found[1]), float(found[2]), found[3]
            factors.setdefault(row["year"], set()).add(factor)
            value = float(row["value"])
            assert row["grade"] == "C"
            if capped:
                assert value < register * factor
            else:
                assert value == pytest.approx(register * factor, abs=0.051)
    assert all(len(found) == 1 for found in factors.values())


def test_capacities_of_the_accelerated_baseline_are_not_below_those_planned():
    planned, accelerated = baseline_anchors(REGION, "planned"), baseline_anchors(REGION, "accelerated")
    for lever in set(SCALED) - {"power.coal_capacity", "power.gas_capacity"}:
        for year in (2030, 2035, 2040, 2050, 2060):
            assert planned[lever][year] <= accelerated[lever][year], (lever, year)
