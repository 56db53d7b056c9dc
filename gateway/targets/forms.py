"""From a metric to a verdict: compared quantity, required path, and the order in which verdicts are tried.

Pure arithmetic on years and values; observed values outrank projected ones and are never spliced into them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from gateway.results import Verdict
from gateway.targets.data import STRICT, TOLERANT, Compare, Form, Path_

Values = Mapping[int, float]
Anchor = Literal["none", "level", "ratio"]

_NOISE = 1e-9
_VISIBLE_GAP = 1e-6
_PERCENT = 100.0
# Forms whose compared quantity is made from a start or base year.
FROM_BASE = (Form.FALL_FROM_BASE, Form.RISE_FROM_BASE, Form.GROWTH_PER_YEAR, Form.CUMULATIVE_FLOW)


@dataclass(frozen=True)
class Ask:
    """What is asked of a quantity: compare it with the number at the year, and along a path before it."""

    number: float
    compare: Compare
    sign: int
    year: int
    tolerance: float = 0.0
    path: Path_ = "linear"
    start_year: int | None = None
    form: Form = Form.LEVEL

    def margin(self, value: float) -> float:
        """Distance to the number in its unit; positive is good."""
        return self.sign * (value - self.number)

    @cached_property
    def strict(self) -> bool:
        """True when the number itself is not good."""
        return self.compare in STRICT

    @cached_property
    def least_margin(self) -> float:
        """The margin at which a value is good (strict: above which); noise of floating point never decides."""
        noise = _NOISE * max(1.0, abs(self.number))
        if self.strict:
            return noise
        return -(self.tolerance if self.compare in TOLERANT else 0.0) - noise

    @cached_property
    def digits(self) -> int:
        """Digits after the point of the number as printed."""
        return len(f"{self.number:.10g}".partition(".")[2])

    def good(self, value: float) -> bool:
        """True when the value is good."""
        margin = self.sign * (value - self.number)
        return margin > self.least_margin if self.strict else margin >= self.least_margin

    def tolerance_needed(self, value: float) -> float:
        """The tolerance at which the verdict would flip: what the value lacks, else 0."""
        return max(0.0, -self.margin(value))

    def only_by_rounding(self, value: float) -> bool:
        """True when rounding to the printed digits would change the verdict."""
        return self.good(round(value, self.digits)) != self.good(value)


@dataclass(frozen=True)
class Judgement:
    """A verdict with what it rests on."""

    verdict: Verdict
    basis: str = ""
    value: float | None = None
    margin: float | None = None
    met_since_year: int = 0
    reason: str = ""
    flags: tuple[str, ...] = field(default=())
    # Value that the path asks for in a year, and that year; 0 when there is no path.
    required_value: float | None = None
    required_year: int = 0
    # Seen less projected in the last common year.
    splice_gap: float | None = None
    splice_year: int = 0

    def told(self, *, flags: tuple[str, ...] | None = None, reason: str | None = None) -> "Judgement":
        """The same with other flags or another reason."""
        if flags is None and reason is None:
            return self
        return Judgement(
            self.verdict,
            self.basis,
            self.value,
            self.margin,
            self.met_since_year,
            self.reason if reason is None else reason,
            self.flags if flags is None else flags,
            self.required_value,
            self.required_year,
            self.splice_gap,
            self.splice_year,
        )


class _Found(NamedTuple):
    """The first part of a judgement."""

    verdict: Verdict
    basis: str = ""
    value: float | None = None
    margin: float | None = None
    met_since_year: int = 0
    reason: str = ""
    flags: tuple[str, ...] = ()


def cannot(reason: str) -> Judgement:
    """Cannot be computed, with the reason code."""
    return Judgement(Verdict.CANNOT_COMPUTE, reason=reason or "NO_METRIC")


class NoBaseValueError(Exception):
    """Neither an observation nor the model has the value of the base year."""


def compared_quantity(form: Form, start_year: int | None, values: Values, base: float | None) -> Values:
    """The quantity that is compared with the number, by year, out of the metric's values.

    A fall or rise is in per cent of the base value, a growth in per cent a year, a flow is summed from the start.
    Raises NoBaseValueError when the base value is missing or zero.
    """
    if form not in FROM_BASE:
        return values
    assert start_year is not None
    if form is Form.CUMULATIVE_FLOW:
        return _summed(start_year, values)
    if not values:
        return {}
    if not base:
        raise NoBaseValueError
    later = {t: v / base for t, v in values.items() if t > start_year}
    if form is Form.GROWTH_PER_YEAR:
        return {t: _PERCENT * (r ** (1 / (t - start_year)) - 1) for t, r in later.items()}
    sign = -1 if form is Form.FALL_FROM_BASE else 1
    return {start_year: 0.0} | {t: sign * _PERCENT * (r - 1) for t, r in later.items()}


def _summed(start_year: int, values: Values) -> Values:
    """Sums from the start for as long as every year is known."""
    found: dict[int, float] = {}
    total, year = 0.0, start_year
    while year in values:
        total += values[year]
        found[year] = total
        year += 1
    return found


def required(ask: Ask, year: int, start_value: float) -> float:
    """Value that the path asks for in a year between the start and the target's year."""
    start = ask.start_year
    assert start is not None
    span = ask.year - start
    part = (year - start) / span if span else 1.0
    if ask.form is Form.GROWTH_PER_YEAR or ask.path == "none":
        return ask.number
    if ask.path == "cumulative":
        return ask.number * (year - start + 1) / (span + 1)
    if ask.path == "geometric":
        if ask.form is Form.FALL_FROM_BASE:
            return float(_PERCENT * (1 - (1 - ask.number / _PERCENT) ** part))
        if ask.form is Form.RISE_FROM_BASE:
            return float(_PERCENT * ((1 + ask.number / _PERCENT) ** part - 1))
        return float(start_value * (ask.number / start_value) ** part)
    return start_value + (ask.number - start_value) * part


