"""Weather files: EPW (EnergyPlus auxiliary programs, weather format) and TMY3 (NREL/TP-581-43156), from bytes.

This file reads text into columns and names what cannot be read; `file_series` makes a year of weather of them.
"""

import csv
import io
import math
import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from services.buildings.climate.doors import MOST_EPW_BYTES
from services.buildings.climate.file_series import FileColumns, weather_of_columns
from services.buildings.climate.weather import Weather
from services.common.axes import FIRST_WEEKDAY
from services.common.errors import Violation, invalid

_EPW_HEADER_LINES: Final = 8
_TMY3_HEADER_LINES: Final = 2
_EPW_FIELDS: Final = 35
_LEAST_EPW_FIELDS: Final = 22  # up to wind speed
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LEAP_YEAR: Final = 2020  # holds any day a file may have
_EPW_COLUMNS: Final = {
    "outdoor_degc": "temp_air",
    "relative_humidity_share": "relative_humidity",
    "global_horizontal_w_per_m2": "ghi",
    "direct_normal_w_per_m2": "dni",
    "diffuse_horizontal_w_per_m2": "dhi",
    "wind_m_per_s": "wind_speed",
}
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HEADER_RANGES: Final = {  # as in doors.HourlyWeather
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "utc_offset_hours": (-12.0, 14.0),
    "elevation_m": (-500.0, 6000.0),
}


@dataclass(frozen=True)
class Header:
    """What a file says of its place."""

    name: str
    wmo: str
    place: dict[str, float]  # keys of _HEADER_RANGES
    first_weekday: int = FIRST_WEEKDAY


def file_weather(content: bytes, where: str) -> Weather:
    """The weather of an EPW or TMY3 file. DomainError(INVALID_INPUT) names every violation by field and line."""
    if len(content) > MOST_EPW_BYTES:
        raise invalid(
            [
                Violation(
                    where, "the file is too big", f"{len(content)} bytes", f"up to {MOST_EPW_BYTES} bytes"
                )
            ]
        )
    if b"\0" in content:
        raise invalid(
            [
                Violation(
                    where,
                    "not a text file: send the EPW file itself as UTF-8, not a zip and not UTF-16",
                    "binary",
                    "EPW or TMY3",
                )
            ]
        )
    # Only the ends of lines that files have: str.splitlines would also cut at bytes of Chinese text and at "...".
    lines = _LINE_END.split(content.decode("utf-8-sig" if _is_utf8(content) else "latin-1"))
    while lines and not lines[-1].strip():
        lines.pop()
    if lines and lines[0].upper().startswith("LOCATION"):
        return _epw(lines, where)
    if len(lines) > 1 and lines[1].startswith("Date (MM/DD/YYYY)"):
        return _tmy3(lines, where)
    begins = lines[0][:40] if lines else "an empty file"
    raise invalid([Violation(where, "neither EPW nor TMY3: an EPW file begins with LOCATION", begins)])


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _epw(lines: list[str], where: str) -> Weather:
    header, found = _epw_header(lines, where)
    rows = [line.split(",") for line in lines[_EPW_HEADER_LINES:]]
    short = [i for i, row in enumerate(rows) if len(row) < _LEAST_EPW_FIELDS]
    if short:
        first = _EPW_HEADER_LINES + short[0] + 1
        found.append(
            Violation(
                f"{where}.line {first}",
                f"{len(short)} lines hold too few fields: the file is cut or damaged",
                lines[first - 1][:60],
                f"{_EPW_FIELDS} fields",
            )
        )
    if not rows:
        found.append(Violation(where, "the file has no hours after its header", "0 lines", "8760 hours"))
    if found or header is None:
        raise invalid(found)
    place = header.place
    clean = [f"LOCATION,,,,,,{place['latitude_deg']},{place['longitude_deg']},0,{place['elevation_m']}"]
    clean += [""] * (_EPW_HEADER_LINES - 2) + ["DATA PERIODS"]  # pvlib skips what it does not read
    clean += [",".join((row + [""] * _EPW_FIELDS)[:_EPW_FIELDS]) for row in rows]
    data = _parsed("epw", clean, where)
    calendar = np.array([data[c].to_numpy(dtype=np.int64) for c in ("month", "day", "hour")])
    calendar[2] -= 1
    years = [row[0].strip() for row in rows]
    return weather_of_columns(
        FileColumns(
            name=header.name,
            wmo=header.wmo,
            first_weekday=header.first_weekday,
            **place,
            series={ours: _numbers(data[theirs]) for ours, theirs in _EPW_COLUMNS.items()},
            calendar=calendar,
            first_line=_EPW_HEADER_LINES + 1,
            years=len(set(years)),
        ),
        where,
    )


