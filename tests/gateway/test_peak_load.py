"""Peak load from power's outcome."""

from dataclasses import replace

import numpy as np
import pytest

from gateway.peak_load import peak_load_of
from services.common.errors import DomainError
from tests.gateway.small_outcomes import power_outcome


def test_the_higher_season_gives_the_year_and_its_causes():
    peak = peak_load_of(power_outcome([]))
    assert peak.peak_load_mw.tolist() == [100.0, 100.0]
    assert peak.peak_hour.tolist() == [181 * 24 + 18] * 2
    assert peak.causes == ("cooling", "industry")
    assert peak.by_cause_mw.tolist() == [[60.0, 60.0], [40.0, 40.0]]
    np.testing.assert_allclose(peak.by_cause_mw.sum(axis=0), peak.peak_load_mw)


def test_a_missing_day_of_the_highest_hour_is_told():
    power = power_outcome([])
    cold = replace(power, winter_peak_load_mw=power.summer_peak_load_mw + 1)
    with pytest.raises(DomainError, match="highest hour of 2020"):
        peak_load_of(cold)