def judge(
    ask: Ask, observed: Values, projected: Values, now_year: int = 0, anchor: Anchor = "none"
) -> Judgement:
    """The verdict on compared quantities; observed values count where they exist.

    `now_year` is the year for which the required value is told when nothing has been observed; `anchor` shifts what
    is projected after the last common year by the gap in it.
    """
    seen = {t: v for t, v in observed.items() if t <= ask.year} if observed else observed
    year = max([t for t in seen if t in projected], default=0) if seen else 0
    gap = seen[year] - projected[year] if year else None
    shifted, flags = (projected, ()) if gap is None else anchored(projected, year, seen[year], anchor)
    found = _judged(ask, seen, shifted)
    needed, needed_year = _required_now(ask, seen, shifted, now_year)
    return Judgement(
        found.verdict,
        found.basis,
        found.value,
        found.margin,
        found.met_since_year,
        found.reason,
        (*found.flags, *_gap_flag(ask, year, gap), *flags),
        needed,
        needed_year,
        gap,
        year,
    )


def anchored(projected: Values, year: int, seen: float, anchor: Anchor) -> tuple[Values, tuple[str, ...]]:
    """The projection after a year shifted to the value seen in it: by the gap, or by the quotient."""
    own = projected[year]
    if anchor == "none":
        return projected, ()
    if anchor == "ratio" and (own == 0 or seen / own < 0):
        return projected, ("not_anchored:ratio",)
    if anchor == "ratio":
        return {t: v * seen / own if t > year else v for t, v in projected.items()}, (
            f"anchored_ratio_{year}:{seen / own:.6g}",
        )
    return {t: v + seen - own if t > year else v for t, v in projected.items()}, (
        f"anchored_level_{year}:{seen - own:+.4g}",
    )


def _judged(ask: Ask, seen: Values, projected: Values) -> "_Found":
    if ask.year in seen:
        return _judge_seen(ask, seen)
    if ask.year in projected:
        return _judge_projected(ask, seen, projected)
    if seen:
        return _judge_not_due(ask, seen)
    return _Found(Verdict.CANNOT_COMPUTE, reason="OUT_OF_SPAN" if projected else "NO_METRIC")


def _required_now(ask: Ask, seen: Values, projected: Values, now_year: int) -> tuple[float | None, int]:
    """What the path asks for in the last year seen, else in the present year; None where there is no path."""
    if ask.start_year is None or ask.path == "none":
        return None, 0
    later = [t for t in seen if t > ask.start_year]
    year = max(later) if later else min(now_year, ask.year)
    if year < ask.start_year or (ask.form is Form.GROWTH_PER_YEAR and year == ask.start_year):
        return None, 0
    start = 0.0 if ask.form in FROM_BASE else seen.get(ask.start_year, projected.get(ask.start_year))
    if start is None or (ask.path == "geometric" and ask.form not in FROM_BASE and start <= 0):
        return None, 0
    return required(ask, year, start), year


