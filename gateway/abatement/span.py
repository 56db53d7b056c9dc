"""A year, or the years that count together: which are run, and the weight of each in a sum over the span."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, array


@dataclass(frozen=True)
class Span:
    """Years that are run and their weights: sums of CO2 and present values of cost are weighted sums over them."""

    first_year: int
    last_year: int
    years: tuple[int, ...]
    co2_weights: FloatArray = array("year")
    cost_weights: FloatArray = array("year")


def one_year(year: int) -> Span:
    """One year, as it is."""
    return Span(year, year, (year,), np.ones(1), np.ones(1))


def span_of(first: int, last: int, step: int, rate: float, present: int, *, discount_tonnes: bool) -> Span:
    """The span from first to last, run every `step` years; the years between are interpolated linearly.

    Cost of year t counts (1 + rate)^-(t - present), CO2 counts 1 unless tonnes are discounted too.
    """
    years = tuple(sorted({*range(first, last + 1, step), last}))
    every = np.arange(first, last + 1)
    # Row y: what a value at the year run adds to each year of the span.
    spread = np.array([np.interp(every, years, np.eye(len(years))[i]) for i in range(len(years))])
    factors = (1.0 + rate) ** -(every - float(present))
    cost = spread @ factors
    return Span(first, last, years, cost if discount_tonnes else spread.sum(axis=1), cost)
