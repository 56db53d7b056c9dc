"""Writes small weather files for tests."""

from collections.abc import Callable

import numpy as np

from services.buildings.climate.weather import Weather
from services.common.axes import MONTH_DAYS

Rows = list[list[str]]


def epw_rows(weather: Weather, year: int = 2005) -> Rows:
    """The hours of an EPW file: 35 fields a row."""
    vapour = 101_325.0 * weather.humidity_ratio_kg_per_kg / (0.622 + weather.humidity_ratio_kg_per_kg)
    t = weather.outdoor_degc
    humidity = 100 * vapour / (610.94 * np.exp(17.625 * t / (t + 243.04)))
    rows, i = [], 0
    for month, days in enumerate(MONTH_DAYS, start=1):
        for day in range(1, days + 1):
            for hour in range(1, 25):
                row = ["0"] * 35
                row[:6] = [str(year), str(month), str(day), str(hour), "60", "?9?9"]
                row[6] = f"{t[i]:.2f}"
                row[8] = f"{humidity[i]:.2f}"
                row[9] = "101325"
                row[13] = f"{weather.global_w_per_m2[i]:.2f}"
                row[14] = f"{weather.direct_normal_w_per_m2[i]:.2f}"
                row[15] = f"{weather.diffuse_w_per_m2[i]:.2f}"
                row[21] = f"{weather.wind_m_per_s[i]:.2f}"
                rows.append(row)
                i += 1
    return rows


def epw_file(
    weather: Weather,
    change: Callable[[Rows], Rows | None] = lambda rows: None,
    header: str = "",
) -> bytes:
    """An EPW file of a weather; `change` may edit the rows or return others."""
    rows = epw_rows(weather)
    rows = change(rows) or rows
    first = header or (
        f"LOCATION,Testtown,-,CHN,TEST,999999,{weather.latitude_deg},{weather.longitude_deg},"
        f"{weather.utc_offset_hours},{weather.elevation_m}"
    )
    head = [
        first,
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,caf\xe9 \xb0C",
        "COMMENTS 2,",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]
    return ("\r\n".join(head + [",".join(row) for row in rows]) + "\r\n").encode("latin-1")


def tmy3_file(weather: Weather) -> bytes:
    """A TMY3 file of a weather."""
    head = (
        f'999999,"TESTTOWN, NEAR",XX,{weather.utc_offset_hours},{weather.latitude_deg},'
        f"{weather.longitude_deg},{weather.elevation_m:.0f}"
    )
    names = (
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),RHum (%),Wspd (m/s)"
    )
    rows = [
        f"{int(r[1]):02d}/{int(r[2]):02d}/2001,{int(r[3]):02d}:00,{r[13]},{r[14]},{r[15]},{r[6]},{r[8]},{r[21]}"
        for r in epw_rows(weather)
    ]
    return ("\n".join([head, names, *rows]) + "\n").encode()
