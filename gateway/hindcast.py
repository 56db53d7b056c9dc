"""Stage hindcast: the years after a past year, projected with what was known then, beside what was observed.

What is compared is data: a row of accounts/hindcast.csv names a quantity of the projection and a statistic. Every
statistic that the region holds for a year gives a row of the answer, also where the model has no such quantity.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.base_check import quantity
from gateway.results import HindcastRow, Projection
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import Violation, invalid
from services.common.region_files import RegionDataError
from services.common.regions import Region
from services.common.units import in_statistic_unit
from services.common.words import Grade, Label, Provenance

HINDCAST_TABLE = "accounts/hindcast"
PUBLISHED_TABLE = "power/grid_factors"
FIRST_AS_OF, DEFAULT_LAST_YEAR = BASE_YEAR, 2025


@dataclass(frozen=True)
class Statistic:
    """A statistic of one year in its unit."""

    value: float
    unit: str
    provenance: Provenance


def check_span(as_of_year: int, last_year: int) -> tuple[int, int]:
    """The span asked for, 0 replaced by the default. Raises INVALID_INPUT with every violation."""
    as_of, last = as_of_year or FIRST_AS_OF, last_year or DEFAULT_LAST_YEAR
    found = []
    if not FIRST_AS_OF <= as_of < LAST_YEAR:
        found.append(
            Violation("as_of_year", "out of range", str(as_of_year), f"{FIRST_AS_OF} to {LAST_YEAR - 1}")
        )
    if not as_of <= last <= LAST_YEAR:
        found.append(Violation("last_year", "out of range", str(last_year), f"{as_of} to {LAST_YEAR}"))
    if found:
        raise invalid(found)
    return as_of, last


def hindcast_rows(region: Region, projection: Projection, as_of_year: int) -> tuple[HindcastRow, ...]:
    """Every statistic of the region (which hides nothing) in the projection's years beside the model."""
    metrics = {m.metric.metric_id: m.region_values for m in projection.metrics}
    rows = []
    for row in region.table(HINDCAST_TABLE).rows():
        for year, statistic in statistics(region, row["statistic"]).items():
            if year not in projection.years:
                continue
            modelled = _modelled(region, projection, metrics, row["model"], year, row["statistic"])
            if modelled is not None:
                modelled = in_statistic_unit(modelled, statistic.unit)
            rows.append(
                HindcastRow(
                    quantity=row["quantity"],
                    label=Label(row["zh"], row["en"]),
                    group=row["group"],
                    year=year,
                    modelled=modelled,
                    statistic=statistic.value,
                    unit=statistic.unit,
                    difference_share=_difference(modelled, statistic.value),
                    provenance=statistic.provenance,
                    hidden=year > as_of_year,
                    remark=Label(row["remark_zh"], row["remark_en"]),
                )
            )
    return tuple(rows)


def _difference(modelled: float | None, statistic: float) -> float | None:
    return modelled / statistic - 1 if modelled is not None and statistic else None


def statistics(region: Region, path: str) -> Mapping[int, Statistic]:
    """A statistic by year, ascending, by a path.

    observed:<id> from observations; published:<level> grid factors of the region; hours:<energy>/<capacity> energy over
    the mean of the capacities at both ends of the year, over that at year end where the other is not known; no year
    without capacity.
    """
    kind, _, name = path.partition(":")
    if kind == "observed":
        return _observed(region, name)
    if kind == "published":
        return _published(region, name)
    if kind == "hours":
        energy, capacity = (_observed(region, n) for n in name.split("/"))
        found = {y: _hours(energy[y], capacity, y) for y in energy if y in capacity}
        return {y: hours for y, hours in found.items() if hours is not None}
    raise RegionDataError(f"{HINDCAST_TABLE}: {path}: no such kind of statistic")


def _observed(region: Region, name: str) -> dict[int, Statistic]:
    table = region.table("observations")
    found = {
        r["year"]: Statistic(r["value"], r["unit"], p)
        for r, p in zip(table.rows(), table.provenance, strict=True)
        if r["metric"] == name
    }
    return dict(sorted(found.items()))


