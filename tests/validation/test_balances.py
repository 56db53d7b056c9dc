"""The section on balances: it runs through a gateway, and a millionth that goes astray would be told."""

from collections.abc import Iterator

import pytest

from dafeng.projection.v1 import projection_pb2
from tests.validation.section_checks import checked, told
from validation.balance.of_projection import balances
from validation.context import Context
from validation.sections.balances import REGIONS, SECTION, comparison


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    with Context(quick=True) as opened:
        yield opened


def test_every_row_is_told_and_within_its_limits(context: Context) -> None:
    found = checked(SECTION.run(context), "balances")
    for kind in ("electricity", "co2_sectors", "cities_co2", "peak_load_causes", "capacity", "floor_area", "vehicles",
                 "flow_nodes", "hours_2030_load", "cities_metrics"):  # fmt: skip
        assert f"balances.jiangsu.planned.{kind}" in found, kind


def altered(context: Context) -> projection_pb2.Projection:
    projection = projection_pb2.Projection()
    projection.CopyFrom(context.projection("jiangsu", "planned"))
    return projection


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("generation", ["electricity"]),
        ("city", ["cities_co2", "cities_co2_own"]),
        ("cause", ["peak_load_causes"]),
        ("capacity", ["capacity"]),
    ],
)
def test_a_millionth_that_goes_astray_in_one_year_is_told(
    context: Context, what: str, expected: list[str]
) -> None:
    wrong = altered(context)
    values = {
        "generation": next(t for t in wrong.power.technologies if t.technology == "nuclear").energy_mwh,
        "city": wrong.cities[3].territorial_tco2,
        "cause": wrong.peak_load.by_cause_mw,
        "capacity": next(t for t in wrong.power.technologies if t.technology == "nuclear").capacity_mw,
    }[what]
    largest = max(range(len(values)), key=values.__getitem__)
    values[largest] *= 1 + 1e-6
    rows = [comparison(b, "x", REGIONS["jiangsu"]) for b in balances(wrong)]
    assert told(rows) == [f"balances.x.{e}" for e in expected]
