"""The data files read with csv and yaml alone, and lever paths of a baseline with settings; no code of the services."""

import csv
import itertools
from collections import namedtuple
from functools import lru_cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[4] / "regions"
REGION = "jiangsu"
STEPS = ("drivers.gdp_growth",)
Setting = namedtuple("Setting", "lever place years values")


@lru_cache(maxsize=64)
def table(name, where=f"{REGION}/transport"):
    """Rows of a CSV as dictionaries; numbers are floats, empty cells are None."""
    with (ROOT / where / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: number_of(v) for k, v in row.items()} for row in csv.DictReader(file)]


def number_of(text):
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


@lru_cache(maxsize=64)
def leaves(name, where):
    return yaml.safe_load((ROOT / where / f"{name}.yaml").read_text("utf-8"))["leaves"]


@lru_cache(maxsize=1)
def _parameters():
    found = {}
    for path in sorted((ROOT / "national/transport").glob("*.yaml")):
        read = (yaml.safe_load(path.read_text("utf-8")) or {}).get("leaves", {})
        found |= {name: leaf["value"] for name, leaf in read.items() if "value" in leaf}
    return found


def parameter(name):
    """A national parameter of transport from whichever file of the folder holds it."""
    return _parameters()[name]


@lru_cache(maxsize=1)
def cities():
    return tuple(yaml.safe_load((ROOT / REGION / "region.yaml").read_text("utf-8"))["cities"])


@lru_cache(maxsize=64)
def observed(metric, city=""):
    """Values of a metric by year."""
    where = f"{REGION}/cities/{city}" if city else REGION
    return {int(r["year"]): r["value"] for r in table("observations", where) if r["metric"] == metric}


def city_leaf(city, name):
    return leaves("transport", f"{REGION}/cities/{city}")[name]["value"]


def line(points, year):
    """Linear between the points, flat outside."""
    known = sorted(points)
    if year <= known[0]:
        return points[known[0]]
    for a, b in itertools.pairwise(known):
        if year <= b:
            return points[a] + (points[b] - points[a]) * (year - a) / (b - a)
    return points[known[-1]]


@lru_cache(maxsize=8)
def anchors(baseline):
    found = {}
    for row in table(baseline, f"{REGION}/scenarios"):
        found.setdefault(row["lever_id"], {})[int(row["year"])] = row["value"]
    return found


def lever(name, baseline, settings, city, year):
    """Value of a lever: its anchors up to the first year of a setting (2026 or later), then the setting's points."""
    points = anchors(baseline)[name]
    own = [s for s in settings if s.lever == name and s.place == city]
    own = own or [s for s in settings if s.lever == name and not s.place]
    if own:
        setting = own[0]
        if not setting.years:
            return setting.values[0]
        first = setting.years[0]
        kept = {y: v for y, v in points.items() if y < first}
        points = kept | dict(zip(setting.years, setting.values, strict=True))
    return step(points, year) if name in STEPS else line(points, year)


def step(points, year):
    """A growth rate of a period: the value of a point holds for the years after the point before it, up to it."""
    known = sorted(points)
    return points[next((k for k in known if k >= year), known[-1])]
