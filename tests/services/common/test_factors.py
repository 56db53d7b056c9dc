"""The factor library: every row is consistent and has its source; sets are complete; names are checked at the door."""

import math

import pytest

from services.common import factors
from services.common.door import read_frame
from services.common.errors import DomainError
from services.common.factors import (
    BASE_YEAR_SET,
    LIBRARY,
    MAPPINGS,
    factor_sets,
    factors_tco2_per_gj,
    named_set,
    set_in_force,
    tco2_per_gj,
)
from services.common.region_files import sources
from services.common.regions import load_region
from services.common.units import GJ_PER_TCE

REGION = load_region("jiangsu")
TABLE = REGION.table(LIBRARY)
ROWS = {row["factor_id"]: row for row in TABLE.rows()}
SETS = [s.set_id for s in factor_sets(REGION)]


def half_a_digit(value, digits):
    return 0.5 * 10**-digits + 1e-9 * abs(value)


@pytest.mark.parametrize("factor_id", ROWS)
def test_kilograms_are_carbon_times_oxidation_times_44_over_12(factor_id):
    row = ROWS[factor_id]
    kilograms, carbon, oxidation = row["kgco2_per_gj"], row["carbon_tc_per_tj"], row["oxidation_share"]
    if math.isfinite(carbon):
        assert kilograms == pytest.approx(carbon * oxidation * 44 / 12, abs=half_a_digit(kilograms, 2) * 2)
    if math.isfinite(kilograms):
        per_tce = kilograms * GJ_PER_TCE / 1e3
        assert row["tco2_per_tce"] == pytest.approx(per_tce, abs=2 * half_a_digit(per_tce, 3))
    if math.isfinite(row["tco2_per_tce"]) and math.isfinite(row["ncv_gj_per_unit"]):
        per_unit = tco2_per_gj(row) * row["ncv_gj_per_unit"]
        assert row["tco2_per_unit"] == pytest.approx(per_unit, abs=half_a_digit(per_unit, 4) * 2, rel=1e-3)
    if math.isfinite(row["ncv_gj_per_unit"]):
        # the older standard divides by 29.27 GJ, and others print four digits
        assert row["tce_per_unit"] == pytest.approx(row["ncv_gj_per_unit"] / GJ_PER_TCE, rel=2e-3)


def test_every_factor_has_a_source_that_is_listed_and_a_grade():
    for row, provenance in zip(ROWS.values(), TABLE.provenance, strict=True):
        assert provenance.source in sources(), row["factor_id"]
        assert provenance.grade in ("A", "B", "C")
        assert row["name_zh"] and row["name_en"] and row["covers_zh"] and row["covers_en"]


def test_every_factor_of_carbon_has_an_uncertainty_with_a_grade_and_a_reason():
    for row in ROWS.values():
        if row["gas_set"]:
            assert 0 <= row["uncertainty_share"] < 1, row["factor_id"]
            assert row["uncertainty_grade"] in ("A", "B", "C")
            assert row["uncertainty_basis"]


def test_chains_of_superseded_factors_end_and_follow_in_time():
    for factor_id, row in ROWS.items():
        seen = {factor_id}
        while row["superseded_by"]:
            later = ROWS[row["superseded_by"]]
            assert later["factor_id"] not in seen
            assert row["valid_to_year"] < later["valid_from_year"]
            seen.add(later["factor_id"])
            row = later


@pytest.mark.parametrize("set_id", SETS)
def test_a_set_names_one_row_for_every_carrier_and_says_where_it_falls_back(set_id):
    mapped = {
        r["carrier"]: (r["factor_id"], r["fall_back"])
        for r in REGION.table(MAPPINGS).rows()
        if r["set_id"] == set_id
    }
    default = {r["carrier"] for r in REGION.table(MAPPINGS).rows() if r["set_id"] == BASE_YEAR_SET}
    assert mapped.keys() == default
    for factor_id, falls_back in mapped.values():
        own = ROWS[factor_id]["library"] in (set_id, "accounting_rule")
        assert own != bool(falls_back), factor_id
    assert all(math.isfinite(v) and v >= 0 for v in factors_tco2_per_gj(REGION, set_id).values())


def test_power_plant_coal_for_all_coal_raises_its_factor_by_4_92_percent():
    rise = (
        factors_tco2_per_gj(REGION, "power_coal_2_77")["coal"]
        / factors_tco2_per_gj(REGION, "balance_2020")["coal"]
        - 1
    )
    assert rise == pytest.approx(0.0492, abs=5e-5)


@pytest.mark.parametrize(
    ("set_id", "tco2_per_tce"),
    [
        ("ceads", 2.60),
        ("enterprise_guideline", 2.61),
        ("balance_2020", 2.64),
        ("provincial_guideline", 2.66),
        ("power_coal_2_77", 2.77),
        ("ipcc2006", 2.77),
    ],
)
def test_coal_of_the_sets_is_as_the_literature_spreads(set_id, tco2_per_tce):
    coal = factors_tco2_per_gj(REGION, set_id)["coal"] * GJ_PER_TCE
    assert coal == pytest.approx(tco2_per_tce, abs=0.005)


def test_an_empty_name_is_the_set_in_force_and_the_door_fills_it_in():
    frame, found = read_frame({"region": "jiangsu"})
    assert not found
    assert frame is not None and frame.factor_set == set_in_force(REGION) == "balance_2020"
    assert frame == read_frame({"region": "jiangsu", "factor_set": "balance_2020"})[0]


def test_an_unknown_set_is_refused_at_the_door_with_near_names():
    _, found = read_frame({"region": "jiangsu", "factor_set": "ipcc2007"})
    (violation,) = found
    assert violation.field == "frame.factor_set"
    assert "ipcc2006" in violation.description
    assert "balance_2020" in violation.allowed


def test_a_set_that_came_into_force_later_is_not_known_as_of_a_year_before(monkeypatch):
    later = factors.FactorSet("newer", REGION.place.label, "", 2024, 0, "", "")
    rows = factors.factor_sets
    monkeypatch.setattr(
        factors,
        "factor_sets",
        lambda r: tuple(
            s for s in (*rows(r), later) if not r.as_of_year or s.in_force_from_year <= r.as_of_year
        ),
    )
    assert set_in_force(REGION) == "newer"
    assert set_in_force(load_region("jiangsu", 2022)) == "balance_2020"
    with pytest.raises(DomainError):
        named_set(load_region("jiangsu", 2022), "newer")
