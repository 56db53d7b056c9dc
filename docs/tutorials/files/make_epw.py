"""Writes a synthetic year of hours in EPW form, to try out commands that read weather files.

Not a measured year and not a typical one: a cosine over the year and over the day, with made-up weather on top (fixed
seed). Usage: python make_epw.py FILE
"""

import math
import random
import sys
from pathlib import Path

LATITUDE_DEG, LONGITUDE_DEG, ZONE_HOURS, ELEVATION_M = 32.0, 120.9, 8, 5
MEAN_DEGC, YEAR_SWING_K, DAY_SWING_K, WEATHER_K = 16.4, 12.6, 3.6, 2.4
WIND_M_PER_S, CLEAR_SKY_W_PER_M2 = 3.1, 950.0
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HEADER = f"""\
LOCATION,Nantong SYNTHETIC,Jiangsu,CHN,SYNTHETIC,000000,{LATITUDE_DEG},{LONGITUDE_DEG},{ZONE_HOURS},{ELEVATION_M}
DESIGN CONDITIONS,0
TYPICAL/EXTREME PERIODS,0
GROUND TEMPERATURES,0
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0
COMMENTS 1,synthetic hours made by docs/tutorials/files/make_epw.py: no measurement
COMMENTS 2,
DATA PERIODS,1,1,Data,Wednesday, 1/ 1,12/31
"""


def main(path: Path) -> None:
    """Write the 8 lines of the header and 8,760 hours."""
    draw = random.Random(2020)
    anomaly, lines, day = 0.0, [], 0
    for month, days in enumerate(MONTH_DAYS, start=1):
        for date in range(1, days + 1):
            anomaly = 0.7 * anomaly + math.sqrt(1 - 0.7**2) * draw.gauss(0.0, 1.0)
            cloud = min(max(0.35 + 0.3 * draw.random() + 0.08 * anomaly, 0.15), 0.75)
            for hour in range(24):
                lines.append(_line(month, date, hour, day, WEATHER_K * anomaly, cloud))
            day += 1
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


def _line(month: int, date: int, hour: int, day: int, weather_k: float, clearness: float) -> str:
    season = -math.cos(2 * math.pi * (day - 20) / 365)
    degc = (
        MEAN_DEGC
        + YEAR_SWING_K * season
        + weather_k
        + DAY_SWING_K * math.cos(2 * math.pi * (hour - 14.5) / 24)
    )
    humidity = round(min(max(76 - 12 * math.cos(2 * math.pi * (hour - 14.5) / 24), 20), 100))
    sun = round(CLEAR_SKY_W_PER_M2 * clearness * _sun_height(day, hour + 0.5))
    wind = WIND_M_PER_S + 0.8 * math.cos(2 * math.pi * (hour - 15) / 24)
    missing = "9999"  # direct and diffuse radiation: readers split the global
    return (
        f"2020,{month},{date},{hour + 1},0,?9?9?9?9E0?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9*9*9?9?9?9,{degc:.1f},99.9,"
        f"{humidity},101300,{missing},{missing},{missing},{sun},{missing},{missing},999999,999999,999999,9999,999,{wind:.1f},"
        "99,99,9999,99999,9,999999999,999,.999,999,99,999,999,99"
    )


def _sun_height(day: int, clock: float) -> float:
    """Sine of the sun's height over the horizon, not below 0."""
    declination = math.radians(23.45) * math.sin(2 * math.pi * (284 + day + 1) / 365)
    angle = math.radians(15 * (clock - 12) + LONGITUDE_DEG - 15 * ZONE_HOURS)
    latitude = math.radians(LATITUDE_DEG)
    height = math.sin(latitude) * math.sin(declination)
    return max(height + math.cos(latitude) * math.cos(declination) * math.cos(angle), 0.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
