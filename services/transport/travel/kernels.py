"""Kernel of travel that follows its causes with time."""

from numba import njit


@njit(nogil=True, cache=True)
def follow(cause, step, felt):
    """What is felt of a cause, [n, y] both: felt[y] = felt[y-1] + step (cause[y-1] - felt[y-1]), at first the cause."""
    count, years = cause.shape
    for n in range(count):
        level = cause[n, 0]
        felt[n, 0] = level
        for y in range(1, years):
            level = level + step * (cause[n, y - 1] - level)
            felt[n, y] = level
