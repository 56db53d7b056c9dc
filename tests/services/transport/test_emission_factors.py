"""Emission standards by model year, exhaust factors, evaporation, wear and sulphur."""

import csv
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.factors import factors_tco2_per_gj
from services.common.region_files import ROOT, RegionDataError
from services.common.regions import load_region
from services.transport.base import (
    BEV,
    CNG,
    DIESEL,
    FCEV,
    FIRST_YEAR,
    GASOLINE,
    HEV,
    LNG,
    PHEV,
    POWERTRAINS,
    transport_base,
)
from services.transport.emissions.factors import (
    POLLUTANTS,
    pollutant_factors,
    rise_limit_years,
    standard_factors,
)
from services.transport.emissions.greenhouse import ch4_n2o_factors
from services.transport.emissions.other_sources import (
    evaporation_factors,
    gj_per_kg,
    offroad_g_per_gj,
    so2_factors,
    so2_g_per_gj,
    wear_factors,
)
from services.transport.emissions.standards import (
    STANDARDS,
    TIMETABLES,
    part_of_year_from,
    standard_shares,
)

REGION = load_region("jiangsu")
CLASSES = (*transport_base("jiangsu").classes, "e_bike")
SLOTS = 80
NOX, VOC, PM25, CO = range(4)
# what the guideline itself has the other way round: (class, standard dirtier than the one before)
GUIDELINE_NOX = {("taxi", "II"), ("ride_hailing", "II"), ("motorcycle", "I"), ("motorcycle", "II")}
GUIDELINE_NOX |= {("e_bike", "I"), ("e_bike", "II"), ("urban_bus", "IV")}


@lru_cache(maxsize=2)
def shares(timetable: str = "jiangsu") -> np.ndarray:
    return standard_shares(REGION, timetable, CLASSES, FIRST_YEAR, SLOTS)


def share(vehicle_class: str, k: int, year: int, standard: str, timetable: str = "jiangsu") -> float:
    table = shares(timetable)
    return float(table[CLASSES.index(vehicle_class), k, year - FIRST_YEAR, STANDARDS.index(standard)])


def plain_rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "national" / "transport" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("vehicle_class", "k", "year", "standard", "part"),
    [
        ("private_car", GASOLINE, 2016, "IV", 91 / 366),  # V from 1 April of a leap year
        ("private_car", GASOLINE, 2016, "V", 275 / 366),
        ("private_car", GASOLINE, 2019, "VI", 184 / 365),  # VIa from 1 July
        ("private_car", GASOLINE, 2023, "VI", 1.0),  # VIb is VI
        ("private_car", PHEV, 2018, "V", 1.0),
        ("private_car", GASOLINE, 1999, "pre_I", 1.0),
        ("heavy_truck", DIESEL, 2013, "III", 181 / 365),
        ("heavy_truck", DIESEL, 2013, "IV", 184 / 365),
        ("heavy_truck", DIESEL, 2016, "IV", 1.0),  # V came early for urban vehicles only
        ("urban_bus", DIESEL, 2016, "V", 275 / 366),
        ("heavy_truck", DIESEL, 2021, "VI", 184 / 365),
        ("urban_bus", DIESEL, 2020, "VI", 184 / 366),
        ("heavy_truck", LNG, 2019, "VI", 184 / 365),
        ("light_truck", CNG, 2019, "VI", 184 / 365),  # a light vehicle
        ("medium_truck", HEV, 2017, "V", 184 / 365),
    ],
)
def test_a_standard_that_begins_within_a_year_takes_its_days_of_it(
    vehicle_class: str, k: int, year: int, standard: str, part: float
) -> None:
    assert share(vehicle_class, k, year, standard) == pytest.approx(part, abs=1e-12)


def test_the_national_timetable_is_later_for_light_vehicles() -> None:
    assert share("private_car", GASOLINE, 2016, "V", "national") == 0.0
    assert share("private_car", GASOLINE, 2017, "V", "national") == 1.0
    assert share("private_car", GASOLINE, 2020, "VI", "national") == pytest.approx(184 / 366)


@pytest.mark.parametrize("timetable", TIMETABLES)
def test_standards_of_every_class_powertrain_and_model_year_sum_to_one(timetable: str) -> None:
    table = shares(timetable)
    assert table.shape == (len(CLASSES), len(POWERTRAINS), SLOTS, len(STANDARDS))
    np.testing.assert_allclose(table.sum(axis=-1), 1.0, rtol=0, atol=1e-12)
    assert table.min() >= 0.0
    none = table[..., STANDARDS.index("none")]
    assert np.all(none[:, [BEV, FCEV]] == 1.0)
    assert np.all(none[:, :BEV] == 0.0)


