"""Weather files: what is read is what was written, every known trap is mended and told, or refused by name."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.buildings.climate.doors import MOST_EPW_BYTES, WeatherSource
from services.buildings.climate.epw import file_weather
from services.buildings.climate.place import place_weather
from services.buildings.climate.sky import split_global, sun_at
from services.buildings.climate.source import read_weather, report
from services.buildings.climate.weather import Weather
from services.common.errors import DomainError
from services.common.regions import load_region
from tests.services.buildings.weather_files import Rows, epw_file, epw_rows, tmy3_file

pytestmark = pytest.mark.filterwarnings("ignore")
NANJING = place_weather(load_region("jiangsu"), "nanjing", "normal", 0.0)
GOOD = epw_file(NANJING)


def refused(content: bytes) -> str:
    with pytest.raises(DomainError) as error:
        file_weather(content, "weather.epw_file")
    assert error.value.reason == "INVALID_INPUT"
    assert all(v.field.startswith("weather.epw_file") for v in error.value.violations)
    return str(error.value)


def noted(weather: Weather, text: str) -> bool:
    return any(text in note for note in weather.notes)


def test_a_file_reads_back_as_it_was_written() -> None:
    read = read_weather(WeatherSource(epw_file=GOOD))
    for name in (
        "outdoor_degc",
        "global_w_per_m2",
        "direct_normal_w_per_m2",
        "diffuse_w_per_m2",
        "wind_m_per_s",
    ):
        assert getattr(read, name) == pytest.approx(getattr(NANJING, name), abs=0.006), name
    assert read.humidity_ratio_kg_per_kg == pytest.approx(NANJING.humidity_ratio_kg_per_kg, rel=2e-3)
    assert (read.latitude_deg, read.longitude_deg, read.utc_offset_hours) == (32.06, 118.8, 8.0)
    assert read.sun_minute == 30
    assert read.first_weekday == 6
    assert read.closure_ratio == pytest.approx(1, abs=1e-3)
    assert report(read).name == "Testtown, CHN"


def test_tmy3_gives_the_same_year() -> None:
    read = file_weather(tmy3_file(NANJING), "w")
    assert read.outdoor_degc == pytest.approx(NANJING.outdoor_degc, abs=0.006)
    assert read.global_w_per_m2 == pytest.approx(NANJING.global_w_per_m2, abs=0.006)
    assert read.sun_minute == 30
    assert read.name == "TESTTOWN, NEAR, XX"


@pytest.mark.parametrize("minute", [-40.0, -20.0, 0.0, 60.0])
def test_a_clock_of_radiation_that_is_off_is_found(minute: float) -> None:
    """Light whose sun stands elsewhere in the hour: clear days follow the sun's height."""
    where = sun_at(32.0, 118.8, 8.0, minute)
    light = 750 * np.maximum(where.zenith_cosine, 0) ** 1.15 * np.repeat(0.6 + 0.4 * (np.arange(365) % 2), 24)
    direct, diffuse = split_global(light, where)
    shifted = replace(NANJING, global_w_per_m2=light, direct_normal_w_per_m2=direct, diffuse_w_per_m2=diffuse)
    read = file_weather(epw_file(shifted), "w")
    assert read.sun_minute == pytest.approx(minute, abs=5)
    assert noted(read, "clock is off")


def test_parts_that_do_not_make_the_whole_are_split_anew() -> None:
    light = NANJING.direct_normal_w_per_m2 * 0.8
    read = file_weather(epw_file(replace(NANJING, direct_normal_w_per_m2=light)), "w")
    assert noted(read, "split anew")
    assert read.closure_ratio == 1
    assert read.global_w_per_m2.sum() == pytest.approx(NANJING.global_w_per_m2.sum(), rel=1e-4)
    assert read.direct_normal_w_per_m2.sum() == pytest.approx(NANJING.direct_normal_w_per_m2.sum(), rel=0.01)


