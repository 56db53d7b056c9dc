"""What a workbook is made of: the projection, the scenario with its levers' paths, names of places, sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gateway.report.workbook.words import text_of
from gateway.results import Projection
from services.common.arrays import FloatArray
from services.common.levers import resolve
from services.common.regions import Region, load_region
from services.common.scenario import LeverSetting, Scenario
from services.common.words import Grade, Label, Lever, ReleaseStatus


@dataclass(frozen=True)
class Change:
    """One setting of the scenario beside the baseline, [year]."""

    lever: Lever
    place: str
    baseline_path: FloatArray
    own_path: FloatArray
    points: str


@dataclass(frozen=True)
class Frozen:
    """What a release adds to its frozen projection. Sources are ids and titles as they were then."""

    title: str
    status: ReleaseStatus
    manifest_id: str
    reason: str
    sources: tuple[tuple[str, str], ...]
    same_data: bool
    """Whether model and data are still those of the release: else paths and sources of today are left out."""


@dataclass(frozen=True)
class Scene:
    """The whole input of the workbook, without clock and environment."""

    projection: Projection
    scenario: Scenario
    levers: Mapping[str, Lever]
    language: str
    frozen: Frozen | None = None

    @property
    def old_data(self) -> bool:
        """Whether the data of today are others than those of the projection."""
        return self.frozen is not None and not self.frozen.same_data

    @cached_property
    def region(self) -> Region:
        """The region's data, as known at the frame's year."""
        frame = self.projection.frame
        return load_region(frame.region, frame.as_of_year)

    @cached_property
    def places(self) -> Mapping[str, Label]:
        """Names of region and cities by id."""
        return {p.place_id: p.label for p in (self.region.place, *self.region.cities)}

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every setting with both paths at the projection's years, in the scenario's order."""
        years, frame = self.projection.years, self.projection.frame
        levers = tuple(self.levers.values())
        bare = self.scenario.model_copy(update={"settings": ()})
        before = resolve(levers, frame.region, bare, years, frame.as_of_year)
        after = resolve(levers, frame.region, self.scenario, years, frame.as_of_year)
        found = []
        for setting in self.scenario.settings:
            lever_id, place = setting.lever_id, setting.place
            own = after.path(lever_id)
            if place:
                own = after.by_place(lever_id)[after.cities.index(place)]
            found.append(
                Change(
                    self.levers[lever_id],
                    place,
                    before.path(lever_id),
                    own,
                    points_text(setting),
                )
            )
        return tuple(found)

    @cached_property
    def source_grades(self) -> Mapping[str, Sequence[Grade]]:
        """Sources of the region's data, with the grades of the figures taken from each."""
        return self.region.source_grades()

    def say(self, label: Label) -> str:
        """A label in the workbook's language."""
        return text_of(label, self.language)

    def place(self, place_id: str) -> str:
        """The name of a place."""
        return self.say(self.places[place_id]) if place_id in self.places else place_id


def points_text(setting: LeverSetting) -> str:
    """The points of a setting as "year: value", or the value of a constant."""
    points = "; ".join(f"{y}: {v!r}" for y, v in zip(setting.years, setting.values, strict=False))
    return points or repr(setting.values[0])
