"""Emission standards: which share of a model year was sold under which standard.

A model year is the calendar year of sale. A standard that begins within a year takes the part of the year's days from
its first day on. VIa and VIb count as VI. Dates: regions/national/transport/emission_standards.csv; which timeline a
class and powertrain follows: emission_groups.csv there.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.region_files import RegionDataError
from services.common.regions import Region
from services.transport.base import POWERTRAINS

STANDARDS: Final = ("pre_I", "I", "II", "III", "IV", "V", "VI", "none")
PRE, NONE = STANDARDS[0], STANDARDS[-1]
TIMETABLES: Final = ("jiangsu", "national")
TIMETABLE: Final = TIMETABLES[0]  # of a region's own fleet
TIMELINE: Final = "transport/emission_standards"
GROUPS: Final = "transport/emission_groups"
_MERGED: Final = {"VIa": "VI", "VIb": "VI"}


@kept(maxsize=32)
def standard_shares(
    region: Region, timetable: str, classes: tuple[str, ...], first_model_year: int, slots: int
) -> FloatArray:
    """Share of a model year sold under each standard, [c, k, slot, s]; sums to 1 over s.

    Classes by national id, repeats allowed; slot 0 is `first_model_year`. Vehicles without an exhaust (bev, fcev) are
    all "none". RegionDataError when a class or timetable is unknown. The array is read-only.
    """
    group = group_of(region)
    shares = np.zeros((len(classes), len(POWERTRAINS), slots, len(STANDARDS)))
    timeline: dict[str, FloatArray] = {}
    for c, name in enumerate(classes):
        for k, powertrain in enumerate(POWERTRAINS):
            row = group.get((name, powertrain))
            if row is None:
                _known(name, group)
                shares[c, k, :, STANDARDS.index(NONE)] = 1.0
                continue
            own = row["standard_group"]
            if own not in timeline:
                timeline[own] = _group_shares(region, timetable, own, first_model_year, slots)
            shares[c, k] = timeline[own]
    shares.flags.writeable = False
    return shares


@kept(maxsize=8)
def group_of(region: Region) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Row of emission_groups by class and powertrain; powertrains without an exhaust have none."""
    return {(r["vehicle_class"], r["powertrain"]): r for r in region.table(GROUPS).rows()}


def _known(vehicle_class: str, group: Mapping[tuple[str, str], Any]) -> None:
    if not any(name == vehicle_class for name, _ in group):
        raise RegionDataError(f"{GROUPS}: no vehicle class {vehicle_class}")


def _group_shares(
    region: Region, timetable: str, group: str, first_model_year: int, slots: int
) -> FloatArray:
    """Shares of one timeline, [slot, s]."""
    rows = [
        r
        for r in region.table(TIMELINE).rows()
        if r["timetable"] == timetable and r["standard_group"] == group
    ]
    if not rows:
        raise RegionDataError(f"{TIMELINE}: no timetable {timetable} for {group}")
    begins = sorted((date.fromisoformat(r["sold_from"]), r["standard"]) for r in rows)
    names = (PRE, *(_MERGED.get(standard, standard) for _, standard in begins))
    shares = np.zeros((slots, len(STANDARDS)))
    for slot in range(slots):
        sold = [part_of_year_from(first_day, first_model_year + slot) for first_day, _ in begins]
        for name, since, until in zip(names, (1.0, *sold), (*sold, 0.0), strict=True):
            shares[slot, STANDARDS.index(name)] += since - until
    return shares


def part_of_year_from(first_day: date, year: int) -> float:
    """Part of a year's days that lie on or after a day, 0 to 1."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return min(max((date(year + 1, 1, 1) - first_day).days, 0), days) / days
