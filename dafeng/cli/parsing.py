"""The command line's own small language: --set lever=value@year."""

from collections.abc import Iterable, Mapping

from dafeng.client import Client, InvalidInputError, Violation, setting
from dafeng.common.v1 import common_pb2


def parse_settings(texts: Iterable[str]) -> list[common_pb2.LeverSetting]:
    """Read "lever=value@year[,value@year...]", "lever:city=value@year" or "lever=value" (constant).

    Points of the same lever and city are joined. InvalidInputError lists every text that cannot be read.
    """
    points: dict[tuple[str, str], dict[int, float] | float] = {}
    wrong: list[Violation] = []
    for text in texts:
        name, equals, right = text.partition("=")
        lever_id, _, place = name.strip().partition(":")
        if not equals or not lever_id:
            wrong.append(Violation("--set", f"{text!r}: write lever=value@year"))
            continue
        for part in right.split(","):
            problem = _add(points, (lever_id, place), part)
            if problem:
                wrong.append(Violation("--set", f"{text!r}: {problem}"))
    if wrong:
        raise InvalidInputError("settings cannot be read", tuple(wrong))
    return [setting(lever_id, value, place) for (lever_id, place), value in points.items()]


def _add(points: dict[tuple[str, str], dict[int, float] | float], key: tuple[str, str], part: str) -> str:
    value_text, at, year_text = part.partition("@")
    try:
        value = float(value_text)
    except ValueError:
        return f"{value_text!r} is not a number"
    if not at:
        points[key] = value
        return ""
    if not year_text.strip().isdigit():
        return f"{year_text!r} is not a year"
    path = points.setdefault(key, {})
    if not isinstance(path, dict):
        return "give either one value or values at years"
    if int(year_text) in path:
        return f"year {year_text} is given twice"
    path[int(year_text)] = value
    return ""


def place_asked(client: Client, name: str) -> tuple[str, str]:
    """(region, city) of a name, as `place_of`, among the regions of a gateway."""
    return place_of({e.place.place_id: [c.place_id for c in e.cities] for e in client.regions()}, name)


def place_of(regions: Mapping[str, Iterable[str]], name: str) -> tuple[str, str]:
    """(region, city) of a name: a city stands for its region, reported for the city; "" for a whole region.

    InvalidInputError for a city of several regions: it is named as region/city.
    """
    if name in regions:
        return name, ""
    region, slash, city = name.partition("/")
    if slash and city in regions.get(region, ()):
        return region, city
    having = [region for region, cities in regions.items() if name in cities]
    if len(having) > 1:
        text = (
            f"{name!r} is a city of several regions; write one of {', '.join(f'{r}/{name}' for r in having)}"
        )
        raise InvalidInputError("place", (Violation("region", text),))
    return (having[0], name) if having else (name, "")
