"""Weather on the command line: a city's weather year or a file, put into a request of the buildings service."""

from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.buildings.v1 import weather_pb2
from dafeng.cli.files import read_message
from dafeng.cli.output import hour_text
from dafeng.client import InvalidInputError, Violation

Epw = Annotated[Path | None, typer.Option("--epw", help="EPW file with the weather.")]
City = Annotated[
    str, typer.Option("--city", help="City whose weather to take, as region/city: jiangsu/nanjing.")
]
Warming = Annotated[float | None, typer.Option("--warming", help="Warming against the normals, K.")]


def read_request(
    file: Path, request: Any, epw: Path | None, city: str, year: str, warming: float | None
) -> None:
    """Fill a request from its file and the weather of the options. InvalidInputError lists all that cannot be read."""
    wrong = read_message(file, request)
    wrong += _put_weather(request, epw, city, year, warming)
    if wrong:
        raise InvalidInputError("files cannot be read", tuple(wrong))


def _put_weather(
    request: Any, epw: Path | None, city: str, year: str, warming: float | None
) -> list[Violation]:
    """Put what the options name into `request.weather`; the options win over the file's own weather."""
    if epw is not None and city:
        return [Violation("--epw, --city", "give one of the two")]
    if epw is not None:
        request.weather.Clear()
        try:
            request.weather.epw_file = epw.read_bytes()
        except OSError as error:
            return [Violation(str(epw), f"cannot be read: {error}")]
        return []
    if city:
        region, _, name = city.rpartition("/")
        if not region or not name:
            return [Violation("--city", f"{city!r} is not region/city, for example jiangsu/nanjing")]
        request.weather.Clear()
        request.weather.place.region, request.weather.place.city = region, name
    if request.weather.HasField("place"):
        place = request.weather.place
        place.weather_year = year or place.weather_year
        place.warming_k = place.warming_k if warming is None else warming
    elif year or warming is not None:
        return [Violation("--weather, --warming", "only go with a city's weather (--city)")]
    return []


def weather_rows(weather: weather_pb2.WeatherReport) -> list[tuple[str, str]]:
    """The weather as rows of a table."""
    return [
        ("气象 weather", f"{weather.name} ({weather.latitude_deg:.2f} N, {weather.longitude_deg:.2f} E)"),
        (
            "气温 dry bulb",
            f"{weather.mean_degc:.1f} degC mean, {weather.lowest_degc:.1f} to {weather.highest_degc:.1f}",
        ),
        ("度日 degree days", f"HDD18 {weather.hdd18_k_d:,.0f}, CDD26 {weather.cdd26_k_d:,.0f} K d"),
        ("总辐射 global radiation", f"{weather.global_horizontal_kwh_per_m2:,.0f} kWh/m2"),
        *(("注 note", note) for note in weather.notes),
    ]


def hours_column() -> list[str]:
    """Clock of every hour of the year."""
    return [hour_text(h) for h in range(8760)]
