"""Numbers that a document leaves to a higher level (regions/<region>/deferred_slots.csv): targets without a number.

Once an office enters the number that was set, the slot is answered like every other target.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.results import ValueSource
from gateway.targets.data import Target
from gateway.targets.entered import ranked
from services.common.recording import kept
from services.common.regions import Region
from services.common.words import Label

SLOTS_TABLE: Final = "deferred_slots"


@dataclass(frozen=True)
class Slot:
    """A deferred number: the target it will be, and the office that sets it."""

    target: Target
    set_by: Label


@kept(maxsize=16)
def read_slots(region: Region) -> tuple[Slot, ...]:
    """The deferred numbers of a region, in the order of its file; none when it has no file."""
    if not region.has(SLOTS_TABLE):
        return ()
    return tuple(_slot(row) for row in region.table(SLOTS_TABLE).rows())


def _slot(row: Mapping[str, Any]) -> Slot:
    set_by = Label(row["set_by_zh"], row["set_by_en"])
    reading = {"metric_id": row["metric"], "scale": row["scale"]} if row["metric"] else None
    raw = {
        "id": row["slot"],
        "document": row["slot"].partition("-")[0],
        "section": row["section"],
        "label": {"zh": row["zh"], "en": row["en"]},
        "wording": f"由{set_by.zh}下达，文件未列数字",
        "place": row["place"],
        "sector": row["sector"],
        "scope": "model",
        "form": row["form"],
        "compare": row["compare"],
        "sense": "floor" if row["compare"] == "at_least" else "ceiling",
        "number": None,
        "unit": row["unit"],
        "year": row["year"],
        "start_year": row["start_year"],
        "start_assumed": row["start_year"] is not None,
        "path": "geometric" if row["form"] == "fall_from_base" else "linear",
        "deferred_to": set_by.en,
        "reading": reading,
        "compared": bool(row["compared"]),
    }
    return Slot(Target.model_validate(raw), set_by)


def with_number(slot: Slot, asked: Iterable[ValueSource]) -> Slot:
    """The slot with the number that counts among those entered; of several years the latest."""
    best = ranked(asked)
    if not best:
        return slot
    number = best[max(best)]
    changes = {"number": number.value, "year": slot.target.year or number.year}
    return Slot(slot.target.model_copy(update=changes), slot.set_by)
