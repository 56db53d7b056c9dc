"""The one door for requests: frame and scenario are read and checked with every violation at once.

Whichever way a request came (gRPC, HTTP, command line, file, library call), it passes here as plain dictionaries.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import DomainError, Violation, invalid
from services.common.factors import named_set
from services.common.levers import setting_violations
from services.common.regions import Region, load_region, region_ids
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Lever

M = TypeVar("M", bound=BaseModel)
LeversOf = Callable[[str], Mapping[str, Lever]]


def read_frame(raw: Mapping[str, Any], where: str = "frame") -> tuple[Frame | None, list[Violation]]:
    """The frame with its factor set named, or None with its violations; an unknown region or set is one of them."""
    frame, found = _read(Frame, raw, where)
    if frame is not None:
        try:
            set_id = named_set(load_region(frame.region, frame.as_of_year), frame.factor_set)
            frame = frame.model_copy(update={"factor_set": set_id})
        except DomainError as error:
            found += [
                Violation(f"{where}.{v.field}", v.description, v.given, v.allowed) for v in error.violations
            ]
    return frame, found


def read_scenario(
    raw: Mapping[str, Any],
    region: Region | None,
    levers_of: LeversOf,
    where: str = "scenario",
    owners: frozenset[str] | None = None,
) -> tuple[Scenario | None, list[Violation]]:
    """The scenario, or None with its violations.

    Settings are read one by one, so that a wrong one hides no other; without a region (its name was wrong) their
    meaning cannot be checked. `levers_of` gives the levers of a region;
    with `owners`, settings of levers of other owners pass unchecked (their own service checks them).
    """
    found: list[Violation] = []
    settings: list[LeverSetting] = []
    levers = levers_of(region.region_id) if region else {}
    seen: set[tuple[str, str]] = set()
    raw_settings = raw.get("settings") or ()
    most = dict(Scenario.most_items)["settings"]
    if len(raw_settings) > most:
        found.append(
            Violation(f"{where}.settings", "too many settings", str(len(raw_settings)), f"at most {most}")
        )
        raw_settings = raw_settings[:most]
    for i, item in enumerate(raw_settings):
        at = f"{where}.settings[{i}]"
        setting, wrong = _read(LeverSetting, item, at)
        found += wrong
        if setting is None:
            found += _lever_id_violation(item, levers, at, owners)
            continue
        settings.append(setting)
        if region and (owners is None or setting.lever_id.partition(".")[0] in owners):
            found += setting_violations(levers, region, at, setting, seen)
    head = {k: v for k, v in raw.items() if k != "settings"}
    scenario, wrong = _read(Scenario, head, where)
    found += wrong
    if scenario is None or found:
        return None, found
    return _read(Scenario, {**head, "settings": tuple(settings)}, where)


def read_request(
    frame: Mapping[str, Any],
    scenarios: Mapping[str, Mapping[str, Any]],
    levers_of: LeversOf,
    owners: frozenset[str] | None = None,
) -> tuple[Frame, tuple[Scenario, ...]]:
    """Frame and scenarios (by the field they stand in), or DomainError(INVALID_INPUT) with every violation."""
    read, found = read_frame(frame)
    region = _region(
        frame.get("region"), frame.get("as_of_year")
    )  # known even when another field of the frame is wrong
    results = []
    for where, raw in scenarios.items():
        scenario, wrong = read_scenario(raw, region, levers_of, where, owners)
        found += wrong
        results.append(scenario)
    if found or read is None:
        raise invalid(found)
    return read, tuple(s for s in results if s is not None)


def open_door(cls: type[M], raw: Mapping[str, Any], where: str = "") -> M:
    """A request that is one door, or its field `where`. DomainError(INVALID_INPUT) with every violation."""
    opened, found = _read(cls, raw, where)
    if opened is None:
        raise invalid(found)
    return opened


def violations_of(error: ValidationError, where: str) -> list[Violation]:
    """pydantic's findings as violations: field path, what is wrong, what was given, what is allowed."""
    found = []
    items = error.errors(include_url=False)
    inside = {item["loc"][:n] for item in items for n in range(1, len(item["loc"]))}
    for item in items:
        if item["type"] == "too_short" and item["loc"] in inside:
            continue  # short only because an element was refused, which is told on its own
        path = where
        for part in item["loc"]:
            path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
        given = item.get("input")
        shown = "" if isinstance(given, (dict, tuple, list)) or given is None else str(given)[:80]
        found.append(Violation(path, item["msg"], shown, _allowed(item.get("ctx", {}))))
    return found


def _allowed(context: Mapping[str, Any]) -> str:
    bounds = [
        f"{sign} {context[k]}"
        for k, sign in (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<"))
        if k in context
    ]
    return str(context["expected"]) if "expected" in context else ", ".join(bounds)


def _read(cls: type[M], raw: Any, where: str) -> tuple[M | None, list[Violation]]:
    try:
        return cls.model_validate(raw), []
    except ValidationError as error:
        return None, violations_of(error, where)


def _region(region_id: Any, as_of_year: Any) -> Region | None:
    if not isinstance(region_id, str) or region_id not in region_ids():
        return None
    wrong = type(as_of_year) is not int or not BASE_YEAR <= as_of_year <= LAST_YEAR
    return load_region(region_id, 0 if wrong else as_of_year)


def _lever_id_violation(
    item: Any, levers: Mapping[str, Lever], where: str, owners: frozenset[str] | None
) -> list[Violation]:
    """A setting that could not be read may name an unknown lever as well: say so at once."""
    lever_id = item.get("lever_id") if isinstance(item, Mapping) else None
    if not isinstance(lever_id, str) or not levers or lever_id in levers or not lever_id:
        return []
    if owners is not None and lever_id.partition(".")[0] not in owners:
        return []
    return [Violation(f"{where}.lever_id", "no such lever", lever_id)]
