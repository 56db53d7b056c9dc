"""From a target and a world to a verdict: readings, cities, events, and what nothing can answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.results import CityVerdict, ReadingVerdict, ValueSource, Verdict
from gateway.targets.data import Form, Reading, Target
from gateway.targets.entered import observed_sources, ranked
from gateway.targets.events import AMBIGUOUS_YEAR, EVENTS, entered_event, judge_event
from gateway.targets.forms import (
    FROM_BASE,
    Judgement,
    NoBaseValueError,
    Values,
    cannot,
    compared_quantity,
    judge,
)
from gateway.targets.values import observed_values, projected_values
from gateway.targets.world import World

GOOD = (Verdict.MET, Verdict.ALREADY_MET, Verdict.ON_TRACK)
_WORST_FIRST = (Verdict.MISSED, Verdict.BEHIND, Verdict.MET, Verdict.ON_TRACK, Verdict.ALREADY_MET)


@dataclass(frozen=True)
class Judged:
    """A verdict with everything held for it."""

    judgement: Judgement
    cities: tuple[CityVerdict, ...] = ()
    without: tuple[str, ...] = ()
    seen: tuple[ValueSource, ...] = ()
    source: ValueSource | None = None
    readings: tuple[ReadingVerdict, ...] = ()


def judged(world: World, target: Target) -> Judged:
    """The verdict on one target, in the order in which verdicts are tried."""
    if target.number is None:
        return Judged(cannot(f"DEFERRED:{target.deferred_to}"))
    if world.no_assumed_years and _rests_on_assumption(target):
        return Judged(cannot("NO_YEAR"))
    if target.form is Form.EACH_PROJECT:
        return _each_project(world, target)
    main = _one_reading(world, target, target.reading)
    if main.judgement.verdict is Verdict.CANNOT_COMPUTE:
        return _without_value(world, target, main)
    return _with_other_readings(world, target, main)


def _rests_on_assumption(target: Target) -> bool:
    return bool(target.year_assumed) or not target.year or (target.start_assumed and target.form in FROM_BASE)


def _without_value(world: World, target: Target, main: Judged) -> Judged:
    """No value for the main reading; what other readings say stands beside it."""
    others = (
        _reading_verdict(r.name or r.metric_id, r, _one_reading(world, target, r).judgement)
        for r in target.other_readings
    )
    readings = (*_main_reading(target, main), *others)
    entered = any(v.kind == "entered" for v in main.seen)
    if target.scope == "track_only" and not entered:
        tracked = replace(main.judgement, verdict=Verdict.TRACKED_ONLY, reason="OUTSIDE_MODEL")
        return replace(main, judgement=tracked, readings=readings)
    reason = main.judgement.reason if entered else target.unavailable or main.judgement.reason
    return replace(main, judgement=replace(main.judgement, reason=reason), readings=readings)


def _each_project(world: World, target: Target) -> Judged:
    """Holds for every project without end: what was entered (the worst grade of a year) is good, or it is missed."""
    held = ranked(world.entered(target, target.place))
    if not held:
        return Judged(Judgement(Verdict.TRACKED_ONLY, reason="EACH_PROJECT"))
    ask = world.ask(target)
    bad = [y for y, one in held.items() if not ask.good(one.value)]
    last = held[bad[0] if bad else max(held)]
    found = Judgement(
        Verdict.MISSED if bad else Verdict.ON_TRACK, "observed", last.value, ask.margin(last.value)
    )
    source = replace(last, counts=True)
    return Judged(found, seen=_marked(world.entered(target, target.place), held), source=source)


def _one_reading(world: World, target: Target, reading: Reading | None) -> Judged:
    if target.form is Form.LEVEL_EACH_CITY:
        return _each_city(world, target, reading)
    return _by_reading(world, target, reading, target.value_place or target.place)


def _with_other_readings(world: World, target: Target, main: Judged) -> Judged:
    """Flag readings of the same target that answer otherwise; refuse when they must agree."""
    own, differ = main.judgement, []
    found = [*_main_reading(target, main)]
    for reading in target.other_readings:
        other = _one_reading(world, target, reading).judgement
        found.append(_reading_verdict(reading.name or reading.metric_id, reading, other))
        if other.verdict is Verdict.CANNOT_COMPUTE or (other.verdict in GOOD) == (own.verdict in GOOD):
            continue
        value = "" if other.value is None else f"={other.value:.6g}"
        differ.append(f"depends_on_reading:{reading.name or reading.metric_id}{value}")
    found += _year_itself(world, target, main)
    flags = (*own.flags, *differ)
    if differ and target.must_agree:
        own = Judgement(Verdict.CANNOT_COMPUTE, reason="AMBIGUOUS_UNIT", flags=flags)
        return replace(main, judgement=own, source=None, readings=tuple(found))
    return replace(main, judgement=replace(own, flags=flags), readings=tuple(found))


def _main_reading(target: Target, main: Judged) -> tuple[ReadingVerdict, ...]:
    name = target.reading.name if target.reading else ""
    return (replace(_reading_verdict(name or "main", target.reading, main.judgement), main=True),)


def _reading_verdict(name: str, reading: Reading | None, found: Judgement) -> ReadingVerdict:
    metric_id = reading.metric_id if reading else ""
    return ReadingVerdict(name, metric_id, found.verdict, found.value, found.margin, found.reason, main=False)


def _year_itself(world: World, target: Target, main: Judged) -> list[ReadingVerdict]:
    """ "Before" a year read the other way: the year itself still counts."""
    if target.form not in EVENTS or target.compare != "before":
        return []
    loose = replace(world.ask(target), compare="at_most")
    own = main.judgement
    if own.value is not None:
        verdict = Verdict.MET if loose.good(own.value) else Verdict.MISSED
        own = Judgement(verdict, own.basis, own.value, loose.margin(own.value))
    return [_reading_verdict(f"by_{target.year}", target.reading, own)]


def _by_reading(world: World, target: Target, reading: Reading | None, place: str) -> Judged:
    projected, missing = projected_values(world.region, world.values, reading, place)
    entered = world.entered(target, place)
    if target.form in EVENTS:
        return _event(world, target, projected, missing, entered)
    raw = observed_values(world.region, target.observed, place) if world.observed else {}
    if not projected and not raw and not entered:
        return Judged(cannot(missing))
    try:
        compared = _both_compared(target, raw, projected)
    except NoBaseValueError:
        if not entered:
            return Judged(cannot("NO_BASE_VALUE"))
        compared = {}, {}
    held = (*observed_sources(world.region, target, place, compared[0]), *entered)
    best = ranked(held)
    seen = {y: one.value for y, one in best.items()}
    ask, flags = world.ask(target), _differences(best, held)
    if ask.start_year is None and entered and len(seen) > 1:
        ask = replace(ask, start_year=min(seen))
        flags = (*flags, f"path_from_first_value_{min(seen)}")
    found = judge(ask, seen, compared[1], world.now_year, world.anchor)
    if found.verdict is Verdict.CANNOT_COMPUTE:
        reason = "OUT_OF_SPAN" if projected else "NO_START" if entered else missing
        found = replace(found, reason=reason)
    source = _deciding(target, found, best, reading)
    if source is not None and source.status == "estimate":
        flags = (*flags, f"rests_on_estimate_{source.year}")
    return Judged(replace(found, flags=(*found.flags, *flags)), seen=_marked(held, best), source=source)


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


def _event(
    world: World, target: Target, projected: Values, missing: str, entered: tuple[ValueSource, ...]
) -> Judged:
    best = ranked(entered)
    if best:
        last = replace(best[max(best)], counts=True)
        flags = _differences(best, entered)
        found = entered_event(world.ask(target), last, world.rules, target.form)
        return Judged(replace(found, flags=(*found.flags, *flags)), seen=_marked(entered, best), source=last)
    if not projected:
        return Judged(cannot(missing))
    found = judge_event(world.ask(target), target, projected, world.rules)
    return Judged(found, source=_deciding(target, found, {}, target.reading))


def _deciding(
    target: Target, found: Judgement, best: Mapping[int, ValueSource], reading: Reading | None
) -> ValueSource | None:
    """The value that decides: seen at the target's year, else the model's there, else the last value seen."""
    if target.year in best:
        return replace(best[target.year], counts=True)
    if found.value is not None and reading is not None:
        return ValueSource(
            "model", "", target.year, found.value, "model", reading.metric_id, "", "", "", "", counts=True
        )
    known = [y for y in best if y <= target.year]
    return replace(best[max(known)], counts=True) if known else None


def _marked(held: tuple[ValueSource, ...], best: Mapping[int, ValueSource]) -> tuple[ValueSource, ...]:
    ordered = sorted(held, key=lambda v: v.year)
    return tuple(replace(v, counts=best.get(v.year) is v) for v in ordered)


def _differences(best: Mapping[int, ValueSource], held: tuple[ValueSource, ...]) -> tuple[str, ...]:
    """Values that were entered or observed beside the one that counts, and differ from it."""
    return tuple(
        f"also_{v.status}_{v.year}:{v.value:.6g}"
        for v in sorted(held, key=lambda v: v.year)
        if v.year in best and v is not best[v.year] and v.value != best[v.year].value
    )


def _each_city(world: World, target: Target, reading: Reading | None) -> Judged:
    """Met only when every listed city is good; the margin is the worst city's."""
    found = {c: _by_reading(world, target, reading, c) for c in target.cities}
    seen = tuple(v for one in found.values() for v in one.seen)
    cities = tuple(_city_verdict(world, target, c, j) for c, j in found.items() if j.source is not None)
    cities = tuple(c for c in cities if c.verdict is not Verdict.CANNOT_COMPUTE)
    known = {c.place for c in cities}
    without = tuple(c for c in target.cities if c not in known)
    if without:
        reason = f"NO_CITY_DATA:{','.join(without)}" if known else found[without[0]].judgement.reason
        return Judged(cannot(reason or "NO_METRIC"), cities, without, seen)
    worst = min(cities, key=lambda c: (c.margin, c.place))
    flags = (f"cities_good_{sum(c.good for c in cities)}_of_{len(cities)}", f"worst_city:{worst.place}")
    verdict = min((c.verdict for c in cities), key=_WORST_FIRST.index)
    own = found[worst.place].judgement
    total = replace(own, verdict=verdict, flags=flags, met_since_year=0)
    return Judged(total, cities, (), seen, found[worst.place].source)


def _city_verdict(world: World, target: Target, city: str, one: Judged) -> CityVerdict:
    assert one.source is not None
    own = one.judgement
    value = one.source.value if own.value is None else own.value
    margin = world.ask(target).margin(value)
    return CityVerdict(city, value, margin, own.verdict in GOOD, own.verdict, one.source.kind)


__all__ = ["AMBIGUOUS_YEAR", "GOOD", "Judged", "judged"]
