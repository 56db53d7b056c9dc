"""Targets that ask for the year of an event: the carbon peak, the steady fall after it, neutrality."""

from collections.abc import Mapping

import numpy as np

from gateway.account_settings import PeakRules
from gateway.carbon_peak import neutral_index, peak_index, span_near_top, steady_fall_index
from gateway.results import ValueSource, Verdict
from gateway.targets.data import Form, Target
from gateway.targets.forms import Ask, Judgement, cannot
from services.common.arrays import FloatArray

EVENTS = (Form.PEAK_YEAR, Form.PEAK_THEN_FALL, Form.NEUTRAL_YEAR)
AMBIGUOUS_YEAR = "boundary_year_ambiguous"


def judge_event(ask: Ask, target: Target, values: Mapping[int, float], rules: PeakRules) -> Judgement:
    """The verdict on a series of yearly values; every year from the first to the last must be there.

    "Before 2030" is read as 2029 or earlier; when 2030 itself would be good under "by 2030", that is flagged.
    """
    years = sorted(values)
    if not years or years[-1] < target.year:
        return cannot("OUT_OF_SPAN")
    if years[-1] - years[0] + 1 != len(years):
        return cannot("YEARS_MISSING")
    year, flags = _event_year(target, years, np.array([values[y] for y in years]), rules)
    if year is None:
        return Judgement(Verdict.MISSED, "projected", flags=tuple(flags))
    if ask.compare == "before" and year == ask.number:
        flags.append(AMBIGUOUS_YEAR)
    verdict = Verdict.MET if ask.good(year) else Verdict.MISSED
    return Judgement(verdict, "projected", float(year), ask.margin(year), flags=tuple(flags))


def _event_year(
    target: Target, years: list[int], series: FloatArray, rules: PeakRules
) -> tuple[int | None, list[str]]:
    """The year of the event, with remarks; None when it does not happen within the span."""
    if target.form is Form.NEUTRAL_YEAR:
        at = neutral_index(series)
        return (None, ["not_neutral_in_span"]) if at is None else (years[at], [])
    peak = peak_index(series)
    if peak == series.size - 1:
        return None, ["no_peak_in_span"]
    flags = _plateau(target.year, years, series, peak, rules.plateau_share)
    if target.form is Form.PEAK_YEAR:
        return years[peak], flags
    fall = steady_fall_index(series, peak, rules.run_count)
    if fall is None:
        return None, [*flags, "no_steady_fall_in_span"]
    return years[fall], [*flags, f"carbon_peak_{years[peak]}"]


def _plateau(asked: int, years: list[int], series: FloatArray, peak: int, share: float) -> list[str]:
    _, last = span_near_top(series, peak, share)
    if last == series.size - 1:
        return ["plateau_to_last_year"]
    return [f"plateau_until_{years[last]}"] if years[last] > asked else []


def entered_event(ask: Ask, seen: ValueSource, rules: PeakRules, form: Form) -> Judgement:
    """The verdict on an event's year that was entered; a carbon peak stays provisional until the falls are seen."""
    flags = []
    if form is not Form.NEUTRAL_YEAR and seen.year < seen.value + rules.run_count:
        flags.append("provisional")
    if ask.compare == "before" and seen.value == ask.number:
        flags.append(AMBIGUOUS_YEAR)
    verdict = Verdict.MET if ask.good(seen.value) else Verdict.MISSED
    return Judgement(verdict, "observed", seen.value, ask.margin(seen.value), flags=tuple(flags))
