"""What would serve a peak load that lacks firm capacity: each option's capacity if it alone gave what is lacking.

Capacity credits of stores, wind and PV fall as more is built: a large need on one option is a lower bound.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.report.results import ServingOption, WeatherPeaks
from gateway.runs import Run
from services.common.regions import Region
from services.common.words import Grade, Label, Provenance

OPTIONS = "accounts/peak_options"
TECHNOLOGIES = "power/technologies"
PARAMETERS = "power/parameters"
CALCULATED = Provenance(
    "gateway_method",
    "",
    "effective load carrying capability, calculated for the year in this scenario",
    Grade.C,
)


def serving_options(
    region: Region, runs: Mapping[str, Run], series: Sequence[WeatherPeaks], years: tuple[int, ...]
) -> tuple[ServingOption, ...]:
    """Every option for every weather year and year with a lack, in the order of the table."""
    found: list[ServingOption] = []
    for one in series:
        for y, year in enumerate(years):
            lacking = float(one.capacity_lacking_mw[y])
            if lacking > 0:
                found += _options(region, runs[one.weather_year], one.weather_year, year, lacking)
    return tuple(found)


def _options(region: Region, run: Run, weather: str, year: int, lacking_mw: float) -> Iterator[ServingOption]:
    for row in region.table(OPTIONS).rows():
        credit, provenance = _credit(region, run, row, year)
        if credit > 0:
            label = Label(row["zh"], row["en"])
            yield ServingOption(
                weather, year, lacking_mw, row["option"], label, credit, lacking_mw / credit, provenance
            )


def _credit(region: Region, run: Run, row: Mapping[str, Any], year: int) -> tuple[float, Provenance]:
    """Firm share of an option in a year, with where it comes from; 0 when the scenario has none of it."""
    if row["metric"]:
        return run.values(row["metric"]).get(year, 0.0), CALCULATED
    if row["leaf"]:
        leaf = region.leaf(PARAMETERS, row["leaf"])
        return leaf.number(), leaf.provenance
    table = region.table(TECHNOLOGIES)
    at = table.text("technology").index(row["technology"])
    return float(table.numbers("capacity_credit_share")[at]), table.provenance[at]
