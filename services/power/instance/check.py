"""The door of a caller's instance: every violation at once, before anything is computed."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid, near_names
from services.power.instance.limits import available_mw, least_mw, minimum_mw
from services.power.instance.words import (
    DEFAULT_GAP_TOLERANCE_SHARE,
    DispatchInstance,
    FlexibleLoad,
    Generator,
    ImportLine,
    Storage,
)

MOST_STEPS: Final = 100_000
# A second: ramps an hour stay numbers.
SHORTEST_STEP_HOURS = 1 / 3600
MOST_CELLS: Final = 40_000_000
MOST: Final = {"generators": 2000, "storages": 50, "lines": 100, "flexible_loads": 20}
# Rounding of the caller's own arithmetic, as a share of the capacity in question.
SLACK: Final = 1e-9
# Above every fleet on Earth in MW, MWh and CNY: numbers beyond it are slips, and lose digits in the sums.
ANY = 1e12
# A store that gives back less than this is no store.
LEAST_EFFICIENCY_SHARE = 0.01


def check_instance(
    instance: DispatchInstance, gap_tolerance_share: float = DEFAULT_GAP_TOLERANCE_SHARE
) -> None:
    """Raise DomainError(INVALID_INPUT) with all that is wrong with an instance and the tolerance asked for."""
    found = list(_all(instance))
    found += within("gap_tolerance_share", gap_tolerance_share, 0.0, 1.0, above=True)
    if found:
        raise invalid(found)


def _all(instance: DispatchInstance) -> Iterator[Violation]:
    n = instance.load_mw.size
    yield from _steps(instance)
    series = {s.series_id: s.values for s in instance.series}
    yield from _series(instance, n)
    yield from _ids(instance)
    for name, most in MOST.items():
        if len(getattr(instance, name)) > most:
            yield Violation(
                f"instance.{name}", "too many", str(len(getattr(instance, name))), f"at most {most}"
            )
    if n * (len(instance.generators) + len(instance.lines)) > MOST_CELLS:
        yield Violation(
            "instance", "too large: units x steps", "", f"at most {MOST_CELLS:,}; send fewer units or steps"
        )
        return
    look = _Look(series, n)
    for i, generator in enumerate(instance.generators):
        yield from _generator(generator, f"instance.generators[{i}]", look, instance)
    for i, storage in enumerate(instance.storages):
        yield from _storage(storage, f"instance.storages[{i}]", look, n, instance.hours)
    for i, line in enumerate(instance.lines):
        yield from _line(line, f"instance.lines[{i}]", look)
    for i, flexible in enumerate(instance.flexible_loads):
        yield from _flexible(flexible, f"instance.flexible_loads[{i}]", look)
    reserve = instance.reserve
    if reserve is not None:
        for name, high in (
            ("load_share", 1.0),
            ("variable_share", 1.0),
            ("constant_mw", ANY),
            ("shortage_cost_cny_per_mwh", ANY),
        ):
            yield from within(f"instance.reserve.{name}", getattr(reserve, name), 0.0, high)
    yield from _prices(instance, series)


def within(
    field: str, value: float, low: float, high: float = ANY, above: bool = False
) -> Iterator[Violation]:
    """A number that must be finite and lie from low (or above it) to high."""
    good = np.isfinite(value) and (value > low if above else value >= low) and value <= high
    if not good:
        start = f"above {low:g}" if above else f"{low:g} or more"
        allowed = (
            f"{start}, at most {ANY:g}" if high == ANY else f"{'above ' if above else ''}{low:g} to {high:g}"
        )
        yield Violation(field, "out of range", f"{value:g}", allowed)


class _Look:
    """Series by id; a wrong id is told once with near names."""

    def __init__(self, series: dict[str, FloatArray], n: int) -> None:
        self._series = series
        self._n = n

    def get(self, series_id: str) -> FloatArray | None:
        """The series, or None when it is missing or not of the instance's length (told elsewhere)."""
        values = self._series.get(series_id)
        return values if values is not None and values.size == self._n else None

    def check(
        self, field: str, series_id: str, low: float, high: float = ANY, needed: bool = False
    ) -> Iterator[Violation]:
        """Reference to a series whose values must lie from low to high."""
        if not series_id:
            if needed:
                yield Violation(field, "a series is needed: give its id")
            return
        if series_id not in self._series:
            near = near_names(series_id, self._series)
            yield Violation(field, f"no series with this id{near}", series_id)
            return
        values = self.get(series_id)
        if values is None or not np.isfinite(values).all():
            return
        for step in np.flatnonzero((values < low) | (values > high))[:1]:
            count = int(((values < low) | (values > high)).sum())
            allowed = f"{low:g} or more" if high == ANY else f"{low:g} to {high:g}"
            yield Violation(
                field, f"{count} values out of range, first at step {step}", f"{values[step]:g}", allowed
            )


