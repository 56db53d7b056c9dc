"""Co-control effect of a measure: how CO2 and pollution fall together (Mao and colleagues, from 2011 on).

Pollutants are added as pollution equivalents, sum of kg over the kilograms of one equivalent. x is CO2 avoided and y is
pollution avoided, both over the base; Els = y / x.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.synergy.results import CoControl, PollutantEffect, PollutantRule, SynergyQuadrant
from services.common.words import Label

_KG_PER_T = 1000.0


@dataclass(frozen=True)
class Emission:
    """CO2 and pollutants of a place in a year, t; pollutants by metric id."""

    tco2: float
    pollutants_t: Mapping[str, float]


def equivalents(emission_t: Mapping[str, float], rules: Sequence[PollutantRule]) -> float:
    """Pollution equivalents of emissions; pollutants without a weight are left out."""
    return math.fsum(
        _KG_PER_T * emission_t[r.metric_id] / r.kg_per_equivalent
        for r in rules
        if r.kg_per_equivalent and r.metric_id in emission_t
    )


def co_control(
    measure_id: str,
    label: Label,
    place: str,
    before: Emission,
    after: Emission,
    rules: Sequence[PollutantRule],
    effect_share_min: float,
) -> CoControl:
    """The effect of a measure; its rank is given by `with_ranks`."""
    x = share(before.tco2 - after.tco2, before.tco2)
    known = [r for r in rules if r.metric_id in before.pollutants_t]
    base = equivalents(before.pollutants_t, known)
    avoided = base - equivalents(after.pollutants_t, known)
    y = share(avoided, base)
    has_effect = abs(x) >= effect_share_min
    pollutants = []
    for rule in known:
        old, new = before.pollutants_t[rule.metric_id], after.pollutants_t[rule.metric_id]
        part = share(old - new, old)
        pollutants.append(PollutantEffect(rule.metric_id, old - new, part, part / x if has_effect else None))
    return CoControl(
        measure_id=measure_id,
        label=label,
        place=place,
        avoided_tco2=before.tco2 - after.tco2,
        avoided_co2_share=x,
        avoided_equivalents=avoided,
        avoided_pollution_share=y,
        quadrant=quadrant(x, y),
        size_share=math.hypot(x, y),
        angle_deg=math.degrees(math.atan2(y, x)),
        elasticity_ratio=y / x if has_effect else None,
        rank_score_share=rank_score(x, y),
        rank=0,
        pollutants=tuple(pollutants),
    )


def share(avoided: float, base: float) -> float:
    """Avoided over the base; 0 where the base has none."""
    return avoided / base if base else 0.0


def quadrant(x: float, y: float) -> SynergyQuadrant:
    """The quadrant of (CO2 avoided, pollution avoided); on an axis it has none."""
    if x == 0 or y == 0:
        return SynergyQuadrant.UNSPECIFIED
    if x > 0:
        return SynergyQuadrant.BOTH_FALL if y > 0 else SynergyQuadrant.POLLUTION_RISES
    return SynergyQuadrant.CO2_RISES if y > 0 else SynergyQuadrant.BOTH_RISE


def rank_score(x: float, y: float) -> float:
    """Harmonic mean of the two shares when both are above 0, else 0: for ranking only."""
    return 2 * x * y / (x + y) if x > 0 and y > 0 else 0.0


def with_ranks(effects: Sequence[CoControl]) -> tuple[CoControl, ...]:
    """Effects of one place with their rank from 1; ties by measure id."""
    order = sorted(range(len(effects)), key=lambda i: (-effects[i].rank_score_share, effects[i].measure_id))
    ranks = {i: n for n, i in enumerate(order, 1)}
    return tuple(replace(e, rank=ranks[i]) for i, e in enumerate(effects))
