"""The stock of the base year: floor area by city, type, vintage and envelope state."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from services.buildings.states import STANDARDS, STATES
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.factors import under_frame_set
from services.common.recording import kept
from services.common.regions import Region, load_region
from services.common.units import M2_PER_MM2, PERSONS_PER_WAN

M2_PER_YI_M2: Final = 1e8
URBAN, RURAL = 0, 1
PUBLIC_TYPES: Final = (
    "government_office",
    "office",
    "commerce",
    "hotel",
    "hospital",
    "school",
    "other_public",
)
TYPES: Final = ("urban_residential", "rural_residential", *PUBLIC_TYPES, "factory")
PUBLIC: Final = slice(2, 2 + len(PUBLIC_TYPES))
FACTORY: Final = len(TYPES) - 1
FAMILIES: Final = ("urban", "rural", *("public" for _ in PUBLIC_TYPES), "factory")
START: Final = "buildings/stock"


@dataclass(frozen=True, eq=False)
class StockBase:
    """Base-year stock. Vintages are completion years from `first_vintage` to the base year.

    Two are the same only when they are one object: what is made of a base once is kept by it.
    """

    region: Region
    first_vintage: int
    area_m2: FloatArray  # [p, t, v, e], end of the base year; e of states.STATES
    population: FloatArray  # [p] persons
    urban_share: FloatArray  # [p]
    zone_cold: FloatArray  # [p] 1 in the cold zone
    district_heated_share: FloatArray  # [p] of urban dwellings

    @cached_property
    def type_area_m2(self) -> FloatArray:
        """Floor area by type, [p, t]."""
        return np.asarray(self.area_m2.sum(axis=(2, 3)))

    @cached_property
    def state_area_m2(self) -> FloatArray:
        """Floor area by type and envelope state, [p, t, e]."""
        return np.asarray(self.area_m2.sum(axis=2))


@kept(maxsize=16)
def base_under_set(region_id: str, as_of_year: int, factor_set: str) -> StockBase:
    """The base-year stock in a region whose factors are those of a set ("": in force)."""
    return replace(
        stock_base(region_id, as_of_year), region=under_frame_set(region_id, as_of_year, factor_set)
    )


@kept(maxsize=16)
def stock_base(region_id: str, as_of_year: int = 0) -> StockBase:
    """The base-year stock of a region as known at the end of `as_of_year` (0: all that is known).

    From statistics of floor area and shares by period.
    """
    region = load_region(region_id, as_of_year)
    periods = region.table("buildings/stock_vintages").rows()
    first = min(row["year_from"] for row in periods)
    vintages = range(first, BASE_YEAR + 1)
    cold = np.array(
        [float(region.leaf("buildings", "thermal_zone", c).value == "cold") for c in region.city_ids]
    )
    totals = _type_totals(region)
    area = np.zeros((len(region.city_ids), len(TYPES), len(vintages), len(STATES)))
    for t, family in enumerate(FAMILIES):
        share = np.zeros(len(vintages))
        for row in periods:
            if row["family"] == family:
                span = row["year_to"] - row["year_from"] + 1
                share[row["year_from"] - first : row["year_to"] - first + 1] = row["floor_share"] / span
        share /= share.sum()
        for p, is_cold in enumerate(cold):
            generation = _generations(region, family, "cold" if is_cold else "hscw", vintages)
            area[p, t, np.arange(len(vintages)), generation] = totals[p, t] * share
    area.flags.writeable = False
    urban = np.array([region.observed("urbanization_rate", c)[BASE_YEAR] / 100 for c in region.city_ids])
    people = np.array(
        [region.observed("population_resident", c)[BASE_YEAR] * PERSONS_PER_WAN for c in region.city_ids]
    )
    return StockBase(
        region,
        first,
        area,
        people,
        urban,
        cold,
        region.city_numbers("buildings", "district_heated_share"),
    )


def _type_totals(region: Region) -> FloatArray:
    """Floor area of the base year, m2 [p, t]."""
    shares = region.table("buildings/public_type_shares").by("building_type")

    def observed(metric: str) -> FloatArray:
        return np.array([region.observed(metric, c)[BASE_YEAR] * M2_PER_YI_M2 for c in region.city_ids])

    public = observed("floor_area_public")
    factory = region.city_numbers("buildings", "factory_floor_area_2020_mm2") * M2_PER_MM2
    columns = [observed("floor_area_urban_residential"), observed("floor_area_rural_residential")]
    columns += [public * shares[t]["floor_share"] for t in PUBLIC_TYPES]
    return np.array([*columns, factory]).T


def _generations(region: Region, family: str, zone: str, vintages: range) -> list[int]:
    """Standard generation of each vintage by the region's periods."""
    starts = {
        row["standard"]: row["year_from"]
        for row in region.table("buildings/standard_periods").rows()
        if row["family"] == family and row["zone"] == zone
    }
    ladder = [s for s in STANDARDS if s in starts]
    return [max(STANDARDS.index(s) for s in ladder if year >= starts[s]) for year in vintages]