def test_no_class_goes_back_to_an_older_standard() -> None:
    later = np.cumsum(shares()[..., ::-1], axis=-1)  # share of this standard and newer
    assert np.all(np.diff(later, axis=2) >= -1e-12)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_the_parts_of_a_year_before_and_after_a_day_make_the_year(first_day: date) -> None:
    part = part_of_year_from(first_day, first_day.year)
    days = (date(first_day.year + 1, 1, 1) - date(first_day.year, 1, 1)).days
    own = sum(first_day + timedelta(n) < date(first_day.year + 1, 1, 1) for n in range(days))
    assert part == pytest.approx(own / days)
    assert part_of_year_from(first_day, first_day.year - 1) == 0.0
    assert part_of_year_from(first_day, first_day.year + 1) == 1.0


def test_an_unknown_class_or_timetable_is_named() -> None:
    with pytest.raises(RegionDataError, match="no vehicle class tractor"):
        standard_shares(REGION, "jiangsu", ("tractor",), FIRST_YEAR, 3)
    with pytest.raises(RegionDataError, match="no timetable mars"):
        standard_shares(REGION, "mars", ("taxi",), FIRST_YEAR, 3)


def test_factors_of_a_model_year_are_those_of_its_standards_at_the_speed_of_the_class() -> None:
    factors, _ = pollutant_factors(REGION, "jiangsu", CLASSES, FIRST_YEAR, SLOTS)
    heavy = factors[:, CLASSES.index("heavy_truck"), DIESEL]
    by_hand = 181 / 365 * 7.934 * 0.74 + 184 / 365 * 5.554 * 0.60
    assert heavy[NOX, 2013 - FIRST_YEAR] == pytest.approx(by_hand, rel=1e-12)
    car = factors[:, CLASSES.index("private_car"), GASOLINE]
    assert car[VOC, 2018 - FIRST_YEAR] == pytest.approx(0.056 * 0.78, rel=1e-12)
    assert car[CO, 1995 - FIRST_YEAR] == pytest.approx(25.72 * 0.79, rel=1e-12)
    bus = factors[:, CLASSES.index("urban_bus"), DIESEL]
    assert bus[PM25, 2025 - FIRST_YEAR] == pytest.approx(0.0315 * 1.12, rel=1e-12)
    assert np.all(factors[:, :, [BEV, FCEV]] == 0.0)


def test_factors_agree_with_a_plain_reading_of_the_tables() -> None:
    groups = {(r["vehicle_class"], r["powertrain"]): r for r in plain_rows("emission_groups")}
    grams = {
        (r["factor_class"], r["fuel"], r["pollutant"], r["standard"]): float(r["g_per_km"])
        for r in plain_rows("exhaust_factors")
    }
    speeds = {r["vehicle_class"]: float(r["mean_speed_kmh"]) for r in plain_rows("emission_classes")}
    corrections = {
        (r["fuel"], r["pollutant"], r["standard"]): r for r in plain_rows("exhaust_speed_correction")
    }
    factors, _ = standard_factors(REGION, CLASSES)
    for (name, powertrain), row in groups.items():
        speed = speeds[name]
        band = "below_20"
        for low in (20, 30, 40):
            band = f"from_{low}" if speed >= low else band
        for q, pollutant in enumerate(POLLUTANTS):
            prefix = "pm_" if pollutant == "pm25" else ""
            fuel = row[f"{prefix}factor_fuel"]
            for s, standard in enumerate(STANDARDS[:-1]):
                corrected = {"IV": "IV", "V": "V", "VI": "V"}.get(standard, "III")
                own = grams[row[f"{prefix}factor_class"], fuel, pollutant, standard]
                own *= float(corrections[fuel, pollutant, corrected][band]) * float(row["scale_ratio"])
                found = factors[q, CLASSES.index(name), POWERTRAINS.index(powertrain), s]
                assert found == pytest.approx(own, rel=1e-12), (name, powertrain, pollutant, standard)


def test_newer_standards_are_not_dirtier_in_nox_and_particles() -> None:
    factors, _ = standard_factors(REGION, CLASSES)
    found = set()
    for c, name in enumerate(CLASSES):
        for k in range(BEV):
            for s in range(1, len(STANDARDS) - 1):
                # 1 %: the guideline's corrections at low speed differ between III and IV
                assert factors[PM25, c, k, s] <= factors[PM25, c, k, s - 1] * 1.01, (name, k, s)
                if factors[NOX, c, k, s] > factors[NOX, c, k, s - 1] * (1 + 1e-12):
                    found.add((name, STANDARDS[s]))
    assert found <= GUIDELINE_NOX
    for q in (NOX, PM25):
        assert np.all(factors[q, :, :BEV, 6] <= factors[q, :, :BEV, 3])  # VI against III, every class


def test_only_gasoline_of_china_iv_and_later_worsens_with_age() -> None:
    factors, rise = pollutant_factors(REGION, "jiangsu", CLASSES, FIRST_YEAR, SLOTS)
    car = CLASSES.index("private_car")
    year = 2014 - FIRST_YEAR
    np.testing.assert_allclose(rise[:, car, GASOLINE, year], 0.02 * factors[:, car, GASOLINE, year])
    assert np.all(rise[:, car, GASOLINE, : 2011 - FIRST_YEAR] == 0.0)
    assert np.all(rise[:, :, DIESEL] == 0.0)
    assert np.all(rise[:, CLASSES.index("motorcycle")] == 0.0)
    assert rise_limit_years(REGION) == 10