def column(index: int, first: int, count: int, text: str) -> bytes:
    def change(rows: Rows) -> None:
        for row in rows[first : first + count]:
            row[index] = text

    return epw_file(NANJING, change)


@pytest.mark.parametrize(
    ("index", "flag"), [(6, "99.9"), (8, "999"), (13, "9999"), (13, "99990"), (21, "999"), (6, "")]
)
def test_short_gaps_are_filled_between_neighbours_and_told(index: int, flag: str) -> None:
    read = file_weather(column(index, 4004, 6, flag), "w")
    assert noted(read, "6 missing hours filled")
    assert read.outdoor_degc[4000:4014] == pytest.approx(NANJING.outdoor_degc[4000:4014], abs=4)


def test_long_gaps_are_refused_with_field_and_lines() -> None:
    text = refused(column(6, 100, 7, "99.9"))
    assert "outdoor_degc" in text
    assert "lines 109 to 115" in text
    assert "global_horizontal" in refused(column(13, 100, 7, "9999"))


def test_series_that_are_missing_altogether_are_done_without() -> None:
    assert noted(file_weather(column(8, 0, 8760, "999"), "w"), "no moisture")
    assert (file_weather(column(21, 0, 8760, "999"), "w").wind_m_per_s == 2.0).all()
    assert noted(file_weather(column(14, 0, 8760, "9999"), "w"), "after Erbs")
    whole = file_weather(column(13, 0, 8760, "9999"), "w")
    assert whole.global_w_per_m2 == pytest.approx(NANJING.global_w_per_m2, abs=0.1)


def test_humidity_above_100_per_cent_is_told_and_kept_at_100() -> None:
    read = file_weather(column(8, 50, 3, "105"), "w")
    assert noted(read, "above 100 % in 3 hours")
    assert "beyond what weather can be" in refused(column(8, 50, 1, "140"))


@pytest.mark.parametrize(("index", "text"), [(6, "85"), (13, "1700"), (13, "-5"), (21, "-1")])
def test_values_no_weather_has_are_refused_with_their_line(index: int, text: str) -> None:
    assert "line 209" in refused(column(index, 200, 1, text))


def test_29_february_is_left_out_and_mixed_years_are_told() -> None:
    def leap(rows: Rows) -> Rows:
        extra = [[*row] for row in rows[58 * 24 : 59 * 24]]
        for row in extra:
            row[2] = "29"
        for row in rows[5000:]:
            row[0] = "1988"
        return rows[: 59 * 24] + extra + rows[59 * 24 :]

    read = file_weather(epw_file(NANJING, leap), "w")
    assert noted(read, "29 February")
    assert noted(read, "2 calendar years")
    assert read.outdoor_degc == pytest.approx(NANJING.outdoor_degc, abs=0.006)


def test_rows_that_lack_or_change_places_are_refused() -> None:
    assert "8759 hours" in refused(epw_file(NANJING, lambda rows: rows[:-1]))
    assert "out of order" in refused(epw_file(NANJING, lambda rows: rows[24:] + rows[:24]))
    assert "cannot be read" in refused(column(3, 10, 1, "xx"))
    assert "out of order" in refused(column(3, 10, 1, "13"))


def test_light_at_night_is_told() -> None:
    assert noted(file_weather(column(13, 24 * 30, 3, "5"), "w"), "night")


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("95,118.8,8,10", "latitude_deg"),
        ("32,190,8,10", "longitude_deg"),
        ("32,118.8,-8,10", "utc_offset_hours"),
        ("32,118.8,nan,10", "utc_offset_hours"),
        ("32,118.8,8,ten", "elevation_m"),
    ],
)
def test_a_wrong_place_is_refused_by_name(place: str, named: str) -> None:
    assert named in refused(epw_file(NANJING, header=f"LOCATION,T,-,CHN,TEST,1,{place}"))


def test_a_header_that_contradicts_the_catalogue_of_stations_is_told() -> None:
    read = file_weather(
        epw_file(NANJING, header="LOCATION,Nanjing,Jiangsu,CHN,CSWD,582380,32.83,118.8,8,7"), "w"
    )
    assert noted(read, "0.83 degrees from station 582380")