def _steps(instance: DispatchInstance) -> Iterator[Violation]:
    load = instance.load_mw
    if not 1 <= load.size <= MOST_STEPS:
        yield Violation("instance.load_mw", "number of steps", str(load.size), f"1 to {MOST_STEPS:,}")
    bad = np.flatnonzero(~np.isfinite(load) | (load < 0) | (load > ANY))
    if bad.size:
        yield Violation(
            "instance.load_mw",
            f"{bad.size} values out of range, first at step {bad[0]}",
            f"{load[bad[0]]:g}",
            f"0 to {ANY:g}",
        )
    yield from within("instance.step_hours", instance.hours, SHORTEST_STEP_HOURS, 24.0)
    yield from within("instance.value_of_lost_load_cny_per_mwh", instance.value_of_lost_load, 0.0, above=True)
    if instance.commitment_step_count < 0:
        yield Violation(
            "instance.commitment_step_count", "out of range", str(instance.commitment_step_count), "0 or more"
        )
    if not instance.generators and not instance.lines:
        yield Violation("instance.generators", "give at least one generator or line")


def _series(instance: DispatchInstance, n: int) -> Iterator[Violation]:
    for i, s in enumerate(instance.series):
        field = f"instance.series[{i}].values"
        if s.values.size != n:
            yield Violation(
                field,
                f"series {s.series_id!r} has another length than load_mw",
                str(s.values.size),
                f"{n} values",
            )
        bad = np.flatnonzero(~np.isfinite(s.values))
        if bad.size:
            yield Violation(field, f"series {s.series_id!r}: not a finite number at step {bad[0]}")


def _ids(instance: DispatchInstance) -> Iterator[Violation]:
    spaces: tuple[tuple[str, Sequence[Any], Callable[[Any], str]], ...] = (
        ("series", instance.series, lambda s: str(s.series_id)),
        ("generators", instance.generators, lambda g: str(g.generator_id)),
        ("lines", instance.lines, lambda x: str(x.line_id)),
        ("storages", instance.storages, lambda s: str(s.storage_id)),
        ("flexible_loads", instance.flexible_loads, lambda f: str(f.flexible_id)),
    )
    units: set[str] = set()
    names: set[str] = set()
    for place, items, name_of in spaces:
        seen = names if place == "series" else units
        for i, item in enumerate(items):
            name = name_of(item)
            if not name:
                yield Violation(f"instance.{place}[{i}]", "an id is needed")
            elif not name.isprintable() or "," in name:
                yield Violation(
                    f"instance.{place}[{i}]", "an id has printable characters and no comma", repr(name)
                )
            elif name in seen:
                yield Violation(f"instance.{place}[{i}]", "this id is used twice", name, "unique ids")
            seen.add(name)


def _generator(g: Generator, where: str, look: _Look, instance: DispatchInstance) -> Iterator[Violation]:
    yield from within(f"{where}.capacity_mw", g.capacity_mw, 0.0)
    if g.availability_share is not None:
        yield from within(f"{where}.availability_share", g.availability_share, 0.0, 1.0)
    yield from look.check(f"{where}.availability_series", g.availability_series, 0.0, 1.0)
    yield from look.check(f"{where}.minimum_series", g.minimum_series, 0.0)
    yield from look.check(f"{where}.cost_series", g.cost_series, 0.0)
    for name in (
        "minimum_mw",
        "cost_cny_per_mwh",
        "tco2_per_mwh",
        "fuel_gj_per_mwh",
        "so2_kg_per_mwh",
        "nox_kg_per_mwh",
        "pm_kg_per_mwh",
    ):
        yield from within(f"{where}.{name}", getattr(g, name), 0.0)
    if g.ramp_mw_per_h is not None:
        yield from within(f"{where}.ramp_mw_per_h", g.ramp_mw_per_h, 0.0)
    if g.cost_series and g.cost_steps:
        yield Violation(f"{where}.cost_steps", "give cost_series or cost_steps, not both")
    yield from _cost_steps(g, where)
    yield from _minimum(g, where, look)
    if g.ramp_mw_per_h is not None and g.ramp_mw_per_h >= 0 and g.commitment is None:
        yield from _ramp(g, where, look, instance)
    if g.budget_mwh is not None:
        yield from within(f"{where}.budget_mwh", g.budget_mwh, 0.0)
        if g.budget_step_count < 1:
            yield Violation(
                f"{where}.budget_step_count", "needed with budget_mwh", str(g.budget_step_count), "1 or more"
            )
        if g.commitment is not None:
            yield Violation(
                f"{where}.commitment", "a generator with an energy budget cannot be committed too"
            )
        if g.cost_steps or g.cost_series:
            yield Violation(f"{where}.budget_mwh", "needs one cost_cny_per_mwh, without steps or series")
        yield from _budget(g, where, look, instance)
    if g.commitment is not None:
        c = g.commitment
        yield from within(f"{where}.commitment.min_load_share", c.min_load_share, 0.0, 1.0)
        yield from within(f"{where}.commitment.no_load_cost_cny_per_mw_h", c.no_load_cost_cny_per_mw_h, 0.0)
        yield from within(f"{where}.commitment.start_cost_cny_per_mw", c.start_cost_cny_per_mw, 0.0)
        if g.cost_steps or g.cost_series:
            yield Violation(
                f"{where}.commitment",
                "needs one cost_cny_per_mwh: put the rise of the heat rate into the no-load cost",
            )
        if g.minimum_mw or g.minimum_series:
            yield Violation(
                f"{where}.commitment", "give min_load_share or a minimum output that must run, not both"
            )
        available = look.get(g.availability_series) if g.availability_series else None
        lowest = (1.0 if g.availability_share is None else g.availability_share) * (
            1.0 if available is None or not available.size else float(available.min())
        )
        if lowest < c.min_load_share - SLACK:
            yield Violation(
                f"{where}.commitment.min_load_share",
                "above what is available in some step",
                f"{c.min_load_share:g}",
                f"at most {lowest:g}",
            )


