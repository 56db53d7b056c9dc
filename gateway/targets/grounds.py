"""What a verdict rests on before the model says anything: values seen and entered, ranked, with their sources.

The same for every scenario, so that it is made once for each target and place; a batch judges the same targets ten
thousand times.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.results import ValueSource
from gateway.targets.data import Form, Target
from gateway.targets.entered import observed_sources, ranked
from gateway.targets.forms import FROM_BASE, Values, compared_quantity
from gateway.targets.values import observed_values
from services.common.recording import kept
from services.common.regions import Region


@dataclass(frozen=True)
class Seen:
    """Values held for a target at a place, as its compared quantity."""

    # By year, the one that counts, told so.
    counting: Mapping[int, ValueSource]
    values: Values
    # Values beside those that count that differ from them, as flags.
    differences: tuple[str, ...]
    # Every value, by year, each told whether it counts.
    marked: tuple[ValueSource, ...]


@dataclass(frozen=True)
class Grounds:
    """What is known of a target at a place without the model."""

    raw: Values
    entered: tuple[ValueSource, ...]
    # None where the value of the base year has to come from the model.
    seen: Seen | None
    # Without what is made of the observations: where no base value is known, what was entered stands alone.
    entered_alone: Seen


def form_of(target: Target) -> Form:
    """How the metric becomes the compared quantity."""
    return Form.LEVEL if target.compared else target.form


def base_year(target: Target) -> int | None:
    """The year that values are compared with; None where there is none."""
    return target.start_year if form_of(target) in FROM_BASE else None


@kept(maxsize=2048)
def grounds_of(
    region: Region, target: Target, place: str, entered: tuple[ValueSource, ...], observed: bool
) -> Grounds:
    """The grounds of a target at a place; without `observed` only what was entered."""
    raw = observed_values(region, target.observed, place) if observed else {}
    form, base = form_of(target), base_year(target)
    base_value = raw.get(base) if base else None
    alone = seen_of(region, target, place, entered, {})
    if raw and base and form is not Form.CUMULATIVE_FLOW and not base_value:
        return Grounds(raw, entered, None, alone)
    compared = compared_quantity(form, target.start_year, raw, base_value)
    seen = seen_of(region, target, place, entered, compared) if compared else alone
    return Grounds(raw, entered, seen, alone)


def seen_of(
    region: Region, target: Target, place: str, entered: tuple[ValueSource, ...], compared: Values
) -> Seen:
    """Observations (as the compared quantity) and what was entered, ranked."""
    held = (*observed_sources(region, target, place, compared), *entered)
    best = ranked(held)
    counting = {y: replace(one, counts=True) for y, one in best.items()}
    values = {y: one.value for y, one in best.items()}
    return Seen(counting, values, differences(best, held), marked(held, best))


def marked(held: tuple[ValueSource, ...], best: Mapping[int, ValueSource]) -> tuple[ValueSource, ...]:
    """Values by year, each told whether it counts."""
    ordered = sorted(held, key=lambda v: v.year)
    return tuple(replace(v, counts=best.get(v.year) is v) for v in ordered)


def differences(best: Mapping[int, ValueSource], held: tuple[ValueSource, ...]) -> tuple[str, ...]:
    """Values that were entered or observed beside the one that counts, and differ from it."""
    return tuple(
        f"also_{v.status}_{v.year}:{v.value:.6g}"
        for v in sorted(held, key=lambda v: v.year)
        if v.year in best and v is not best[v.year] and v.value != best[v.year].value
    )
