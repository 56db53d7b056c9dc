"""Limits of a generator's output by step."""

from collections.abc import Callable

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.words import Generator


def available_mw(g: Generator, get: Callable[[str], FloatArray | None]) -> FloatArray:
    """Available output, MW, [1] or [n]."""
    share = 1.0 if g.availability_share is None else g.availability_share
    series = get(g.availability_series) if g.availability_series else None
    factor = np.ones(1) if series is None else series
    return np.asarray(g.capacity_mw * share * factor)


def minimum_mw(g: Generator, get: Callable[[str], FloatArray | None]) -> FloatArray:
    """Output that must run, MW, [1] or [n]."""
    series = get(g.minimum_series) if g.minimum_series else None
    return np.asarray(g.minimum_mw + (np.zeros(1) if series is None else series))


def least_mw(g: Generator, get: Callable[[str], FloatArray | None], steps: int, hours: float) -> FloatArray:
    """Least output [n] that keeps what must run and, where there is one, the limit on ramps."""
    low = np.broadcast_to(minimum_mw(g, get), steps)
    if g.ramp_mw_per_h is None or g.commitment is not None:
        return low
    climb = g.ramp_mw_per_h * hours * np.arange(steps)
    down = np.maximum.accumulate(low + climb) - climb
    up = (np.maximum.accumulate((low - climb)[::-1])[::-1]) + climb
    return np.asarray(np.maximum(low, np.maximum(down, up)))
