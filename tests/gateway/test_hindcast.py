"""Past years, projected with what was known then, beside every statistic held."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

from dafeng.client import InvalidInputError
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from gateway.hindcast import HINDCAST_TABLE, check_span, statistics
from services.common.errors import DomainError
from services.common.regions import load_region, region_ids

REGION = load_region("jiangsu")
# Beginnings of the names of statistics that tell of electricity.
OF_POWER = (
    "capacity_",
    "coal_max_output",
    "cross_region_power",
    "electricity_consumption_",
    "generation_",
    "grid_factor",
    "imported_power",
    "net_coal_rate",
    "net_power_import",
    "peak_dispatch_load",
    "peak_hour_imports",
    "transmission_",
    "wind_plus_solar",
)


@pytest.fixture(scope="module")
def reply(served):
    from dafeng.client import Client

    with Client(served[0], timeout_seconds=120) as client:
        return client.check_hindcast("jiangsu", as_of_year=2020, last_year=2025)


def test_every_statistic_of_electricity_from_2020_to_2025_has_a_row(reply):
    told = {(r.provenance.source, r.year, r.statistic) for r in reply.rows}
    table = REGION.table("observations")
    held = [
        (p.source, r["year"], r["value"], r["metric"])
        for r, p in zip(table.rows(), table.provenance, strict=True)
        if r["metric"].startswith(OF_POWER) and 2020 <= r["year"] <= 2025
    ]
    assert len(held) > 100
    assert [h for h in held if h[:3] not in told] == []


def test_published_grid_factors_of_2021_and_2022_are_compared(reply):
    rows = {r.year: r for r in reply.rows if r.quantity == "grid_factor"}
    assert (rows[2021].statistic, rows[2022].statistic) == (0.6451, 0.5978)
    assert all(r.HasField("modelled") for r in rows.values())


def test_a_difference_is_modelled_over_statistic_less_one_and_a_gap_is_explained(reply):
    for row in reply.rows:
        if row.HasField("modelled"):
            assert row.difference_share == pytest.approx(row.modelled / row.statistic - 1)
        else:
            assert row.remark.zh, row.quantity
            assert row.remark.en, row.quantity
        assert row.provenance.source
        assert row.provenance.grade != common_pb2.GRADE_UNSPECIFIED
        assert row.hidden == (row.year > 2020)


def test_2020_is_reproduced_and_years_ascend_within_a_quantity(reply):
    rows = {(r.quantity, r.year): r for r in reply.rows}
    assert len(rows) == len(reply.rows)
    for name in (
        "generation_coal",
        "generation_gas",
        "generation_wind",
        "generation_solar",
        "generation_nuclear",
    ):
        assert abs(rows[name, 2020].difference_share) < 0.03, name
    assert abs(rows["net_coal_rate", 2020].difference_share) < 0.03
    assert abs(rows["grid_factor_estimate", 2020].difference_share) < 0.05
    for quantity in {r.quantity for r in reply.rows}:
        years = [r.year for r in reply.rows if r.quantity == quantity]
        assert years == sorted(years)


def test_full_load_hours_are_energy_over_mean_capacity():
    # 22.9 TWh over the mean of 10.41 and 15.47 GW.
    wind = statistics(REGION, "hours:generation_wind/capacity_wind")[2020]
    assert (wind.value, wind.unit) == (pytest.approx(22.9e3 / 12.94), "h")
    # No capacity of 2019: over the 79 GW of the end of 2020, and an estimate is no better than its worst part.
    coal = statistics(REGION, "hours:generation_thermal_coal/capacity_coal")[2020]
    assert coal.value == pytest.approx(353e3 / 79)
    assert coal.provenance.grade == "C"


@pytest.mark.parametrize("region_id", region_ids())
def test_every_region_is_compared_and_what_is_not_built_there_has_no_hours(client, region_id):
    region = load_region(region_id)
    found = client.call(
        client.stub.CheckHindcast, projection_pb2.CheckHindcastRequest(region=region_id, last_year=2021)
    )
    assert {2020, 2021} >= {r.year for r in found.rows}
    assert all(math.isfinite(r.statistic) for r in found.rows)
    for row in region.table(HINDCAST_TABLE).rows():
        kind, _, name = row["statistic"].partition(":")
        if kind == "hours":
            _, capacity = (statistics(region, f"observed:{n}") for n in name.split("/"))
            assert all(
                capacity[y].value or capacity[y - 1].value for y in statistics(region, row["statistic"])
            )


def test_every_row_of_the_table_has_a_model_or_says_why_not(reply):
    for row in REGION.table(HINDCAST_TABLE).rows():
        assert row["model"] or row["remark_en"], row["quantity"]
        if row["model"]:
            told = [r for r in reply.rows if r.quantity == row["quantity"]]
            assert all(r.HasField("modelled") for r in told), row["quantity"]


def test_a_span_out_of_range_gets_every_violation(client):
    with pytest.raises(DomainError) as found:
        check_span(2010, 2100)
    assert [v.field for v in found.value.violations] == ["as_of_year", "last_year"]
    with pytest.raises(InvalidInputError) as refused:
        client.check_hindcast("jiangsu", as_of_year=2019, last_year=2061)
    assert {v.field for v in refused.value.violations} == {"as_of_year", "last_year"}
    with pytest.raises(InvalidInputError):
        client.check_hindcast("jiangsu", baseline="no_such")


@pytest.mark.slow
def test_what_was_observed_later_changes_nothing_that_the_model_says(client):
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.gateway.altered_regions", "2022"],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=root,
    )
    assert done.returncode == 0, done.stderr
    changed, changed_levers, hidden, seen = done.stdout.split()
    assert int(changed) > 100
    assert int(changed_levers) > 100
    assert client.check_hindcast("jiangsu", 2020, 2022).digest == hidden
    # What is known in 2022 does tell: the alteration reaches the model when it is not hidden.
    assert client.check_hindcast("jiangsu", 2022, 2022).digest != seen
