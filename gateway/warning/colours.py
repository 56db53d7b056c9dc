"""Colours of a target: what the rules look at in a year, and the colour that earlier years leave standing."""

from gateway.warning.gaps import gap, gap_in, worsening_count, year_gap_in
from gateway.warning.quantity import Quantity
from gateway.warning.results import WarningColour, WarningRuleSet
from gateway.warning.rules import answer, settled, without_ensemble
from services.common.axes import BASE_YEAR

_MONTHS = 12


def colours_of(
    rules: WarningRuleSet,
    quantity: Quantity,
    last_seen: int,
    assessed_year: int,
    probability: float | None,
) -> tuple[WarningColour, WarningColour, dict[str, float | None]]:
    """Colour by the office's rule alone, by the full rule, and the quantities they saw; earlier years settle both."""
    history = [
        answer(rules, without_ensemble(_quantities(quantity, y, y)))
        for y in sorted(quantity.observed)
        if (quantity.ask.start_year or BASE_YEAR) < y < last_seen
    ]
    quantities = _quantities(quantity, last_seen, assessed_year) | {"probability_of_missing": probability}
    office = settled([*history, answer(rules, without_ensemble(quantities))], rules.improve_after_count)
    full = settled([*history, answer(rules, quantities)], rules.improve_after_count)
    return office, full, quantities


def _quantities(quantity: Quantity, year: int, assessed_year: int) -> dict[str, float | None]:
    ask, observed = quantity.ask, quantity.observed
    if not year:
        return dict.fromkeys(("gap_ratio", "year_gap_ratio", "absolute_gap", "data_age_months")) | {
            "worsening_count": 0.0
        }
    if year == ask.year:
        ratio, absolute = gap(ask.number, observed[year], ask.sign)
    else:
        found = gap_in(ask, observed, year)
        ratio, absolute = (found.ratio, found.absolute) if found else (None, None)
    ratios = {y: g.ratio for y in observed if (g := gap_in(ask, observed, y)) and g.ratio is not None}
    return {
        "gap_ratio": ratio,
        "year_gap_ratio": year_gap_in(ask, observed, year),
        "absolute_gap": absolute,
        "worsening_count": float(worsening_count(ratios, year)),
        "data_age_months": float(max(0, assessed_year - year) * _MONTHS),
    }
