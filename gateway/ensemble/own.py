"""A caller's own distributions as inputs of an ensemble, every fault at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from gateway.ensemble.distributions import Distribution
from gateway.ensemble.doors import DistributionKind, DrawChange, OwnInput
from gateway.ensemble.words import UncertainInput, World
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import Violation, near_names
from services.common.levers import last_known_year
from services.common.words import Grade, Lever, LeverKind, Provenance

_KINDS: Final = {
    DistributionKind.UNIFORM: "uniform",
    DistributionKind.TRIANGULAR: "triangular",
    DistributionKind.NORMAL: "truncated_normal",
    DistributionKind.LOGNORMAL: "lognormal",
    DistributionKind.DISCRETE: "discrete",
}
_SENT: Final = Provenance("sent with the request", "", "", Grade.C)


def with_own(
    inputs: Sequence[UncertainInput], own: Sequence[OwnInput], world: World, where: str
) -> tuple[list[UncertainInput], dict[str, int], list[Violation]]:
    """The region's inputs with the caller's in their places; own lever ids with the place in `own`; violations.

    An own input takes the dimension of the region's first input of its lever, so that other draws stay as they are;
    one of a lever without any is added at the end.
    """
    found = own_violations(own, world, where)
    if found:
        return list(inputs), {}, found
    made = {i.lever_id: i for i in _made(own, world.levers)}
    result, taken = [], set[str]()
    for one in inputs:
        if one.lever_id not in made:
            result.append(one)
        elif one.lever_id not in taken:
            result.append(made[one.lever_id])
            taken.add(one.lever_id)
    result += [i for lever_id, i in made.items() if lever_id not in taken]
    return result, {o.lever_id: k for k, o in reversed(list(enumerate(own)))}, []


def own_violations(own: Sequence[OwnInput], world: World, where: str) -> list[Violation]:
    """What is wrong with own inputs, alone and beside each other."""
    found: list[Violation] = []
    seen: dict[str, OwnInput] = {}
    years: set[tuple[str, int]] = set()
    for k, one in enumerate(own):
        at = f"{where}[{k}]"
        lever = world.levers.get(one.lever_id)
        if lever is None:
            near = near_names(one.lever_id, world.levers)
            found.append(Violation(f"{at}.lever_id", f"no such lever{near}", one.lever_id))
        else:
            found += _lever_violations(one, lever, world, at)
        found += _kind_violations(one, at)
        year = 0 if lever is not None and lever.kind is LeverKind.CONSTANT else one.year
        if (one.lever_id, year) in years:
            found.append(Violation(at, f"{one.lever_id} is given twice for the same year"))
        years.add((one.lever_id, year))
        if seen.setdefault(one.lever_id, one).change != one.change:
            found.append(Violation(f"{at}.change", f"{one.lever_id} has another change in another year"))
    return found


def _lever_violations(one: OwnInput, lever: Lever, world: World, at: str) -> list[Violation]:
    found: list[Violation] = []
    if one.change is DrawChange.ODDS and not 0 <= lever.low <= lever.high <= 1:
        found.append(
            Violation(f"{at}.change", "odds are of shares only", lever.lever_id, "level, scale, shift")
        )
    if lever.kind is LeverKind.CONSTANT:
        return found
    first = last_known_year(lever, world.as_of_year) + 1
    if first > world.last_year:
        text = f"{lever.lever_id} is observed up to {first - 1}: nothing is left to draw by {world.last_year}"
        return [*found, Violation(f"{at}.lever_id", text, lever.lever_id)]
    if not first <= one.year <= LAST_YEAR:
        text = f"{lever.lever_id} is observed up to {first - 1}; choose a later year"
        found.append(Violation(f"{at}.year", text, str(one.year), f"{first} to {LAST_YEAR}"))
    return found


def _kind_violations(one: OwnInput, at: str) -> list[Violation]:
    if one.kind is DistributionKind.UNSPECIFIED:
        kinds = ", ".join(k.value for k in _KINDS)
        return [Violation(f"{at}.kind", "the kind of distribution is not given", "", kinds)]
    distribution = _distribution(one)
    found = [Violation(at, f) for f in distribution.faults()]
    is_factor = one.change in (DrawChange.SCALE, DrawChange.ODDS)
    if not found and is_factor and distribution.lowest <= 0:
        found.append(Violation(at, "a factor must be above 0", f"{distribution.lowest:g}"))
    return found


def _distribution(one: OwnInput) -> Distribution:
    # The middle of a uniform distribution is not read.
    middle = one.low if one.kind is DistributionKind.UNIFORM else one.middle
    return Distribution(_KINDS[one.kind], one.low, middle, one.high, one.spread, one.values, one.weights)


def _made(own: Sequence[OwnInput], levers: Mapping[str, Lever]) -> list[UncertainInput]:
    found = []
    for lever_id in dict.fromkeys(o.lever_id for o in own):
        held = sorted((o for o in own if o.lever_id == lever_id), key=lambda o: o.year)
        change = held[0].change
        is_constant = levers[lever_id].kind is LeverKind.CONSTANT
        found.append(
            UncertainInput(
                input_id=lever_id,
                axis="parameter",
                lever_id=lever_id,
                label=levers[lever_id].label,
                mode=(DrawChange.LEVEL if change is DrawChange.UNSPECIFIED else change).value,
                anchors=tuple((BASE_YEAR if is_constant else o.year, _distribution(o)) for o in held),
                group="",
                group_correlation=0.0,
                known_then=None,
                provenance=_SENT,
            )
        )
    return found
