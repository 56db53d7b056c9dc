"""EPW files."""

from services.buildings.climate.weather import Weather


def epw_weather(content: bytes, where: str) -> Weather:
    raise NotImplementedError(where)
