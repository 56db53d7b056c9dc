"""The section on adequacy: it runs, and a load that is a little higher than the published one would be told."""

from itertools import islice

import numpy as np
import pytest

from services.power.adequacy.assess import assess
from services.power.adequacy.case import AdequacyCase
from tests.services.power import rts79
from tests.validation.section_checks import checked
from validation.comparison import Comparison, Verdict
from validation.context import Context
from validation.sections.adequacy import SECTION
from validation.sections.adequacy_sampling import hours_and_energy, sampled_outages


def test_every_row_is_told_and_within_its_limits() -> None:
    found = checked(SECTION.run(Context(quick=True)), "adequacy")
    for kind in ("rts79", "sampled", "enumerated", "credit", "store", "jiangsu_2035"):
        assert any(c.startswith(f"adequacy.{kind}.") for c in found), kind


def test_one_megawatt_more_of_load_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    load = rts79.load_mw()
    monkeypatch.setattr(rts79, "load_mw", lambda: load + 1.0)
    first = [p for p in islice(SECTION.run(Context(quick=True)), 8) if isinstance(p, Comparison)]
    told = {c.comparison_id for c in first if c.verdict is Verdict.DIFFERS}
    names = ("lole_hours", "lold_days", "eens_mwh", "peak_load")
    assert told == {f"adequacy.rts79.{name}" for name in names}


def test_sampling_sees_a_fleet_that_fails_more_often() -> None:
    units, load = rts79.units(), rts79.load_mw()
    exact = assess(AdequacyCase(load_mw=load, units=units)).lole_hours
    margin = 3405.0 - load
    hours, _ = hours_and_energy(sampled_outages(units, 400_000), margin)
    assert abs(exact - hours.mean) < 4 * hours.error
    dearer = tuple(type(u)(u.unit_id, u.capacity_mw, 1.3 * u.forced_outage_share, u.count) for u in units)
    more, _ = hours_and_energy(sampled_outages(dearer, 400_000), margin)
    assert more.mean - exact > 4 * more.error


def test_samples_of_two_units_have_the_mean_and_error_of_their_states() -> None:
    # 10 MW out in half of the states: with a margin of 5 MW one hour in two is lost, and 5 MWh of every other.
    states = np.zeros(11, dtype=np.int64)
    states[0] = states[10] = 50
    hours, energy = hours_and_energy(states, np.array([5.0]))
    assert (hours.mean, energy.mean) == (0.5, 2.5)
    assert hours.error == pytest.approx(np.sqrt(0.25 * 100 / 99 / 100))
