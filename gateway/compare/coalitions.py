"""Two scenarios and every scenario between them: some levers as in the one, the others as in the other.

Where both stand on one baseline, a lever changes side with its settings. Where the baselines differ, a lever takes the
other side's whole path as a setting from the year after its last observed one; what no lever carries (choices that
pivot on the baseline's own paths, values before that year) changes side with the baseline's name, which counts as a
contributor of its own. So nobody switched is the first scenario and everybody is the second, as they were asked.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths, resolve
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Label, Lever, LeverKind

BASELINE = "baseline"
BASELINE_LABEL = Label("基线自身（抓手之外）", "baseline itself, beyond its levers")


@dataclass(frozen=True)
class Contributor:
    """A lever or a group of levers that changes side as one; `group_id` where it was opened from a group."""

    contributor_id: str
    label: Label
    lever_ids: tuple[str, ...]
    group_id: str


@dataclass(frozen=True)
class Side:
    """A scenario with its levers resolved."""

    scenario: Scenario
    paths: LeverPaths
    settings: Mapping[str, tuple[LeverSetting, ...]]


class Between:
    """The scenarios between two."""

    def __init__(self, levers: Mapping[str, Lever], frame: Frame, base: Scenario, changed: Scenario) -> None:
        self.levers = levers
        self.base, self.changed = (_side(levers, frame, s) for s in (base, changed))
        self.lever_ids = tuple(k for k in levers if _differs(k, self.base.paths, self.changed.paths))
        self.other_baseline = base.baseline != changed.baseline
        self._whole: dict[tuple[bool, str], tuple[LeverSetting, ...]] = {}

    def scenario(self, switched: Set[str]) -> Scenario:
        """The scenario in which the levers `switched` (and BASELINE, if named) are as in the changed one."""
        if not switched:
            return self.base.scenario
        here = self.changed if BASELINE in switched or not self.other_baseline else self.base
        whole = len(switched - {BASELINE}) == len(self.lever_ids)
        if whole and (BASELINE in switched or not self.other_baseline):
            return self.changed.scenario
        settings: list[LeverSetting] = []
        for lever_id in self.levers:
            wanted = self.changed if lever_id in switched else self.base
            if lever_id not in self.lever_ids:
                wanted = here
            if wanted.scenario.baseline == here.scenario.baseline:
                settings += wanted.settings.get(lever_id, ())
            else:
                settings += self._carried(wanted, lever_id)
        return Scenario(baseline=here.scenario.baseline, settings=tuple(settings))

    def _carried(self, side: Side, lever_id: str) -> tuple[LeverSetting, ...]:
        key = (side is self.changed, lever_id)
        if key not in self._whole:
            self._whole[key] = tuple(self._whole_path(side, lever_id))
        return self._whole[key]

    def _whole_path(self, side: Side, lever_id: str) -> list[LeverSetting]:
        lever = self.levers[lever_id]
        cities = [s.place for s in side.settings.get(lever_id, ()) if s.place]
        at = {c: i for i, c in enumerate(side.paths.cities)}
        found = [_path_setting(lever, "", side.paths.years, side.paths.path(lever_id))]
        if cities:
            by_place = side.paths.by_place(lever_id)
            found += [_path_setting(lever, c, side.paths.years, by_place[at[c]]) for c in cities]
        return [s for s in found if s is not None]


def _side(levers: Mapping[str, Lever], frame: Frame, scenario: Scenario) -> Side:
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    paths = resolve(tuple(levers.values()), frame.region, scenario, years, frame.as_of_year)
    settings: dict[str, tuple[LeverSetting, ...]] = {}
    for setting in scenario.settings:
        settings[setting.lever_id] = (*settings.get(setting.lever_id, ()), setting)
    return Side(scenario, paths, settings)


def _differs(lever_id: str, one: LeverPaths, other: LeverPaths) -> bool:
    return not (
        np.array_equal(one.path(lever_id), other.path(lever_id))
        and np.array_equal(one.by_place(lever_id), other.by_place(lever_id))
    )


def _path_setting(lever: Lever, place: str, years: Sequence[int], values: FloatArray) -> LeverSetting | None:
    """A path as a setting of every year that may be set; None when there is no such year."""
    if lever.kind is LeverKind.CONSTANT:
        return LeverSetting(lever_id=lever.lever_id, place=place, values=(float(values[0]),))
    first = max(lever.last_observed_year, BASE_YEAR) + 1
    free = [(y, float(v)) for y, v in zip(years, values, strict=True) if y >= first]
    if not free:
        return None
    return LeverSetting(
        lever_id=lever.lever_id,
        place=place,
        years=tuple(y for y, _ in free),
        values=tuple(v for _, v in free),
    )
