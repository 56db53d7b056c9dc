"""The one table of conversions, against figures worked by hand."""

import pytest

from services.common.units import PLANNER_UNITS, from_planner_unit


@pytest.mark.parametrize(
    ("printed", "unit", "value", "inner"),
    [
        (3500, "万千瓦", 35_000, "MW"),  # 35 GW
        (6374, "亿千瓦时", 637_400_000, "MWh"),  # 637.4 TWh
        (260, "万千瓦时", 2_600, "MWh"),
        (1, "万吨标准煤", 293_076, "GJ"),
        (290, "克/千瓦时", 290, "kgce/MWh"),
        (20.8, "亿平方米", 2.08e9, "m2"),
    ],
)
def test_planner_units_are_converted_once(printed, unit, value, inner):
    assert from_planner_unit(printed, unit) == (pytest.approx(value), inner)


def test_every_planner_unit_has_a_positive_factor():
    assert all(factor > 0 for factor, _ in PLANNER_UNITS.values())
