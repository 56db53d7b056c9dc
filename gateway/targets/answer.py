"""Stage targets: every policy target of the region and its cities, answered; none is dropped.

Values come through a function of metric and place, so that a projection, a run at chosen years and a member of an
ensemble are judged by the same code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.account_settings import PeakRules, peak_rules
from gateway.results import CityVerdict, MetricSeries, Projection, TargetResult, Verdict
from gateway.targets.data import Form, Reading, Target, read_targets
from gateway.targets.events import EVENTS, judge_event
from gateway.targets.forms import (
    FROM_BASE,
    Ask,
    Judgement,
    NoBaseValueError,
    Values,
    cannot,
    compared_quantity,
    judge,
)
from gateway.targets.values import ValuesOf, observed_values, projected_values, values_of_metrics
from services.common.regions import Region

GOOD = (Verdict.MET, Verdict.ALREADY_MET, Verdict.ON_TRACK)


@dataclass(frozen=True)
class Compared:
    """What is asked of a target, and the value at its year in the document's unit, or the reason why there is none.

    For a target that holds for each city the value is that of the city with the smallest margin; for an event it is
    the year of the event.
    """

    ask: Ask
    value: float | None
    reason: str = ""
    place: str = ""

    @property
    def margin(self) -> float | None:
        """Distance to the number in the document's unit; positive is good."""
        return None if self.value is None else self.ask.margin(self.value)


@dataclass(frozen=True)
class _World:
    """What targets are held against."""

    region: Region
    values: ValuesOf
    rules: PeakRules
    observed: bool = True


def evaluate_targets(region: Region, projection: Projection) -> tuple[TargetResult, ...]:
    """Answer every target of regions/<region>/targets.yaml, in its order."""
    return answer_targets(region, projection.years, projection.metrics)


def answer_targets(
    region: Region, years: tuple[int, ...], metrics: Sequence[MetricSeries]
) -> tuple[TargetResult, ...]:
    """Answer every target of the region from metrics over `years` (which start in 2020) and observations."""
    world = _World(region, values_of_metrics(region, years, metrics), peak_rules(region))
    return tuple(_answer(world, t) for t in read_targets(region.region_id).targets)


def judgement_of(region: Region, target: Target, values: ValuesOf, *, observed: bool = True) -> Judgement:
    """The verdict on one target. Observations outrank the model unless `observed` is False."""
    return _judgement(_World(region, values, peak_rules(region), observed), target)[0]


def compared_of(region: Region, target: Target, values: ValuesOf, *, observed: bool = True) -> Compared:
    """The quantity that is compared at the target's year: flows summed, falls and growth against their base year."""
    found, cities = _judgement(_World(region, values, peak_rules(region), observed), target)
    worst = min(cities, key=lambda c: (c.margin, c.place)).place if cities else ""
    if found.value is not None:
        return Compared(ask_of(target), found.value, place=worst)
    flag = next((f for f in found.flags if f.endswith("_in_span")), "")
    return Compared(ask_of(target), None, found.reason or flag.upper() or "OUT_OF_SPAN")


def ask_of(target: Target) -> Ask:
    """What a target asks of the compared quantity; a target without a number asks for 0 and is never judged."""
    return Ask(
        0.0 if target.number is None else target.number,
        target.compare,
        target.sign,
        target.year,
        target.tolerance,
        target.path,
        target.start_year,
        target.form,
    )


def _answer(world: _World, target: Target) -> TargetResult:
    judgement, cities = _judgement(world, target)
    flags = list(judgement.flags)
    if target.year_assumed:
        flags.append("year_assumed")
    if target.start_assumed and (target.form in FROM_BASE or "path" in judgement.basis):
        flags.append("start_assumed")
    if target.strive:
        flags.append("strive")
    document = read_targets(world.region.region_id).documents[target.document]
    return TargetResult(
        target_id=target.id,
        label=target.label.label(),
        document=document.label.label(),
        section=target.section,
        place=target.place,
        sector=target.sector,
        form=target.form.value,
        compare=target.compare,
        asked=target.number,
        unit=target.unit,
        year=target.year,
        year_assumed=bool(target.year_assumed),
        metric_id=target.reading.metric_id if target.reading else "",
        verdict=judgement.verdict,
        basis=judgement.basis,
        value=judgement.value,
        margin=judgement.margin,
        tolerance=target.tolerance,
        met_since_year=judgement.met_since_year,
        reason=judgement.reason,
        flags=tuple(dict.fromkeys(flags)),
        cities=cities,
    )


