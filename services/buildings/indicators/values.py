"""Values of the metrics asked for, from the recipes of the groups: what nobody asks for is not made."""

from collections.abc import Iterable, Sequence

import numpy as np

from services.buildings.indicators import composition, costs, energy, intensity, rooftop, stock
from services.buildings.project import Projection
from services.common.arrays import FloatArray

Values = dict[str, FloatArray]


def metric_values(p: Projection, names: Sequence[str]) -> tuple[Values, Values]:
    """Values of the region, [y], and of the cities where they exist, [p, y], by name; years from the base year.

    Those of metrics that others are compared with may come besides.
    """
    # Checks hold other metrics of the region against measured use.
    checked = not intensity.CHECK_NAMES.isdisjoint(names)
    asked = dict.fromkeys((*names, *intensity.compared(p)) if checked else names)
    sums = stock.sums(p) | rooftop.sums(p) | energy.sums(p) | costs.sums(p) | composition.sums(p)
    places = {name: sums[name]() for name in asked if name in sums}

    def found(name: str) -> FloatArray:
        return places[name] if name in places else sums[name]()

    shares = stock.shares(p) | rooftop.shares(p) | energy.shares(p, found) | intensity.shares(p)
    pairs = {name: shares[name]() for name in asked if name in shares}
    region: Values = {}
    if places:
        region |= zip(places, _one_above_the_other(places.values()).sum(axis=1), strict=True)
    if pairs:
        parts, wholes = (_one_above_the_other(side) for side in zip(*pairs.values(), strict=True))
        places |= zip(pairs, _share(parts, wholes), strict=True)
        region |= zip(pairs, _share(parts.sum(axis=1), wholes.sum(axis=1)), strict=True)
    alone = stock.of_region(p) | energy.of_region(p)
    region |= {name: alone[name]() for name in asked if name in alone}
    if checked:
        region |= intensity.residuals(p, region)
    return region, places


def _one_above_the_other(values: Iterable[FloatArray]) -> FloatArray:
    """Values [p, y] as one array [k, p, y]."""
    return np.array(tuple(values))


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