def test_a_callers_classes_may_repeat_a_national_class() -> None:
    own, _ = pollutant_factors(REGION, "national", ("taxi", "heavy_truck", "taxi"), 2010, 20)
    np.testing.assert_array_equal(own[:, 0], own[:, 2])
    assert own.shape == (4, 3, len(POWERTRAINS), 20)
    assert not own.flags.writeable


def test_a_car_of_9000_km_evaporates_3_7_kg_a_year() -> None:
    per_km, per_year = evaporation_factors(REGION, CLASSES)
    car = CLASSES.index("private_car")
    by_hand = 9000 / 30 * 11.6 + 0.5 * 365
    assert 9000 * per_km[car, GASOLINE] + per_year[car, GASOLINE] == pytest.approx(by_hand)
    assert per_km[car, HEV] == per_km[car, GASOLINE]
    for k in (DIESEL, CNG, LNG, BEV, FCEV):
        assert per_km[car, k] == per_year[car, k] == 0.0
    assert np.all(per_km[CLASSES.index("heavy_truck"), [DIESEL, HEV, PHEV]] == 0.0)


def test_electric_drive_saves_half_of_the_brakes_particles() -> None:
    wear = wear_factors(REGION, CLASSES)
    car = CLASSES.index("private_car")
    assert wear[car, GASOLINE] == pytest.approx(7e-3)
    assert wear[car, BEV] == pytest.approx(7e-3 * (1 - 0.3 * 0.5))
    assert wear.min() > 0.0


def test_a_kg_of_diesel_makes_20_mg_of_so2_and_of_sea_fuel_10_g() -> None:
    per_gj, kg = so2_g_per_gj(REGION), gj_per_kg(REGION)
    assert per_gj["diesel"] * kg["diesel"] == pytest.approx(20e-3)
    assert per_gj["gasoline"] * kg["gasoline"] == pytest.approx(20e-3)
    assert per_gj["fuel_oil"] * kg["fuel_oil"] == pytest.approx(10.0)
    by_class = so2_factors(REGION, CLASSES)
    assert np.all(by_class[:, [CNG, LNG, BEV, FCEV]] == 0.0)
    assert by_class[CLASSES.index("heavy_truck"), PHEV] == per_gj["diesel"]


def test_ships_and_locomotives_keep_the_guideline_per_kg_of_diesel() -> None:
    per_gj, kg = offroad_g_per_gj(REGION), gj_per_kg(REGION)
    np.testing.assert_allclose(per_gj["ships", "diesel"] * kg["diesel"], [47.6, 6.19, 3.65, 23.8])
    np.testing.assert_allclose(per_gj["rail", "diesel"] * kg["diesel"], [55.73, 3.11, 1.97, 8.29])
    for fuel in ("natural_gas", "methanol"):
        assert per_gj["ships", fuel][NOX] < per_gj["ships", "diesel"][NOX]
        assert per_gj["ships", fuel][PM25] < per_gj["ships", "diesel"][PM25]


def test_ch4_and_n2o_of_a_new_car_are_3_g_a_km_of_co2() -> None:
    factors = ch4_n2o_factors(REGION, CLASSES)
    car = factors[CLASSES.index("private_car")]
    assert car[GASOLINE, 6] == pytest.approx(57 * 28 + 6 * 265)
    heavy = factors[CLASSES.index("heavy_truck")]
    assert heavy[DIESEL, 3] == pytest.approx(175 * 28 + 30 * 265)
    assert heavy[LNG, 3] == pytest.approx(5400 * 28 + 6 * 265)
    assert heavy[LNG, 5] == pytest.approx(900 * 28 + 6 * 265)
    assert np.all(factors[:, [BEV, FCEV]] == 0.0)


@pytest.mark.parametrize(
    ("carrier", "kg_per_gj"),
    [  # 44/12 x carbon content x oxidation of the guideline for land transport; jet: civil aviation; methanol: IMO
        ("gasoline", 18.9 * 0.98 * 44 / 12),
        ("diesel", 20.2 * 0.98 * 44 / 12),
        ("fuel_oil", 21.1 * 0.98 * 44 / 12),
        ("lpg", 17.2 * 0.98 * 44 / 12),
        ("natural_gas", 15.3 * 0.99 * 44 / 12),
        ("kerosene", 19.5 * 44 / 12),
        ("methanol", 1375 / 19.9),
    ],
)
def test_direct_co2_of_the_one_library_is_that_of_the_guidelines(carrier: str, kg_per_gj: float) -> None:
    assert factors_tco2_per_gj(REGION)[carrier] * 1e3 == pytest.approx(kg_per_gj, rel=0.02)


@pytest.mark.parametrize("carrier", ["electricity", "hydrogen", "biomass"])
def test_no_carbon_leaves_an_electric_hydrogen_or_biofuel_vehicle(carrier: str) -> None:
    assert factors_tco2_per_gj(REGION)[carrier] == 0.0