def _epw_header(lines: list[str], where: str) -> tuple[Header | None, list[Violation]]:
    parts = lines[0].split(",")
    found = []
    periods = lines[_EPW_HEADER_LINES - 1] if len(lines) >= _EPW_HEADER_LINES else ""
    if not periods.upper().startswith("DATA PERIODS"):
        found.append(
            Violation(
                f"{where}.line {_EPW_HEADER_LINES}",
                "an EPW file has eight header lines, the eighth begins with DATA PERIODS",
                periods[:40] or f"{len(lines)} lines",
            )
        )
    # A comma in the city's name moves the fields: the last four are the place.
    if len(parts) < 10:
        found.append(
            Violation(f"{where}.LOCATION", "the first line lacks fields", lines[0][:60], "10 fields")
        )
        return None, found
    names = ("latitude_deg", "longitude_deg", "utc_offset_hours", "elevation_m")
    place, wrong = _place(dict(zip(names, parts[-4:], strict=True)), where)
    words = [w.strip().lower() for w in periods.split(",")]
    first = next((_WEEKDAYS.index(w) for w in words if w in _WEEKDAYS), FIRST_WEEKDAY)
    name = ", ".join(p.strip() for p in parts[1:-6] if p.strip(" -"))
    return Header(name[:120] or "EPW file", parts[-5].strip(), place, first), found + wrong


def _place(texts: dict[str, str], where: str) -> tuple[dict[str, float], list[Violation]]:
    place, found = {}, []
    for name, text in texts.items():
        low, high = _HEADER_RANGES[name]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if low <= value <= high:
            place[name] = value
        else:
            found.append(
                Violation(f"{where}.{name}", "the header's place is wrong", text[:40], f"{low:g} to {high:g}")
            )
    return place, found


def _tmy3(lines: list[str], where: str) -> Weather:
    parts = next(csv.reader([lines[0]]))
    if len(parts) < 7:
        raise invalid(
            [Violation(f"{where}.line 1", "the first line lacks fields", lines[0][:60], "7 fields")]
        )
    texts = dict(
        zip(("utc_offset_hours", "latitude_deg", "longitude_deg", "elevation_m"), parts[3:7], strict=True)
    )
    place, found = _place(texts, where)
    if found:
        raise invalid(found)
    clean = [f"0,,,0,{place['latitude_deg']},{place['longitude_deg']},{place['elevation_m']}", *lines[1:]]
    if len(lines) <= _TMY3_HEADER_LINES:
        raise invalid([Violation(where, "the file has no hours after its header", "0 lines", "8760 hours")])
    data = _parsed("tmy3", clean, where)
    undated = np.flatnonzero(data[["Date (MM/DD/YYYY)", "Time (HH:MM)"]].isna().any(axis=1))
    if undated.size:
        line = int(undated[0]) + _TMY3_HEADER_LINES + 1
        raise invalid(
            [
                Violation(
                    f"{where}.line {line}", f"{undated.size} lines lack date or time", lines[line - 1][:60]
                )
            ]
        )
    dates = data["Date (MM/DD/YYYY)"].str.split("/", expand=True)
    hours = data["Time (HH:MM)"].str.split(":").str[0].astype(int)
    calendar = np.array([dates[0].astype(int), dates[1].astype(int), hours - 1], dtype=np.int64)
    missing = [theirs for theirs in _EPW_COLUMNS.values() if theirs not in data]
    if missing:
        raise invalid([Violation(f"{where}.line 2", "columns are missing", ", ".join(missing))])
    return weather_of_columns(
        FileColumns(
            name=f"{parts[1]}, {parts[2]}"[:120],
            wmo=parts[0],
            first_weekday=FIRST_WEEKDAY,
            **place,
            series={ours: _numbers(data[theirs]) for ours, theirs in _EPW_COLUMNS.items()},
            calendar=calendar,
            first_line=_TMY3_HEADER_LINES + 1,
            years=len(set(dates[2])),
        ),
        where,
    )


def _parsed(kind: str, lines: list[str], where: str) -> Any:
    """The file's table by pvlib; whatever it cannot read is told, never thrown on."""
    from pvlib.iotools import read_epw, read_tmy3

    text = io.StringIO("\n".join(lines) + "\n")
    try:
        read = read_epw(text, coerce_year=_LEAP_YEAR) if kind == "epw" else read_tmy3(text)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise invalid(
            [
                Violation(
                    where,
                    "the hours cannot be read: months 1 to 12, days and hours 1 to 24 must be whole numbers",
                    str(error).splitlines()[0][:120] if str(error) else type(error).__name__,
                )
            ]
        ) from None
    return read[0]


def _numbers(column: Any) -> Any:
    """A column as numbers; what is no number is NaN: missing."""
    import pandas as pd

    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64).copy()
