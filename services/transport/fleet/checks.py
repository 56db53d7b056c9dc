"""What the doors of ProjectFleet cannot check one field at a time; every violation at once."""

from collections.abc import Sequence

import numpy as np

from services.common.errors import Violation
from services.common.regions import Region
from services.transport.base import AGES, BEV, PHEV, POWERTRAINS
from services.transport.fleet.doors import MOST_YEARS, FleetClass, FleetPowertrain, OwnFleet
from services.transport.fleet.intensity import ELECTRIC, FUEL, energy_table
from services.transport.fleet.own_survival import survival_of

_SUM_TOLERANCE = 1e-6
_MONTHS = 12


def fleet_violations(request: OwnFleet, region: Region) -> list[Violation]:
    """All that is wrong with a fleet whose fields are each in range."""
    found = _length("month_degc", request.month_degc, (0, _MONTHS))
    years = request.last_year - request.first_year + 1
    known = 1 <= years <= MOST_YEARS + 1  # else no length of a series is right or wrong
    if known:
        found += _length("grid_kgco2_per_kwh", request.grid_kgco2_per_kwh, (0, 1, years))
    else:
        allowed = f"{request.first_year} to {min(request.first_year + MOST_YEARS, 2100)}"
        found.append(Violation("last_year", "before first_year or too late", str(request.last_year), allowed))
    seen: set[str] = set()
    for i, own in enumerate(request.vehicle_classes):
        at = f"vehicle_classes[{i}]"
        if own.class_id in seen:
            found.append(Violation(f"{at}.class_id", "stands twice: give each class its own", own.class_id))
        seen.add(own.class_id)
        found += _class_violations(own, region, at)
        if known:
            found += _demand_violations(own, years, at)
            found += _length(f"{at}.mileage_ratio", own.mileage_ratio, (0, 1, years))
    return found


def _class_violations(own: FleetClass, region: Region, at: str) -> list[Violation]:
    """What is wrong with a class whatever the years are."""
    found = _survival_violations(own, at)
    if not found:
        found += _opening_violations(own, region, at)
    names = [p.powertrain for p in own.powertrains]
    for j, one in enumerate(own.powertrains):
        where = f"{at}.powertrains[{j}]"
        if names.index(one.powertrain) < j:
            found.append(Violation(f"{where}.powertrain", "stands twice: add the two up", one.powertrain))
        found += _energy_violations(own, one, region, where)
    for j, programme in enumerate(own.retirements):
        where = f"{at}.retirements[{j}]"
        if programme.to_year < programme.from_year:
            given = f"{programme.from_year} to {programme.to_year}"
            found.append(Violation(f"{where}.to_year", "is before from_year: swap them", given))
        for name in programme.powertrains:
            if name not in names:
                allowed = ", ".join(names)
                found.append(Violation(f"{where}.powertrains", "not of this class", name, allowed))
    return found


def _survival_violations(own: FleetClass, at: str) -> list[Violation]:
    table = own.survival_share
    if not table:
        return []
    where = f"{at}.survival_share"
    found = []
    if len(table) < 2:
        found.append(Violation(where, "too short", str(len(table)), f"2 to {AGES} values from age 0 on"))
    if table[0] != 1.0:
        found.append(Violation(f"{where}[0]", "all vehicles are alive at age 0", f"{table[0]:g}", "1"))
    rises = [a for a in range(1, len(table)) if table[a] > table[a - 1]]
    if rises:
        given = f"{table[rises[0]]:g} after {table[rises[0] - 1]:g}"
        found.append(Violation(f"{where}[{rises[0]}]", "survival never rises with age", given))
    for name in ("life_years", "life_shape", "oldest_age_years"):
        if getattr(own, name) is not None:
            text = "of a Weibull curve, beside a survival table: give one of the two"
            found.append(Violation(f"{at}.{name}", text, f"{getattr(own, name):g}"))
    return found