def _cost_steps(g: Generator, where: str) -> Iterator[Violation]:
    if not g.cost_steps:
        return
    for k, step in enumerate(g.cost_steps):
        yield from within(f"{where}.cost_steps[{k}].capacity_share", step.capacity_share, 0.0, 1.0)
        yield from within(f"{where}.cost_steps[{k}].cost_cny_per_mwh", step.cost_cny_per_mwh, 0.0)
    total = sum(s.capacity_share for s in g.cost_steps)
    if abs(total - 1.0) > 1e-6:
        yield Violation(f"{where}.cost_steps", "shares of capacity must sum to 1", f"{total:g}", "1")
    costs = [s.cost_cny_per_mwh for s in g.cost_steps]
    if any(b < a for a, b in pairwise(costs)):
        yield Violation(
            f"{where}.cost_steps", "cost must not fall with load (then the least cost is not convex)"
        )


def _minimum(g: Generator, where: str, look: _Look) -> Iterator[Violation]:
    high, low = available_mw(g, look.get), minimum_mw(g, look.get)
    if not (np.isfinite(high).all() and np.isfinite(low).all()):
        return
    over = np.flatnonzero(np.atleast_1d(low > high + SLACK * max(g.capacity_mw, 1.0)))
    if over.size:
        at = int(over[0])
        yield Violation(
            f"{where}.minimum_mw",
            f"the output that must run is above what is available, first at step {at}",
            f"{np.broadcast_to(low, max(low.size, high.size))[at]:g} MW",
            f"at most {np.broadcast_to(high, max(low.size, high.size))[at]:g} MW",
        )


def _ramp(g: Generator, where: str, look: _Look, instance: DispatchInstance) -> Iterator[Violation]:
    """What must run must be within reach of what is available before and after it."""
    n = instance.load_mw.size
    high, low = available_mw(g, look.get), minimum_mw(g, look.get)
    least = least_mw(g, look.get, n, instance.hours)
    slack = SLACK * max(g.capacity_mw, 1.0)
    if not (np.isfinite(high).all() and np.isfinite(least).all()) or (low > high + slack).any():
        return
    over = np.flatnonzero(least > high + slack)
    if over.size:
        at = int(over[0])
        yield Violation(
            f"{where}.ramp_mw_per_h",
            f"too slow for the output that must run: {least[at]:g} MW at step {at} to reach it, or to come from it",
            f"{g.ramp_mw_per_h:g} MW/h",
            f"at most {np.broadcast_to(high, n)[at]:g} MW are available there",
        )


def _budget(g: Generator, where: str, look: _Look, instance: DispatchInstance) -> Iterator[Violation]:
    if g.budget_mwh is None or g.budget_step_count < 1:
        return
    n = instance.load_mw.size
    low = least_mw(g, look.get, n, instance.hours)
    if not np.isfinite(low).all():
        return
    for first in range(0, n, g.budget_step_count):
        part = low[first : first + g.budget_step_count]
        have = g.budget_mwh * part.size / g.budget_step_count
        if part.sum() * instance.hours > have * (1 + SLACK):
            yield Violation(
                f"{where}.budget_mwh",
                f"less than what must run in the period from step {first} (with its limit on ramps)"
                if g.ramp_mw_per_h is not None
                else f"less than what must run in the period from step {first}",
                f"{have:g} MWh",
                f"at least {part.sum() * instance.hours:g} MWh",
            )
            return


