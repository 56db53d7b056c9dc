"""How a task is spread over the years: parts of the way done by the end of each year, 0 to 1."""

from collections.abc import Sequence

from services.common.words import Label

NO_RATE = Label("基期为零，改用线性", "no rate from a base of 0: linear")
NO_SHAPE = Label("自身预测非单调，改用线性", "its own projection does not move one way: linear")


def equal_rate_fall(done: float, whole: float, years: int) -> tuple[float, ...]:
    """Falls since the base (shares of 1) at the ends of the years, at one yearly rate from what is done."""
    left = (1 - whole) / (1 - done)
    return tuple(1 - (1 - done) * left ** (k / years) for k in range(1, years + 1))


def yearly_rate(fall: float, years: int) -> float:
    """The equal yearly rate of a fall over years: 1 - (1 - f) ** (1 / n), shares of 1."""
    return float(1 - (1 - fall) ** (1 / years))


def equal_rate_level(start: float, end: float, years: int) -> tuple[float, ...]:
    """Parts of the way from one level to another at one yearly rate; empty when there is no rate."""
    if start <= 0 or end <= 0 or start == end:
        return ()
    ratio = end / start
    return tuple((ratio ** (k / years) - 1) / (ratio - 1) for k in range(1, years + 1))


def parts(profile: str, years: int, power: float) -> tuple[float, ...]:
    """Parts of the way: linear, front 1 - (1 - k/n) ** p, back (k/n) ** p."""
    steps = [k / years for k in range(1, years + 1)]
    if profile == "front":
        return tuple(1 - (1 - s) ** power for s in steps)
    if profile == "back":
        return tuple(s**power for s in steps)
    return tuple(steps)


def own_parts(path: Sequence[float]) -> tuple[float, ...]:
    """A city's own projected shape, scaled to end at 1; empty when it does not move one way.

    path holds the value at the done year and at the end of each year after it.
    """
    way = path[-1] - path[0] if path else 0.0
    if not way:
        return ()
    found = tuple((v - path[0]) / way for v in path[1:])
    rises = all(b >= a for a, b in zip((0.0, *found), found, strict=False))
    return (*found[:-1], 1.0) if rises else ()
