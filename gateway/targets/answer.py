"""Stage targets: every policy target of the region and its cities, answered; none is dropped.

Values come through a function of metric and place, so that a projection, a run at chosen years and a member of an
ensemble are judged by the same code.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.results import MetricSeries, Projection, TargetResult
from gateway.targets.data import Target, TargetsFile, read_targets
from gateway.targets.forms import FROM_BASE, Ask, Judgement
from gateway.targets.judging import Judged, judged
from gateway.targets.values import ValuesOf, values_of_metrics
from gateway.targets.world import World, plain_world
from services.common.regions import Region
from services.common.words import Label


@dataclass(frozen=True)
class Compared:
    """What is asked of a target, and the value at its year in the document's unit, or the reason why there is none.

    For a target that holds for each city the value is that of the city with the smallest margin; for an event it is
    the year of the event.
    """

    ask: Ask
    value: float | None
    reason: str = ""
    place: str = ""

    @property
    def margin(self) -> float | None:
        """Distance to the number in the document's unit; positive is good."""
        return None if self.value is None else self.ask.margin(self.value)


def evaluate_targets(region: Region, projection: Projection) -> tuple[TargetResult, ...]:
    """Answer every target of regions/<region>/targets.yaml, in its order."""
    return answer_targets(region, projection.years, projection.metrics)


def answer_targets(
    region: Region, years: tuple[int, ...], metrics: Sequence[MetricSeries]
) -> tuple[TargetResult, ...]:
    """Answer every target of the region from metrics over `years` (which start in 2020) and observations."""
    return answers_in(plain_world(region, values_of_metrics(region, years, metrics)))


def answers_in(world: World) -> tuple[TargetResult, ...]:
    """Answer every target of the region in a world, in the order of the documents."""
    file = read_targets(world.region.region_id)
    return tuple(target_result(world, file, t) for t in file.targets)


def judgement_of(region: Region, target: Target, values: ValuesOf, *, observed: bool = True) -> Judgement:
    """The verdict on one target. Observations outrank the model unless `observed` is False."""
    return judged(plain_world(region, values, observed=observed), target).judgement


def compared_of(region: Region, target: Target, values: ValuesOf, *, observed: bool = True) -> Compared:
    """The quantity that is compared at the target's year: flows summed, falls and growth against their base year."""
    world = plain_world(region, values, observed=observed)
    found = judged(world, target)
    worst = min(found.cities, key=lambda c: (c.margin, c.place)).place if found.cities else ""
    own = found.judgement
    if own.value is not None:
        return Compared(world.ask(target), own.value, place=worst)
    flag = next((f for f in own.flags if f.endswith("_in_span")), "")
    return Compared(world.ask(target), None, own.reason or flag.upper() or "OUT_OF_SPAN")


def target_result(
    world: World, file: TargetsFile, target: Target, set_by: Label | None = None
) -> TargetResult:
    """One target, answered, with everything that its verdict rests on."""
    found = judged(world, target)
    own, ask = found.judgement, world.ask(target)
    relative = own.margin / abs(ask.number) if own.margin is not None and ask.number else None
    return TargetResult(
        target_id=target.id,
        label=target.label.label(),
        document=file.documents[target.document].label.label(),
        section=target.section,
        place=target.place,
        sector=target.sector,
        form=target.form.value,
        compare=target.compare,
        asked=target.number,
        unit=target.unit,
        year=target.year,
        year_assumed=bool(target.year_assumed),
        metric_id=target.reading.metric_id if target.reading else "",
        verdict=own.verdict,
        basis=own.basis,
        value=own.value,
        margin=own.margin,
        tolerance=ask.tolerance,
        met_since_year=own.met_since_year,
        reason=own.reason,
        flags=_flags(target, found),
        cities=found.cities,
        document_id=target.document,
        wording=target.wording,
        strive=target.strive,
        relative_margin=relative,
        tolerance_needed=None if own.value is None else ask.tolerance_needed(own.value),
        required_value=own.required_value,
        required_year=own.required_year,
        splice_gap=own.splice_gap,
        splice_year=own.splice_year,
        value_source=found.source,
        seen_values=found.seen,
        readings=found.readings,
        twin_group=target.twin_group,
        set_by=set_by or Label("", ""),
        cities_without_value=found.without,
        tolerance_from="own" if target.id in world.tolerances else "default" if ask.tolerance else "",
    )


def _flags(target: Target, found: Judged) -> tuple[str, ...]:
    flags = list(found.judgement.flags)
    if target.year_assumed:
        flags.append("year_assumed")
    if target.start_assumed and (target.form in FROM_BASE or "path" in found.judgement.basis):
        flags.append("start_assumed")
    if target.strive:
        flags.append("strive")
    return tuple(dict.fromkeys(flags))