def _judgement(world: _World, target: Target) -> tuple[Judgement, tuple[CityVerdict, ...]]:
    if target.number is None:
        return cannot(f"DEFERRED:{target.deferred_to}"), ()
    if target.form is Form.EACH_PROJECT:
        return Judgement(Verdict.TRACKED_ONLY, reason="EACH_PROJECT"), ()
    if target.form is Form.LEVEL_EACH_CITY:
        main, cities = _each_city(world, target, target.reading)
        return _with_other_readings(world, target, main), cities
    main = _by_reading(world, target, target.reading, target.value_place or target.place)
    if main.verdict is Verdict.CANNOT_COMPUTE:
        if target.scope == "track_only":
            return replace(main, verdict=Verdict.TRACKED_ONLY, reason="OUTSIDE_MODEL"), ()
        reason = target.unavailable or main.reason
        return replace(main, reason=reason), ()
    return _with_other_readings(world, target, main), ()


def _with_other_readings(world: _World, target: Target, main: Judgement) -> Judgement:
    """Flag readings of the same target that answer otherwise; refuse when they must agree."""
    if main.verdict is Verdict.CANNOT_COMPUTE:
        return main
    differ = []
    for reading in target.other_readings:
        if target.form is Form.LEVEL_EACH_CITY:
            other = _each_city(world, target, reading)[0]
        else:
            other = _by_reading(world, target, reading, target.value_place or target.place)
        if other.verdict is Verdict.CANNOT_COMPUTE:
            continue
        if (other.verdict in GOOD) != (main.verdict in GOOD):
            value = "" if other.value is None else f"={other.value:.6g}"
            differ.append(f"depends_on_reading:{reading.name or reading.metric_id}{value}")
    flags = (*main.flags, *differ)
    if differ and target.must_agree:
        return Judgement(Verdict.CANNOT_COMPUTE, reason="AMBIGUOUS_UNIT", flags=flags)
    return replace(main, flags=flags)


def _by_reading(world: _World, target: Target, reading: Reading | None, place: str) -> Judgement:
    projected, missing = projected_values(world.region, world.values, reading, place)
    if target.form in EVENTS:
        return judge_event(ask_of(target), target, projected, world.rules) if projected else cannot(missing)
    seen = observed_values(world.region, target.observed, place) if world.observed else {}
    if not projected and not seen:
        return cannot(missing)
    try:
        found = judge(ask_of(target), *_both_compared(target, seen, projected))
    except NoBaseValueError:
        return cannot("NO_BASE_VALUE")
    if found.verdict is Verdict.CANNOT_COMPUTE:
        return replace(found, reason="OUT_OF_SPAN" if projected else missing)
    return found


def _both_compared(target: Target, seen: Values, projected: Values) -> tuple[Values, Values]:
    """Observed and projected values as the compared quantity; a base year that one lacks is taken from the other."""
    form = Form.LEVEL if target.compared else target.form
    base = target.start_year if form in FROM_BASE else None
    own_base = projected.get(base) if base else None
    seen_base = seen.get(base) if base else None
    return (
        compared_quantity(form, target.start_year, seen, seen_base or own_base),
        compared_quantity(form, target.start_year, projected, own_base or seen_base),
    )


def _each_city(
    world: _World, target: Target, reading: Reading | None
) -> tuple[Judgement, tuple[CityVerdict, ...]]:
    """Met only when every listed city is good; the margin is the worst city's."""
    judged = {c: _by_reading(world, target, reading, c) for c in target.cities}
    known = {c: j for c, j in judged.items() if j.value is not None and j.margin is not None}
    cities = tuple(
        CityVerdict(c, float(j.value or 0.0), float(j.margin or 0.0), j.verdict in GOOD)
        for c, j in known.items()
    )
    without = [c for c in target.cities if c not in known]
    if without:
        reason = next(iter(judged[c].reason for c in without)) or "NO_METRIC"
        if known:
            reason = f"NO_CITY_DATA:{','.join(without)}"
        return cannot(reason), cities
    worst = min(cities, key=lambda c: (c.margin, c.place))
    flags = (f"cities_good_{sum(c.good for c in cities)}_of_{len(cities)}", f"worst_city:{worst.place}")
    order = (Verdict.MISSED, Verdict.BEHIND, Verdict.MET, Verdict.ON_TRACK, Verdict.ALREADY_MET)
    verdict = min((j.verdict for j in known.values()), key=order.index)
    basis = judged[worst.place].basis
    return Judgement(verdict, basis, worst.value, worst.margin, flags=flags), cities
