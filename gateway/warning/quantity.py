"""A target as a quantity over the years: what was seen, what each member says, and the scale on which errors act.

Errors act on a positive level and on its logarithm: on the index for a fall or a rise (a fall of 14 % is the level 86),
on the compared value itself for the rest. A target of 0 takes errors as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from gateway.targets.data import TOLERANT, Form, Target
from gateway.targets.events import EVENTS
from gateway.targets.forms import FROM_BASE, Ask, NoBaseValueError, Values, compared_quantity
from gateway.targets.values import ValuesOf, observed_values, projected_values
from gateway.targets.world import plain_world
from gateway.warning.probability import chance_above, forecast
from gateway.warning.settings import ResidualModel
from services.common.regions import Region

_PERCENT = 100.0
# Forms whose answer is no number against a number: a member simply meets the target or does not.
WITHOUT_ERROR = (*EVENTS, Form.LEVEL_EACH_CITY, Form.FULL_COVERAGE, Form.NEAR_ZERO, Form.SIZE_CLASS)


@dataclass(frozen=True)
class Quantity:
    """A target's compared quantity."""

    target: Target
    ask: Ask
    observed: Values

    @property
    def last_seen(self) -> int:
        """The last observed year up to the target's; 0 when none is."""
        first = self.target.start_year or 0
        from_base = self.target.form in FROM_BASE and self.target.form is not Form.CUMULATIVE_FLOW
        years = [y for y in self.observed if y <= self.ask.year and not (from_base and y <= first)]
        return max(years, default=0)

    @property
    def has_error(self) -> bool:
        """Whether a member's value carries an error."""
        return self.target.form not in WITHOUT_ERROR


def quantity_of(region: Region, target: Target, values: ValuesOf) -> Quantity:
    """The target's quantity as observed; `values` gives a base year that no statistic has."""
    place = target.value_place or target.place
    seen = observed_values(region, target.observed, place)
    try:
        base = _base(target, seen) or _base(
            target, projected_values(region, values, target.reading, place)[0]
        )
        compared = _compared(target, seen, base) if seen else {}
    except NoBaseValueError:
        compared = {}
    return Quantity(target, plain_world(region, values).ask(target), dict(compared))


def member_values(region: Region, target: Target, values: ValuesOf) -> Values:
    """A member's compared quantity by year in the document's unit; empty when it has none."""
    place = target.value_place or target.place
    found, _ = projected_values(region, values, target.reading, place)
    seen = observed_values(region, target.observed, place)
    try:
        return _compared(target, found, _base(target, found) or _base(target, seen)) if found else {}
    except NoBaseValueError:
        return {}


def chance_of_missing(
    quantity: Quantity, member: Values, last_seen: int, error: ResidualModel
) -> float | None:
    """The chance that a member misses the target, its last residual carried on; None when it has no value."""
    ask = quantity.ask
    if ask.year not in member:
        return None
    value = member[ask.year]
    if not quantity.has_error or (_at_bound(ask, value, quantity.target.unit) and not last_seen):
        return 0.0 if ask.good(value) else 1.0
    levels = {t: level(ask, t, v) for t, v in member.items()}
    seen = {t: level(ask, t, v) for t, v in quantity.observed.items()}
    threshold = level(ask, ask.year, _limit(ask))
    known = last_seen if last_seen in seen and last_seen in levels else 0
    used = [threshold, levels[ask.year], *((seen[known], levels[known]) if known else ())]
    logarithmic = min(used) > 0
    sigma = error.sigma_share if logarithmic else error.sigma_share * max(1.0, abs(threshold))
    steps = ask.year - (known or ask.start_year or ask.year - 1)
    residual = 0.0
    if known:
        residual = log(seen[known] / levels[known]) if logarithmic else seen[known] - levels[known]
    centre, deviation = forecast(
        levels[ask.year], residual, sigma, error.rho, max(1, steps), logarithmic=logarithmic
    )
    above = chance_above(log(threshold) if logarithmic else threshold, centre, deviation)
    return above if floor_of(ask) < 0 else 1.0 - above


def level(ask: Ask, year: int, value: float) -> float:
    """A compared value as the positive level on which errors act."""
    if ask.form is Form.FALL_FROM_BASE:
        return _PERCENT - value
    if ask.form is Form.RISE_FROM_BASE:
        return _PERCENT + value
    if ask.form is Form.GROWTH_PER_YEAR and ask.start_year is not None:
        return float(_PERCENT * (1 + value / _PERCENT) ** (year - ask.start_year))
    return value


def floor_of(ask: Ask) -> int:
    """+1 when the level is to be high, -1 when it is to be low (a fall turns the sense round)."""
    return -ask.sign if ask.form is Form.FALL_FROM_BASE else ask.sign


def _limit(ask: Ask) -> float:
    """The value at which the verdict turns, tolerance included."""
    tolerant = ask.compare in TOLERANT
    return ask.number - ask.sign * (ask.tolerance if tolerant else 0.0)


def _at_bound(ask: Ask, value: float, unit: str) -> bool:
    """A share of 0 or 100 % that the scenario sets as such has no error to either side."""
    return unit == "%" and ask.form not in FROM_BASE and (value >= _PERCENT or value <= 0)


def _base(target: Target, values: Mapping[int, float]) -> float | None:
    return values.get(target.start_year) if target.start_year is not None else None


def _compared(target: Target, values: Values, base: float | None) -> Values:
    form = Form.LEVEL if target.compared else target.form
    return compared_quantity(form, target.start_year, values, base if form in FROM_BASE else None)
