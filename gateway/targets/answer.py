"""Stage targets: every policy target of the region and its cities, answered; none is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from gateway.account_settings import PeakRules, peak_rules
from gateway.carbon_peak import neutral_index, peak_index, span_near_top, steady_fall_index
from gateway.results import CityVerdict, MetricSeries, Projection, TargetResult, Verdict
from gateway.targets.data import Form, Reading, Target, read_targets
from gateway.targets.forms import (
    FROM_BASE,
    Ask,
    Judgement,
    NoBaseValueError,
    Values,
    compared_quantity,
    judge,
)
from services.common.arrays import FloatArray
from services.common.regions import Region

_EVENTS = (Form.PEAK_YEAR, Form.PEAK_THEN_FALL, Form.NEUTRAL_YEAR)
_GOOD = (Verdict.MET, Verdict.ALREADY_MET, Verdict.ON_TRACK)


@dataclass(frozen=True)
class _World:
    """What targets are held against: metrics and observations of one projection."""

    region: Region
    years: tuple[int, ...]
    metrics: Mapping[str, MetricSeries]
    rules: PeakRules


def evaluate_targets(region: Region, projection: Projection) -> tuple[TargetResult, ...]:
    """Answer every target of regions/<region>/targets.yaml, in its order."""
    return answer_targets(region, projection.years, projection.metrics)


def answer_targets(
    region: Region, years: tuple[int, ...], metrics: Sequence[MetricSeries]
) -> tuple[TargetResult, ...]:
    """Answer every target of the region from metrics over `years` (which start in 2020) and observations."""
    world = _World(region, years, {m.metric.metric_id: m for m in metrics}, peak_rules(region))
    return tuple(_answer(world, t) for t in read_targets(region.region_id).targets)


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
        return Judgement(Verdict.CANNOT_COMPUTE, reason=f"DEFERRED:{target.deferred_to}"), ()
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
        if (other.verdict in _GOOD) != (main.verdict in _GOOD):
            value = "" if other.value is None else f"={other.value:.6g}"
            differ.append(f"depends_on_reading:{reading.name or reading.metric_id}{value}")
    flags = (*main.flags, *differ)
    if differ and target.must_agree:
        return Judgement(Verdict.CANNOT_COMPUTE, reason="AMBIGUOUS_UNIT", flags=flags)
    return replace(main, flags=flags)


def _by_reading(world: _World, target: Target, reading: Reading | None, place: str) -> Judgement:
    projected, missing = _projected(world, reading, place)
    if target.form in _EVENTS:
        return _event(world, target, projected) if projected else _cannot(missing)
    observed = _observed(world, target, place)
    if not projected and not observed:
        return _cannot(missing)
    assert target.number is not None
    form = Form.LEVEL if target.compared else target.form
    ask = Ask(
        target.number,
        target.compare,
        target.sign,
        target.year,
        target.tolerance,
        target.path,
        target.start_year,
        target.form,
    )
    base = target.start_year if form in FROM_BASE else None
    own_base = projected.get(base) if base else None
    seen_base = observed.get(base) if base else None
    try:
        found = judge(
            ask,
            compared_quantity(form, target.start_year, observed, seen_base or own_base),
            compared_quantity(form, target.start_year, projected, own_base or seen_base),
        )
    except NoBaseValueError:
        return _cannot("NO_BASE_VALUE")
    if found.verdict is Verdict.CANNOT_COMPUTE:
        return replace(found, reason="OUT_OF_SPAN" if projected else missing)
    return found


def _cannot(reason: str) -> Judgement:
    return Judgement(Verdict.CANNOT_COMPUTE, reason=reason or "NO_METRIC")


def _projected(world: _World, reading: Reading | None, place: str) -> tuple[Values, str]:
    """The model's values in the target's unit, or none with the reason."""
    if reading is None or reading.metric_id not in world.metrics:
        return {}, "NO_METRIC"
    series = world.metrics[reading.metric_id]
    values: FloatArray
    if place in world.region.city_ids:
        if not series.place_values.size:
            return {}, "NO_CITY_DATA"
        values = series.place_values[world.region.city_ids.index(place)]
    else:
        values = series.region_values
    if not np.isfinite(values).all():
        return {}, "NOT_FINITE"
    return {y: float(v) * reading.scale for y, v in zip(world.years, values, strict=True)}, ""


def _observed(world: _World, target: Target, place: str) -> Values:
    """Observations in the target's unit."""
    spec = target.observed
    if spec is None:
        return {}
    city = place if place in world.region.city_ids else ""
    total = _sum_observed(world.region, spec.ids, city)
    if spec.over:
        below = _sum_observed(world.region, spec.over, city)
        total = {y: v / below[y] for y, v in total.items() if below.get(y)}
    return {y: v * spec.factor for y, v in total.items() if isfinite(v)}


