"""Tables of members: read cell by cell, refused by row and column, never trusted, never a crash."""

import io
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.ensemble.doors import TableFormat
from gateway.ensemble.table import MOST_CELLS, MOST_COLUMNS, MOST_TOLD, read_table
from services.common.scenario import LeverSetting, Scenario

GDP = "drivers.gdp_growth@2030"


def csv(text):
    data = text if isinstance(text, bytes) else text.encode()
    return {"list": {"table": data, "table_format": "csv"}}


def parquet(columns, **more):
    held = io.BytesIO()
    pq.write_table(pa.table(columns), held, **more)
    return {"list": {"table": held.getvalue(), "table_format": "parquet"}}


def values(design, lever="drivers.gdp_growth"):
    return [
        next((s.values for s in m.scenario.settings if s.lever_id == lever), None)
        for m in design.block(0, design.member_count)
    ]


def test_a_table_sets_points_and_leaves_empty_cells_as_they_are(opened):
    own = Scenario(settings=(LeverSetting(lever_id="drivers.gdp_growth", years=(2030,), values=(0.06,)),))
    text = f"\ufeff{GDP},transport.freight_gdp_elasticity,weather_year\r\n0.05,,hot\r\n,0.7,\r\n4e-2,.65,cold\r\n\r\n"
    design = opened(csv(text), own, weather_year="low_wind")
    assert values(design) == [(0.05,), (0.06,), (0.04,)]
    assert values(design, "transport.freight_gdp_elasticity") == [None, (0.7,), (0.65,)]
    assert [m.weather_year for m in design.block(0, 3)] == ["hot", "low_wind", "cold"]


def test_a_point_of_a_city_joins_the_points_that_the_scenario_has(opened, world):
    lever = next(
        v for v in world.levers.values() if v.by_city and v.kind == "path" and v.low <= 0.5 <= v.high
    )
    own = Scenario(
        settings=(LeverSetting(lever_id=lever.lever_id, place="suzhou", years=(2030,), values=(0.5,)),)
    )
    (one,) = opened(csv(f"{lever.lever_id}:suzhou@2035\n0.4\n"), own).block(0, 1)
    (setting,) = one.scenario.settings
    assert (setting.place, setting.years, setting.values) == ("suzhou", (2030, 2035), (0.5, 0.4))


def test_parquet_and_csv_say_the_same(opened):
    columns = {GDP: [0.05, None, 0.04], "weather_year": ["hot", None, "cold"]}
    plain = opened(csv(f"{GDP},weather_year\n0.05,hot\n,\n0.04,cold\n"))
    for kind in (pa.float64(), pa.float32()):
        held = {
            GDP: pa.array([0.5, None, 0.25], kind) if kind == pa.float32() else pa.array(columns[GDP], kind)
        }
        held["weather_year"] = columns["weather_year"]
        if kind == pa.float64():
            assert list(opened(parquet(held)).block(0, 3)) == list(plain.block(0, 3))
    cut = parquet(columns, row_group_size=1, compression="zstd")
    assert list(opened(cut).block(0, 3)) == list(plain.block(0, 3))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n\n", ["no row or no column"]),
        (f"{GDP}\n", ["no row or no column"]),
        (f"{GDP}\n0.05\nnan\n1_000\n０.０４\n=1+1\ninf\n0x1\n{'9' * 400}\n", [f"row {k}, column {GDP}: not a number" for k in range(2, 9)]),
        (f"{GDP},{GDP}\n0.05,0.05\n", ["column 2: drivers.gdp_growth@2030 stands twice"]),
        ("drivers.gdp_grwth@2030\n0.05\n", ["no such lever; did you mean drivers.gdp_growth"]),
        ("=HYPERLINK(1),weather_year\n1,windy\n", ["column 1: not a heading", "row 1, column weather_year: no such weather year"]),
        ("drivers.gdp_growth@2021,drivers.gdp_growth\n0.05,0.05\n", ["drivers.gdp_growth@2021.year", "drivers.gdp_growth.year"]),
        ("transport.freight_gdp_elasticity@2030\n0.7\n", ["a constant takes no year"]),
        (f"{GDP}\n0.05\n9\n-9\n", [f"row 2, column {GDP}: drivers.gdp_growth is out of range (given: 9)", "row 3"]),
        (f"{GDP},weather_year\n0.05\n0.05,hot,1\n", ["row 1: 1 cells", "row 2: 3 cells"]),
        (b"\xff\xfea", ["not UTF-8 at byte 0"]),
        (f'{GDP}\n"0.05\n', ["not CSV"]),
        (f"{GDP}:x:y\n0.05\n", ["not a heading"]),
    ],
)  # fmt: skip
def test_wrong_tables_are_refused_by_row_and_column(refused, text, told):
    found = refused(csv(text))
    for part in told:
        assert any(part in f for f in found), (part, found)


