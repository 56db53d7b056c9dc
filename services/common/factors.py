"""The one emission-factor library: every sector and the accounts read their factors here.

A factor set names one row of the library for every carrier. A region runs with the set in force, or with the one its
frame names (`Region.factor_set`); a past result names its set, and recomputes with it whatever came later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from services.common.errors import DomainError, Violation, near_names
from services.common.recording import kept
from services.common.region_files import RegionDataError
from services.common.regions import Region, load_region
from services.common.units import GJ_PER_TCE
from services.common.words import Label

LIBRARY = "factors/library"
SETS = "factors/sets"
MAPPINGS = "factors/mappings"
# The set with which the base year closes: what is calibrated to statistics of CO2 is so under this one, whatever is
# in force.
BASE_YEAR_SET = "balance_2020"
# Mass of CO2 over mass of carbon, by which inventories count.
CO2_PER_CARBON = 44 / 12


@dataclass(frozen=True)
class FactorSet:
    """A named choice of one factor for every carrier; a year of 0 stands for none."""

    set_id: str
    label: Label
    region: str
    in_force_from_year: int
    in_force_to_year: int
    superseded_by: str
    remark: str


@kept(maxsize=64)
def factor_sets(region: Region) -> tuple[FactorSet, ...]:
    """The sets a region may name, in the order of the data; later ones than `as_of_year` are not known yet."""
    rows = region.table(SETS).rows()
    found = [_set(row) for row in rows if row["region"] in ("", region.region_id)]
    known = region.as_of_year
    return tuple(s for s in found if not known or s.in_force_from_year <= known)


def set_in_force(region: Region) -> str:
    """The set in force: the latest that came into force and was not withdrawn; a region's own before the nation's."""
    standing = [
        s
        for s in factor_sets(region)
        if s.in_force_from_year and not (s.in_force_to_year and s.superseded_by and _known(region, s))
    ]
    if not standing:
        raise RegionDataError(f"{region.region_id}: no factor set is in force")
    return max(standing, key=lambda s: (s.in_force_from_year, s.region != "", s.set_id)).set_id


def _known(region: Region, one: FactorSet) -> bool:
    return not region.as_of_year or one.in_force_to_year < region.as_of_year


def named_set(region: Region, name: str) -> str:
    """The id of a set, the one in force for "". DomainError(INVALID_INPUT) with near names for an unknown one."""
    if not name:
        return set_in_force(region)
    known = [s.set_id for s in factor_sets(region)]
    if name not in known:
        raise DomainError(
            "INVALID_INPUT",
            [Violation("factor_set", f"no such factor set{near_names(name, known)}", name, ", ".join(known))],
        )
    return name


def factors_tco2_per_gj(region: Region, factor_set: str = "") -> Mapping[str, float]:
    """Direct CO2 of combustion by carrier, t/GJ (lower heating value); heat, electricity, biomass are 0.

    factor_set: "" for the region's own, which is the one in force unless its frame names another. DomainError for an
    unknown set.
    """
    return _factors(region, named_set(region, factor_set or region.factor_set))


@kept(maxsize=64)
def _factors(region: Region, set_id: str) -> Mapping[str, float]:
    library = region.table(LIBRARY).by("factor_id")
    taken = [row for row in region.table(MAPPINGS).rows() if row["set_id"] == set_id]
    return {row["carrier"]: tco2_per_gj(library[row["factor_id"]]) for row in taken}


def tco2_per_gj(row: Mapping[str, Any]) -> float:
    """CO2 of a factor, t/GJ: from carbon content and oxidation where the row has them, else from t per tce.

    Printed kilograms are rounded, and so not read. NaN for rows that are no combustion factor.
    """
    carbon, oxidation = row["carbon_tc_per_tj"], row["oxidation_share"]
    if isfinite(carbon) and isfinite(oxidation):
        return float(carbon * oxidation * CO2_PER_CARBON / 1e3)
    return float(row["tco2_per_tce"] / GJ_PER_TCE)


def under_frame_set(region_id: str, as_of_year: int, factor_set: str) -> Region:
    """The region whose factors are those of a set ("": in force), one object a set."""
    region = load_region(region_id, as_of_year)
    return load_region(region_id, as_of_year, named_set(region, factor_set))


def _set(row: Mapping[str, Any]) -> FactorSet:
    return FactorSet(
        row["set_id"],
        Label(row["label_zh"], row["label_en"]),
        row["region"],
        row["in_force_from_year"] or 0,
        row["in_force_to_year"] or 0,
        row["superseded_by"],
        row["remark"],
    )
