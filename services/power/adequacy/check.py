"""The door of an adequacy assessment: every violation at once."""

from collections.abc import Iterable, Sequence
from math import isfinite

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid
from services.power.adequacy.case import AdequacyCase, AdequacyResource, AdequacyStore, AdequacyUnit
from services.power.adequacy.table import table_points

DAY_HOURS = 24
MAX_UNITS = 10_000
MAX_POINTS = 2_000_000
# Above every system on Earth in MW and MWh: numbers beyond it are slips, and lose digits in the sums.
MOST = 1e12


def check_case(case: AdequacyCase, step_hours: float, grid_mw: float, standard_hours: float) -> None:
    """Raises DomainError(INVALID_INPUT) naming everything that is wrong."""
    found = [*_load(case.load_mw, step_hours, standard_hours), *_units(case.units, grid_mw)]
    for i, resource in enumerate(case.resources):
        found += _resource(resource, f"resources[{i}]", case.load_mw.size)
    for i, store in enumerate(case.stores):
        found += _store(store, f"stores[{i}]")
    ids = [("units", [u.unit_id for u in case.units])]
    ids.append(
        ("resources and stores", [r.resource_id for r in case.resources] + [s.store_id for s in case.stores])
    )
    for where, names in ids:
        found += [
            Violation(where, "this id is used twice", name)
            for name in sorted({n for n in names if n and names.count(n) > 1})
        ]
        if not all(n and n.isprintable() for n in names):
            found.append(Violation(where, "every id needs printable characters"))
    if found:
        raise invalid(found)


def _number(where: str, value: float, low: float, high: float = MOST) -> Iterable[Violation]:
    """A violation unless the value is finite and within the bounds."""
    if not (isfinite(value) and low <= value <= high):
        allowed = f">= {low:g}, at most {MOST:g}" if high == MOST else f"{low:g} to {high:g}"
        yield Violation(where, "out of range or not a number", f"{value:g}", allowed)


def _positive(where: str, value: float) -> Iterable[Violation]:
    if not (isfinite(value) and value > 0):
        yield Violation(where, "must be a number above 0", f"{value:g}", "> 0")


def _load(load_mw: FloatArray, step_hours: float, standard_hours: float) -> Iterable[Violation]:
    yield from _positive("step_hours", step_hours)
    yield from _positive("standard_hours", standard_hours)
    if load_mw.size == 0:
        yield Violation("load_mw", "give the load of at least one day")
        return
    yield from _series("load_mw", load_mw)
    if not (isfinite(step_hours) and step_hours > 0):
        return
    steps = DAY_HOURS / step_hours
    # A step of 5e-324 hours has more steps a day than there are numbers.
    if not isfinite(steps) or steps < 1 or abs(steps - round(steps)) > 1e-9:
        yield Violation("step_hours", "a day must hold a whole number of steps", f"{step_hours:g}")
    elif load_mw.size % round(steps):
        yield Violation(
            "load_mw", "must cover whole days", f"{load_mw.size} values", f"a multiple of {round(steps)}"
        )
    hours = load_mw.size * step_hours
    if isfinite(standard_hours) and standard_hours >= hours:
        yield Violation(
            "standard_hours", "must be less than the hours given", f"{standard_hours:g}", f"< {hours:g}"
        )


def _series(where: str, values: FloatArray, most: float = MOST) -> Iterable[Violation]:
    if not np.isfinite(values).all():
        bad = int(np.argmax(~np.isfinite(values)))
        yield Violation(f"{where}[{bad}]", "every value must be a finite number", f"{values[bad]:g}")
    elif values.size and values.min() < 0:
        bad = int(np.argmin(values))
        yield Violation(f"{where}[{bad}]", "values must not be negative", f"{values[bad]:g}", ">= 0")
    elif values.size and values.max() > most * (1 + 1e-9):
        bad = int(np.argmax(values))
        yield Violation(
            f"{where}[{bad}]", "above what is stated or possible", f"{values[bad]:g}", f"<= {most:g}"
        )


def _units(units: Sequence[AdequacyUnit], grid_mw: float) -> Iterable[Violation]:
    found = list(_positive("grid_mw", grid_mw)) or list(_number("grid_mw", grid_mw, 0.0))
    if not units:
        found.append(Violation("units", "the fleet is empty: give at least one unit"))
    for i, unit in enumerate(units):
        at = f"units[{i}]"
        found += _number(f"{at}.capacity_mw", unit.capacity_mw, 0.0)
        found += _number(f"{at}.forced_outage_share", unit.forced_outage_share, 0.0, 1.0)
        found += _number(f"{at}.planned_outage_share", unit.planned_outage_share, 0.0, 1.0)
        found += _number(f"{at}.count", unit.count, 1, MAX_UNITS)
    return found or _size_of_table(units, grid_mw)


def _size_of_table(units: Sequence[AdequacyUnit], grid_mw: float) -> Iterable[Violation]:
    total = sum(u.count for u in units)
    if total > MAX_UNITS:
        yield Violation("units", "too many units", str(total), f"<= {MAX_UNITS}")
    points = table_points([u.capacity_mw for u in units], [u.count for u in units], grid_mw)
    if points > MAX_POINTS:
        yield Violation("grid_mw", "the grid has too many points", str(points), f"<= {MAX_POINTS}")


def _resource(resource: AdequacyResource, where: str, size: int) -> Iterable[Violation]:
    yield from _number(f"{where}.capacity_mw", resource.capacity_mw, 0.0)
    if resource.hourly_mw.size != size:
        yield Violation(
            f"{where}.hourly_mw",
            "as many values as the load",
            f"{resource.hourly_mw.size} values",
            f"{size} values",
        )
    most = resource.capacity_mw if isfinite(resource.capacity_mw) else MOST
    yield from _series(f"{where}.hourly_mw", resource.hourly_mw, most)


def _store(store: AdequacyStore, where: str) -> Iterable[Violation]:
    yield from _number(f"{where}.power_mw", store.power_mw, 0.0)
    yield from _number(f"{where}.energy_mwh", store.energy_mwh, 0.0)
    if not (isfinite(store.round_trip_share) and 0 < store.round_trip_share <= 1):
        yield Violation(
            f"{where}.round_trip_share", "must be a share above 0", f"{store.round_trip_share:g}", "> 0 to 1"
        )