def _published(region: Region, level: str) -> dict[int, Statistic]:
    table = region.table(PUBLISHED_TABLE)
    return {
        r["year"]: Statistic(r["tco2_per_mwh"], "kg CO2/kWh", p)
        for r, p in zip(table.rows(), table.provenance, strict=True)
        if r["level"] == level and r["place"] == region.region_id
    }


def _hours(energy: Statistic, capacity: Mapping[int, Statistic], year: int) -> Statistic | None:
    """None where nothing is built: no plant, no hours."""
    ends = [capacity[y] for y in (year - 1, year) if y in capacity]
    mw = float(np.mean([in_base(s) for s in ends]))
    if mw <= 0.0:
        return None
    worst = max((s.provenance for s in (energy, *ends)), key=lambda p: list(Grade).index(p.grade))
    return Statistic(in_base(energy) / mw, "h", worst)


def in_base(statistic: Statistic) -> float:
    """The statistic in the unit used inside, MWh or MW."""
    return statistic.value / in_statistic_unit(1.0, statistic.unit)


def _modelled(
    region: Region,
    projection: Projection,
    metrics: Mapping[str, FloatArray],
    path: str,
    year: int,
    statistic: str,
) -> float | None:
    """The model's value in the unit used inside; None when the model has no such quantity.

    Terms joined by " & " are added. A term is "<kind>:<names>", kinds of this stage or of the base check.
    """
    if not path:
        return None
    at = projection.years.index(year)
    total = 0.0
    for term in path.split(" & "):
        kind, _, names = term.partition(":")
        if kind == "hours":
            return _model_hours(region, projection, names.split("+"), at, statistic)
        if kind == "increase":
            if at == 0 or names not in metrics:
                return None
            total += float(metrics[names][at] - metrics[names][at - 1])
        elif kind in KINDS:
            total += sum(KINDS[kind](projection, name, at) for name in names.split("+"))
        elif kind == "metric" and not set(names.split("+")) <= set(metrics):
            return None
        else:
            total += quantity(projection, metrics, term, at)
    return total


def _capacity(projection: Projection, group: str, at: int) -> float:
    return sum(float(t.capacity_mw[at]) for t in projection.power.technologies if t.group == group)


def _capacity_of(projection: Projection, name: str, at: int) -> float:
    return sum(float(t.capacity_mw[at]) for t in projection.power.technologies if t.technology == name)


def _store_out(projection: Projection, name: str, at: int) -> float:
    return sum(float(s.discharged_mwh[at]) for s in projection.power.stores if s.store_id == name)


def _power(projection: Projection, name: str, at: int) -> float:
    return float(getattr(projection.power, name)[at])


def _summer_day(projection: Projection, group: str, at: int) -> tuple[FloatArray, int]:
    """Supply of a group on the day of the summer peak, MW [hour], and the hour of the peak in the day."""
    year = projection.years[at]
    day = next(d for d in projection.power.peak_days if d.year == year and d.season == "summer")
    if group not in day.groups:
        return np.zeros(24), 0
    return day.supply_mw[day.groups.index(group)], day.peak_hour - day.first_hour


def _peak_hour(projection: Projection, group: str, at: int) -> float:
    supply, hour = _summer_day(projection, group, at)
    return float(supply[hour])


def _peak_day(projection: Projection, group: str, at: int) -> float:
    return float(_summer_day(projection, group, at)[0].max())


KINDS: Mapping[str, Callable[[Projection, str, int], float]] = {
    "capacity": _capacity,
    "capacity_of": _capacity_of,
    "store_out": _store_out,
    "power": _power,
    "peak_hour": _peak_hour,
    "peak_day": _peak_day,
}


def _model_hours(
    region: Region, projection: Projection, groups: Sequence[str], at: int, statistic: str
) -> float:
    """Energy over capacity, with the capacities of the same year ends as in the statistic; 2019 is observed."""
    energy = sum(quantity(projection, {}, f"generation:{g}", at) for g in groups)
    year = projection.years[at]
    observed = _observed(region, statistic.partition("/")[2])
    ends = [sum(_capacity(projection, g, at) for g in groups)]
    if year - 1 in observed:
        before = sum(_capacity(projection, g, at - 1) for g in groups) if at else in_base(observed[year - 1])
        ends.append(before)
    return energy / float(np.mean(ends))
