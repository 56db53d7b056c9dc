"""Members of an ensemble: a scrambled Sobol sequence, made uncertain inputs, made scenarios.

The first n members are the same whatever n is, so that an ensemble can be extended and no member is run twice. The
weather year has a dimension of its own: the low bits of a member's number are the leading bits of Sobol points, so
that "number modulo years" would tie the weather to an input. All inputs of the region have a dimension, also those
that are not used: leaving one out changes no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import qmc

from gateway.ensemble.distributions import Distribution, normal_cdf, normal_quantile, pick
from gateway.ensemble.inputs import UncertainInput, drawn_path
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid, near_names
from services.common.levers import LeverPaths, last_known_year, resolve
from services.common.regions import Region
from services.common.scenario import LeverSetting, Scenario
from services.common.words import Lever, LeverKind

WEATHER_TABLE = "ensemble/weather"


@dataclass(frozen=True)
class World:
    """What members are drawn in: the region as known at the end of `as_of_year` (0: now), its levers, the last year."""

    region: Region
    levers: Mapping[str, Lever]
    last_year: int
    as_of_year: int = 0


def points(dimension_count: int, count: int, seed: int) -> FloatArray:
    """Scrambled Sobol points in (0, 1), [member, dimension]; the first rows are the same whatever `count` is."""
    power = max(0, count - 1).bit_length()
    drawn = qmc.Sobol(d=dimension_count, scramble=True, rng=np.random.default_rng(seed)).random_base2(power)
    return np.asarray(drawn[:count], dtype=np.float64)


def correlated(shares: FloatArray, groups: Sequence[tuple[Sequence[int], float]]) -> FloatArray:
    """Shares with a Gaussian copula inside each group of columns: equal correlation between all pairs of a group.

    The rank correlation is 6/pi * asin(rho/2). `shares` is [member, column] and is left as it is.
    """
    result = shares.copy()
    for columns, rho in groups:
        size = len(columns)
        if size < 2 or rho == 0:
            continue
        matrix = np.full((size, size), rho) + (1 - rho) * np.eye(size)
        mixing = np.linalg.cholesky(matrix)
        for member in range(shares.shape[0]):
            normal = [normal_quantile(float(shares[member, c])) for c in columns]
            for row, column in enumerate(columns):
                mixed = sum(float(mixing[row, k]) * normal[k] for k in range(row + 1))
                result[member, column] = normal_cdf(mixed)
    return result


def draws(inputs: Sequence[UncertainInput], count: int, seed: int) -> FloatArray:
    """Shares in (0, 1), [member, 1 + input]: the first column is the weather's."""
    names = dict.fromkeys(i.group for i in inputs if i.group)
    groups = [
        (
            [1 + k for k, i in enumerate(inputs) if i.group == name],
            next(i.group_correlation for i in inputs if i.group == name),
        )
        for name in names
    ]
    return correlated(points(1 + len(inputs), count, seed), groups)


def members(
    scenario: Scenario,
    inputs: Sequence[UncertainInput],
    count: int,
    seed: int,
    world: World,
    policies: Sequence[str] = (),
) -> tuple[Scenario, ...]:
    """The scenario with `count` draws of the inputs as settings, in order.

    Parameters are drawn; of the policy levers only those named in `policies`; a lever that the scenario itself sets
    is certain and stays as it is.
    """
    shares = draws(inputs, count, seed)
    # An input whose every year is known by the last year has nothing to draw.
    used = [
        (k, i)
        for k, i in used_inputs(scenario, inputs, policies)
        if world.levers[i.lever_id].kind is LeverKind.CONSTANT
        or last_known_year(world.levers[i.lever_id], world.as_of_year) < world.last_year
    ]
    years = tuple(range(BASE_YEAR, world.last_year + 1))
    needed = {i.lever_id for _, i in used} | {i.known_then.driver_id for _, i in used if i.known_then}
    paths = resolve(
        [world.levers[i] for i in sorted(needed)], world.region.region_id, scenario, years, world.as_of_year
    )
    return tuple(
        scenario.model_copy(
            update={
                "settings": (
                    *scenario.settings,
                    *(_setting(one, paths, partial(_drawn, row, 1 + k), world) for k, one in used),
                )
            }
        )
        for row in shares
    )


def used_inputs(
    scenario: Scenario, inputs: Sequence[UncertainInput], policies: Sequence[str] = ()
) -> list[tuple[int, UncertainInput]]:
    """The inputs that are drawn, with their places in `inputs`. INVALID_INPUT for a policy that is not one."""
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


def weather_years(region: Region, shares: FloatArray, chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """The weather year of each member from the first column of `draws`: chosen years alike, else as the data weigh."""
    if chosen:
        names, weights = tuple(chosen), (1.0,) * len(chosen)
    else:
        rows = region.table(WEATHER_TABLE).rows()
        names, weights = tuple(r["weather_year"] for r in rows), tuple(float(r["weight"]) for r in rows)
    numbers = tuple(float(i) for i in range(len(names)))
    return tuple(names[int(pick(float(u), numbers, weights))] for u in shares[:, 0])


def _drawn(row: FloatArray, column: int, distribution: Distribution) -> float:
    return distribution.quantile(float(row[column]))


def _setting(
    one: UncertainInput, paths: LeverPaths, draw: Callable[[Distribution], float], world: World
) -> LeverSetting:
    lever = world.levers[one.lever_id]
    path = drawn_path(one, lever, paths, draw, world.as_of_year)
    if lever.kind is LeverKind.CONSTANT:
        return LeverSetting(lever_id=one.lever_id, values=(float(path[0]),))
    later = [k for k, y in enumerate(paths.years) if y > last_known_year(lever, world.as_of_year)]
    return LeverSetting(
        lever_id=one.lever_id,
        years=tuple(paths.years[k] for k in later),
        values=tuple(float(path[k]) for k in later),
    )
