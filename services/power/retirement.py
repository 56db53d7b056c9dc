"""Capacity by age: what retires each year at the end of its life, and what a lever's path then asks to be built.

Cohort bookkeeping of capital stock (vintage model): what stands at a year's end = what stood before + built - retired.
A unit commissioned in year c with a life of n years stands at the ends of the years c to c+n-1 and retires in c+n.
Dispatch takes the lever's path as it is; this tells what the path means in yards and closures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.units import MW_PER_GW
from services.power.fleet import Fleet, fleet_of

TECHS = (
    "coal",
    "gas",
    "nuclear",
    "onshore_wind",
    "offshore_wind",
    "utility_pv",
    "battery",
    "pumped_storage",
)
# The asset of the cost table whose lifetime a technology has, where names differ; a coal plant has that of its class.
ASSET = {"gas": "gas_chp", "battery": "battery_power", "coal": "coal_usc_1000"}
PLANTS, VINTAGES = "power/plants", "power/vintages"


@dataclass(frozen=True)
class AgePath:
    """A technology over the years, MW [year from 2020]; nothing is told of what was built and retired in 2020."""

    capacity_mw: FloatArray  # at the end of the year
    addition_mw: FloatArray  # gross, during the year
    retirement_mw: FloatArray  # during the year: at the end of life, and early_mw
    early_mw: FloatArray  # closed before the end of life because the path falls faster


@kept(maxsize=8)
def standing_2020(region_id: str, as_of_year: int = 0) -> Mapping[str, Mapping[int, float]]:
    """Shares of the capacity standing at the end of 2020 by the year in which it retires, by technology.

    What is past its life in 2020 already is taken to retire in 2021. Plants without a year follow those with one.
    """
    fleet = fleet_of(region_id, as_of_year)
    built: dict[str, dict[int, float]] = {name: {} for name in TECHS}

    def put(technology: str, asset: str, year: int, mw: float) -> None:
        retires = max(year + life_years(fleet, asset), BASE_YEAR + 1)
        built[technology][retires] = built[technology].get(retires, 0.0) + mw

    for row in rows_of(fleet, PLANTS):
        year, name = row["commissioned_year"], row["technology"]
        technology = "coal" if name.startswith("coal_") else name
        if technology in TECHS and row["status"] == "operating" and year and year <= BASE_YEAR:
            # The year is the mean of the row's units: one unit a year around it.
            count = row["unit_count"]
            for unit in range(count):
                started = min(year - (count - 1) // 2 + unit, BASE_YEAR)
                put(technology, name, started, row["capacity_mw"] / count)
    for row in rows_of(fleet, VINTAGES):
        span = range(row["first_year"], row["last_year"] + 1)
        for year in span:
            put(row["technology"], row["technology"], year, row["capacity_mw"] / len(span))
    return {
        name: {y: mw / sum(years.values()) for y, mw in sorted(years.items())}
        for name, years in built.items()
    }


def rows_of(fleet: Fleet, table: str) -> list[Mapping[str, Any]]:
    """Rows of a table that a region may lack."""
    return fleet.region.table(table).rows() if fleet.region.has(table) else []


def life_years(fleet: Fleet, technology: str) -> int:
    """Years from commissioning to retirement; coal units run on for some years after their design life."""
    row = fleet.region.table("power/costs").by("asset")[ASSET.get(technology, technology)]
    life = int(row["lifetime_years"])
    if technology.startswith("coal"):
        life += int(fleet.region.number("power/plausibility", "coal_life_extension_years"))
    return life


def age_paths(fleet: Fleet, paths: LeverPaths) -> dict[str, AgePath]:
    """Additions and retirements that the capacity levers imply, by technology."""
    shares = standing_2020(fleet.region.region_id, fleet.region.as_of_year)
    found = {}
    for name in TECHS:
        capacity = paths.path(f"power.{name}_capacity") * MW_PER_GW
        due = {year: share * capacity[0] for year, share in shares[name].items()}
        if not due:
            due = {BASE_YEAR + life_years(fleet, name): float(capacity[0])}
        found[name] = follow(capacity, due, life_years(fleet, name))
    return found


def follow(capacity_mw: FloatArray, due_mw: Mapping[int, float], life: int) -> AgePath:
    """Follow a path [year from 2020]; due_mw tells when what stands at the end of 2020 retires (all after 2020).

    Closures before the end of life take what would retire next.
    """
    count = capacity_mw.size
    due = dict(due_mw)
    addition, retirement, early = np.zeros(count), np.zeros(count), np.zeros(count)
    for y in range(1, count):
        year = BASE_YEAR + y
        aged = due.pop(year, 0.0)
        missing = capacity_mw[y] - (capacity_mw[y - 1] - aged)
        if missing >= 0.0:
            addition[y] = missing
            due[year + life] = due.get(year + life, 0.0) + missing
        else:
            early[y] = -missing
            _close_next(due, -missing)
        retirement[y] = aged + early[y]
    return AgePath(capacity_mw, addition, retirement, early)


def _close_next(due: dict[int, float], mw: float) -> None:
    for year in sorted(due):
        closed = min(due[year], mw)
        due[year] -= closed
        mw -= closed
        if mw <= 0.0:
            return
