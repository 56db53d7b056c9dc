"""Interval propagation: targets as half-lines on metrics, tightened by identities until nothing changes.

A variable is (metric, place, year). Each bound knows the targets that cut it, so that an empty interval names them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

Variable = tuple[str, str, int]


@dataclass(frozen=True)
class Bound:
    """A bound of an interval and the targets that cut it (none: the metric's own domain)."""

    value: float
    cut_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Interval:
    """Values that a variable may take."""

    low: Bound
    high: Bound

    def empty(self, tolerance: float) -> bool:
        """True when no value is left, rounding apart."""
        return self.low.value - self.high.value > tolerance * max(1.0, abs(self.low.value))


@dataclass(frozen=True)
class Identity:
    """Sum of coefficient x variable equals, or is at most, a constant."""

    name: str
    terms: Mapping[Variable, float]
    constant: float
    equal: bool


def tighten(
    intervals: Mapping[Variable, Interval],
    identities: Sequence[Identity],
    rounds: int,
    smallest: float,
) -> dict[Variable, Interval]:
    """The intervals after propagation, to the fixed point or until `rounds` are over.

    Variables of an identity without an interval are free. Tightening by less than the share `smallest` is rounding.
    """
    found = dict(intervals)
    for _ in range(rounds):
        changed = False
        for identity in identities:
            for signed in _directions(identity):
                changed |= _tighten_one(found, signed, smallest)
        if not changed:
            break
    return found


def _directions(identity: Identity) -> Iterable[Identity]:
    """An equality is two inequalities."""
    yield identity
    if identity.equal:
        turned = {v: -c for v, c in identity.terms.items()}
        yield Identity(identity.name, turned, -identity.constant, equal=True)


def _tighten_one(found: dict[Variable, Interval], identity: Identity, smallest: float) -> bool:
    """Tighten every variable of sum(c x) <= constant by the least that the others can be."""
    changed = False
    for variable, own in identity.terms.items():
        least = [_least(found, v, c) for v, c in identity.terms.items() if v != variable]
        if any(part.value == -inf for part in least):
            continue
        limit = (identity.constant - sum(part.value for part in least)) / own
        names = frozenset().union(*(part.cut_by for part in least))
        changed |= _cut(found, variable, Bound(limit, names), upper=own > 0, smallest=smallest)
    return changed


def _least(found: Mapping[Variable, Interval], variable: Variable, coefficient: float) -> Bound:
    interval = found.get(variable)
    if interval is None:
        return Bound(-inf)
    end = interval.low if coefficient > 0 else interval.high
    return Bound(coefficient * end.value, end.cut_by)


def _cut(
    found: dict[Variable, Interval], variable: Variable, bound: Bound, *, upper: bool, smallest: float
) -> bool:
    now = found.get(variable, Interval(Bound(-inf), Bound(inf)))
    old = now.high if upper else now.low
    gain = old.value - bound.value if upper else bound.value - old.value
    if not gain > smallest * max(1.0, abs(bound.value)):
        return False
    found[variable] = Interval(now.low, bound) if upper else Interval(bound, now.high)
    return True
