"""Adequacy of projected years: against the assessment of any fleet, limits, and what levers do to it."""

import numpy as np
import pytest

from services.power import sums
from services.power.adequacy import region
from services.power.adequacy.assess import assess
from services.power.adequacy.case import AdequacyCase, AdequacyResource, AdequacyStore, AdequacyUnit
from services.power.capacity import STORES
from services.power.dispatch import WIND_AND_PV
from services.power.stack import BLOCKS

NAMES = ("lole_hours", "eens_mwh", "capacity_lacking_mw")
CREDITS = ("wind", "pv", "battery", "pumped_storage")


def metric(outcome, name):
    return next(i.region_values for i in outcome.indicators if i.metric_id == f"power.{name}")


@pytest.fixture
def seen(monkeypatch):
    """Every dispatched year with what was asked of it."""
    kept = []

    def watch(request, year):
        kept.append((request, year))
        return region.year_risk(request, year)

    monkeypatch.setattr(sums, "year_risk", watch)
    return kept


def case_of(request, year):
    """The same year told as a fleet of anyone's, from the region's tables."""
    y, of = year.index, request.fleet.region
    outages = {
        n: r["forced_outage_share"] for n, r in of.table("power/forced_outages").by("technology").items()
    }
    units, lines = [], 0.0
    for name, row in of.table("power/unit_sizes").by("technology").items():
        gross = request.capacity.mean_mw[name][y]
        if gross == 0:
            continue
        count = max(round(gross / row["unit_mw"]), 1)
        if name.startswith("import"):
            units.append(AdequacyUnit(name, gross / count, outages["import_line"], count))
            lines += gross
        else:
            net = gross * (1 - request.own_use[name])
            planned = 1 - request.fleet.techs[name].availability_share / (1 - outages[name])
            units.append(AdequacyUnit(name, net / count, outages[name], count, planned))
    wind_mw = sum(request.capacity.mean_mw[n][y] for n in WIND_AND_PV if n.endswith("wind"))
    pv_mw = request.capacity.mean_mw["utility_pv"][y] + sum(s.capacity_mw[y] for s in request.on_site)
    steady = sum(year.must_run_net_mw[n] for n in ("hydro", "offgas"))
    steady = steady + request.stack.capacity_mw[y, 0, BLOCKS.index("demand_response")]
    return AdequacyCase(
        load_mw=year.load_mw + lines - year.import_mw,
        units=tuple(units),
        resources=(
            AdequacyResource("wind", wind_mw, year.vre_net_mw[:2].sum(axis=0)),
            AdequacyResource("pv", pv_mw, year.vre_net_mw[2:].sum(axis=0)),
            AdequacyResource("steady", float(np.max(steady)), np.broadcast_to(steady, 8760) + 0.0),
        ),
        stores=tuple(
            AdequacyStore(name, row[0], row[2], row[3] * row[4])
            for name, row in zip(STORES, request.stack.stores[y], strict=True)
        ),
        grid_mw=of.number("power/adequacy", "outage_grid_mw"),
        credits_at_standard=True,
    )


@pytest.mark.parametrize("year", [2020, 2035])
def test_a_projected_year_equals_the_assessment_of_its_fleet(run, seen, year):
    outcome = run(year, year)
    report = assess(case_of(*seen[0]))
    assert metric(outcome, "lole_hours")[0] == pytest.approx(report.lole_hours, rel=1e-6)
    assert metric(outcome, "eens_mwh")[0] == pytest.approx(report.eens_mwh, rel=1e-6)
    assert metric(outcome, "capacity_lacking_mw")[0] == pytest.approx(report.capacity_lacking_mw, abs=0.1)
    assert report.load_carried_mw == pytest.approx(-report.capacity_lacking_mw)
    credits = {c.resource_id: c for c in report.credits}
    for name in CREDITS:
        # The region counts a store at its nameplate, dispatch and assessment at what is available of it.
        power = seen[0][0].capacity.mean_mw[name][seen[0][1].index] if name in STORES else None
        expected = credits[name].credit_share if power is None else credits[name].elcc_mw / power
        assert metric(outcome, f"capacity_credit_{name}_share")[0] == pytest.approx(expected, abs=1e-4)


def test_every_year_has_its_risk_and_credits_between_nothing_and_nameplate(run):
    outcome = run(2024, 2031)
    for name in NAMES:
        assert (metric(outcome, name) >= 0).all()
        assert metric(outcome, name).size == 8
    for name in CREDITS:
        shares = metric(outcome, f"capacity_credit_{name}_share")
        assert ((shares >= 0) & (shares <= 1)).all()
        # Years between 2025 and 2030 lie on the line between them; 2024 as 2025.
        np.testing.assert_allclose(shares[1:7], np.linspace(shares[1], shares[6], 6), atol=1e-12)
        assert shares[0] == shares[1]


def test_more_plants_lower_every_measure_of_risk_and_enough_of_them_leave_nothing_lacking(run):
    some, more, plenty = (run(2030, 2030, power__gas_capacity=gw) for gw in (30.0, 40.0, 60.0))
    for name in NAMES:
        values = [metric(o, name)[0] for o in (some, more, plenty)]
        assert values[0] > values[1] >= values[2]
    lacking = [metric(o, "capacity_lacking_mw")[0] for o in (some, more, plenty)]
    # 10 GW of plants carry less than perfect capacity: some of them are down, and they use power themselves.
    assert 0 < lacking[0] - lacking[1] < 10_000
    for outcome, mw in zip((some, more, plenty), lacking, strict=True):
        assert (mw == 0) == (metric(outcome, "lole_hours")[0] <= 2.4)
    assert lacking[2] == 0


def test_extreme_weather_is_assessed_on_its_own_hours(run):
    normal, still = run(2030, 2030), run(2030, 2030, weather="low_wind")
    assert metric(still, "eens_mwh")[0] > metric(normal, "eens_mwh")[0]
    assert metric(still, "capacity_credit_wind_share")[0] < metric(normal, "capacity_credit_wind_share")[0]
