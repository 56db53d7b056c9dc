"""The curve out of Shapley values, and the incremental order; pure arithmetic on (CO2, cost) of coalitions.

A ratio ranks measures with positive cost only: for measures that save money the larger saving would look worse the more
it abates (Taylor 2012; Ward 2014), so those come first as a block by what they save.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.abatement.results import OutsideCurve


@dataclass(frozen=True)
class Effect:
    """CO2 avoided and cost."""

    abatement_tco2: float
    cost_cny: float

    def height(self, floor_tco2: float) -> float | None:
        """CNY/t, or None when CO2 hardly moves."""
        if abs(self.abatement_tco2) <= floor_tco2:
            return None
        return self.cost_cny / self.abatement_tco2

    @property
    def no_regret(self) -> bool:
        """True when CO2 is avoided and money saved."""
        return self.abatement_tco2 > 0 > self.cost_cny


def outside_of(effect: Effect, package_tco2: float, share_min: float) -> OutsideCurve:
    """Whether a measure stands in the curve of a package."""
    if abs(effect.abatement_tco2) <= share_min * abs(package_tco2):
        return OutsideCurve.NO_EFFECT
    if effect.abatement_tco2 * package_tco2 < 0:
        return OutsideCurve.OPPOSITE_SIGN
    return OutsideCurve.UNSPECIFIED


def ranked(effects: Sequence[Effect], inside: Sequence[bool], ids: Sequence[str]) -> list[int]:
    """Numbers of the measures inside the curve, in its order: by saving, then by height; ties by id."""

    def key(i: int) -> tuple[int, float, str]:
        effect = effects[i]
        if effect.cost_cny < 0:
            return 0, effect.cost_cny, ids[i]
        return 1, effect.cost_cny / abs(effect.abatement_tco2), ids[i]

    return sorted((i for i in range(len(effects)) if inside[i]), key=key)


def next_of(effects: dict[int, Effect], floor_tco2: float, ids: Sequence[str]) -> int:
    """The measure that enters next, given what each would add now: largest saving, else lowest CNY/t, else by id."""

    def key(i: int) -> tuple[int, float, str]:
        effect = effects[i]
        if effect.abatement_tco2 <= floor_tco2:
            return 2, 0.0, ids[i]
        if effect.no_regret:
            return 0, effect.cost_cny, ids[i]
        return 1, effect.cost_cny / effect.abatement_tco2, ids[i]

    return min(effects, key=key)


def greedy_masks(taken: int, count: int) -> list[int]:
    """The coalitions that the next step of the incremental order reads."""
    return [taken | 1 << i for i in range(count) if not taken >> i & 1]


def greedy_step(
    taken: int, count: int, effect: Callable[[int, int], Effect], floor_tco2: float, ids: Sequence[str]
) -> tuple[int, Effect]:
    """The measure that enters next after the coalition `taken`, and what it adds."""
    effects = {i: effect(taken, taken | 1 << i) for i in range(count) if not taken >> i & 1}
    chosen = next_of(effects, floor_tco2, ids)
    return chosen, effects[chosen]
