"""From a target and a world to a verdict: readings, cities, events, and what nothing can answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.results import CityVerdict, ReadingVerdict, ValueSource, Verdict
from gateway.targets.data import Form, Reading, Target
from gateway.targets.entered import ranked
from gateway.targets.events import AMBIGUOUS_YEAR, EVENTS, entered_event, judge_event
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
from gateway.targets.grounds import (
    Grounds,
    Seen,
    base_year,
    differences,
    form_of,
    grounds_of,
    marked,
    seen_of,
)
from gateway.targets.values import projected_values
from gateway.targets.world import World

GOOD = (Verdict.MET, Verdict.ALREADY_MET, Verdict.ON_TRACK)
_WORST_FIRST = (Verdict.MISSED, Verdict.BEHIND, Verdict.MET, Verdict.ON_TRACK, Verdict.ALREADY_MET)


# Name, metric and judgement of one reading.
_Reading = tuple[str, Reading | None, Judgement]


@dataclass(frozen=True)
class Judged:
    """A verdict with everything held for it."""

    judgement: Judgement
    cities: tuple[CityVerdict, ...] = ()
    without: tuple[str, ...] = ()
    seen: tuple[ValueSource, ...] = ()
    source: ValueSource | None = None
    # The target's readings by name, the main one first.
    by_reading: tuple[_Reading, ...] = ()

    @property
    def readings(self) -> tuple[ReadingVerdict, ...]:
        """Every reading, answered."""
        return tuple(
            ReadingVerdict(
                name,
                reading.metric_id if reading else "",
                found.verdict,
                found.value,
                found.margin,
                found.reason,
                main=i == 0,
            )
            for i, (name, reading, found) in enumerate(self.by_reading)
        )


def last_year_of(target: Target) -> int | None:
    """The last year whose values the verdict rests on; None for an event, which may fall into any year."""
    return None if target.form in EVENTS else target.year


def judged(world: World, target: Target) -> Judged:
    """The verdict on one target, in the order in which verdicts are tried."""
    return _judged(world, target, target.other_readings)


def verdict_of(world: World, target: Target) -> Verdict:
    """The verdict alone: readings that only stand beside it are not asked."""
    return _judged(world, target, deciding_readings(target)[1:]).judgement.verdict


def deciding_readings(target: Target) -> tuple[Reading, ...]:
    """The readings that the verdict rests on, the main one first."""
    if target.reading is None:
        return ()
    return target.reading, *(target.other_readings if target.must_agree else ())


def _judged(world: World, target: Target, others: Sequence[Reading]) -> Judged:
    if target.number is None:
        return Judged(cannot(f"DEFERRED:{target.deferred_to}"))
    if world.no_assumed_years and _rests_on_assumption(target):
        return Judged(cannot("NO_YEAR"))
    if target.form is Form.EACH_PROJECT:
        return _each_project(world, target)
    main = _one_reading(world, target, target.reading)
    if main.judgement.verdict is Verdict.CANNOT_COMPUTE:
        return _without_value(world, target, main, others)
    return _with_other_readings(world, target, main, others)


def _rests_on_assumption(target: Target) -> bool:
    return bool(target.year_assumed) or not target.year or (target.start_assumed and target.form in FROM_BASE)


def _without_value(world: World, target: Target, main: Judged, others: Sequence[Reading]) -> Judged:
    """No value for the main reading; what other readings say stands beside it."""
    beside = ((r.name or r.metric_id, r, _one_reading(world, target, r).judgement) for r in others)
    readings = (_main_reading(target, main), *beside)
    entered = any(v.kind == "entered" for v in main.seen)
    if target.scope == "track_only" and not entered:
        own = replace(main.judgement, verdict=Verdict.TRACKED_ONLY, reason="OUTSIDE_MODEL")
    else:
        own = main.judgement.told(reason=None if entered else target.unavailable or None)
    return Judged(own, main.cities, main.without, main.seen, main.source, readings)


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
    return Judged(found, seen=marked(world.entered(target, target.place), held), source=source)


def _one_reading(world: World, target: Target, reading: Reading | None) -> Judged:
    if target.form is Form.LEVEL_EACH_CITY:
        return _each_city(world, target, reading)
    return _by_reading(world, target, reading, target.value_place or target.place)


def _with_other_readings(world: World, target: Target, main: Judged, others: Sequence[Reading]) -> Judged:
    """Flag readings of the same target that answer otherwise; refuse when they must agree."""
    own, differ = main.judgement, []
    found = [_main_reading(target, main)]
    for reading in others:
        other = _one_reading(world, target, reading).judgement
        found.append((reading.name or reading.metric_id, reading, other))
        if other.verdict is Verdict.CANNOT_COMPUTE or (other.verdict in GOOD) == (own.verdict in GOOD):
            continue
        value = "" if other.value is None else f"={other.value:.6g}"
        differ.append(f"depends_on_reading:{reading.name or reading.metric_id}{value}")
    found += _year_itself(world, target, main)
    flags = (*own.flags, *differ)
    if differ and target.must_agree:
        own = Judgement(Verdict.CANNOT_COMPUTE, reason="AMBIGUOUS_UNIT", flags=flags)
        return Judged(own, main.cities, main.without, main.seen, None, tuple(found))
    if differ:
        own = own.told(flags=flags)
    return Judged(own, main.cities, main.without, main.seen, main.source, tuple(found))


def _main_reading(target: Target, main: Judged) -> _Reading:
    name = target.reading.name if target.reading else ""
    return name or "main", target.reading, main.judgement


def _year_itself(world: World, target: Target, main: Judged) -> list[_Reading]:
    """ "Before" a year read the other way: the year itself still counts."""
    if target.form not in EVENTS or target.compare != "before":
        return []
    loose = replace(world.ask(target), compare="at_most")
    own = main.judgement
    if own.value is not None:
        verdict = Verdict.MET if loose.good(own.value) else Verdict.MISSED
        own = Judgement(verdict, own.basis, own.value, loose.margin(own.value))
    return [(f"by_{target.year}", target.reading, own)]


def _by_reading(world: World, target: Target, reading: Reading | None, place: str) -> Judged:
    projected, missing = projected_values(world.region, world.values, reading, place)
    entered = world.entered(target, place)
    if target.form in EVENTS:
        return _event(world, target, projected, missing, entered)
    grounds = grounds_of(world.region, target, place, entered, world.observed)
    if not projected and not grounds.raw and not entered:
        return Judged(cannot(missing))
    try:
        seen, compared = _both_compared(world, target, place, grounds, projected)
    except NoBaseValueError:
        if not entered:
            return Judged(cannot("NO_BASE_VALUE"))
        seen, compared = grounds.entered_alone, {}
    ask, flags = world.ask(target), seen.differences
    if ask.start_year is None and entered and len(seen.values) > 1:
        first = min(seen.values)
        ask = replace(ask, start_year=first)
        flags = (*flags, f"path_from_first_value_{first}")
    found = judge(ask, seen.values, compared, world.now_year, world.anchor)
    source = _deciding(target, found, seen.counting, reading)
    if source is not None and source.status == "estimate":
        flags = (*flags, f"rests_on_estimate_{source.year}")
    if found.verdict is Verdict.CANNOT_COMPUTE:
        reason = "OUT_OF_SPAN" if projected else "NO_START" if entered else missing
        found = found.told(reason=reason)
    if flags:
        found = found.told(flags=(*found.flags, *flags))
    return Judged(found, seen=seen.marked, source=source)


def _both_compared(
    world: World, target: Target, place: str, grounds: Grounds, projected: Values
) -> tuple[Seen, Values]:
    """Seen and projected values as the compared quantity; a base year that one lacks is taken from the other."""
    form, base = form_of(target), base_year(target)
    own_base = projected.get(base) if base else None
    seen_base = grounds.raw.get(base) if base else None
    compared = compared_quantity(form, target.start_year, projected, own_base or seen_base)
    if grounds.seen is not None:
        return grounds.seen, compared
    seen = compared_quantity(form, target.start_year, grounds.raw, own_base)
    return seen_of(world.region, target, place, grounds.entered, seen), compared


def _event(
    world: World, target: Target, projected: Values, missing: str, entered: tuple[ValueSource, ...]
) -> Judged:
    best = ranked(entered)
    if best:
        last = replace(best[max(best)], counts=True)
        flags = differences(best, entered)
        found = entered_event(world.ask(target), last, world.rules, target.form)
        return Judged(found.told(flags=(*found.flags, *flags)), seen=marked(entered, best), source=last)
    if not projected:
        return Judged(cannot(missing))
    found = judge_event(world.ask(target), target, projected, world.rules)
    return Judged(found, source=_deciding(target, found, {}, target.reading))


def _deciding(
    target: Target, found: Judgement, seen: Mapping[int, ValueSource], reading: Reading | None
) -> ValueSource | None:
    """The value that decides: seen at the target's year, else the model's there, else the last value seen."""
    if target.year in seen:
        return seen[target.year]
    if found.value is not None and reading is not None:
        return ValueSource(
            "model", "", target.year, found.value, "model", reading.metric_id, "", "", "", "", counts=True
        )
    known = [y for y in seen if y <= target.year]
    return seen[max(known)] if known else None


def _each_city(world: World, target: Target, reading: Reading | None) -> Judged:
    """Met only when every listed city is good; the margin is the worst city's."""
    found = {c: _by_reading(world, target, reading, c) for c in target.cities}
    seen = tuple(v for one in found.values() for v in one.seen)
    ask = world.ask(target)
    cities = tuple(_city_verdict(ask, c, j) for c, j in found.items() if j.source is not None)
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


def _city_verdict(ask: Ask, city: str, one: Judged) -> CityVerdict:
    assert one.source is not None
    own = one.judgement
    value = one.source.value if own.value is None else own.value
    return CityVerdict(city, value, ask.margin(value), own.verdict in GOOD, own.verdict, one.source.kind)


__all__ = ["AMBIGUOUS_YEAR", "GOOD", "Judged", "deciding_readings", "judged", "last_year_of", "verdict_of"]
