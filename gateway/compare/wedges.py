"""Wedges: contributions of each year stacked between two curves, what raises above the zero line, what lowers below."""

import numpy as np

from services.common.arrays import FloatArray


def stacked(contributions: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Low and high edge of each player's wedge in each year, both [player, year]; contributions [player, year].

    High less low is the size of the contribution. Contributions above 0 stack upwards from the zero line in the order
    given, those below 0 downwards; one that changes sign changes side.
    """
    up, down = np.maximum(contributions, 0.0), np.minimum(contributions, 0.0)
    high_up, low_down = np.cumsum(up, axis=0), np.cumsum(down, axis=0)
    rises = contributions >= 0
    low = np.where(rises, high_up - up, low_down)
    high = np.where(rises, high_up, low_down - down)
    return low, high
