"""What drives the branches: shares of the cities, activity indices, and the use of each branch against 2020."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.economy import gdp_by_place, gdp_index, population_by_place
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import load_region
from services.industry.base import BYPRODUCT_GAS, COAL, COKE, FUELS, IndustryBase
from services.industry.materials import Cement, Steel

WEIGHTS_OF_FILES = (
    "steel",
    "clinker",
    "cement_grinding",
    "petrochemicals",
    "other_chemicals",
    "textiles",
    "electronics",
    "machinery",
    "data_centres",
)
_NOT_OF_HOT_METAL = [f for f in range(len(FUELS)) if f not in (COAL, COKE, BYPRODUCT_GAS)]


@dataclass(frozen=True)
class Scales:
    """Use of each branch against the region's use of 2020 before savings and fuel shifts."""

    fuel: FloatArray  # [n, p, y] rows of branches b, and one of the fuels of converters that hot metal does not take
    row_of: IntArray  # [b, f] row of a fuel
    electricity: FloatArray  # [b, p, y]

    @property
    def activity(self) -> FloatArray:
        """Of each branch, [b, p, y]; feedstock follows it."""
        return self.fuel[:-1]


def city_weights(base: IndustryBase, paths: LeverPaths) -> dict[str, FloatArray]:
    """Share of each city by weight name, [place, year]; every column sums to 1."""
    region = base.region
    files = _file_weights(region.region_id, region.as_of_year, paths.years)
    gdp = gdp_by_place(region, paths)
    sectors = {
        name: gdp * region.city_numbers("industry", f"{sector}_value_added_share")[:, None]
        for name, sector in (("value_added_secondary", "secondary"), ("value_added_primary", "primary"))
    }
    found = dict(files) | sectors | {"population": population_by_place(region, paths)}
    return {name: weight / weight.sum(axis=0) for name, weight in found.items()}


@kept(maxsize=16)
def _file_weights(region_id: str, as_of_year: int, years: tuple[int, ...]) -> Mapping[str, FloatArray]:
    region = load_region(region_id, as_of_year)
    return {
        name: np.array([region.leaf("industry", f"{name}_weight", c).path(years) for c in region.city_ids])
        for name in WEIGHTS_OF_FILES
    }


def indices(base: IndustryBase, paths: LeverPaths) -> dict[str, FloatArray]:
    """Index of each driver, 2020 = 1, [place, year]; steel and construction have scales of their own."""
    region = base.region
    population = paths.path("drivers.population")
    found = {
        "population": population / population[0],
        "gdp": gdp_index(paths),
        "agriculture": region.leaf("industry/base", "agriculture_activity_index").path(paths.years),
        "agriculture_electricity": region.leaf("industry/base", "agriculture_electricity_index").path(
            paths.years
        ),
        "cement_output": _index(base, paths, "cement_output"),
        "chemical_activity": _index(base, paths, "chemical_activity"),
        "chemical_electricity": _index(base, paths, "chemical_electricity"),
        "other_activity": _index(base, paths, "other_activity"),
        "other_electricity": _index(base, paths, "other_electricity"),
        "data_centres": _data_centres(base, paths),
    }
    shape = len(region.city_ids), len(paths.years)
    return {name: np.broadcast_to(values, shape) for name, values in found.items()}


def _index(base: IndustryBase, paths: LeverPaths, name: str) -> FloatArray:
    lever_id = f"industry.{name}"
    index: FloatArray = paths.by_place(lever_id) / base.lever_start[lever_id]
    return index


def _data_centres(base: IndustryBase, paths: LeverPaths) -> FloatArray:
    """Electricity index: the path holds at the default effectiveness; another one scales it."""
    default = base.region.leaf("industry/base", "data_centre_pue_default").path(paths.years)
    scaled = (
        _index(base, paths, "data_centre_electricity") * paths.by_place("industry.data_centre_pue") / default
    )
    start: FloatArray = scaled[:, :1]
    index: FloatArray = scaled / start
    return index


def construction_scale(
    weight: FloatArray,
    cement: FloatArray,
    completed_m2: FloatArray | None,
    completed_2020_m2: float,
) -> FloatArray:
    """Activity of construction against the region's of 2020, [place, year].

    Completed floor area by city when the buildings sector gives it, else the cement index shared by value added.
    """
    if completed_m2 is None:
        return weight * cement
    scale: FloatArray = completed_m2 / completed_2020_m2
    return scale


def scales(
    base: IndustryBase,
    paths: LeverPaths,
    steel: Steel,
    cement: Cement,
    weights: Mapping[str, FloatArray],
    index: Mapping[str, FloatArray],
    construction: FloatArray,
) -> Scales:
    """Scales of every branch; over the places they sum to 1 in 2020."""
    places, years = len(base.region.city_ids), len(paths.years)
    fuel = np.empty((len(base.branches) + 1, places, years))
    electricity = np.empty((len(base.branches), places, years))
    row_of = np.repeat(np.arange(len(base.branches), dtype=np.int32), len(FUELS)).reshape(-1, len(FUELS))
    intensity = base.region.leaf("industry/base", "construction_electricity_intensity_index").path(
        paths.years
    )
    for b, row in enumerate(base.branches):
        if row.use == "steel":
            fuel[b] = steel.fuel_scale(row.branch)
            electricity[b] = steel.electricity_scale(row.branch)
            if row.branch != "steel_eaf":
                fuel[-1] = electricity[b]
                row_of[b, _NOT_OF_HOT_METAL] = len(base.branches)
        elif row.use == "cement":
            fuel[b] = cement.kiln_scale
            electricity[b] = weights[row.electricity_weight] * index[row.electricity_driver]
        elif row.use == "construction":
            fuel[b] = construction
            electricity[b] = construction * intensity
        else:
            fuel[b] = weights[row.fuel_weight] * index[row.activity_driver]
            electricity[b] = weights[row.electricity_weight] * index[row.electricity_driver]
    return Scales(fuel, row_of, electricity)
