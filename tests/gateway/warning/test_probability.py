"""Reweighing: the worked example (W2), perfect data, order, a toy whose truth is known."""

import math

import numpy as np
import pytest

from gateway.warning.probability import (
    Seen,
    chance_above,
    effective_size,
    forecast,
    log_likelihood,
    noise_variance,
    residuals,
    temper_of,
    weigh,
    weighted_chance,
    weights_of,
)

FALLING = [{t: 100 * (1 - r) ** t for t in range(6)} for r in (0.02, 0.03, 0.04, 0.05)]


def missing(members, seen, sigma, rho, limit, year, last):
    """P(above the limit) of each member."""
    found = []
    for m in members:
        centre, deviation = forecast(
            m[year], seen[last] - m[last], sigma, rho, year - last, logarithmic=False
        )
        found.append(chance_above(limit, centre, deviation))
    return found


def test_reweighing_w2():
    """Four members falling 2 to 5 % a year, 93.0 seen in year 2; at most 82 asked in year 5."""
    one = weigh([Seen({2: 93.0}, FALLING, 1.0, 0.0)], 4)
    assert one.weights == pytest.approx((0.00764687, 0.42882406, 0.54582407, 0.01770499), abs=5e-9)
    assert one.size == pytest.approx(2.073889, abs=5e-7)
    chances = missing(FALLING, {2: 93.0}, 0.0, 0.0, 82.0, 5, 2)
    assert chances == [1.0, 1.0, 0.0, 0.0]
    assert weighted_chance(chances, one.weights) == pytest.approx(0.436471, abs=5e-7)
    wide = weigh([Seen({2: 93.0}, FALLING, 2.0, 0.0)], 4)
    assert weighted_chance(chances, wide.weights) == pytest.approx(0.474376, abs=5e-7)
    assert wide.size == pytest.approx(3.361142, abs=5e-7)


def test_the_error_keeps_a_chance_off_zero_and_one():
    chances = missing(FALLING, {2: 93.0}, 1.0, 0.5, 82.0, 5, 2)
    assert all(0 < p < 1 for p in chances)


def test_perfect_data_leave_no_doubt():
    """Observed without error on one member's path: that member alone counts, and the chance is 0 or 1."""
    for truth, expected in ((0, 1.0), (3, 0.0)):
        seen = {t: FALLING[truth][t] for t in (1, 2, 3, 4)}
        one = weigh([Seen(seen, FALLING, 1e-3, 0.3)], 4)
        assert one.weights[truth] == pytest.approx(1.0)
        chances = missing(FALLING, seen, 1e-3, 0.3, 82.0, 5, 4)
        assert weighted_chance(chances, one.weights) == pytest.approx(expected, abs=1e-9)


def test_the_order_of_members_changes_no_bit():
    rng = np.random.default_rng(3)
    members = [{t: float(v) for t, v in enumerate(rng.normal(100, 5, 6))} for _ in range(40)]
    order = rng.permutation(40).tolist()
    seen = {1: 101.0, 2: 99.0, 4: 103.0}
    plain = weigh([Seen(seen, members, 2.0, 0.5)], 40, 0.8, 20.0)
    mixed = weigh([Seen(seen, [members[i] for i in order], 2.0, 0.5)], 40, 0.8, 20.0)
    assert tuple(plain.weights[i] for i in order) == mixed.weights
    assert (plain.size, plain.exponent) == (mixed.size, mixed.exponent)
    chances = missing(members, seen, 2.0, 0.5, 100.0, 5, 4)
    assert weighted_chance(chances, plain.weights) == weighted_chance(
        [chances[i] for i in order], mixed.weights
    )


