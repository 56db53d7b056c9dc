"""Rules without a number on short series."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gateway.results import MetricSeries
from gateway.targets.directions import RULES, UNANSWERED, answer_directions, broken_years
from services.common.region_files import RegionDataError
from services.common.words import Label, Metric
from tests.gateway.small_outcomes import REGION

YEARS = (2020, 2021, 2022, 2023)


def broken(rule, values, first=2021, last=2023):
    return broken_years(rule, YEARS, np.array(values, dtype=float), first, last, 0.005)


@pytest.mark.parametrize(
    ("rule", "values", "years"),
    [
        ("falls_every_year", [4, 3, 2, 1], ()),
        ("falls_every_year", [4, 3, 3, 1], (2022,)),
        ("rises_every_year", [1, 2, 1, 3], (2022,)),
        ("end_below_start", [9, 3, 5, 2], ()),
        ("end_above_start", [0, 3, 1, 3], (2023,)),
        ("end_above_start_no_fall", [1, 2, 1.995, 3], ()),
        ("end_above_start_no_fall", [1, 2, 1.9, 3], (2022,)),
        ("not_above_base", [9, 2, 2.005, 2.1], (2023,)),
        ("not_below_base", [0, 2, 1.9, 2], (2022,)),
        ("none_added", [1, 1, 2, 2], (2022,)),
        ("none_added", [2, 1, 1, 0], ()),
    ],
)
def test_the_years_that_break_a_rule(rule, values, years):
    assert broken(rule, values) == years


def test_a_yearly_rule_from_the_first_year_has_nothing_to_compare_with():
    assert broken("falls_every_year", [4, 3, 2, 1], first=2020) == ()


def test_an_unknown_rule_is_refused():
    with pytest.raises(RegionDataError, match="no such rule"):
        broken("sinks_like_a_stone", [1, 1, 1, 1])


def test_every_rule_of_the_data_exists_and_gets_an_answer():
    results = answer_directions(REGION, YEARS, ())
    assert len(results) == 43
    assert {r.rule for r in results} <= {*RULES, *UNANSWERED}
    assert all(r.holds is None and r.reason for r in results)


def test_a_rule_says_whether_it_holds_and_by_how_much_things_changed():
    years = tuple(range(2020, 2031))
    values = np.linspace(1.0, 0.5, 11)
    ratio = MetricSeries(
        Metric("account.energy_per_gdp_ratio", Label("能耗", "energy"), "ratio"), values, np.empty((0, 0))
    )
    found = {r.direction_id: r for r in answer_directions(REGION, years, (ratio,))}["JSP-D01"]
    assert (found.holds, found.broken_count, found.reason) == (True, 0, "")
    assert_allclose(found.change_share, 0.5 / 0.7 - 1)
