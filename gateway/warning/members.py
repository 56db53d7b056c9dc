"""What the members of an ensemble say of targets: what is read of each, their weights, their chances of missing."""

from collections.abc import Sequence
from functools import partial

from gateway.results import Verdict
from gateway.targets.answer import judgement_of
from gateway.targets.data import Form, Target
from gateway.targets.events import EVENTS
from gateway.targets.judging import GOOD
from gateway.warning.outlook import PEAK_LOAD, TERRITORIAL, Key, Outlook
from gateway.warning.probability import Seen, Weighed, temper_of, weigh
from gateway.warning.quantity import Quantity, chance_of_missing, member_values
from gateway.warning.results import SeriesUsed
from gateway.warning.settings import ResidualModel, WatchedSeries, number
from services.common.axes import BASE_YEAR
from services.common.regions import Region

_NO_ANSWER = (Verdict.CANNOT_COMPUTE, Verdict.TRACKED_ONLY)


def keys_of(region: Region, targets: Sequence[Target], series: Sequence[WatchedSeries]) -> tuple[Key, ...]:
    """The metrics and places that are read of every member, in a fixed order."""
    keys: dict[Key, None] = {(TERRITORIAL, ""): None, (PEAK_LOAD, ""): None}
    for target in targets:
        place = target.value_place or target.place
        places = target.cities if target.form is Form.LEVEL_EACH_CITY else [place]
        for reading in (target.reading, *target.other_readings):
            if reading is not None:
                for p in places:
                    keys[reading.metric_id, p if p in region.city_ids else ""] = None
    for one in series:
        keys[one.metric_id, ""] = None
    return tuple(keys)


def weights_for(
    region: Region, seen: Outlook, series: Sequence[WatchedSeries], last_year: int = 0
) -> tuple[Weighed, tuple[SeriesUsed, ...]]:
    """The members' weights by what was observed (up to `last_year`), and the series that made them."""
    parts, used, last_values = [], [], []
    count = len(seen.members)
    for one in series:
        if not one.weighs:
            continue
        observed = {
            y: v * one.factor
            for y, v in region.observed(one.statistic).items()
            if y > BASE_YEAR and y in seen.years and (not last_year or y <= last_year)
        }
        values = [seen.values(i, one.metric_id) for i in range(count)]
        if not observed or not all(values):
            continue
        parts.append(Seen(observed, values, one.error.sigma_share, one.error.rho, logarithmic=True))
        last_values.append([v[max(observed)] for v in values])
        used.append(
            SeriesUsed(
                one.metric_id,
                one.statistic,
                one.error.sigma_share,
                one.error.rho,
                tuple(sorted(observed)),
                one.provenance,
            )
        )
    # A small ensemble cannot keep fifty: half of its members then.
    least = min(number(region, "least_effective_size"), count / 2)
    return weigh(parts, count, temper_of(last_values), least), tuple(used)


def chances(
    region: Region, quantity: Quantity, seen: Outlook, last_seen: int, error: ResidualModel
) -> tuple[list[bool | None], list[float | None]]:
    """By member: whether the model alone meets the target, and the chance of missing with residual and error."""
    target, year = quantity.target, quantity.ask.year
    if target.form in (*EVENTS, Form.LEVEL_EACH_CITY):
        verdicts = [
            judgement_of(region, target, partial(seen.values, i), observed=False).verdict
            for i in range(len(seen.members))
        ]
        good = [None if v in _NO_ANSWER else v in GOOD for v in verdicts]
        return good, [None if g is None else float(not g) for g in good]
    rows = [member_values(region, target, partial(seen.values, i)) for i in range(len(seen.members))]
    good = [quantity.ask.good(r[year]) if year in r else None for r in rows]
    # A value that no member changes and nobody observed is set by the scenario: it is a choice, not a forecast.
    chosen = not last_seen and len({r.get(year) for r in rows}) == 1
    if chosen:
        return good, [None if g is None else float(not g) for g in good]
    return good, [chance_of_missing(quantity, r, last_seen, error) for r in rows]