def _opening_violations(own: FleetClass, region: Region, at: str) -> list[Violation]:
    found = []
    alive = survival_of(own, region)[::-1] > 0.0
    for j, one in enumerate(own.powertrains):
        where = f"{at}.powertrains[{j}]"
        if one.opening_by_age and one.opening_count is not None:
            text = "beside opening_by_age: give one of the two"
            found.append(Violation(f"{where}.opening_count", text, f"{one.opening_count:g}"))
        if one.opening_by_age and one.opening_growth_per_year is not None:
            text = "only without opening_by_age"
            found.append(
                Violation(f"{where}.opening_growth_per_year", text, f"{one.opening_growth_per_year:g}")
            )
        dead = [a for a, n in enumerate(one.opening_by_age) if n > 0 and not alive[a]]
        if dead:
            text = f"no vehicle survives to age {dead[0]}: move these vehicles to a younger age, or raise the life"
            given = f"{one.opening_by_age[dead[0]]:g}"
            found.append(Violation(f"{where}.opening_by_age[{dead[0]}]", text, given, "0"))
    return found


def _demand_violations(own: FleetClass, years: int, at: str) -> list[Violation]:
    later = years - 1
    if own.stock_count and own.sales_count:
        return [Violation(f"{at}.sales_count", "beside stock_count: give one of the two")]
    if later == 0:
        return [
            Violation(f"{at}.{name}", "no year after first_year", f"{len(getattr(own, name))} values", "none")
            for name in ("stock_count", "sales_count")
            if getattr(own, name)
        ]
    name = "sales_count" if own.sales_count else "stock_count"
    found = _length(f"{at}.{name}", getattr(own, name), (later,), "one a year after first_year")
    short = False
    for j, one in enumerate(own.powertrains):
        wrong = _length(f"{at}.powertrains[{j}].sales_share", one.sales_share, (0, 1, later))
        short = short or bool(wrong)
        found += wrong
    if not short:
        total = sales_shares_of(own, later).sum(axis=0)
        off = np.flatnonzero(np.abs(total - 1.0) > _SUM_TOLERANCE)
        if off.size:
            text = "sales_share of the powertrains must sum to 1 in every year"
            given = f"{total[off[0]]:.6g} in year {off[0] + 1} after first_year"
            found.append(Violation(f"{at}.powertrains", text, given, "1"))
    return found


def sales_shares_of(own: FleetClass, later: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Shares of sales as given, [powertrain, year after first_year]; a single powertrain has all of them."""
    if len(own.powertrains) == 1 and not own.powertrains[0].sales_share:
        return np.ones((1, later))
    rows = [np.broadcast_to(one.sales_share or (0.0,), later) for one in own.powertrains]
    return np.array(rows, dtype=np.float64).reshape(len(rows), later)


def _energy_violations(own: FleetClass, one: FleetPowertrain, region: Region, at: str) -> list[Violation]:
    """Energy that a powertrain does not use, or that neither the caller nor the table gives."""
    k = POWERTRAINS.index(one.powertrain)
    start = energy_table(region, (own.like_class,)).start[:, 0, k]
    found = []
    for part, name, used in (
        (FUEL, "fuel_per_100km", k != BEV),
        (ELECTRIC, "electricity_kwh_per_100km", k in (PHEV, BEV)),
    ):
        given = getattr(one, name)
        if used and given is None and start[part] <= 0.0:
            text = f"no figure for {own.like_class} {one.powertrain}: give your own"
            found.append(Violation(f"{at}.{name}", text))
        if not used and given:
            text = f"{one.powertrain} uses none: leave it out"
            found.append(Violation(f"{at}.{name}", text, f"{given:g}", "0"))
    if one.electric_distance_share is not None and k != PHEV:
        text = "for plug-in hybrids only"
        given = f"{one.electric_distance_share:g}"
        found.append(Violation(f"{at}.electric_distance_share", text, given))
    return found


def _length(
    field: str, values: Sequence[float], allowed: tuple[int, ...], what: str = "values"
) -> list[Violation]:
    if len(values) in allowed:
        return []
    text = " or ".join(str(n) for n in sorted(set(allowed)))
    return [Violation(field, "wrong number of values", str(len(values)), f"{text} ({what})")]