def _sum_observed(region: Region, ids: Sequence[str], city: str) -> Values:
    """Sum of observations in the years in which all of them are known."""
    parts = [region.observed(i, city) for i in ids]
    years = set.intersection(*(set(p) for p in parts))
    return {y: sum(p[y] for p in parts) for y in sorted(years)}


def _each_city(
    world: _World, target: Target, reading: Reading | None
) -> tuple[Judgement, tuple[CityVerdict, ...]]:
    """Met only when every listed city is good; the margin is the worst city's."""
    judged = {c: _by_reading(world, target, reading, c) for c in target.cities}
    known = {c: j for c, j in judged.items() if j.value is not None and j.margin is not None}
    cities = tuple(
        CityVerdict(c, float(j.value or 0.0), float(j.margin or 0.0), j.verdict in _GOOD)
        for c, j in known.items()
    )
    without = [c for c in target.cities if c not in known]
    if without:
        reason = next(iter(judged[c].reason for c in without)) or "NO_METRIC"
        if known:
            reason = f"NO_CITY_DATA:{','.join(without)}"
        return Judgement(Verdict.CANNOT_COMPUTE, reason=reason), cities
    worst = min(cities, key=lambda c: (c.margin, c.place))
    flags = (f"cities_good_{sum(c.good for c in cities)}_of_{len(cities)}", f"worst_city:{worst.place}")
    order = (Verdict.MISSED, Verdict.BEHIND, Verdict.MET, Verdict.ON_TRACK, Verdict.ALREADY_MET)
    verdict = min((j.verdict for j in known.values()), key=order.index)
    basis = judged[worst.place].basis
    return Judgement(verdict, basis, worst.value, worst.margin, flags=flags), cities


def _event(world: _World, target: Target, projected: Values) -> Judgement:
    """A year in which something happens: the carbon peak, the fall after it, neutrality."""
    assert target.number is not None
    series = np.array([projected[y] for y in world.years])
    if world.years[-1] < target.year:
        return _cannot("OUT_OF_SPAN")
    flags: list[str] = []
    year = _event_year(world, target, series, flags)
    if year is None:
        return Judgement(Verdict.MISSED, "projected", flags=tuple(flags))
    ask = Ask(target.number, target.compare, target.sign, target.year)
    if ask.compare == "before" and year == target.number:
        flags.append("boundary_year_ambiguous")
    verdict = Verdict.MET if ask.good(year) else Verdict.MISSED
    return Judgement(verdict, "projected", float(year), ask.margin(year), flags=tuple(flags))


def _event_year(world: _World, target: Target, series: FloatArray, flags: list[str]) -> int | None:
    """The year of the event, with remarks; None when it does not happen within the span."""
    if target.form is Form.NEUTRAL_YEAR:
        at = neutral_index(series)
        if at is None:
            flags.append("not_neutral_in_span")
        return None if at is None else world.years[at]
    peak = peak_index(series)
    if peak == series.size - 1:
        flags.append("no_peak_in_span")
        return None
    _, last = span_near_top(series, peak, world.rules.plateau_share)
    if last == series.size - 1:
        flags.append("plateau_to_last_year")
    elif world.years[last] > target.year:
        flags.append(f"plateau_until_{world.years[last]}")
    if target.form is Form.PEAK_YEAR:
        return world.years[peak]
    fall = steady_fall_index(series, peak, world.rules.run_count)
    if fall is None:
        flags.append("no_steady_fall_in_span")
        return None
    flags.append(f"carbon_peak_{world.years[peak]}")
    return world.years[fall]
