"""Shares made scenarios: what every member has in common is prepared once."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.ensemble.paths import InputPaths
from gateway.ensemble.words import UncertainInput, World
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid, near_names
from services.common.levers import last_known_year, resolve
from services.common.scenario import LeverSetting, Scenario
from services.common.words import LeverKind

_SET: Final = frozenset({"lever_id", "years", "values"})
_SET_BY_PLACE: Final = _SET | {"place"}


class Drawing:
    """A scenario and the inputs that are drawn around it, in order."""

    def __init__(self, scenario: Scenario, inputs: Sequence[UncertainInput], world: World) -> None:
        self._scenario = scenario
        self.parts = _prepared(scenario, inputs, world)
        own = {i.lever_id for i in inputs}
        # A drawn path was drawn around the scenario's own, and stands for it; cities that are set stay as they are.
        self._kept = tuple(s for s in scenario.settings if s.place or s.lever_id not in own)

    def scenarios(self, shares: FloatArray) -> list[Scenario]:
        """The scenario with draws as settings by member, from shares [member, input]."""
        columns = [_settings(part, shares[:, k]) for k, part in enumerate(self.parts)]
        kept, scenario = self._kept, self._scenario
        if not columns:
            return [scenario] * len(shares)
        return [
            scenario.model_copy(update={"settings": (*kept, *drawn)}) for drawn in zip(*columns, strict=True)
        ]

    def outside(self) -> Iterator[tuple[int, str, str]]:
        """Inputs whose draws leave their lever's bounds: (place, what can be drawn, bounds)."""
        for k, part in enumerate(self.parts):
            ends, lever = part.ends(), part.lever
            if ends.min() < lever.low or ends.max() > lever.high:
                yield (
                    k,
                    f"{ends.min():.6g} to {ends.max():.6g}",
                    f"{lever.low:g} to {lever.high:g} {lever.unit}",
                )


def used_inputs(
    scenario: Scenario, inputs: Sequence[UncertainInput], policies: Sequence[str] = ()
) -> list[tuple[int, UncertainInput]]:
    """The inputs that are drawn, with their places in `inputs`. INVALID_INPUT for a policy that is not one.

    Parameters are drawn; of the policy levers only those named; a lever that the scenario itself sets is certain and
    stays as it is.
    """
    wrong = policy_violations(inputs, policies)
    if wrong:
        raise invalid(wrong)
    fixed = {s.lever_id for s in scenario.settings}
    return [
        (k, i)
        for k, i in enumerate(inputs)
        if (i.axis == "parameter" or i.input_id in policies) and i.lever_id not in fixed
    ]


def policy_violations(inputs: Sequence[UncertainInput], policies: Sequence[str]) -> list[Violation]:
    """Policy inputs that are not there, with near names."""
    known = [i.input_id for i in inputs if i.axis == "policy"]
    return [
        Violation(f"policy_inputs[{k}]", f"no such policy input{near_names(p, known)}", p, ", ".join(known))
        for k, p in enumerate(policies)
        if p not in known
    ]


def is_free(one: UncertainInput, world: World) -> bool:
    """Whether there is anything to draw: not when every year is known by the last one."""
    lever = world.levers[one.lever_id]
    return lever.kind is LeverKind.CONSTANT or last_known_year(lever, world.as_of_year) < world.last_year


def setting_of(lever_id: str, place: str, years: tuple[int, ...], values: tuple[float, ...]) -> LeverSetting:
    """A setting whose parts were checked before: a door of 64 members times 20 levers is not opened again."""
    return LeverSetting.model_construct(
        _fields_set=set(_SET_BY_PLACE if place else _SET),
        lever_id=lever_id,
        place=place,
        years=years,
        values=values,
    )


def _settings(part: InputPaths, shares: FloatArray) -> list[LeverSetting]:
    lever_id, years = part.one.lever_id, part.years
    return [setting_of(lever_id, "", years, tuple(row)) for row in part.at(shares).tolist()]


def _prepared(scenario: Scenario, inputs: Sequence[UncertainInput], world: World) -> tuple[InputPaths, ...]:
    years = tuple(range(BASE_YEAR, world.last_year + 1))
    needed = {i.lever_id for i in inputs} | {i.known_then.driver_id for i in inputs if i.known_then}
    own = tuple(s for s in scenario.settings if s.lever_id in needed)
    paths = resolve(
        [world.levers[i] for i in sorted(needed)],
        world.region.region_id,
        scenario.model_copy(update={"settings": own}),
        years,
        world.as_of_year,
    )
    return tuple(InputPaths(i, world.levers[i.lever_id], paths, world.as_of_year) for i in inputs)
