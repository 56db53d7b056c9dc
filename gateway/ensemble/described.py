"""The uncertain inputs of a region, told for a page: what is drawn, between which bounds, and where that is from."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.ensemble.distributions import Distribution
from gateway.ensemble.words import UncertainInput
from services.common.words import Label, Provenance


@dataclass(frozen=True)
class DescribedDistribution:
    """What is drawn for one year, in the lever's unit (level, shift) or as a factor (scale, odds)."""

    year: int
    kind: str
    low: float
    middle: float
    high: float
    spread: float
    values: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class DescribedInput:
    """One uncertain input with its source. `group`: those of one group are drawn together, pair by pair."""

    input_id: str
    axis: str
    lever_id: str
    label: Label
    change: str
    distributions: tuple[DescribedDistribution, ...]
    group: str
    group_correlation: float
    provenance: Provenance


def described(inputs: Iterable[UncertainInput]) -> tuple[DescribedInput, ...]:
    """Inputs as a page shows them, in their order. A parameter is drawn always, a policy when it is named."""
    return tuple(
        DescribedInput(
            i.input_id,
            i.axis,
            i.lever_id,
            i.label,
            i.mode,
            tuple(_told(year, d) for year, d in i.anchors),
            i.group,
            i.group_correlation,
            i.provenance,
        )
        for i in inputs
    )


def _told(year: int, one: Distribution) -> DescribedDistribution:
    is_discrete = one.kind == "discrete"
    return DescribedDistribution(
        year,
        one.kind,
        one.lowest,
        one.lowest if is_discrete else one.middle,
        one.highest,
        one.spread,
        one.values,
        one.weights,
    )