def test_a_later_observation_multiplies_the_weights():
    """Weights of two years are those of the first times the likelihood of the second: nothing is run again."""
    seen = {1: 97.5, 2: 93.0}
    both = weigh([Seen(seen, FALLING, 1.0, 0.5)], 4)
    first = weigh([Seen({1: 97.5}, FALLING, 1.0, 0.5)], 4)
    steps = [
        math.log(w)
        + log_likelihood(residuals(seen, m, logarithmic=False), 1.0, 0.5)
        - log_likelihood(residuals({1: 97.5}, m, logarithmic=False), 1.0, 0.5)
        for w, m in zip(first.weights, FALLING, strict=True)
    ]
    assert weights_of(steps) == pytest.approx(both.weights, rel=1e-12)


def test_a_year_without_observation_is_two_steps_of_the_same_process():
    """d(t) given d(t-2) has mean rho^2 d and variance 1 + rho^2."""
    found = log_likelihood({2020: 1.0, 2022: 2.0}, 1.0, 0.5)
    first = -((1.0 * math.sqrt(0.75)) ** 2) / 2
    assert found == pytest.approx(first - (2.0 - 0.25) ** 2 / (2 * 1.25))
    assert noise_variance(0.5, 2) == 1.25


def test_too_few_effective_members_widen_the_error():
    members = [{1: float(v)} for v in range(100)]
    sharp = weigh([Seen({1: 50.0}, members, 0.5, 0.0)], 100)
    wide = weigh([Seen({1: 50.0}, members, 0.5, 0.0)], 100, 1.0, 50.0)
    assert sharp.size < 5 and sharp.exponent == 1.0
    assert wide.size == pytest.approx(50.0, abs=1e-6) and 0 < wide.exponent < 1
    assert wide.raw_size == sharp.size
    assert effective_size([1.0] * 7) == 7.0


def test_series_that_move_together_count_as_one():
    one = [float(v) for v in range(20)]
    assert temper_of([one, one]) == pytest.approx(0.5)
    assert temper_of([one]) == temper_of([one, [3.0] * 20]) == 1.0


def drawn_alike(cases=400):
    """Truth and members drawn alike: (chances of missing by last year seen, whether it was missed), [case]."""
    rng = np.random.default_rng(11)
    count, sigma, rho = 60, 1.0, 0.5
    slopes = rng.normal(-3.5, 1.5, size=(cases, count + 1))
    chances = {a: [] for a in (1, 2, 3, 4)}
    outcomes = []
    for row in slopes:
        noise, path = 0.0, {}
        for t in range(1, 6):
            step = sigma / math.sqrt(1 - rho * rho) if t == 1 else sigma
            noise = rho * noise + step * rng.normal()
            path[t] = 100 + row[0] * t + noise
        limit = 100 - 3.5 * 5
        outcomes.append(path[5] > limit)
        members = [{t: 100 + s * t for t in range(6)} for s in row[1:]]
        for last in chances:
            seen = {t: path[t] for t in range(1, last + 1)}
            weights = weigh([Seen(seen, members, sigma, rho)], count).weights
            chances[last].append(weighted_chance(missing(members, seen, sigma, rho, limit, 5, last), weights))
    return {last: np.array(told) for last, told in chances.items()}, np.array(outcomes, dtype=float)


def bins_told(told, missed):
    """(mean chance told, share missed, bound on their difference) of five bins with ten cases or more."""
    for low in np.arange(0, 1, 0.2):
        own = (told >= low) & (told < low + 0.2 + 1e-12)
        if own.sum() >= 10:
            expected, n = told[own].mean(), own.sum()
            bound = 3.5 * math.sqrt(max(expected * (1 - expected), 0.01) / n) + 0.02
            yield float(expected), float(missed[own].mean()), float(bound)


def test_an_ensemble_equal_to_the_truth_is_calibrated():
    """In each bin the share missed lies within binomial bounds, and the Brier score falls with every year seen."""
    chances, missed = drawn_alike()
    briers = [float(np.mean((chances[a] - missed) ** 2)) for a in (1, 2, 3, 4)]
    assert briers == sorted(briers, reverse=True) and briers[0] < missed.mean() * (1 - missed.mean())
    for told in chances.values():
        for expected, came, bound in bins_told(told, missed):
            assert abs(came - expected) < bound
