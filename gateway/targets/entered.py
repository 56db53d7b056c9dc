"""Values that offices enter, and which value counts when several are held for the same target and year.

Final statistic over preliminary statistic over an office's own figure over an estimate of the data over the model;
among equals the newer publication. Nothing is overwritten: every value is kept and shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Final

from gateway.results import ValueSource
from gateway.targets.data import Observed, Target
from gateway.targets.doors import EnteredValue
from services.common.recording import kept
from services.common.region_files import RegionDataError, sources
from services.common.regions import Region
from services.common.words import Grade, Provenance

ENTERED_TABLE: Final = "entered"
RANKS: Final = {"final": 4, "preliminary": 3, "entered": 2, "estimate": 1, "model": 0}
_STATUS: Final = {"": "entered", "preliminary": "preliminary", "final": "final"}
_GRADES: Final = "ABC"

Entries = Mapping[str, tuple[ValueSource, ...]]


def as_source(entry: EnteredValue, clause: str = "", grade: str = "") -> ValueSource:
    """An entered value as a value held for its item."""
    return ValueSource(
        "entered",
        entry.place,
        entry.year,
        entry.value,
        _STATUS[entry.status],
        entry.source,
        clause,
        grade,
        entry.office,
        entry.date,
        counts=False,
    )


@kept(maxsize=16)
def region_entries(region: Region) -> tuple[tuple[EnteredValue, Provenance], ...]:
    """The values of regions/<region>/entered.csv, in its order; none when there is no such file.

    RegionDataError when a row cannot be read.
    """
    if not region.has(ENTERED_TABLE):
        return ()
    table = region.table(ENTERED_TABLE)
    names = tuple(n for n in EnteredValue.model_fields if n != "source")
    found = []
    for line, (row, provenance) in enumerate(zip(table.rows(), table.provenance, strict=True), start=2):
        try:
            given = {n: row[n] for n in names if n in row and row[n] is not None}
            found.append((EnteredValue.model_validate({**given, "source": provenance.source}), provenance))
        except ValueError as error:
            raise RegionDataError(f"{ENTERED_TABLE}.csv line {line}: {error}") from None
    return tuple(found)


def entries_of(
    region: Region, entered: Iterable[EnteredValue], roles: Mapping[str, str]
) -> tuple[Entries, Entries]:
    """(observed, asked) by item: those of the region's file, then those given. `roles` has items of another role.

    What was observed after the region's as_of_year is hidden; a number that was set for a later year is not.
    """
    observed: dict[str, list[ValueSource]] = {}
    asked: dict[str, list[ValueSource]] = {}
    held = [(e, as_source(e, p.clause, p.grade.value)) for e, p in region_entries(region)]
    for entry, source in [*held, *((e, as_source(e)) for e in entered)]:
        role = entry.role or roles.get(entry.item_id, "observed")
        if role != "asked" and region.as_of_year and entry.year > region.as_of_year:
            continue
        (asked if role == "asked" else observed).setdefault(entry.item_id, []).append(source)
    return _frozen(observed), _frozen(asked)


def _frozen(found: Mapping[str, Sequence[ValueSource]]) -> Entries:
    return {k: tuple(v) for k, v in found.items()}


def observed_sources(
    region: Region, target: Target, place: str, compared: Mapping[int, float]
) -> list[ValueSource]:
    """Observations of the data as values held for a target, already as its compared quantity."""
    if target.observed is None or not compared:
        return []
    city = place if place in region.city_ids else ""
    index = _provenance_index(region, city)
    return [_observed_source(index, target.observed, target, place, y, v) for y, v in compared.items()]


def _observed_source(
    index: Mapping[tuple[str, int], tuple[Provenance, str]],
    spec: Observed,
    target: Target,
    place: str,
    year: int,
    value: float,
) -> ValueSource:
    rows = [index[i, year] for i in dict.fromkeys([*spec.ids, *spec.over]) if (i, year) in index]
    grade = max((p.grade.value for p, _ in rows), key=_GRADES.index, default="")
    names = list(dict.fromkeys(p.source for p, _ in rows))
    status = "estimate" if grade == Grade.C.value else "final"
    if any("preliminary" in note.lower() for _, note in rows):
        status = "preliminary"
    dates = [str(sources()[n].year) for n in names if n in sources()]
    shown = place if target.cities else ""
    return ValueSource(
        "observation",
        shown,
        year,
        value,
        status,
        " + ".join(names),
        "; ".join(dict.fromkeys(p.clause for p, _ in rows if p.clause)),
        grade,
        "",
        min(dates, default=""),
        counts=False,
    )


@kept(maxsize=64)
def _provenance_index(region: Region, city: str) -> Mapping[tuple[str, int], tuple[Provenance, str]]:
    table = region.table("observations", city)
    notes = table.columns.get("note", ("",) * len(table))
    keys = zip(table.columns["metric"], table.columns["year"], strict=True)
    return {key: (p, n) for key, p, n in zip(keys, table.provenance, notes, strict=True)}


def ranked(held: Iterable[ValueSource]) -> dict[int, ValueSource]:
    """The value that counts in each year. Among values of the same rank and date the data's stays, then the first."""
    best: dict[int, tuple[tuple[int, str, bool], ValueSource]] = {}
    for one in held:
        if not isfinite(one.value):
            continue
        key = (RANKS[one.status], one.date, one.kind == "observation")
        if one.year not in best or key > best[one.year][0]:
            best[one.year] = (key, one)
    return {y: best[y][1] for y in sorted(best)}
