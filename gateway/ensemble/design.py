"""Members of the region's own ensemble: a scrambled Sobol sequence, made uncertain inputs, made scenarios.

The first n members are the same whatever n is, so that an ensemble can be extended and no member is run twice. The
weather year has a dimension of its own: the low bits of a member's number are the leading bits of Sobol points, so
that "number modulo years" would tie the weather to an input. All inputs of the region have a dimension, also those
that are not used: leaving one out changes no other.
"""

from collections.abc import Sequence

from gateway.ensemble.distributions import pick
from gateway.ensemble.drawing import Drawing, is_free, policy_violations, used_inputs
from gateway.ensemble.points import SobolPoints, correlated
from gateway.ensemble.words import UncertainInput, World
from services.common.arrays import FloatArray
from services.common.regions import Region
from services.common.scenario import Scenario

WEATHER_TABLE = "ensemble/weather"
# Members that are made together: enough to use arrays well, few enough to need no memory.
_BLOCK = 256


def points(dimension_count: int, count: int, seed: int) -> FloatArray:
    """Scrambled Sobol points in (0, 1), [member, dimension]; the first rows are the same whatever `count` is."""
    return SobolPoints(dimension_count, seed).block(0, count)


def groups_of(
    inputs: Sequence[UncertainInput], used: Sequence[int] | None = None
) -> list[tuple[tuple[int, ...], float]]:
    """Places of inputs that are drawn together, with their correlation; of those `used` only, when given."""
    names = dict.fromkeys(i.group for i in inputs if i.group)
    found = []
    for name in names:
        places = tuple(k for k, i in enumerate(inputs) if i.group == name and (used is None or k in used))
        if places:
            found.append((places, inputs[places[0]].group_correlation))
    return found


def with_copula(inputs: Sequence[UncertainInput], cube: FloatArray) -> FloatArray:
    """Shares [member, 1 + input] from points of the unit cube: the first column, the weather's, stays as it is."""
    return correlated(cube, [([1 + k for k in places], rho) for places, rho in groups_of(inputs)])


def draws(inputs: Sequence[UncertainInput], count: int, seed: int) -> FloatArray:
    """Shares in (0, 1), [member, 1 + input]: the first column is the weather's."""
    return with_copula(inputs, points(1 + len(inputs), count, seed))


def members(
    scenario: Scenario,
    inputs: Sequence[UncertainInput],
    count: int,
    seed: int,
    world: World,
    policies: Sequence[str] = (),
) -> tuple[Scenario, ...]:
    """The scenario with `count` draws of the inputs as settings, in order."""
    used = [(k, i) for k, i in used_inputs(scenario, inputs, policies) if is_free(i, world)]
    drawing = Drawing(scenario, [i for _, i in used], world)
    shares = draws(inputs, count, seed)[:, [1 + k for k, _ in used]]
    blocks = (drawing.scenarios(shares[at : at + _BLOCK]) for at in range(0, count, _BLOCK))
    return tuple(scenario for block in blocks for scenario in block)


def weather_weights(region: Region, chosen: Sequence[str] = ()) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Weather years with their weights: chosen years alike, else as the data weigh."""
    if chosen:
        return tuple(chosen), (1.0,) * len(chosen)
    rows = region.table(WEATHER_TABLE).rows()
    return tuple(r["weather_year"] for r in rows), tuple(float(r["weight"]) for r in rows)


def picked_weather(names: Sequence[str], weights: Sequence[float], shares: FloatArray) -> tuple[str, ...]:
    """The weather year of each member by its share, [member]."""
    numbers = tuple(float(i) for i in range(len(names)))
    return tuple(names[int(pick(float(u), numbers, weights))] for u in shares)


def weather_years(region: Region, shares: FloatArray, chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """The weather year of each member from the first column of `draws`."""
    return picked_weather(*weather_weights(region, chosen), shares[:, 0])


__all__ = [
    "World",
    "correlated",
    "draws",
    "members",
    "points",
    "policy_violations",
    "used_inputs",
    "weather_years",
]