def test_files_that_are_none_are_refused() -> None:
    assert "neither EPW nor TMY3" in refused(b"hello")
    assert "neither EPW nor TMY3" in refused(b"\r\n\r\n")
    assert "not a text file" in refused(b"PK\x03\x04\0\0")
    assert "DATA PERIODS" in refused(b"LOCATION,a\n")
    assert "too big" in refused(b" " * (MOST_EPW_BYTES + 1))
    assert "too few fields" in refused(GOOD[: len(GOOD) // 2])
    assert "no hours" in refused("\r\n".join(GOOD.decode("latin-1").splitlines()[:8]).encode("latin-1"))


def test_extra_fields_and_commas_in_names_do_no_harm() -> None:
    content = epw_file(
        NANJING,
        lambda rows: [[*row, "7", "8"] for row in rows],
        "LOCATION,A, B,-,CHN,TEST,1,32.06,118.8,8,7",
    )
    assert file_weather(content, "w").outdoor_degc == pytest.approx(NANJING.outdoor_degc, abs=0.006)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=60))
def test_damaged_files_are_read_or_refused_but_never_crash(at: int, junk: bytes) -> None:
    damaged = GOOD[: at % 3000] + junk + GOOD[at % 3000 + len(junk) :]
    try:
        read = file_weather(damaged, "w")
    except DomainError as error:
        assert error.violations
    else:
        assert np.isfinite(read.outdoor_degc).all()


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_not_thrown_on(content: bytes) -> None:
    for start in (b"", b"LOCATION,", GOOD[:400]):
        with pytest.raises(DomainError):
            file_weather(start + content, "w")


def test_epw_rows_are_a_year() -> None:
    assert len(epw_rows(NANJING)) == 8760


@pytest.mark.parametrize(
    "comment", ["\x85".encode("latin-1"), "\u2028".encode(), "\u5bb9".encode("gbk"), b"\x0c"]
)
def test_bytes_that_only_look_like_ends_of_lines_cut_no_line(comment: bytes) -> None:
    read = file_weather(GOOD.replace(b"caf\xe9", comment), "w")
    assert read.outdoor_degc == pytest.approx(NANJING.outdoor_degc, abs=0.006)


def test_a_wrong_hour_after_29_february_is_told_by_its_line_in_the_file() -> None:
    def change(rows: Rows) -> Rows:
        at = 59 * 24
        leap = [[*row[:2], "29", *row[3:]] for row in rows[at - 24 : at]]
        rows = rows[:at] + leap + rows[at:]
        rows[5000][2] = "1"
        return rows

    assert "weather.epw_file.line 5009" in refused(epw_file(NANJING, change))


def test_a_tmy3_file_without_hours_or_dates_is_refused() -> None:
    whole = tmy3_file(NANJING)
    assert "no hours" in refused(b"\n".join(whole.split(b"\n")[:2]))
    assert "weather.epw_file.line 7" in refused(whole.replace(b"01/01/2001,05:00", b",05:00", 1))


def test_global_radiation_of_zeros_is_made_of_its_parts() -> None:
    def change(rows: Rows) -> None:
        for row in rows:
            row[13] = "0"

    read = file_weather(epw_file(NANJING, change), "w")
    assert read.global_w_per_m2.sum() == pytest.approx(NANJING.global_w_per_m2.sum(), rel=1e-3)
    assert noted(read, "made of direct and diffuse")


def test_radiation_without_a_course_does_not_move_the_sun() -> None:
    def even(rows: Rows) -> None:
        for row in rows:
            row[13] = "100"

    def six_hours_late(rows: Rows) -> Rows:
        return [a[:13] + b[13:16] + a[16:] for a, b in zip(rows, rows[6:] + rows[:6], strict=True)]

    for change in (even, six_hours_late):
        read = file_weather(epw_file(NANJING, change), "w")
        assert read.sun_minute == 30 and noted(read, "fits the sun nowhere")