def test_what_a_cell_says_is_shown_short_and_without_control_characters(refused):
    (found,) = refused(csv(f"{GDP}\n\x1b[31m{'<script>' * 50}\u202e\n"))
    assert "\x1b" not in found and "\u202e" not in found and len(found) < 300


def test_many_wrong_cells_are_counted(refused):
    found = refused(csv(f"{GDP}\n" + "x\n" * 5000))
    assert len(found) == MOST_TOLD + 1 and found[-1] == f"list.table: and {5000 - MOST_TOLD:,} more cells"


def test_a_parquet_file_needs_no_weather(opened):
    assert values(opened(parquet({GDP: [0.05, 0.04]}))) == [(0.05,), (0.04,)]


def test_tables_that_are_too_large_are_refused_before_they_are_read(refused):
    wide = ",".join(f"a.b{k}" for k in range(MOST_COLUMNS + 1))
    assert "too many columns" in refused(csv(f"{wide}\n{wide}\n"))[0]
    rows = MOST_CELLS // 500 + 1
    many = ",".join(f"a.b{k}" for k in range(500))
    assert "too many cells" in refused(csv(f"{many}\n" + ("," * 499 + "\n") * rows))[0]
    assert "too many rows" in refused(csv(f"{GDP}\n" + "0.05\n" * 100_001))[0]
    assert "too many rows" in refused(parquet({GDP: np.full(200_000, 0.05)}))[0]


def test_a_parquet_file_that_unpacks_to_far_more_is_refused(refused):
    """A long text repeated: some kilobytes that would become gigabytes."""
    bomb = parquet(
        {GDP: [0.05] * 5000, "weather_year": ["x" * 3_000_000] * 2 + ["hot"] * 4998}, compression="gzip"
    )
    assert len(bomb["list"]["table"]) < 100_000
    (found,) = refused(bomb)[:1]
    assert "no such weather year" in found and len(found) < 300


@pytest.mark.parametrize(
    "columns",
    [
        {GDP: ["0.05"]},
        {GDP: [True]},
        {GDP: [[0.05]]},
        {GDP: [{"a": 1.0}]},
        {GDP: [b"x"]},
        {GDP: [float("nan")]},
        {GDP: [float("inf")]},
        {GDP: pa.array([1], pa.timestamp("s"))},
        {"weather_year": [1.5], GDP: [0.05]},
        {"weather_year": [b"\xff\xfe"], GDP: [0.05]},
    ],
)
def test_parquet_cells_of_other_types_are_refused(refused, columns):
    assert refused(parquet(columns))


def test_a_table_with_weather_of_its_own_is_not_crossed(refused, opened):
    raw = csv("weather_year\nhot\ncold\n")
    assert [m.weather_year for m in opened(raw).block(0, 2)] == ["hot", "cold"]
    assert "leave weather_use out" in refused({**raw, "weather_use": "crossed"})[0]
    crossed = {**csv(f"{GDP}\n0.05\n0.04\n"), "weather_use": "crossed", "weather_years": ["cold", "hot"]}
    assert [m.weather_year for m in opened(crossed).block(0, 4)] == ["cold", "hot"] * 2


SOUND = parquet({GDP: [0.05, 0.04, None], "weather_year": ["hot", None, "cold"]})["list"]["table"]
LENIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LENIENT
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_damaged_parquet_file_is_read_or_refused(at, junk, is_cut):
    data = SOUND[:at] if is_cut else SOUND[:at] + junk + SOUND[at + len(junk) :]
    table, found = read_table(data, TableFormat.PARQUET, "list.table")
    assert (table is None) == bool(found)


@LENIENT
@given(st.binary(max_size=200) | st.text(alphabet='a.@:,"\n\r\t 019-eE=+\x00é', max_size=200).map(str.encode))
def test_any_bytes_are_a_table_or_refused(data):
    for form in (TableFormat.CSV, TableFormat.PARQUET):
        table, found = read_table(data, form, "list.table")
        assert (table is None) == bool(found)
        if table is not None:
            assert table.values.shape == (table.values.shape[0], len(table.columns))


def test_lengths_that_a_parquet_file_makes_up_are_refused():
    footer = struct.unpack("<I", SOUND[-8:-4])[0]
    for size in (0, footer - 1, footer + 1, 2**31 - 1, 2**32 - 1):
        data = SOUND[:-8] + struct.pack("<I", size) + b"PAR1"
        table, found = read_table(data, TableFormat.PARQUET, "list.table")
        assert table is None and found
