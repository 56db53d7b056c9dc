"""Scores of warnings: the Brier score worked out (W3), counts, bins, intervals over series."""

import pytest

from gateway.warning.scores import Warned, brier_score, reliability, score
from services.common.words import Label

CHANCES, MISSED = [0.9, 0.7, 0.2, 0.1, 0.6], [True, True, False, False, False]
LABEL = Label("方式", "way")
CASES = [
    Warned("a", True, True), Warned("a", True, False), Warned("b", False, True),
    Warned("b", False, False), Warned("c", False, False), Warned("c", None, True),
]  # fmt: skip


def test_brier_score_w3():
    found = brier_score("posterior", 0, CHANCES, MISSED)
    assert found.brier == pytest.approx(0.102)
    assert found.base_rate == 0.4 and found.reference == pytest.approx(0.24)
    assert found.skill == pytest.approx(0.575)


def test_a_base_rate_of_nothing_has_no_skill():
    assert brier_score("prior", 0, [0.1], [False]).skill is None
    with pytest.raises(ValueError, match="outcomes"):
        brier_score("prior", 0, [], [])


def test_counts_and_rates():
    found = score("office", LABEL, 0, CASES, 200, 1)
    assert (found.hit_count, found.miss_count, found.false_alarm_count, found.correct_negative_count) == (
        1,
        1,
        1,
        2,
    )
    assert (found.case_count, found.no_answer_count, found.series_count) == (5, 1, 3)
    assert found.miss_rate == 0.5 and found.false_alarm_rate == pytest.approx(1 / 3)
    assert found.false_alarm_ratio == 0.5
    assert found.miss_rate_low <= found.miss_rate <= found.miss_rate_high
    assert found == score("office", LABEL, 0, CASES[::-1], 200, 1)


def test_one_series_has_no_spread_and_none_has_no_rate():
    one = score("office", LABEL, 0, [Warned("a", True, True), Warned("a", False, True)], 50, 1)
    assert (one.miss_rate_low, one.miss_rate_high) == (0.5, 0.5) and one.false_alarm_rate is None
    nothing = score("office", LABEL, 0, [Warned("a", None, True)], 50, 1)
    assert nothing.miss_rate is None and nothing.miss_rate_low is None


def test_every_case_is_in_one_bin():
    bins = reliability([*CHANCES, 0.0, 1.0, 0.2], [*MISSED, False, True, True])
    assert [b.case_count for b in bins] == [2, 2, 0, 2, 2]
    assert bins[1].missed_share == 0.5 and bins[2].mean_share is None
