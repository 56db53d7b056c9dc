"""What cities are held against: runs of the scenario and of the potential's, economy by city, observations."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

from gateway.runs import Run
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.drivers import LEVERS as DRIVERS
from services.common.economy import gdp_by_place, population_by_place
from services.common.levers import resolve
from services.common.regions import Region, load_region
from services.common.scenario import Frame, Scenario

SETTINGS = "cities/settings"
GDP = "gdp"
CITY_ELECTRICITY = "city.electricity_mwh"
Values = Mapping[int, float]


@dataclass(frozen=True)
class CityWorld:
    """One scenario's values of the region and its cities; `potential` is the run that potentials are read from.

    gdp_cny and population_count are [place][year] from 2020 to the frame's last year.
    """

    region: Region
    frame: Frame
    run: Run
    potential: Run | None
    gdp_cny: tuple[tuple[float, ...], ...]
    population_count: tuple[tuple[float, ...], ...]

    @property
    def places(self) -> tuple[str, ...]:
        """City ids in the order of the place axis."""
        return self.region.city_ids

    @property
    def codes(self) -> tuple[str, ...]:
        """Administrative codes, by which ties break."""
        return tuple(c.adcode for c in self.region.cities)

    def gdp(self, year: int) -> tuple[float, ...]:
        """GDP of the cities at prices of 2020, CNY."""
        return tuple(row[year - BASE_YEAR] for row in self.gdp_cny)

    def population(self, year: int) -> tuple[float, ...]:
        """Residents of the cities."""
        return tuple(row[year - BASE_YEAR] for row in self.population_count)

    def values(self, metric_id: str, place: str = "", *, potential: bool = False) -> Values:
        """A metric by year, of the region ("") or a city; empty when there is none."""
        run = self.potential if potential and self.potential else self.run
        if metric_id == GDP and place:
            row = self.gdp_cny[self.places.index(place)]
            return {BASE_YEAR + i: v for i, v in enumerate(row)}
        if metric_id == CITY_ELECTRICITY and place:
            cities = {c.place: c for c in run.projection.cities}
            return dict(zip(run.projection.years, cities[place].electricity_mwh.tolist(), strict=True))
        return run.values(metric_id, place)

    def city_values(self, metric_id: str, year: int, *, potential: bool = False) -> tuple[float, ...]:
        """A metric (or several, joined by +) of every city in a year; empty when a city has none."""
        total = [0.0] * len(self.places)
        for part in metric_id.split("+"):
            for i, place in enumerate(self.places):
                found = self.values(part, place, potential=potential)
                if year not in found:
                    return ()
                total[i] += found[year]
        return tuple(total)

    def number(self, name: str) -> float:
        """A numeric setting of the region or the nation."""
        return self.region.number(SETTINGS, name)

    def text(self, name: str) -> str:
        """A setting that is a name."""
        return str(self.region.leaf(SETTINGS, name).value)

    def source(self, name: str) -> str:
        """Where a setting is from, with its grade."""
        found = self.region.leaf(SETTINGS, name).provenance
        return f"{found.source} ({found.grade.value})"

    def history(self) -> tuple[float, ...]:
        """Sum over the observed years of every city, trapezoids between them; empty when a city has none."""
        name = self.text("history_observation")
        series = [self.region.observed(name, c) for c in self.places]
        years = sorted(set.intersection(*(set(s) for s in series))) if series else []
        if len(years) < 2:
            return ()
        return tuple(fsum((b - a) * (s[a] + s[b]) / 2 for a, b in pairwise(years)) for s in series)


def city_world(frame: Frame, scenario: Scenario, run: Run, potential: Run | None) -> CityWorld:
    """The world of a scenario's run."""
    region = load_region(frame.region, frame.as_of_year)
    gdp, population = economy(region, frame, scenario)
    return CityWorld(region, frame, run, potential, gdp, population)


def economy(
    region: Region, frame: Frame, scenario: Scenario
) -> tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...]]:
    """GDP at prices of 2020, CNY, and residents of every city, [place][year] from 2020."""
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    rows = [row.in_region(frame.region) for row in DRIVERS]
    paths = resolve(rows, frame.region, scenario, years, frame.as_of_year)
    return _plain(gdp_by_place(region, paths)), _plain(population_by_place(region, paths))


def _plain(table: FloatArray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(x) for x in row) for row in table)
