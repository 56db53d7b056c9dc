"""Lever rows and their resolution: a scenario's settings on a baseline become one value a year (and place).

`LeverRow` is the only declaration of a lever; validation, forms, listings and docs derive from it. A setting
replaces the baseline from its first year on and is held flat after its last; up to a lever's last observed year the
observed value holds in every scenario.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid, near_names
from services.common.lever_groups import group_label
from services.common.recording import kept, note
from services.common.regions import Region, load_region, region_ids
from services.common.scenario import LeverSetting, Scenario
from services.common.words import Grade, Label, Lever, LeverKind

BOUNDS: Final = "lever_bounds"

# Owner of what no sector owns: GDP, population, prices.
DRIVERS: Final = "drivers"


@dataclass(frozen=True)
class LeverRow:
    """One lever. `lever_id` is "<owner>.<name>"; bounds are inclusive, in `unit` ("share" is 0 to 1).

    A region whose size asks for other bounds has them in regions/<region>/lever_bounds.csv.
    """

    lever_id: str
    group: str
    label: Label
    unit: str
    low: float
    high: float
    source: str
    grade: Grade = Grade.C
    kind: LeverKind = LeverKind.PATH
    last_observed_year: int = 0
    policy_refs: tuple[str, ...] = ()
    note: str = ""
    by_city: bool = True

    @property
    def owner(self) -> str:
        """The service that owns the lever."""
        return self.lever_id.partition(".")[0]

    def in_region(self, region_id: str) -> Lever:
        """The lever with the bounds that hold in a region."""
        return _in_region(self, region_id)

    def __hash__(self) -> int:
        return hash(self.lever_id)


@kept(maxsize=4096)
def _in_region(row: LeverRow, region_id: str) -> Lever:
    low, high = _region_bounds(region_id).get(row.lever_id, (row.low, row.high))
    return Lever(
        row.lever_id,
        row.owner,
        row.group,
        row.label,
        row.unit,
        row.kind,
        low,
        high,
        row.last_observed_year,
        row.policy_refs,
        row.source,
        row.grade,
        row.note,
        row.by_city,
        group_label(row.owner, row.group),
    )


@kept(maxsize=256)
def levers_in(rows: tuple[LeverRow, ...], region_id: str) -> tuple[Lever, ...]:
    """The levers of the rows with the bounds that hold in a region."""
    return tuple(row.in_region(region_id) for row in rows)


@kept(maxsize=64)
def _region_bounds(region_id: str) -> Mapping[str, tuple[float, float]]:
    """Bounds that a region has of its own, by lever."""
    if region_id not in region_ids() or not (region := load_region(region_id)).has(BOUNDS):
        return {}
    return {row["lever_id"]: (row["low"], row["high"]) for row in region.table(BOUNDS).rows()}


class LeverPaths:
    """Resolved levers: values by year for the region and for each city."""

    def __init__(
        self,
        years: tuple[int, ...],
        cities: tuple[str, ...],
        region_paths: Mapping[str, FloatArray],
        city_paths: Mapping[tuple[str, str], FloatArray],
    ) -> None:
        self.years = years
        self.cities = cities
        self._region_paths = region_paths
        self._city_paths = city_paths
        self._set_by_city = frozenset(lever_id for lever_id, _ in city_paths)

    def differs_by_city(self, lever_id: str) -> bool:
        """True when a city has a path of its own."""
        return lever_id in self._set_by_city

    def path(self, lever_id: str) -> FloatArray:
        """Values of the region, [year]; not to be written to."""
        note("lever", "", lever_id)
        return self._region_paths[lever_id]

    def by_place(self, lever_id: str) -> FloatArray:
        """Values of each city (the region's where a city has none of its own), [place, year]."""
        note("lever", "", lever_id)
        values = np.empty((len(self.cities), len(self.years)))
        values[:] = self._region_paths[lever_id]
        if lever_id in self._set_by_city:
            for p, city in enumerate(self.cities):
                own = self._city_paths.get((lever_id, city))
                if own is not None:
                    values[p] = own
        return values

    def constant(self, lever_id: str) -> float:
        """The value of a constant lever."""
        note("lever", "", lever_id)
        return float(self._region_paths[lever_id][0])


def resolve(
    levers: Sequence[Lever],
    region_id: str,
    scenario: Scenario,
    years: tuple[int, ...],
    as_of_year: int = 0,
) -> LeverPaths:
    """Resolve the levers given for a scenario; settings of levers of other owners are left aside.

    Raises DomainError(UNKNOWN_REGION), or DomainError(INVALID_INPUT) with every violation at once.
    """
    region = load_region(region_id, as_of_year)
    base = _baseline(tuple(levers), region_id, scenario.baseline, years, as_of_year)
    settings = [
        (i, s) for i, s in enumerate(scenario.settings) if s.lever_id.partition(".")[0] in base.owners
    ]
    check_settings(base.levers, region, settings)
    region_paths: dict[str, FloatArray] = dict(base.paths)
    city_paths: dict[tuple[str, str], FloatArray] = {}
    for _, setting in settings:
        lever_id = setting.lever_id
        values = _values(base.levers[lever_id], base.anchors[lever_id], setting, years, as_of_year)
        if setting.place:
            city_paths[lever_id, setting.place] = values
        else:
            region_paths[lever_id] = values
    return LeverPaths(years, region.city_ids, region_paths, city_paths)


@dataclass(frozen=True)
class _Baseline:
    """What levers are without settings: the same for every scenario on a baseline."""

    levers: Mapping[str, Lever]
    owners: frozenset[str]
    anchors: Mapping[str, Mapping[int, float]]  # as known at as_of
    paths: Mapping[str, FloatArray]  # [year]


@kept(maxsize=128)
def _baseline(
    levers: tuple[Lever, ...], region_id: str, baseline: str, years: tuple[int, ...], as_of_year: int
) -> _Baseline:
    own = {lever.lever_id: lever for lever in levers}
    known = baseline_anchors(region_id, baseline)
    anchors = {
        lever_id: _known_at(known[lever_id], lever, as_of_year, frozen=baseline == "frozen")
        for lever_id, lever in own.items()
    }
    paths = {
        lever_id: _values(lever, anchors[lever_id], None, years, as_of_year)
        for lever_id, lever in own.items()
    }
    for values in paths.values():
        values.flags.writeable = False
    return _Baseline(own, frozenset(lever.owner for lever in levers), anchors, paths)


def check_settings(
    levers: Mapping[str, Lever], region: Region, settings: Iterable[tuple[int, LeverSetting]]
) -> None:
    """Raise INVALID_INPUT with every violation of the settings, numbered by their place in the scenario."""
    found: list[Violation] = []
    seen: set[tuple[str, str]] = set()
    for index, setting in settings:
        found += setting_violations(levers, region, f"scenario.settings[{index}]", setting, seen)
    if found:
        raise invalid(found)


def setting_violations(
    levers: Mapping[str, Lever],
    region: Region,
    where: str,
    setting: LeverSetting,
    seen: set[tuple[str, str]],
) -> list[Violation]:
    """Every violation of one setting; `seen` gathers (lever, place) to find doubles."""
    found: list[Violation] = []
    lever = levers.get(setting.lever_id)
    if lever is None:
        near = near_names(setting.lever_id, levers)
        return [Violation(f"{where}.lever_id", f"no such lever{near}", setting.lever_id)]
    if setting.place and setting.place not in region.city_ids:
        found.append(
            Violation(
                f"{where}.place",
                f"no such city in {region.region_id}{near_names(setting.place, region.city_ids)}",
                setting.place,
                ", ".join(region.city_ids),
            )
        )
    elif setting.place and not lever.by_city:
        found.append(
            Violation(f"{where}.place", f"{lever.lever_id} holds for the whole region: leave place empty")
        )
    if (setting.lever_id, setting.place) in seen:
        found.append(Violation(where, f"{setting.lever_id} is set twice for the same place"))
    seen.add((setting.lever_id, setting.place))
    if lever.kind is LeverKind.CONSTANT:
        if setting.years or len(setting.values) != 1:
            found.append(Violation(f"{where}.values", "a constant takes one value and no years"))
    else:
        found += _path_violations(lever, where, setting, region.as_of_year)
    low, high = lever.low, lever.high
    found += [
        Violation(
            f"{where}.values[{i}]",
            f"{lever.lever_id} is out of range",
            f"{value:g}",
            f"{low:g} to {high:g} {lever.unit}",
        )
        for i, value in enumerate(setting.values)
        if not low <= value <= high
    ]
    return found


def last_known_year(lever: Lever, as_of_year: int = 0) -> int:
    """The last year in which the lever's observed value holds, as known at the end of `as_of_year` (0: now)."""
    known = min(lever.last_observed_year, as_of_year) if as_of_year else lever.last_observed_year
    return max(known, BASE_YEAR)


def _path_violations(lever: Lever, where: str, setting: LeverSetting, as_of_year: int) -> list[Violation]:
    found: list[Violation] = []
    if len(setting.years) != len(setting.values):
        found.append(
            Violation(
                f"{where}.years",
                "a path needs as many years as values",
                f"{len(setting.years)} years, {len(setting.values)} values",
            )
        )
    if any(b <= a for a, b in zip(setting.years, setting.years[1:], strict=False)):
        found.append(
            Violation(
                f"{where}.years",
                "years must ascend without repeats",
                ", ".join(map(str, setting.years)),
            )
        )
    first_free = last_known_year(lever, as_of_year) + 1
    found += [
        Violation(
            f"{where}.years[{i}]",
            f"{lever.lever_id} is observed up to {first_free - 1}; choose a later year",
            str(year),
            f"{first_free} to 2060",
        )
        for i, year in enumerate(setting.years)
        if year < first_free
    ]
    return found


@kept(maxsize=64)
def baseline_anchors(region_id: str, baseline: str) -> Mapping[str, Mapping[int, float]]:
    """Anchor values by lever and year of a baseline, from regions/<region>/scenarios/<baseline>.csv."""
    table = load_region(region_id).table(f"scenarios/{baseline}")
    found: dict[str, dict[int, float]] = {}
    for lever_id, year, value in zip(
        table.columns["lever_id"], table.columns["year"], table.columns["value"], strict=True
    ):
        found.setdefault(lever_id, {})[year] = value
    return found


def _known_at(
    anchors: Mapping[int, float], lever: Lever, as_of_year: int, *, frozen: bool
) -> Mapping[int, float]:
    """The anchors without what was observed after as_of; a frozen path then stays where it was."""
    if not as_of_year or lever.last_observed_year <= as_of_year:
        return anchors
    kept = {y: v for y, v in anchors.items() if y <= as_of_year or y > lever.last_observed_year}
    if frozen and lever.owner != DRIVERS:
        kept = {y: v for y, v in kept.items() if y <= as_of_year}
    return kept or anchors


def _values(
    lever: Lever,
    base: Mapping[int, float],
    setting: LeverSetting | None,
    years: tuple[int, ...],
    as_of_year: int,
) -> FloatArray:
    points = base
    if setting is not None:
        if lever.kind is LeverKind.CONSTANT:
            return np.full(len(years), setting.values[0])
        # The baseline's path keeps its own slope up to the last year before the setting begins.
        first = setting.years[0]
        known = sorted(points)
        before = {y: v for y, v in points.items() if y < first}
        if lever.kind is LeverKind.PATH and known and first - 1 >= known[0]:
            hold = last_known_year(lever, as_of_year)
            if hold not in before and known[0] <= hold < first:
                before[hold] = float(np.interp(hold, known, [points[k] for k in known]))
        points = before | dict(zip(setting.years, setting.values, strict=True))
    known = sorted(points)
    values = [points[k] for k in known]
    if lever.kind is LeverKind.STEP:
        # The value of a point holds for the years after the point before it, up to that point.
        index = np.minimum(np.searchsorted(known, years, side="left"), len(known) - 1)
        return np.asarray(values, dtype=np.float64)[index]
    return np.interp(years, known, values)
