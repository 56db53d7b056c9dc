"""Where documents disagree, repeat each other, or have been overtaken: eleven kinds, each told with both texts.

The twelfth, targets that no scenario can meet together, is found by solving; `joint_conflict` tells it in the same
form.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gateway.results import TargetResult
from gateway.targets.arithmetic import SETTINGS, impossible_sets
from gateway.targets.conflict_words import EVENT_LEVELS, LABELS, NOT_CHECKED, SETTING_LABELS
from gateway.targets.data import Form, Target, TargetsFile, read_targets
from gateway.targets.events import EVENTS
from gateway.targets.results import Conflict, ConflictKind, Conflicts, Statement, TargetSetting
from services.common.regions import Region
from services.common.words import Label

CONTRADICTION, DIFFERS, NOTE = "contradiction", "differs", "note"
DIMENSIONS_TABLE: Final = "targets/dimensions"
_STRICTNESS: Final = {"more_than": 3, "before": 3, "at_least": 2, "at_most": 2, "equal": 2, "about": 1}
_FALLS: Final = (Form.FALL_FROM_BASE, Form.RISE_FROM_BASE, Form.GROWTH_PER_YEAR)
_LEVELS: Final = (Form.LEVEL, Form.LEVEL_EACH_CITY, Form.FULL_COVERAGE)


@dataclass(frozen=True)
class _Key:
    """What a target is about: metric (or twin group), kind of number, base year."""

    metric: str
    kind: str
    start_year: int


def conflicts_of(region: Region, results: Iterable[TargetResult]) -> Conflicts:
    """Every conflict between the targets of a region. `results` are their answers without a projection."""
    file = read_targets(region.region_id)
    share = region.number(SETTINGS, "overtaken_margin_share")
    found = [
        *_between(region, file.targets),
        *_units(region, file.targets),
        *_arithmetic(region, file.targets),
        *_overtaken(results, share),
    ]
    order = list(ConflictKind)
    found.sort(key=lambda c: (order.index(c[0]), c[2]))
    told = tuple(_told(file, *c) for c in found)
    leaves = region.leaves(SETTINGS)
    names = ("overtaken_margin_share", "interval_round_count", "tightening_min_share")
    settings = tuple(
        TargetSetting(n, f"{leaves[n].number():g}", leaves[n].unit, SETTING_LABELS[n]) for n in names
    )
    return Conflicts(told, NOT_CHECKED, settings)


def joint_conflict(file: TargetsFile, target_ids: Sequence[str]) -> Conflict:
    """Targets that solving found impossible together, told like every other conflict."""
    return _told(
        file, ConflictKind.JOINT, CONTRADICTION, tuple(sorted(target_ids)), LABELS[ConflictKind.JOINT]
    )


_Found = tuple[ConflictKind, str, tuple[str, ...], Label]


def _between(region: Region, targets: Sequence[Target]) -> list[_Found]:
    found: list[_Found] = []
    for members in _groups(targets).values():
        found += _years(members)
        by_year: dict[int, list[Target]] = {}
        for t in members:
            by_year.setdefault(t.year, []).append(t)
        for same_year in by_year.values():
            found += _at_one_year(region, same_year)
        by_place: dict[tuple[str, bool], list[Target]] = {}
        for t in members:
            by_place.setdefault((t.place, t.form is Form.LEVEL_EACH_CITY), []).append(t)
        for same_place in by_place.values():
            found += _path(same_place)
    return found


def _groups(targets: Sequence[Target]) -> Mapping[_Key, list[Target]]:
    found: dict[_Key, list[Target]] = {}
    for t in targets:
        found.setdefault(_key(t, targets), []).append(t)
    return found


def _key(target: Target, targets: Sequence[Target]) -> _Key:
    kind = "event" if target.form in EVENTS else "level" if target.form in _LEVELS else target.form.value
    start = (target.start_year or 0) if kind not in ("event", "level") else 0
    return _Key(_metric(target, targets), kind, start)


def _metric(target: Target, targets: Sequence[Target]) -> str:
    """The metric that a target is about; without one, that of its twins in the same unit, or the group itself."""
    if target.reading is not None:
        return target.reading.metric_id
    if not target.twin_group:
        return target.id
    twins = [t for t in targets if t.twin_group == target.twin_group and t.unit == target.unit]
    metrics = {t.reading.metric_id for t in twins if t.reading is not None}
    return metrics.pop() if len(metrics) == 1 else f"twins:{target.twin_group}"


def _at_one_year(region: Region, members: Sequence[Target]) -> list[_Found]:
    """Targets of one metric and year: at the same place, then between places."""
    found: list[_Found] = []
    by_place: dict[tuple[str, bool], list[Target]] = {}
    for t in members:
        by_place.setdefault((t.place, t.form is Form.LEVEL_EACH_CITY), []).append(t)
    for same in by_place.values():
        found += _same_place(same)
    each = [t for t in members if t.form is Form.LEVEL_EACH_CITY]
    single = [t for t in members if t.form is not Form.LEVEL_EACH_CITY]
    inside = [t for t in single if any(t.place in e.cities for e in each)]
    if each and inside:
        same_number = len({t.number for t in (*each, *inside)}) == 1
        found.append(
            _one(ConflictKind.SCOPE if same_number else ConflictKind.LEVEL, DIFFERS, [*each, *inside])
        )
    whole = [t for t in single if t.place not in region.city_ids]
    cities = [t for t in single if t.place in region.city_ids]
    differ = {(t.number, t.compare, t.form) for t in (*whole, *cities)}
    if whole and cities and len(differ) > 1:
        told = _one(ConflictKind.LEVEL, NOTE, [*whole, *cities])
        found.append((*told[:3], EVENT_LEVELS) if whole[0].form in EVENTS else told)
    return found


def _same_place(members: Sequence[Target]) -> list[_Found]:
    if len(members) < 2:
        return []
    parts: dict[tuple[object, ...], list[Target]] = {}
    for t in members:
        parts.setdefault((t.number, t.compare, t.form, t.sense, t.strive), []).append(t)
    found = [_one(ConflictKind.DUPLICATE, NOTE, same) for same in parts.values() if len(same) > 1]
    if len(parts) == 1:
        return found
    if len({t.form for t in members}) > 1 or len({t.sense for t in members}) > 1:
        found.append(_one(ConflictKind.SENSE, _if_empty(members), members))
    elif len({t.number for t in members}) > 1:
        found.append(_one(ConflictKind.NUMBER, DIFFERS, members))
    else:
        found.append(_one(ConflictKind.WORDING, DIFFERS, members))
    return found


def _if_empty(members: Sequence[Target]) -> str:
    """A floor above a ceiling of the same quantity cannot hold; otherwise one is stricter or another thing."""
    floors = [t.number - t.tolerance for t in members if t.sign > 0 and t.number is not None]
    ceilings = [t.number + t.tolerance for t in members if t.sign < 0 and t.number is not None]
    return CONTRADICTION if floors and ceilings and max(floors) > min(ceilings) else DIFFERS


def _years(members: Sequence[Target]) -> list[_Found]:
    assumed = [t for t in members if t.year_assumed]
    printed = [t for t in members if not t.year_assumed]
    return [_one(ConflictKind.YEAR, DIFFERS, members)] if assumed and printed else []


def _path(members: Sequence[Target]) -> list[_Found]:
    """Numbers of several years at one place: fine when each year asks for at least as much as the one before."""
    steps = sorted({(t.year, t.sign * (t.number or 0.0)) for t in members})
    if len({t.year for t in members}) < 2 or members[0].form in EVENTS:
        return []
    rising = all(a[1] <= b[1] for a, b in pairwise(steps) if a[0] < b[0])
    note = Label("，逐年趋严，相容", ": each asks for more than the one before, consistent")
    back = Label("，后一年要求反而放松", ": a later year asks for less")
    base, tail = LABELS[ConflictKind.PATH], note if rising else back
    label = Label(base.zh + tail.zh, base.en + tail.en)
    ids = tuple(sorted(t.id for t in members))
    return [(ConflictKind.PATH, NOTE if rising else DIFFERS, ids, label)]


def _units(region: Region, targets: Sequence[Target]) -> list[_Found]:
    """A target whose unit and whose readings are of different dimensions (falls and growth are in per cent)."""
    dimension = {r["unit"]: r["dimension"] for r in region.table(DIMENSIONS_TABLE).rows()}
    found: list[_Found] = []
    for t in targets:
        readings = [r for r in (t.reading, *t.other_readings) if r is not None]
        if t.form in (*_FALLS, *EVENTS) or not readings:
            continue
        units = [t.unit, *(r.metric_id.rpartition("_")[2] for r in readings)]
        known = {dimension[u] for u in units if u in dimension}
        if len(known) > 1:
            found.append(_one(ConflictKind.UNIT, DIFFERS, [t]))
    return found


def _arithmetic(region: Region, targets: Sequence[Target]) -> list[_Found]:
    base = LABELS[ConflictKind.ARITHMETIC]
    return [
        (
            ConflictKind.ARITHMETIC,
            CONTRADICTION,
            ids,
            Label(f"{base.zh}：{identity.zh}", f"{base.en}: {identity.en}"),
        )
        for ids, identity in impossible_sets(region, targets)
    ]


def _overtaken(results: Iterable[TargetResult], share: float) -> list[_Found]:
    """Targets that the last value seen up to their year beats by more than `share` of their number."""
    found: list[_Found] = []
    for r in results:
        seen = r.value_source
        if seen is None or seen.kind == "model" or not r.asked or r.form in EVENTS or r.cities:
            continue
        margin = _sign(r) * (seen.value - r.asked) / abs(r.asked)
        if margin >= share:
            base = LABELS[ConflictKind.OVERTAKEN]
            told = f"{seen.year}: {seen.value:.4g} {r.unit}, {margin:+.0%}"
            label = Label(f"{base.zh}（{told}）", f"{base.en} ({told})")
            found.append((ConflictKind.OVERTAKEN, NOTE, (r.target_id,), label))
    return found


def _sign(result: TargetResult) -> int:
    if result.margin is not None and result.value is not None and result.value != result.asked:
        assert result.asked is not None
        return 1 if (result.margin > 0) == (result.value > result.asked) else -1
    return -1 if result.compare in ("at_most", "before") else 1


def _one(kind: ConflictKind, severity: str, members: Iterable[Target]) -> _Found:
    return kind, severity, tuple(sorted(t.id for t in members)), LABELS[kind]


def _told(
    file: TargetsFile, kind: ConflictKind, severity: str, ids: tuple[str, ...], label: Label
) -> Conflict:
    by_id = {t.id: t for t in file.targets}
    members = [by_id[i] for i in ids]
    statements = tuple(
        Statement(
            t.id,
            file.documents[t.document].label.label(),
            t.section,
            t.place,
            t.label.label(),
            t.wording,
            t.compare,
            t.number,
            t.unit,
            t.year,
            bool(t.year_assumed),
            t.strive,
        )
        for t in members
    )
    return Conflict(kind, severity, ids, statements, _binding(kind, members), label)


_ONE_BINDS: Final = (ConflictKind.DUPLICATE, ConflictKind.WORDING, ConflictKind.NUMBER, ConflictKind.SENSE)


def _binding(kind: ConflictKind, members: Sequence[Target]) -> str:
    """The stricter target; empty where each binds in its own place or year, or where they contradict each other."""
    if kind is ConflictKind.YEAR:
        return next(t.id for t in members if not t.year_assumed)
    if kind not in _ONE_BINDS or (len({t.sense for t in members}) > 1):
        return ""
    return max(sorted(members, key=lambda t: t.id), key=_strictness).id


def _strictness(target: Target) -> tuple[float, ...]:
    """Larger is stricter: a fall after the peak includes the peak itself; then number, wording, force."""
    return (
        target.form is Form.PEAK_THEN_FALL,
        target.sign * (target.number or 0.0),
        _STRICTNESS[target.compare],
        not target.strive,
    )