def _storage(s: Storage, where: str, look: _Look, n: int, hours: float) -> Iterator[Violation]:
    for name in ("charge_mw", "discharge_mw", "energy_mwh", "throughput_cost_cny_per_mwh"):
        yield from within(f"{where}.{name}", getattr(s, name), 0.0)
    for name in ("charge_efficiency_share", "discharge_efficiency_share"):
        yield from within(f"{where}.{name}", getattr(s, name), LEAST_EFFICIENCY_SHARE, 1.0)
    if not 0.0 <= s.loss_share_per_h < 1.0:
        yield Violation(
            f"{where}.loss_share_per_h", "out of range", f"{s.loss_share_per_h:g}", "0 to below 1"
        )
    yield from look.check(f"{where}.inflow_series", s.inflow_series, 0.0)
    for name in ("start_mwh", "end_mwh"):
        value = getattr(s, name)
        if value is not None:
            yield from within(f"{where}.{name}", value, 0.0, s.energy_mwh)
    if s.end_mwh is not None and s.start_mwh is None:
        yield Violation(
            f"{where}.start_mwh", "give the content at the start with the one at the end, or neither"
        )
    if s.start_mwh is not None and s.end_mwh is not None and not s.inflow_series and s.loss_share_per_h == 0:
        rise = s.end_mwh - s.start_mwh
        reach = (
            n
            * hours
            * (
                s.charge_mw * s.charge_efficiency_share
                if rise > 0
                else s.discharge_mw / max(s.discharge_efficiency_share, 1e-9)
            )
        )
        if abs(rise) > reach * (1 + SLACK):
            yield Violation(
                f"{where}.end_mwh", "cannot be reached from start_mwh at this power", f"{s.end_mwh:g}"
            )


def _line(x: ImportLine, where: str, look: _Look) -> Iterator[Violation]:
    yield from within(f"{where}.capacity_mw", x.capacity_mw, 0.0)
    yield from look.check(
        f"{where}.contract_series", x.contract_series, 0.0, x.capacity_mw * (1 + SLACK), needed=True
    )
    for name in ("band_share", "renewable_share"):
        yield from within(f"{where}.{name}", getattr(x, name), 0.0, 1.0)
    for name in ("cost_cny_per_mwh", "tco2_per_mwh"):
        yield from within(f"{where}.{name}", getattr(x, name), 0.0)
    if x.band_share > 0 and x.band_step_count < 1:
        yield Violation(
            f"{where}.band_step_count", "needed with band_share", str(x.band_step_count), "1 or more"
        )


def _flexible(f: FlexibleLoad, where: str, look: _Look) -> Iterator[Violation]:
    for name in ("power_mw", "feed_in_mw", "shift_mwh", "cost_cny_per_mwh"):
        yield from within(f"{where}.{name}", getattr(f, name), 0.0)
    if f.efficiency_share is not None:
        yield from within(f"{where}.efficiency_share", f.efficiency_share, LEAST_EFFICIENCY_SHARE, 1.0)
    if f.window_step_count < 1:
        yield Violation(f"{where}.window_step_count", "out of range", str(f.window_step_count), "1 or more")
    yield from look.check(
        f"{where}.baseline_series", f.baseline_series, 0.0, f.power_mw * (1 + SLACK), needed=True
    )


def _prices(instance: DispatchInstance, series: dict[str, FloatArray]) -> Iterator[Violation]:
    """The value of lost load must stand above every cost, or plants would be left idle while load is shed."""
    highest = 0.0
    for g in instance.generators:
        highest = max([highest, g.cost_cny_per_mwh, *(s.cost_cny_per_mwh for s in g.cost_steps)])
        if g.commitment is not None:
            highest = max(highest, g.cost_cny_per_mwh + g.commitment.no_load_cost_cny_per_mw_h)
        values = series.get(g.cost_series)
        if values is not None and values.size and np.isfinite(values).all():
            highest = max(highest, float(values.max()))
    short = 0.0 if instance.reserve is None else instance.reserve.shortage_cost_cny_per_mwh
    voll = instance.value_of_lost_load
    if np.isfinite(highest + short) and voll <= highest + short:
        yield Violation(
            "instance.value_of_lost_load_cny_per_mwh",
            "must be above the highest cost and the reserve's shortage cost together",
            f"{voll:g}",
            f"above {highest + short:g}",
        )
