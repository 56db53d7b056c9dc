"""The frame's factor set acts in every sector alike; a past reply recomputes with the set it names."""

from dataclasses import replace

import pytest

from gateway.finish import answered
from services.common import factors
from services.common.door import read_frame
from services.common.errors import DomainError
from services.common.factors import factors_tco2_per_gj
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.scenario import Scenario

REGION = load_region("jiangsu")
YEARS = (2020,)


def run(shop, factor_set="", scenario=None):
    frame, found = read_frame({"region": "jiangsu", "last_year": 2020, "factor_set": factor_set})
    assert not found

    async def one():
        return (await shop.pipeline.runs.all(frame, [scenario or Scenario()], YEARS))[0].projection

    return shop.do(one())


@pytest.fixture(scope="module")
def default(shop):
    return run(shop)


def by_use(shop, set_id):
    """Energy, GJ, and CO2, t, of 2020 by (sector, use, carrier): sectors as they answer, power by technology."""
    frame, _ = read_frame({"region": "jiangsu", "last_year": 2020, "factor_set": set_id})

    async def ask():
        return (await shop.pipeline.runs.sector_outcomes(frame, [Scenario()]))[0]

    found = {
        (o.sector, f.use, f.carrier): (f.energy_gj.sum(), f.energy_tco2.sum())
        for o in shop.do(ask())
        for f in o.fuel_uses
    }
    for tech in run(shop, set_id).power.technologies:
        if not tech.imported:
            found["power", tech.technology, tech.carrier] = tech.fuel_gj.sum(), tech.energy_tco2.sum()
    return found


@pytest.mark.parametrize(
    "set_id", ["power_coal_2_77", "ipcc2006", "enterprise_guideline", "provincial_guideline", "ceads", "planning_total"]
)  # fmt: skip
def test_a_set_changes_co2_of_every_use_in_every_sector_by_its_factor_and_no_energy(shop, set_id):
    ours, theirs = factors_tco2_per_gj(REGION), factors_tco2_per_gj(REGION, set_id)
    before, after = by_use(shop, "balance_2020"), by_use(shop, set_id)
    assert before.keys() == after.keys()
    burners = set()
    for key, (energy, tco2) in before.items():
        carrier = key[2]
        assert after[key][0] == pytest.approx(energy, rel=1e-12), key
        if tco2 > 0:
            assert after[key][1] / tco2 == pytest.approx(theirs[carrier] / ours[carrier], rel=1e-9), key
            burners.add((key[0], carrier))
        else:
            assert after[key][1] == 0, key
    coal = {sector for sector, carrier in burners if carrier == "coal"}
    assert {"power", "industry"} <= coal
    assert {sector for sector, _ in burners} == {"buildings", "transport", "industry", "power"}


def test_power_plant_coal_raises_co2_of_all_coal_by_4_92_percent(shop):
    before, after = by_use(shop, ""), by_use(shop, "power_coal_2_77")
    coal = [key for key in before if key[2] == "coal"]
    rise = sum(after[k][1] for k in coal) / sum(before[k][1] for k in coal) - 1
    assert rise == pytest.approx(0.0492, abs=5e-5)


def test_the_set_in_force_and_its_name_are_the_same_request(shop, default):
    named = run(shop, "balance_2020")
    assert named.frame.factor_set == default.frame.factor_set == "balance_2020"
    assert answered(REGION, named.frame, named).digest == answered(REGION, default.frame, default).digest


def test_a_past_reply_recomputes_with_its_set_after_a_newer_one_came_into_force(shop, default, monkeypatch):
    past = answered(REGION, default.frame, default)
    sets = factors.factor_sets(REGION)
    newer = replace(sets[1], in_force_from_year=2026)
    monkeypatch.setattr(factors, "factor_sets", lambda region: (sets[0], newer, *sets[2:]))
    shop.pipeline.runs._kept.clear()
    today = run(shop)
    assert today.frame.factor_set == newer.set_id
    assert float(today.account.territorial_tco2[0]) > float(default.account.territorial_tco2[0])
    again = run(shop, past.frame.factor_set)
    assert answered(REGION, again.frame, again).digest == past.digest
    shop.pipeline.runs._kept.clear()


def test_an_unknown_set_is_refused_with_near_names_beside_every_other_violation(shop):
    async def ask():
        return await shop.pipeline.project(
            {"region": "jiangsu", "factor_set": "cead"},
            {"scenario": {"settings": ({"lever_id": "power.nothing", "years": (2030,), "values": (1.0,)},)}},
            DispatchMode.UNSPECIFIED,
        )

    with pytest.raises(DomainError) as error:
        shop.do(ask())
    told = {v.field: v for v in error.value.violations}
    assert "ceads" in told["frame.factor_set"].description
    assert "scenario.settings[0].lever_id" in told
