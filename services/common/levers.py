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
        low, high = _region_bounds(region_id).get(self.lever_id, (self.low, self.high))
        return Lever(
            self.lever_id,
            self.owner,
            self.group,
            self.label,
            self.unit,
            self.kind,
            low,
            high,
            self.last_observed_year,
            self.policy_refs,
            self.source,
            self.grade,
            self.note,
            self.by_city,
        )


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

    def path(self, lever_id: str) -> FloatArray:
        """Values of the region, [year]."""
        note("lever", "", lever_id)
        return self._region_paths[lever_id]

    def by_place(self, lever_id: str) -> FloatArray:
        """Values of each city (the region's where a city has none of its own), [place, year]."""
        note("lever", "", lever_id)
        region = self._region_paths[lever_id]
        return np.array([self._city_paths.get((lever_id, c), region) for c in self.cities])

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
    own = {lever.lever_id: lever for lever in levers}
    owners = {lever.owner for lever in levers}
    settings = [(i, s) for i, s in enumerate(scenario.settings) if s.lever_id.partition(".")[0] in owners]
    check_settings(own, region, settings)
    anchors = baseline_anchors(region_id, scenario.baseline)
    region_paths: dict[str, FloatArray] = {}
    city_paths: dict[tuple[str, str], FloatArray] = {}
    chosen = {(s.lever_id, s.place): s for _, s in settings}
    for lever_id, lever in own.items():
        base = _known_at(anchors[lever_id], lever, as_of_year, frozen=scenario.baseline == "frozen")
        region_setting = chosen.get((lever_id, ""))
        region_paths[lever_id] = _values(lever, base, region_setting, years, as_of_year)
        for city in region.city_ids:
            setting = chosen.get((lever_id, city))
            if setting is not None:
                city_paths[lever_id, city] = _values(lever, base, setting, years, as_of_year)
    return LeverPaths(years, region.city_ids, region_paths, city_paths)


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
    for i, value in enumerate(setting.values):
        if not lever.low <= value <= lever.high:
            found.append(
                Violation(
                    f"{where}.values[{i}]",
                    f"{lever.lever_id} is out of range",
                    f"{value:g}",
                    f"{lever.low:g} to {lever.high:g} {lever.unit}",
                )
            )
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
    for i, year in enumerate(setting.years):
        if year < first_free:
            found.append(
                Violation(
                    f"{where}.years[{i}]",
                    f"{lever.lever_id} is observed up to {first_free - 1}; choose a later year",
                    str(year),
                    f"{first_free} to 2060",
                )
            )
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
    points = dict(base)
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
