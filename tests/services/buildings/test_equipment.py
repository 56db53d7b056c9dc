"""Heat pumps and coolers: figures of the regressions, bounds of thermodynamics, seasons of the cities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.buildings.equipment import (
    HEATING_SYSTEMS,
    KELVIN,
    air_capacity_share,
    cooling_eer,
    ground_source_cop,
    heat_pump_cop,
    heating_equipment,
)
from services.buildings.hot_water import hot_water_cop
from services.buildings.zones import physics
from services.common.arrays import FloatArray
from services.common.moist_air import relative_humidity_share
from services.common.regions import load_region
from services.common.weather import weather_year

REGION = load_region("jiangsu")
PER = physics(REGION)
YEAR = weather_year(REGION, "normal")
OUTDOOR = np.array([-10.0, -5.0, 0.0, 2.0, 7.0, 15.0])
DRY, HUMID = np.full(6, 0.3), np.full(6, 0.8)

# City: seasonal COP of split units, floors, fan coils, ground source, hot water; EER of cooling at a Carnot share of
# 0.40. Reckoned from the true typical years with the same regressions, degree-hours below 15 and above 26 degC.
SEASONS = {
    "nanjing": (2.68, 3.17, 2.35, 4.99, 2.52, 3.25),
    "xuzhou": (2.63, 3.07, 2.31, 4.87, 2.48, 3.28),
    "lianyungang": (2.65, 3.11, 2.33, 4.78, 2.45, 3.35),
    "nantong": (2.76, 3.29, 2.42, 4.96, 2.53, 3.42),
    "suzhou": (2.81, 3.37, 2.47, 5.10, 2.60, 3.36),
    "yancheng": (2.64, 3.11, 2.32, 4.88, 2.47, 3.29),
    "huaian": (2.68, 3.16, 2.35, 4.93, 2.51, 3.34),
}


# Sink in degC: COP at OUTDOOR without frost, by the regression of When2Heat for air source and its correction of 0.85
COP_WITHOUT_FROST = {
    38.0: (2.24, 2.46, 2.70, 2.80, 3.07, 3.54),
    45.0: (1.96, 2.15, 2.37, 2.46, 2.70, 3.12),
    55.0: (1.64, 1.79, 1.96, 2.04, 2.24, 2.60),
}
# Outdoor degC: EER of the stock of 2022 at a Carnot share of 0.45
EER_OF_2022 = {25.0: 4.4, 30.0: 3.7, 35.0: 3.2, 40.0: 2.9}


@pytest.mark.parametrize(("sink", "expected"), COP_WITHOUT_FROST.items())
def test_cop_without_frost_is_that_of_the_regressions(sink: float, expected: tuple[float, ...]) -> None:
    np.testing.assert_allclose(heat_pump_cop(PER, OUTDOOR, sink, DRY), expected, atol=0.006)


def test_frost_costs_a_tenth_only_in_humid_cold_above_minus_seven() -> None:
    ratio = heat_pump_cop(PER, OUTDOOR, 38.0, HUMID) / heat_pump_cop(PER, OUTDOOR, 38.0, DRY)
    np.testing.assert_allclose(ratio, [1.0, 0.9, 0.9, 0.9, 1.0, 1.0])


@given(st.floats(-30, 45), st.floats(20, 70), st.floats(0, 1))
def test_no_unit_beats_its_share_of_carnot(outdoor: float, sink: float, humidity: float) -> None:
    cop = heat_pump_cop(PER, np.array([outdoor]), sink, np.array([humidity]))[0]
    lift = max(sink - outdoor, PER["cop_least_difference_k"])
    assert 0 < cop <= PER["carnot_limit_share"] * (sink + KELVIN) / lift * (1 + 1e-12)
    assert ground_source_cop(PER, outdoor, sink) <= PER["carnot_limit_share"] * (sink + KELVIN) / lift * (
        1 + 1e-12
    )


@given(st.floats(-20, 30), st.floats(0.1, 10))
def test_warmer_air_never_lowers_capacity_or_raises_the_lift(outdoor: float, more: float) -> None:
    cold, warm = np.array([outdoor]), np.array([outdoor + more])
    assert air_capacity_share(PER, warm) >= air_capacity_share(PER, cold)
    dry = np.array([0.3])
    assert heat_pump_cop(PER, warm, 45.0, dry) >= heat_pump_cop(PER, cold, 45.0, dry)
    assert cooling_eer(PER, warm, 0.4) <= cooling_eer(PER, cold, 0.4)


def test_capacity_is_rated_at_seven_degrees_and_falls_by_1_8_percent_a_kelvin() -> None:
    np.testing.assert_allclose(air_capacity_share(PER, np.array([7.0, -3.0, 12.0])), [1.0, 0.82, 1.09])


def test_sized_units_carry_the_design_load_with_a_tenth_to_spare_at_the_design_dry_bulb() -> None:
    outdoor = np.linspace(-8, 20, 57)
    units = heating_equipment(PER, outdoor, np.full(57, 0.004), -4.0)
    capacity = units.capacity_share * units.rated_w_per_m2(100.0, 50.0)[:, None]
    design = int(np.flatnonzero(outdoor == -4.0)[0])
    split, hydronic, ground = (HEATING_SYSTEMS.index(k) for k in ("split", "hydronic", "ground"))
    assert capacity[hydronic, design] == pytest.approx(55.0)
    assert capacity[ground] == pytest.approx(np.full(57, 55.0))
    assert capacity[split, design] == pytest.approx(100 * (1 - 0.018 * 11))
    assert capacity[hydronic, 0] < 55.0 < capacity[hydronic, -1]


def test_cooling_efficiency_is_that_of_the_stock_of_2022() -> None:
    found = cooling_eer(PER, np.array([*EER_OF_2022]), 0.45)
    np.testing.assert_allclose(found, [*EER_OF_2022.values()], atol=0.06)


def test_relative_humidity_is_one_where_vapour_saturates() -> None:
    # 2333.4 Pa at 20 degC (Magnus): humidity ratio 0.622 * 2333.4 / (101325 - 2333.4)
    assert relative_humidity_share(np.array([20.0]), np.array([0.0146656]))[0] == pytest.approx(1.0, abs=2e-3)


def seasonal_values(city: str) -> tuple[float, ...]:
    """The city's values in the order of SEASONS, on its normal year."""
    p = REGION.city_ids.index(city)
    outdoor = YEAR.temperature_degc[p]
    humidity = relative_humidity_share(outdoor, YEAR.humidity_ratio_kg_per_kg[p])
    cold, hot = np.maximum(15 - outdoor, 0), np.maximum(outdoor - 26, 0)

    def season(weight: FloatArray, cop: FloatArray) -> float:
        return float(weight.sum() / (weight / cop).sum())

    return (
        season(cold, heat_pump_cop(PER, outdoor, 38.0, humidity)),
        season(cold, heat_pump_cop(PER, outdoor, 30 - 0.5 * outdoor, humidity)),
        season(cold, heat_pump_cop(PER, outdoor, 45.0, humidity)),
        ground_source_cop(PER, float(outdoor.mean()) - 3, 38.0),
        season(np.ones_like(outdoor), heat_pump_cop(PER, outdoor, 55.0, humidity)),
        season(hot, cooling_eer(PER, outdoor, 0.40)),
    )


@pytest.mark.parametrize("city", SEASONS)
def test_seasonal_values_are_those_of_the_true_typical_years(city: str) -> None:
    np.testing.assert_allclose(seasonal_values(city), SEASONS[city], rtol=0.04)


def test_hot_water_heat_pumps_lie_in_the_seasonal_range_and_gain_with_warmth() -> None:
    from services.buildings.base import stock_base
    from services.buildings.end_use_records import Reader
    from services.buildings.project import read_paths
    from services.common.scenario import Frame, Scenario

    read = Reader(stock_base("jiangsu"), read_paths(Frame(region="jiangsu", last_year=2020), Scenario()))
    hours = YEAR.temperature_degc.reshape(len(REGION.city_ids), -1)
    monthly = np.array([hours[:, m * 730 : (m + 1) * 730].mean(axis=1) for m in range(12)])[:, :, None]
    heat = 50.0 - monthly
    cop = hot_water_cop(REGION, read, monthly, heat)
    assert ((cop > 2.2) & (cop < 2.6)).all()
    assert (hot_water_cop(REGION, read, monthly + 2, heat) > cop).all()
