"""Readers' units: the same factors as the one table of conversions, there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.report.workbook.planner_units import CO2_TOTAL, UNITS, reader_unit
from gateway.report.workbook.times import clock_text
from services.common.units import PLANNER_UNITS


@pytest.mark.parametrize(
    ("unit", "language", "given_value", "expected"),
    [
        ("MW", "zh", 35_000.0, 3_500.0),  # 万千瓦
        ("MW", "en", 35_000.0, 35.0),
        ("MWh", "zh", 7.8e8, 7_800.0),  # 亿千瓦时
        ("MWh", "en", 7.8e8, 780.0),
        ("tCO2", "zh", 8.478e8, 84_780.0),  # 万吨
        ("tCO2", "en", 8.478e8, 847.8),
        ("GJ", "zh", 29.3076e4, 1.0),  # 万吨标准煤
        ("GJ", "en", 29.3076e6, 29.3076),
        ("tkm", "zh", 1.2e12, 12_000.0),
        ("pkm", "en", 1.2e12, 1_200.0),
        ("m2", "zh", 4.9103e9, 491_030.0),
        ("vehicles", "zh", 2.1e7, 2_100.0),
        ("persons", "zh", 8.5e7, 8_500.0),
        ("CNY", "zh", 1.4e12, 14_000.0),
        ("CNY", "en", 1.4e12, 1_400.0),
        ("share", "zh", 0.18, 18.0),
        ("kgce/MWh", "zh", 297.0, 297.0),
        ("GW", "zh", 35.0, 3_500.0),
        ("billion CNY", "zh", 1_400.0, 14_000.0),
    ],
)
def test_a_value_is_told_in_the_unit_that_readers_use(unit, language, given_value, expected):
    found = reader_unit(unit, language)
    assert found is not None
    assert found.of(np.array([given_value]))[0] == pytest.approx(expected, rel=1e-12)


def test_factors_are_those_of_the_table_of_conversions():
    same = 0
    for unit, pair in UNITS.items():
        factor, inner = PLANNER_UNITS.get(pair.zh.name, (0.0, ""))
        if inner == unit:
            assert pair.zh.size == factor
            same += 1
    assert same >= 6
    assert CO2_TOTAL.zh.size == 1e8 and CO2_TOTAL.en.size == 1e6


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(["zh", "en"]), st.floats(-1e15, 1e15))
def test_there_and_back_is_the_same_value(unit, language, value):
    found = reader_unit(unit, language)
    assert found.of(np.array([value]))[0] * found.size == pytest.approx(value, rel=1e-14, abs=1e-300)


def test_a_unit_without_another_is_left_alone():
    assert reader_unit("CNY/MWh", "zh") is None


def test_hours_are_told_in_beijing_time():
    assert clock_text(0, "zh") == "1月1日0时"
    assert clock_text(8_759, "zh") == "12月31日23时"
    assert clock_text((31 + 27) * 24 + 23, "en") == "28 Feb 23:00–24:00"
    assert clock_text((31 + 28) * 24, "en") == "1 Mar 00:00–01:00"
