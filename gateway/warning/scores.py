"""How well warnings did: hits, misses, false alarms, Brier score and skill, reliability. Pure arithmetic.

Intervals come from a bootstrap over series, not over years: the years of one series hang together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from gateway.ensemble.statistics import percentile
from gateway.warning.results import BrierScore, ReliabilityBin, Score
from services.common.words import Label

_BINS = 5


@dataclass(frozen=True)
class Warned:
    """One warning given or not (None: no answer), and what came."""

    series: str
    warned: bool | None
    missed: bool


@dataclass(frozen=True)
class Counts:
    """Hits, misses, false alarms and correct negatives."""

    hit: int = 0
    miss: int = 0
    false_alarm: int = 0
    correct_negative: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.hit + other.hit,
            self.miss + other.miss,
            self.false_alarm + other.false_alarm,
            self.correct_negative + other.correct_negative,
        )

    @property
    def miss_rate(self) -> float | None:
        """Misses over all that were missed."""
        return _ratio(self.miss, self.hit + self.miss)

    @property
    def false_alarm_rate(self) -> float | None:
        """False alarms over all that were met."""
        return _ratio(self.false_alarm, self.false_alarm + self.correct_negative)

    @property
    def false_alarm_ratio(self) -> float | None:
        """False alarms over all warnings."""
        return _ratio(self.false_alarm, self.hit + self.false_alarm)


def score(
    way: str, label: Label, as_of_year: int, cases: Sequence[Warned], bootstrap_count: int, seed: int
) -> Score:
    """Counts and rates of one way to warn, with intervals from resampled series."""
    by_series = _by_series([c for c in cases if c.warned is not None])
    total = sum(by_series.values(), Counts())
    miss, alarm = _intervals(list(by_series.values()), bootstrap_count, seed)
    return Score(
        way=way,
        label=label,
        as_of_year=as_of_year,
        case_count=sum(c.warned is not None for c in cases),
        series_count=len(by_series),
        no_answer_count=sum(c.warned is None for c in cases),
        hit_count=total.hit,
        miss_count=total.miss,
        false_alarm_count=total.false_alarm,
        correct_negative_count=total.correct_negative,
        miss_rate=total.miss_rate,
        miss_rate_low=miss[0],
        miss_rate_high=miss[1],
        false_alarm_rate=total.false_alarm_rate,
        false_alarm_rate_low=alarm[0],
        false_alarm_rate_high=alarm[1],
        false_alarm_ratio=total.false_alarm_ratio,
    )


def brier_score(way: str, as_of_year: int, chances: Sequence[float], missed: Sequence[bool]) -> BrierScore:
    """Brier score of chances of missing; the reference always says the base rate. ValueError without cases."""
    if not chances or len(chances) != len(missed):
        raise ValueError("as many outcomes as chances are needed, at least one")
    count = len(chances)
    brier = fsum((p - y) ** 2 for p, y in zip(chances, missed, strict=True)) / count
    base = sum(missed) / count
    reference = base * (1 - base)
    skill = 1 - brier / reference if reference else None
    return BrierScore(way, as_of_year, count, brier, base, reference, skill)


def reliability(chances: Sequence[float], missed: Sequence[bool]) -> tuple[ReliabilityBin, ...]:
    """Five equal bins of the chance with how often the target was missed in each; 1 counts into the last."""
    found = []
    for k in range(_BINS):
        own = [i for i, p in enumerate(chances) if min(int(p * _BINS), _BINS - 1) == k]
        mean = fsum(chances[i] for i in own) / len(own) if own else None
        seen = sum(missed[i] for i in own) / len(own) if own else None
        found.append(ReliabilityBin(k / _BINS, (k + 1) / _BINS, len(own), mean, seen))
    return tuple(found)


def _by_series(cases: Sequence[Warned]) -> Mapping[str, Counts]:
    found: dict[str, Counts] = {}
    for case in cases:
        one = Counts(
            hit=int(bool(case.warned) and case.missed),
            miss=int(not case.warned and case.missed),
            false_alarm=int(bool(case.warned) and not case.missed),
            correct_negative=int(not case.warned and not case.missed),
        )
        found[case.series] = found.get(case.series, Counts()) + one
    return dict(sorted(found.items()))


Interval = tuple[float | None, float | None]


def _intervals(series: Sequence[Counts], bootstrap_count: int, seed: int) -> tuple[Interval, Interval]:
    """95 % of the miss rate and of the false-alarm rate; samples without a denominator are left out."""
    if not series:
        return (None, None), (None, None)
    picks = np.random.default_rng(seed).integers(len(series), size=(bootstrap_count, len(series)))
    table = np.array([(c.hit, c.miss, c.false_alarm, c.correct_negative) for c in series])
    hit, miss, alarm, negative = table[picks].sum(axis=1).T
    return _interval(miss, hit + miss), _interval(alarm, alarm + negative)


def _interval(above: "np.ndarray[tuple[int], np.dtype[np.int64]]", below: object) -> Interval:
    total = np.asarray(below)
    rates = (above[total > 0] / total[total > 0]).tolist()
    return (percentile(rates, 0.025), percentile(rates, 0.975)) if rates else (None, None)


def _ratio(above: int, below: int) -> float | None:
    return above / below if below else None
