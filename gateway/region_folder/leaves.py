"""Checks a file of figures by name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gateway.region_folder.findings import Finding, Kind
from gateway.region_folder.ranges import far_off, impossible
from gateway.region_folder.shape import LeafShape
from services.common.errors import near_names
from services.common.region_files import (
    LeafFile,
    ProvenanceFile,
    RegionDataError,
    provenance_of,
    read_yaml,
)
from services.common.words import Grade


def check_leaves(
    file: str,
    path: Path,
    root: Path,
    needed: Mapping[str, LeafShape],
    known: Mapping[str, LeafShape],
    grades: dict[Grade, int],
    *,
    national: bool,
) -> list[Finding]:
    """Findings of one file; `grades` counts its figures. `national`: figures that it leaves out are the nation's."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("leaves"), dict):
        return [
            Finding(
                file, "", "a file of figures has `leaves` by name, and may have `provenance` for all of them"
            )
        ]
    found = [
        Finding(file, key, "not known here: provenance, leaves")
        for key in set(raw) - {"provenance", "leaves"}
    ]
    default, wrong = _default(file, raw.get("provenance"))
    found += wrong
    given = raw["leaves"]
    for name in needed:
        if name not in given:
            kind = Kind.FROM_NATION if national else Kind.MISSING
            found.append(Finding(file, name, _asked(needed[name]), kind))
    for name, one in given.items():
        found += _leaf(file, str(name), one, default, root, needed, known, grades)
    return found


def _default(file: str, raw: Any) -> tuple[ProvenanceFile, list[Finding]]:
    try:
        return ProvenanceFile.model_validate(raw or {}), []
    except ValidationError as error:
        return ProvenanceFile(), [Finding(file, "provenance", _told(error))]


def _leaf(
    file: str,
    name: str,
    raw: Any,
    default: ProvenanceFile,
    root: Path,
    needed: Mapping[str, LeafShape],
    known: Mapping[str, LeafShape],
    grades: dict[Grade, int],
) -> Iterator[Finding]:
    if known and name not in known:
        yield Finding(file, name, f"nothing reads it{near_names(name, known)}", Kind.DOUBTFUL)
    if isinstance(raw, dict) and raw.get("value") is None and not raw.get("values"):
        asked = needed.get(name) or known.get(name)
        text = _asked(asked) if asked else "no value"
        yield Finding(file, name, f"no value yet: {text}", Kind.MISSING if name in needed else Kind.DOUBTFUL)
        return
    try:
        leaf = LeafFile.model_validate(raw)
    except ValidationError as error:
        yield Finding(file, name, _told(error))
        return
    like = known.get(name)
    if like is not None and leaf.unit != like.unit:
        yield Finding(file, name, f"the unit is {leaf.unit or 'none'}, where {like.unit or 'none'} is read")
    values = list(leaf.values.values()) if leaf.values else [leaf.value]
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    for text in impossible(numbers, leaf.unit):
        yield Finding(file, name, text)
    if any(n != n for n in numbers):
        yield Finding(file, name, "not a number")
    if like is not None:
        if like.numbers and not numbers:
            yield Finding(file, name, f"{values[0]!r}: a number is read, {like.unit}")
        for text in far_off(numbers, like.numbers):
            yield Finding(file, name, text, Kind.DOUBTFUL)
    yield from _source(file, name, leaf, default, root, grades)


def _source(
    file: str, name: str, leaf: LeafFile, default: ProvenanceFile, root: Path, grades: dict[Grade, int]
) -> Iterator[Finding]:
    try:
        told = provenance_of(leaf, default, "", root)
    except RegionDataError as error:
        yield Finding(file, name, str(error).removeprefix(": "), Kind.NO_SOURCE)
        return
    grades[told.grade] += 1
    if told.grade is Grade.C:
        yield Finding(file, name, told.derivation, Kind.ESTIMATE)


def _asked(leaf: LeafShape) -> str:
    label = leaf.file.label
    words = f"{label.zh} {label.en}" if label else leaf.file.note
    what = "by year" if leaf.file.values is not None else "one value"
    return f"{words} ({leaf.unit or 'text'}, {what})".strip()


def _told(error: ValidationError) -> str:
    items = error.errors(include_url=False)
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}".removeprefix(": ") for e in items[:5])
