"""The chance of a target being met: Wilson intervals with known numbers, and what cannot be evaluated."""

import pytest
from scipy.stats import binomtest

from gateway.targets.probability import p_met


@pytest.mark.parametrize(
    ("met", "of", "low", "high"),
    [
        (870, 1000, 0.84773, 0.88944),
        (8700, 10000, 0.86327, 0.87645),
        (0, 1000, 0, 0.00383),
        (3, 1000, 0.00102, 0.00878),
    ],
)
def test_the_interval_of_a_count_e3(met, of, low, high):
    found = p_met([True] * met + [False] * (of - met))
    assert found.share == met / of
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-6)
    expected = binomtest(met, of).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_members_that_cannot_be_evaluated_are_told_and_not_counted():
    found = p_met([True, None, False, None])
    assert (found.share, found.share_not_evaluated) == (0.5, 0.5)
    assert p_met([None]).share is None


def test_weights_count_by_their_effective_size():
    equal = p_met([True, False, True], [2.0, 2.0, 2.0])
    assert equal == pytest.approx(p_met([True, False, True]))
    uneven = p_met([True, False, True], [10.0, 1.0, 1.0])
    assert uneven.high - uneven.low > equal.high - equal.low
    assert uneven.share == pytest.approx(11 / 12)


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [1.0, float("nan")]])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        p_met([True, False], weights)
