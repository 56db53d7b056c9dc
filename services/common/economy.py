"""Population and GDP from the drivers: the province's paths, and the cities' shares of them.

variable of a city = province x share; shares come from the cities' statistics, are held after the last observed
year, and are renormalised each year so that the cities add up to the province.
"""

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import CNY_PER_YI, PERSONS_PER_WAN


def population_by_place(region: Region, paths: LeverPaths) -> FloatArray:
    """Resident population, persons, [place, year]: the driver's path times the cities' observed shares."""
    total = paths.path("drivers.population") * PERSONS_PER_WAN
    persons: FloatArray = total * city_shares(region, "population_resident", paths.years)
    return persons


def gdp_index(paths: LeverPaths) -> FloatArray:
    """Real GDP of the region, 2020 = 1, [year]: chained growth of the driver; years must start in 2020."""
    return _chain(paths.path("drivers.gdp_growth"), paths.years)


def gdp_by_place(region: Region, paths: LeverPaths) -> FloatArray:
    """GDP at constant prices of 2020, CNY, [place, year].

    A city with a growth of its own gains or loses share; the cities always add up to the province.
    """
    base = gdp_2020_cny(region)
    growth = paths.by_place("drivers.gdp_growth")
    own = _chain(growth, paths.years)
    weight = city_shares(region, "gdp_current", (BASE_YEAR,)) * own
    gdp: FloatArray = base * gdp_index(paths) * weight / weight.sum(axis=0)
    return gdp


def gdp_2020_cny(region: Region) -> float:
    """GDP of 2020 at its own prices, CNY."""
    return region.observed("gdp_current")[BASE_YEAR] * CNY_PER_YI


@kept(maxsize=64)
def city_shares(region: Region, metric: str, years: tuple[int, ...]) -> FloatArray:
    """Each city's share of the sum of a metric over the cities, [place, year]; read only.

    Linear between the years that every city has, from 2020 on; flat outside.
    """
    series = [region.observed(metric, city) for city in region.city_ids]
    known = sorted(set.intersection(*(set(s) for s in series)))
    known = [y for y in known if y >= BASE_YEAR]
    table = np.array([[s[y] for y in known] for s in series])
    shares = np.array([np.interp(years, known, row) for row in table / table.sum(axis=0)])
    renormalised: FloatArray = shares / shares.sum(axis=0)
    renormalised.flags.writeable = False
    return renormalised


def _chain(growth_per_year: FloatArray, years: tuple[int, ...]) -> FloatArray:
    if years[0] != BASE_YEAR:
        raise ValueError(f"GDP is chained from {BASE_YEAR}; paths start in {years[0]}")
    steps = 1 + growth_per_year
    steps[..., 0] = 1.0
    return np.asarray(np.cumprod(steps, axis=-1), dtype=np.float64)
