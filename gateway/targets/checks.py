"""What is entered, checked against the catalogue: every violation at once, each with how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.targets.data import TOLERANT, Form, Target, read_targets
from gateway.targets.directions import read_rules
from gateway.targets.doors import EnteredValue, OwnTolerance
from gateway.targets.events import EVENTS
from gateway.targets.slots import read_slots
from services.common.errors import Violation, near_names
from services.common.regions import Region

_SHARES: Final = (Form.LEVEL, Form.LEVEL_EACH_CITY, Form.FULL_COVERAGE)
_PERCENT: Final = 100.0


@dataclass(frozen=True)
class Item:
    """What a value may be entered for."""

    places: tuple[str, ...]
    target: Target | None
    rule: str = ""
    slot: bool = False


def items_of(region: Region) -> Mapping[str, Item]:
    """Every target, rule and deferred number of a region by id."""
    found = {
        t.id: Item(tuple(t.cities) if t.form is Form.LEVEL_EACH_CITY else ("", t.place), t)
        for t in read_targets(region.region_id).targets
    }
    found |= {r.direction_id: Item(("", r.place), None, r.rule) for r in read_rules(region)}
    found |= {s.target.id: Item(("", s.target.place), s.target, slot=True) for s in read_slots(region)}
    return found


def entered_violations(
    region: Region, entered: Mapping[int, EnteredValue], as_of_year: int
) -> list[Violation]:
    """Everything wrong with what is entered (by its place in the request)."""
    items, found = items_of(region), []
    first: dict[tuple[object, ...], int] = {}
    for i, entry in entered.items():
        where = f"entered[{i}]"
        item = items.get(entry.item_id)
        if item is None:
            near = near_names(entry.item_id, items)
            found.append(Violation(f"{where}.item_id", f"no such target, rule or slot{near}", entry.item_id))
            continue
        found += _entry_violations(where, entry, item, as_of_year)
        key = (entry.item_id, entry.place, entry.year, entry.status, entry.date, entry.role)
        if key in first:
            text = f"the same item, place, year, status and date as entered[{first[key]}]: give one, or the dates"
            found.append(Violation(where, text, entry.item_id))
        first.setdefault(key, i)
    return found


def _entry_violations(where: str, entry: EnteredValue, item: Item, as_of_year: int) -> list[Violation]:
    found = []
    if entry.place not in item.places:
        allowed = ", ".join(p or "(empty)" for p in item.places)
        found.append(Violation(f"{where}.place", "not a place of this item", entry.place, allowed))
    asked = entry.role == "asked" or (item.slot and not entry.role)
    if not asked and as_of_year and entry.year > as_of_year:
        text = f"later than as_of_year {as_of_year}, which hides it: leave it out or raise as_of_year"
        found.append(Violation(f"{where}.year", text, str(entry.year)))
    if entry.role == "asked" and not item.slot:
        found.append(Violation(f"{where}.role", "only a deferred number can be set", "asked", "observed"))
    if item.target is not None and asked and item.target.year and entry.year != item.target.year:
        text = "the document leaves the number of another year open"
        found.append(Violation(f"{where}.year", text, str(entry.year), str(item.target.year)))
    wrong = _value_problem(entry.value, item, asked=asked)
    if wrong:
        found.append(Violation(f"{where}.value", wrong[0], f"{entry.value:g}", wrong[1]))
    return found


def _value_problem(value: float, item: Item, *, asked: bool) -> tuple[str, str] | None:
    """What is wrong with a value and what is allowed; None when nothing is."""
    if item.rule == "yes_no" and value not in (0, 1):
        return "1 for yes, 0 for no", "0 or 1"
    target = item.target
    if target is None:
        return None
    if target.unit == "%" and target.form in _SHARES and not 0 <= value <= _PERCENT:
        return "a share in per cent", "0 to 100"
    if target.form is Form.COUNT and (value < 0 or value != int(value)):
        return "a count", "0, 1, 2 ..."
    if target.form in EVENTS and not asked and value != int(value):
        return "the year of the event", "a whole year"
    return None


def tolerance_violations(region: Region, tolerances: Mapping[int, OwnTolerance]) -> list[Violation]:
    """Everything wrong with tolerances of the caller's own."""
    known = {t.id: t for t in read_targets(region.region_id).targets}
    found, seen = [], set()
    for i, own in tolerances.items():
        where = f"tolerances[{i}]"
        target = known.get(own.target_id)
        if target is None:
            near = near_names(own.target_id, known)
            found.append(Violation(f"{where}.target_id", f"no such target{near}", own.target_id))
        elif target.compare not in TOLERANT:
            text = f"the document says {target.compare}, which has no tolerance"
            found.append(Violation(f"{where}.target_id", text, own.target_id, "targets with about or equal"))
        if own.target_id in seen:
            found.append(Violation(f"{where}.target_id", "given twice", own.target_id))
        seen.add(own.target_id)
    return found