def _gap_flag(ask: Ask, year: int, gap: float | None) -> tuple[str, ...]:
    """The gap between what was seen and what is projected, when it can be seen; the series are never joined."""
    if gap is None or abs(gap) <= _VISIBLE_GAP * max(1.0, abs(ask.number)) or year >= ask.year:
        return ()
    return (f"splice_gap_{year}:{gap:+.4g}",)


def _judge_seen(ask: Ask, seen: Values) -> _Found:
    value = seen[ask.year]
    rounding = ("rounds_to_target",) if ask.only_by_rounding(value) else ()
    if not ask.good(value):
        return _Found(Verdict.MISSED, "observed", value, ask.margin(value), flags=rounding)
    since = _good_since(ask, seen, {})
    verdict = Verdict.ALREADY_MET if since and since < ask.year else Verdict.MET
    return _Found(verdict, "observed", value, ask.margin(value), since or ask.year, flags=rounding)


def _judge_projected(ask: Ask, seen: Values, projected: Values) -> _Found:
    value = projected[ask.year]
    margin = ask.margin(value)
    flags = ["rounds_to_target"] if ask.only_by_rounding(value) else []
    if not ask.good(value):
        flags += [f"was_met_in_{t}" for t in sorted(seen) if ask.good(seen[t])][:1]
        return _Found(Verdict.MISSED, "projected", value, margin, flags=tuple(flags))
    since = _good_since(ask, seen, projected)
    if since:
        return _Found(Verdict.ALREADY_MET, "observed", value, margin, since, flags=tuple(flags))
    ahead = _ahead_of_path(ask, seen)
    if ahead:
        return _Found(Verdict.ON_TRACK, "observed path and projection", value, margin, flags=tuple(flags))
    if ahead is False:
        flags.append("behind_path")
    first = _good_run(ask, projected)[-1]
    return _Found(Verdict.MET, "projected", value, margin, first, flags=tuple(flags))


def _judge_not_due(ask: Ask, seen: Values) -> _Found:
    """Observed only: ahead of the path or behind it; without a path the last value itself tells."""
    last = max(seen)
    ahead = _ahead_of_path(ask, seen)
    only_base = ask.form in FROM_BASE and last == ask.start_year
    flags = () if only_base else (f"last_observed_{last}:{seen[last]:.6g}",)
    if ahead is None:
        if not ask.good(seen[last]):
            return _Found(Verdict.CANNOT_COMPUTE, reason="NO_METRIC", flags=flags)
        ahead = True
    return _Found(Verdict.ON_TRACK if ahead else Verdict.BEHIND, "observed path", flags=flags)


def _good_since(ask: Ask, seen: Values, projected: Values) -> int:
    """First observed year from which every observed year, and every other year to the target's, is good; else 0."""
    if not seen:
        return 0
    known = {**projected, **seen}
    return min([t for t in _good_run(ask, known) if t in seen], default=0)


def _good_run(ask: Ask, values: Values) -> list[int]:
    """The last years up to the target's without a bad one, latest first."""
    run = []
    sign, number, least, strict = ask.sign, ask.number, ask.least_margin, ask.strict
    for year in sorted([t for t in values if t <= ask.year], reverse=True):
        # As `Ask.good`, which would be called thousands of times a projection.
        margin = sign * (values[year] - number)
        if not (margin > least if strict else margin >= least):
            break
        run.append(year)
    return run


def _ahead_of_path(ask: Ask, seen: Values) -> bool | None:
    """True when the last observation is at or ahead of the required path; None when there is no path yet."""
    if ask.start_year is None or not seen:
        return None
    last = max(seen)
    from_zero = ask.form in FROM_BASE
    if not from_zero and (ask.start_year not in seen or last <= ask.start_year):
        return None
    if from_zero and last < ask.start_year + (ask.form is not Form.CUMULATIVE_FLOW):
        return None
    needed = required(ask, last, 0.0 if from_zero else seen[ask.start_year])
    return ask.sign * (seen[last] - needed) >= -_NOISE * max(1.0, abs(ask.number))
