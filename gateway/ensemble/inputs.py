"""Uncertain inputs as data: which lever, in which years, with which distribution, from where.

regions/national/ensemble/shared_distributions.csv holds what goes for every region; a region's own
ensemble/distributions.csv replaces an input of the same id or adds one. Two axes are kept apart: a `parameter` is
uncertain and stands in every statement of probability; a `policy` lever is a choice and stands there only when the
caller names it.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import numpy as np

from gateway.ensemble.distributions import Distribution
from gateway.ensemble.paths import drawn_path
from gateway.ensemble.words import KnownThen, UncertainInput
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.levers import resolve
from services.common.region_files import RegionDataError
from services.common.regions import Region
from services.common.scenario import BASELINES, Scenario
from services.common.words import Label, Lever

SHARED_TABLE: Final = "ensemble/shared_distributions"
OWN_TABLE: Final = "ensemble/distributions"
AXES: Final = ("parameter", "policy")
# How a draw changes the scenario's own path: replaces it, multiplies it, is added, or multiplies the odds of a share.
MODES: Final = ("level", "scale", "shift", "odds")
_YEARS: Final = tuple(range(BASE_YEAR, LAST_YEAR + 1))
_PER_INPUT: Final = ("axis", "lever_id", "mode", "group", "group_correlation", "zh", "en")


def inputs_of(region: Region) -> tuple[UncertainInput, ...]:
    """The region's uncertain inputs in the order of the tables. RegionDataError lists what is wrong with them."""
    found = {i.input_id: i for i in _read(region, SHARED_TABLE)}
    if region.has(OWN_TABLE):
        found |= {i.input_id: i for i in _read(region, OWN_TABLE)}
    inputs = tuple(found.values())
    faults = [f for i in inputs for f in _faults(i)]
    for group in sorted({i.group for i in inputs if i.group}):
        if len({i.group_correlation for i in inputs if i.group == group}) > 1:
            faults.append(f"group {group} has more than one correlation")
    if faults:
        raise RegionDataError(f"{region.region_id}: ensemble: {'; '.join(faults)}")
    return inputs


def check_bounds(inputs: Sequence[UncertainInput], levers: Mapping[str, Lever], region_id: str) -> None:
    """RegionDataError unless every draw, in every baseline and year, lies inside its lever's bounds."""
    faults = [f"{i.input_id}: no lever {i.lever_id}" for i in inputs if i.lever_id not in levers]
    known = [i for i in inputs if i.lever_id in levers]
    used = [levers[i.lever_id] for i in known]
    for baseline in BASELINES:
        paths = resolve(used, region_id, Scenario.model_validate({"baseline": baseline}), _YEARS)
        for one in known:
            lever = levers[one.lever_id]
            for end in (attrgetter("lowest"), attrgetter("highest")):
                path = drawn_path(one, lever, paths, end)
                if path.min() < lever.low or path.max() > lever.high:
                    faults.append(
                        f"{one.input_id}: {path.min():g} to {path.max():g} in {baseline} leaves "
                        f"{lever.low:g} to {lever.high:g} {lever.unit}"
                    )
    if faults:
        raise RegionDataError(f"{region_id}: ensemble: {'; '.join(faults)}")


def _read(region: Region, name: str) -> list[UncertainInput]:
    table = region.table(name)
    rows = list(zip(table.rows(), table.provenance, strict=True))
    found: list[UncertainInput] = []
    for input_id, same in groupby(rows, key=lambda r: r[0]["input_id"]):
        held = list(same)
        first, provenance = held[0]
        differing = [c for c in _PER_INPUT if any(_text(r[c]) != _text(first[c]) for r, _ in held)]
        if differing or any(i.input_id == input_id for i in found):
            raise RegionDataError(f"{name}: {input_id}: rows apart, or differing in {', '.join(differing)}")
        found.append(
            UncertainInput(
                input_id=input_id,
                axis=first["axis"],
                lever_id=first["lever_id"],
                label=Label(first["zh"], first["en"]),
                mode=first["mode"],
                anchors=tuple((r["year"], _distribution(r)) for r, _ in held),
                group=first["group"],
                group_correlation=_number(first["group_correlation"]),
                known_then=_known_then(first),
                provenance=provenance,
            )
        )
    return found


def _distribution(row: Mapping[str, Any]) -> Distribution:
    return Distribution(
        row["distribution"],
        _number(row["low"]),
        _number(row["middle"]),
        _number(row["high"]),
        _number(row["spread"]),
        tuple(float(v) for v in row["values"].split()),
        tuple(float(v) for v in row["weights"].split()),
    )


def _known_then(row: Mapping[str, Any]) -> KnownThen | None:
    if not row["hindcast_driver"]:
        return None
    return KnownThen(
        row["hindcast_driver"], _number(row["hindcast_elasticity"]), int(row["hindcast_anchor_year"])
    )


def _number(value: float) -> float:
    """An empty cell of a numeric column is 0."""
    return 0.0 if np.isnan(value) else float(value)


def _text(value: Any) -> str:
    return str(value)


def _faults(one: UncertainInput) -> list[str]:
    found = [f"{one.input_id} {y}: {f}" for y, d in one.anchors for f in d.faults()]
    if one.axis not in AXES:
        found.append(f"{one.input_id}: axis {one.axis} is none of {', '.join(AXES)}")
    if one.mode not in MODES:
        found.append(f"{one.input_id}: mode {one.mode} is none of {', '.join(MODES)}")
    years = [y for y, _ in one.anchors]
    if years != sorted(set(years)):
        found.append(f"{one.input_id}: anchor years must ascend without repeats")
    if not -1 < one.group_correlation < 1:
        found.append(f"{one.input_id}: correlation {one.group_correlation:g} is not between -1 and 1")
    if one.mode in ("scale", "odds") and any(d.lowest <= 0 for _, d in one.anchors):
        found.append(f"{one.input_id}: a factor must be above 0")
    return found


__all__ = ["UncertainInput", "check_bounds", "inputs_of"]
