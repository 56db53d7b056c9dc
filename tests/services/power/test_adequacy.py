"""Adequacy of any fleet: published values, cases by hand, enumeration, limits, bad input, the wire."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import grpc
import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.power.v1 import adequacy_pb2, power_pb2_grpc
from services.common.errors import DomainError
from services.power.adequacy.assess import assess
from services.power.adequacy.case import (
    AdequacyCase,
    AdequacyResource,
    AdequacyStore,
    AdequacyUnit,
)
from services.power.adequacy.schedule import StoreSize, schedule_stores
from services.power.adequacy.table import outage_table, risk_of
from services.power.servicer import servicers
from services.runtime.convert import to_message
from services.runtime.serve import Server
from tests.services.power import rts79
from tests.services.power.outage_states import every_state

DAY = 24
RTS = AdequacyCase(load_mw=rts79.load_mw(), units=rts79.units())


def week(rng, low=600.0, high=1000.0):
    """Seven days with an evening peak."""
    hour = np.arange(7 * DAY) % DAY
    shape = 0.5 + 0.5 * np.sin(2 * np.pi * (hour - 12) / DAY)
    return low + (high - low) * (0.8 * shape + 0.2 * rng.random(hour.size))


def fleet(unit_mw=100.0, outage=0.05, count=11):
    return (AdequacyUnit("u", unit_mw, outage, count),)


def constant(name, mw, hours):
    return AdequacyResource(name, mw, np.full(hours, mw))


# --- published values ---


def test_the_ieee_reliability_test_system_gives_its_published_indices():
    report = assess(RTS)
    assert RTS.load_mw.size == 8736
    assert report.unit_capacity_mw == 3405
    assert report.peak_load_mw == rts79.PEAK_MW
    assert round(report.lole_hours, 4) == rts79.LOLE_HOURS
    assert round(report.eens_mwh, 1) == rts79.EENS_MWH
    assert round(report.lold_days, 4) == rts79.LOLD_DAYS
    assert report.reserve_margin_share == pytest.approx(3405 / 2850 - 1)
    # Winter of the peak week is at risk most; every expected hour stands in one cell of the map.
    assert report.risk_hours.shape == (12, DAY)
    assert report.risk_hours.sum() == pytest.approx(report.lole_hours)
    assert report.risk_hours.sum(axis=1).argmax() == 11


def test_the_test_system_meets_its_standard_once_the_capacity_lacking_is_added():
    lacking = assess(RTS).capacity_lacking_mw
    assert lacking > 0
    met = assess(replace(RTS, resources=(constant("firm", lacking, 8736),)))
    assert met.lole_hours <= met.standard_hours
    assert met.lole_hours == pytest.approx(met.standard_hours, rel=0.02)
    assert met.capacity_lacking_mw <= 1.0


@pytest.mark.parametrize("grid", [2.0, 5.0, 10.0])
def test_a_coarser_grid_moves_the_test_system_little(grid):
    fine, coarse = assess(RTS), assess(replace(RTS, grid_mw=grid))
    assert coarse.lole_hours == pytest.approx(fine.lole_hours, rel=0.01)
    assert coarse.eens_mwh == pytest.approx(fine.eens_mwh, rel=0.01)
    assert coarse.mean_outage_mw == pytest.approx(fine.mean_outage_mw, rel=1e-12)


# --- by hand and by enumeration ---


def test_two_units_by_hand():
    units = (AdequacyUnit("a", 100.0, 0.1, 1), AdequacyUnit("b", 60.0, 0.2, 1))
    load = np.full(DAY, 90.0)
    load[18] = 120.0
    report = assess(AdequacyCase(load_mw=load, units=units, standard_hours=1.0))
    # 90 MW is lost when a is out (60 or 0 MW left), 120 MW also when b is out alone.
    assert report.lole_hours == pytest.approx(23 * 0.1 + 1 * (0.1 + 0.9 * 0.2), rel=1e-12)
    short_90 = 0.1 * 0.8 * 30 + 0.1 * 0.2 * 90
    short_120 = 0.1 * 0.8 * 60 + 0.9 * 0.2 * 20 + 0.1 * 0.2 * 120
    assert report.eens_mwh == pytest.approx(23 * short_90 + short_120, rel=1e-12)
    assert report.lold_days == pytest.approx(0.28, rel=1e-12)
    assert report.mean_outage_mw == pytest.approx(22.0)
    assert report.least_margin_mw == 40.0


def test_a_margin_on_a_state_of_outage_is_no_loss():
    units = (AdequacyUnit("a", 100.0, 0.1, 2),)
    exact = assess(AdequacyCase(load_mw=np.full(DAY, 100.0), units=units))
    above = assess(AdequacyCase(load_mw=np.full(DAY, 100.0 + 1e-6), units=units))
    assert exact.lole_hours == pytest.approx(DAY * 0.01)
    assert above.lole_hours == pytest.approx(DAY * 0.19)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1), st.integers(1, 3)), min_size=1, max_size=4),
    st.lists(st.floats(-20, 160), min_size=1, max_size=8),
)
def test_the_table_equals_the_enumeration_of_all_states(classes, margins):
    table = outage_table(
        [c for c, _, _ in classes], [q for _, q, _ in classes], [n for _, _, n in classes], 1.0
    )
    loss, unserved, mean = every_state(classes, margins)
    risk = risk_of(table, np.array(margins))
    np.testing.assert_allclose(risk.loss, loss, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(risk.unserved_mw, unserved, rtol=1e-9, atol=1e-9)
    assert table.mean_mw == pytest.approx(mean, rel=1e-12, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.5, 900), st.floats(0, 0.5), st.integers(1, 30)), min_size=1, max_size=6),
    st.floats(1, 200),
)
def test_any_grid_keeps_the_mean_of_the_outages_and_widens_them_at_most(classes, step):
    capacity, share, count = ([c[i] for c in classes] for i in range(3))
    table = outage_table(capacity, share, count, step)
    assert table.mean_mw == pytest.approx(sum(c * q * n for c, q, n in classes), rel=1e-9, abs=1e-9)
    exact = sum(n * q * (1 - q) * c * c for c, q, n in classes)
    assert table.deviation_mw**2 >= exact * (1 - 1e-9) - 1e-6
    assert (np.diff(table.tail) <= 1e-15).all()
    assert table.excess_mw[0] == pytest.approx(table.mean_mw, rel=1e-9, abs=1e-9)


def test_identical_units_as_one_class_or_one_by_one_are_the_same_table():
    block = outage_table([37.0], [0.08], [60], 1.0)
    single = outage_table([37.0] * 60, [0.08] * 60, [1] * 60, 1.0)
    size = min(block.tail.size, single.tail.size)
    np.testing.assert_allclose(block.tail[:size], single.tail[:size], rtol=1e-10, atol=1e-30)


def test_units_that_never_fail_or_always_fail_leave_nothing_to_chance():
    units = (AdequacyUnit("never", 50.0, 0.0, 4), AdequacyUnit("always", 70.0, 1.0, 3))
    report = assess(AdequacyCase(load_mw=np.full(DAY, 190.0), units=units))
    assert report.lole_hours == 0.0
    assert report.mean_outage_mw == 210.0
    short = assess(AdequacyCase(load_mw=np.full(DAY, 230.0), units=units))
    assert short.lole_hours == DAY
    assert short.eens_mwh == pytest.approx(DAY * 30)


# --- monotone ---


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 0.3), st.floats(0.0, 0.2), st.floats(0.0, 200.0))
def test_risk_rises_with_outage_rates_and_with_load(outage, more, load):
    base = week(np.random.default_rng(1))
    case = AdequacyCase(load_mw=base, units=fleet(outage=outage))
    first = assess(case)
    worse = assess(replace(case, units=fleet(outage=outage + more)))
    heavier = assess(replace(case, load_mw=base + load))
    for other in (worse, heavier):
        assert other.eens_mwh >= first.eens_mwh * (1 - 1e-12) - 1e-12
        assert other.lole_hours >= first.lole_hours * (1 - 1e-12) - 1e-12
        assert other.capacity_lacking_mw >= first.capacity_lacking_mw - 0.01


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 300), st.floats(0, 1500), st.floats(0.4, 1.0), st.integers(0, 5))
def test_a_store_never_adds_risk_and_a_larger_one_takes_away_more(power, energy, efficiency, seed):
    load = week(np.random.default_rng(seed), 1900.0, 2750.0)
    case = AdequacyCase(load_mw=load, units=rts79.units())
    without = assess(case)
    store = AdequacyStore("s", power, energy, efficiency)
    small = assess(replace(case, stores=(store,)))
    large = assess(replace(case, stores=(replace(store, power_mw=1.5 * power, energy_mwh=1.5 * energy),)))
    assert small.eens_mwh <= without.eens_mwh * (1 + 1e-9)
    assert large.eens_mwh <= small.eens_mwh * (1 + 1e-6)
    (credit,) = small.credits
    assert -0.02 * power - 0.01 <= credit.elcc_mw <= power + 0.01


# --- capacity credits ---


@pytest.mark.parametrize("at_standard", [False, True])
def test_perfect_capacity_is_worth_its_nameplate_and_no_output_nothing(at_standard):
    hours = RTS.load_mw.size
    case = replace(
        RTS,
        resources=(constant("firm", 150.0, hours), AdequacyResource("idle", 150.0, np.zeros(hours))),
        credits_at_standard=at_standard,
    )
    firm, idle = assess(case).credits
    assert firm.credit_share == pytest.approx(1.0, abs=1e-4)
    assert idle.credit_share == 0.0


def test_a_credit_satisfies_its_definition():
    hours = np.arange(8736)
    sun = AdequacyResource("sun", 400.0, 400 * np.maximum(np.sin(2 * np.pi * (hours % 24 - 6) / 24), 0) ** 2)
    before = assess(RTS).lole_hours
    (credit,) = assess(replace(RTS, resources=(sun,))).credits
    assert 0 < credit.elcc_mw < 400
    assert credit.at_lole_hours == pytest.approx(before, rel=1e-12)
    raised = replace(RTS, load_mw=RTS.load_mw + credit.elcc_mw, resources=(sun,))
    assert assess(raised).lole_hours == pytest.approx(before, rel=2e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(10, 500), st.floats(0, 1))
def test_a_resource_carries_between_nothing_and_its_best_hour_and_more_output_carries_more(
    seed, capacity, share
):
    rng = np.random.default_rng(seed)
    case = AdequacyCase(load_mw=week(rng), units=fleet(), standard_hours=1.0)
    output = capacity * rng.random(case.load_mw.size)
    full = assess(replace(case, resources=(AdequacyResource("r", capacity, output),))).credits[0]
    part = assess(replace(case, resources=(AdequacyResource("r", capacity, output * share),))).credits[0]
    assert 0.0 <= full.elcc_mw <= output.max() + 0.01
    assert part.elcc_mw <= full.elcc_mw + 0.01


def test_a_store_with_hours_enough_for_the_day_levels_it():
    load = np.where(np.arange(7 * DAY) % DAY == 19, 900.0, 500.0)
    case = AdequacyCase(load_mw=load, units=fleet(count=10))
    flat = assess(replace(case, stores=(AdequacyStore("s", 400.0, 400.0, 1.0),)))
    mean = assess(replace(case, load_mw=np.full(load.size, load.mean())))
    assert flat.least_margin_mw == pytest.approx(1000 - load.mean(), abs=1.0)
    assert flat.lole_hours == pytest.approx(mean.lole_hours, rel=1e-9)


def test_more_hours_of_storage_are_worth_more():
    credits = [
        assess(
            replace(RTS, stores=(AdequacyStore("s", 200.0, 200.0 * hours, 0.86),), credits_at_standard=True)
        )
        .credits[0]
        .credit_share
        for hours in (1, 2, 4, 8)
    ]
    assert all(a < b for a, b in pairwise(credits))
    assert 0.1 < credits[0] < credits[-1] <= 1.0


STORE = StoreSize(80.0, 120.0, 300.0, 0.9, 0.95)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(1, 300),
    st.floats(1, 300),
    st.floats(1, 5000),
    st.floats(0.5, 1.0),
    st.floats(0, 60),
)
def test_a_schedule_keeps_every_limit_of_the_store_and_closes_its_cycle(
    seed, charge, discharge, energy, share, deviation
):
    load = week(np.random.default_rng(seed))
    net = schedule_stores(load, [StoreSize(charge, discharge, energy, share, share)], 1.0, deviation)
    assert net.max() <= charge + 1e-9
    assert -net.min() <= discharge + 1e-9
    change = np.maximum(net, 0) * share - np.maximum(-net, 0) / share
    content = np.cumsum(change)
    # What the tolerance leaves in an emptied store is given up: never more out than in, and next to nothing lost.
    assert -1e-6 * energy <= content[-1] <= 0.02 * energy
    assert np.ptp(np.concatenate([[0.0], content])) <= 1.02 * energy
    assert (load + net).max() <= load.max() + 1e-9


def test_a_constant_load_leaves_a_schedule_as_it_is_and_a_turn_of_the_year_turns_it():
    load = week(np.random.default_rng(3))
    net = schedule_stores(load, [STORE], 1.0, 20.0)
    np.testing.assert_allclose(schedule_stores(load + 1000, [STORE], 1.0, 20.0), net, atol=0.5)
    turned = schedule_stores(np.roll(load, 50), [STORE], 1.0, 20.0)
    np.testing.assert_allclose(np.roll(turned, -50), net, atol=2.0)


@pytest.mark.parametrize("hours", [2.0, 8.0, 40.0])
@pytest.mark.parametrize("seed", range(3))
def test_no_other_schedule_of_a_store_has_less_of_the_risk_it_is_made_for(seed, hours):
    deviation, power, share = 40.0, 90.0, 0.92
    load = week(np.random.default_rng(seed)) + np.repeat([0, 60, 90, 40, -30, -80, -60], DAY)
    store = StoreSize(power, power, power * hours, share, share)
    after = load + schedule_stores(load, [store], 1.0, deviation)
    base = float(load.max())
    risk = np.exp((after - base) / deviation).sum()
    assert risk == pytest.approx(least_risk(load - base, store, deviation), rel=5e-3)


def least_risk(load, store, deviation):
    """Least sum of exp(load / deviation) by a linear programme with tangents, over a cyclic week."""
    lp = highspy.Highs()
    lp.silent()
    charge = [lp.addVariable(lb=0.0, ub=store.charge_mw) for _ in load]
    out = [lp.addVariable(lb=0.0, ub=store.discharge_mw) for _ in load]
    content = [lp.addVariable(lb=0.0, ub=store.energy_mwh) for _ in load]
    risk = [lp.addVariable(lb=0.0) for _ in load]
    for t, mw in enumerate(load):
        change = store.charge_share * charge[t] - 1 / store.discharge_share * out[t]
        lp.addConstr(content[(t + 1) % load.size] - content[t] - change == 0)
        for at in np.arange(-400.0, 1.0, 4.0):
            slope = math.exp(at / deviation) / deviation
            tangent = slope * (mw - at) + math.exp(at / deviation)
            lp.addConstr(risk[t] - slope * charge[t] + slope * out[t] >= tangent)
    lp.minimize(sum(risk))
    return lp.getObjectiveValue()


def test_maintenance_goes_to_the_days_of_lowest_load():
    load = np.repeat(np.linspace(500, 900, 20), DAY)
    units = fleet(count=12)
    planned = (replace(units[0], planned_outage_share=0.1),)
    case = AdequacyCase(load_mw=load, units=units)
    kept, maintained = assess(case), assess(replace(case, units=planned))
    # 1,200 MW x 0.1 x 20 days fit below the level of the peak days, whose margin stays as it was.
    assert maintained.least_margin_mw == pytest.approx(kept.least_margin_mw)
    assert maintained.lole_hours > kept.lole_hours


# --- other steps, bad input, the wire ---


def test_steps_of_three_hours_give_the_indices_of_the_hours_they_stand_for():
    load = np.repeat(week(np.random.default_rng(2))[::3], 3)
    store = AdequacyStore("s", 100.0, 300.0, 0.8)
    hourly = AdequacyCase(load_mw=load, units=fleet(count=10), stores=(store,))
    threes = replace(hourly, load_mw=load[::3], step_hours=3.0)
    a, b = assess(hourly), assess(threes)
    assert b.lole_hours == pytest.approx(a.lole_hours, rel=1e-6)
    assert b.eens_mwh == pytest.approx(a.eens_mwh, rel=1e-3)
    assert b.lold_days == pytest.approx(a.lold_days, rel=1e-6)
    assert b.capacity_lacking_mw == pytest.approx(a.capacity_lacking_mw, abs=0.01)


def test_the_same_case_gives_the_same_bits():
    store = AdequacyStore("s", 200.0, 500.0, 0.8)
    one, two = assess(replace(RTS, stores=(store,))), assess(replace(RTS, stores=(store,)))
    assert one.risk_hours.tobytes() == two.risk_hours.tobytes()
    assert replace(one, risk_hours=two.risk_hours) == two


BAD = AdequacyCase(
    load_mw=np.array([100.0, np.nan] * 15),
    units=(
        AdequacyUnit("a", -5.0, 0.1, 1),
        AdequacyUnit("a", 50.0, 1.2, 0),
        AdequacyUnit("c", math.nan, 0.1, 1, planned_outage_share=-0.1),
    ),
    resources=(
        AdequacyResource("w", 10.0, np.zeros(7)),
        AdequacyResource("x", 10.0, np.full(30, 11.0)),
        AdequacyResource("y", 10.0, np.full(30, -1.0)),
    ),
    stores=(AdequacyStore("w", -1.0, math.inf, 1.5),),
    grid_mw=0.0,
    standard_hours=-1.0,
)


def test_bad_input_is_refused_with_every_violation_at_once():
    with pytest.raises(DomainError) as caught:
        assess(BAD)
    assert caught.value.reason == "INVALID_INPUT"
    assert {v.field for v in caught.value.violations} == {
        "load_mw",
        "load_mw[1]",
        "units",
        "units[0].capacity_mw",
        "units[1].forced_outage_share",
        "units[1].count",
        "units[2].capacity_mw",
        "units[2].planned_outage_share",
        "resources[0].hourly_mw",
        "resources[1].hourly_mw[0]",
        "resources[2].hourly_mw[0]",
        "stores[0].power_mw",
        "stores[0].energy_mwh",
        "stores[0].round_trip_share",
        "resources and stores",
        "grid_mw",
        "standard_hours",
    }


@pytest.mark.parametrize(
    ("case", "field"),
    [
        (AdequacyCase(load_mw=np.ones(DAY)), "units"),
        (AdequacyCase(load_mw=np.empty(0), units=fleet()), "load_mw"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(), step_hours=5.0), "step_hours"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(), step_hours=math.nan), "step_hours"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(), standard_hours=24.0), "standard_hours"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(), grid_mw=1e-6), "grid_mw"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(count=20_000)), "units[0].count"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(unit_mw=1e11)), "grid_mw"),
        (AdequacyCase(load_mw=np.ones(DAY), units=fleet(unit_mw=1e300)), "units[0].capacity_mw"),
        (AdequacyCase(load_mw=np.full(DAY, 1e15), units=fleet()), "load_mw[0]"),
    ],
)
def test_each_fault_alone_is_named(case, field):
    with pytest.raises(DomainError) as caught:
        assess(case)
    assert [v.field for v in caught.value.violations] == [field]


def test_a_load_of_zero_and_a_fleet_of_nothing_are_answered():
    report = assess(AdequacyCase(load_mw=np.zeros(DAY), units=fleet(unit_mw=0.0)))
    assert report.lole_hours == 0.0
    assert report.eens_mwh == 0.0
    assert report.reserve_margin_share == 0.0


async def test_the_call_answers_over_a_socket_and_refuses_bad_input():
    with ThreadPoolExecutor(1) as pool:
        server = Server("power", "127.0.0.1:0", servicers(pool), with_reflection=False)
        await server.start()
        try:
            async with grpc.aio.insecure_channel(server.address) as channel:
                stub = power_pb2_grpc.PowerServiceStub(channel)
                request = adequacy_pb2.AssessAdequacyRequest()
                store = AdequacyStore("s", 200.0, 500.0, 0.8)
                to_message(replace(RTS, stores=(store,)), request)
                reply = await stub.AssessAdequacy(request)
                here = assess(replace(RTS, stores=(store,)))
                assert reply.lole_hours == here.lole_hours
                assert list(reply.risk_hours) == here.risk_hours.ravel().tolist()
                assert reply.credits[0].resource_id == "s"
                assert reply.credits[0].elcc_mw == here.credits[0].elcc_mw
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await stub.AssessAdequacy(to_message(BAD, adequacy_pb2.AssessAdequacyRequest()))
                assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
                assert "units[1].forced_outage_share" in str(caught.value.trailing_metadata())
        finally:
            await server.drain(grace_seconds=0.0)
