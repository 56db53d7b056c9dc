"""The catalogue: every document, target, rule and deferred number of a region, as printed and as read."""

from collections.abc import Iterable

from gateway.targets.data import Reading, Target, read_targets
from gateway.targets.directions import read_rules
from gateway.targets.results import Catalogue, RuleEntry, TargetDocument, TargetEntry, TargetReading
from gateway.targets.slots import Slot, read_slots
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.regions import Region, load_region
from services.common.words import Label


def known_region(region_id: str, as_of_year: int = 0) -> Region:
    """The region's data; INVALID_INPUT with near names when there is no such region."""
    try:
        return load_region(region_id, as_of_year)
    except DomainError as error:
        raise invalid(
            Violation("region", v.description, v.given, v.allowed) for v in error.violations
        ) from None


def catalogue(region_id: str, place: str) -> Catalogue:
    """Everything the documents ask of a region and its cities, or of one place of it. INVALID_INPUT if unknown."""
    region = known_region(region_id)
    places = (region_id, *region.city_ids)
    if place and place not in places:
        near = near_names(place, places)
        raise invalid([Violation("place", f"no such place{near}", place, ", ".join(places))])
    file = read_targets(region_id)
    targets = [t for t in file.targets if place in ("", t.place)]
    rules = [r for r in read_rules(region) if place in ("", r.place)]
    slots = [s for s in read_slots(region) if place in ("", s.target.place)]
    documents = tuple(
        TargetDocument(
            key,
            document.label.label(),
            document.source,
            sum(t.document == key for t in targets),
            sum(r.document_id == key for r in rules),
            sum(s.target.document == key for s in slots),
        )
        for key, document in file.documents.items()
    )
    return Catalogue(
        documents,
        tuple(_entry(t, Label("", "")) for t in targets),
        tuple(
            RuleEntry(
                r.direction_id,
                r.label,
                r.document_id,
                r.section,
                r.place,
                r.rule,
                r.first_year,
                r.last_year,
                r.metric_id,
            )
            for r in rules
        ),
        tuple(_slot_entry(s) for s in slots),
    )


def _slot_entry(slot: Slot) -> TargetEntry:
    return _entry(slot.target, slot.set_by)


def _entry(t: Target, set_by: Label) -> TargetEntry:
    return TargetEntry(
        target_id=t.id,
        label=t.label.label(),
        document_id=t.document,
        section=t.section,
        wording=t.wording,
        place=t.place,
        sector=t.sector,
        scope=t.scope,
        form=t.form.value,
        compare=t.compare,
        sense=t.sense,
        number=t.number,
        unit=t.unit,
        year=t.year,
        year_assumed=t.year_assumed,
        start_year=t.start_year or 0,
        start_assumed=t.start_assumed,
        path=t.path,
        tolerance=t.tolerance,
        strive=t.strive,
        readings=tuple(_readings([t.reading, *t.other_readings])),
        must_agree=t.must_agree,
        observed_ids=(*t.observed.ids, *t.observed.over) if t.observed else (),
        cities=tuple(t.cities),
        twin_group=t.twin_group,
        set_by=set_by,
        note=t.note,
    )


def _readings(readings: Iterable[Reading | None]) -> list[TargetReading]:
    return [TargetReading(r.metric_id, r.scale, r.name) for r in readings if r is not None]
