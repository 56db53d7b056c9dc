"""Pollution and carbon together: worked answers, quadrants, bounds, the real services."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.synergy.co_control import Emission, co_control, equivalents, quadrant, rank_score, with_ranks
from gateway.synergy.coordination import coordination, coupling, degree, index_of
from gateway.synergy.results import CoordinationRule, PollutantRule, SynergyQuadrant
from gateway.synergy.settings import synergy_settings
from gateway.synergy.stage import synergy
from services.common.regions import load_region
from services.common.words import Label
from tests.gateway.abatement.test_stage import FRAME, MEASURES
from tests.gateway.compare.test_attribute import last_of

NAME = Label("x", "x")
RULES = (
    PollutantRule("so2", NAME, 0.95),
    PollutantRule("nox", NAME, 0.95),
    PollutantRule("dust", NAME, 4.0),
    PollutantRule("voc", NAME, None),
)
BOUNDS = CoordinationRule(1.5, 0.0, 0.01, 0.5, 2020)
BANDS = synergy_settings(load_region("jiangsu")).bands


def effect(before, after):
    return co_control("m", NAME, "", before, after, RULES, 0.001)


def test_equivalents_and_elasticity_as_worked_by_hand():
    """Known answer Y1."""
    before = Emission(1000.0, {"so2": 2000.0, "nox": 6000.0, "dust": 1600.0, "voc": 500.0})
    after = Emission(950.0, {"so2": 1880.0, "nox": 5620.0, "dust": 1520.0, "voc": 100.0})
    found = effect(before, after)
    assert equivalents(before.pollutants_t, RULES) == pytest.approx(8821052.6, abs=0.1)
    assert found.avoided_equivalents == pytest.approx(546315.8, abs=0.1)
    assert found.avoided_pollution_share == pytest.approx(0.06193317, abs=1e-8)
    assert found.elasticity_ratio == pytest.approx(1.238663, abs=1e-6)
    single = {p.metric_id: p.elasticity_ratio for p in found.pollutants}
    assert single == pytest.approx({"so2": 1.2, "nox": 1.266666667, "dust": 1.0, "voc": 16.0})
    assert found.quadrant is SynergyQuadrant.BOTH_FALL


def test_coupling_coordination_as_worked_by_hand():
    """Known answer Y2."""
    assert degree(0.64, 0.36) == pytest.approx((0.96, 0.5, 0.692820), abs=1e-6)
    assert degree(0.5, 0.5) == pytest.approx((1.0, 0.5, 0.707107), abs=1e-6)
    assert degree(0.9, 0.1) == pytest.approx((0.6, 0.5, 0.547723), abs=1e-6)


def test_a_measure_without_pollutants_has_an_elasticity_of_zero_and_one_without_co2_has_none():
    still = {"so2": 10.0, "nox": 10.0, "dust": 10.0}
    found = effect(Emission(100.0, still), Emission(90.0, still))
    assert found.elasticity_ratio == 0 and found.rank_score_share == 0
    assert found.quadrant is SynergyQuadrant.UNSPECIFIED
    end_of_pipe = effect(Emission(100.0, still), Emission(100.05, {**still, "so2": 1.0}))
    assert end_of_pipe.elasticity_ratio is None and end_of_pipe.quadrant is SynergyQuadrant.CO2_RISES
    assert all(p.elasticity_ratio is None for p in end_of_pipe.pollutants)
    assert effect(Emission(0.0, {}), Emission(0.0, {})).avoided_pollution_share == 0


def test_four_quadrants():
    names = [quadrant(x, y).value for x, y in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    assert names == ["both_fall", "co2_rises", "both_rise", "pollution_rises"]


@given(st.floats(1e-6, 1), st.floats(1e-6, 1))
def test_the_rank_score_lies_between_the_two_falls_and_is_even_handed(x, y):
    score = rank_score(x, y)
    assert min(x, y) * (1 - 1e-12) <= score <= max(x, y) * (1 + 1e-12)
    assert score == rank_score(y, x) and rank_score(-x, y) == rank_score(x, 0) == 0


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_coordination_is_symmetric_bounded_and_balanced_at_its_best(u1, u2):
    c, t, d = degree(u1, u2)
    assert degree(u2, u1) == pytest.approx((c, t, d))
    assert 0 < c <= 1 + 1e-12 and 0 < d <= 1 + 1e-12
    assert d <= math.sqrt(t) * (1 + 1e-12)
    assert coupling((u1, u1, u1)) == pytest.approx(1)


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 2)), min_size=2, max_size=5), st.randoms())
def test_swapping_or_adding_cities_changes_no_citys_degree(ratios, random):
    def degrees(cities):
        return {c: coordination("", c, 2030, r, BOUNDS, BANDS).degree for c, r in cities}

    cities = [(f"city{i}", r) for i, r in enumerate(ratios)]
    alone = degrees(cities[:1])
    mixed = cities[:]
    random.shuffle(mixed)
    assert degrees(mixed) == degrees(cities) and degrees(cities)["city0"] == alone["city0"]


def test_an_emission_beyond_the_bounds_is_held_and_marked():
    assert index_of(0.0, BOUNDS) == (1.0, False)
    assert index_of(1.5, BOUNDS) == (0.01, True)
    assert index_of(0.75, BOUNDS) == (0.5, False)
    found = coordination("", "x", 2030, (2.0, 0.75), BOUNDS, BANDS)
    assert found.outside_bounds and found.pollution_index == 0.01


def test_ranks_follow_the_score_and_ties_the_id():
    base = Emission(100.0, {"so2": 10.0})
    made = [
        co_control(n, NAME, "", base, Emission(c, {"so2": s}), RULES, 0.001)
        for n, c, s in (("b", 90.0, 9.0), ("a", 90.0, 9.0), ("c", 80.0, 8.0))
    ]
    assert [e.rank for e in with_ranks(made)] == [3, 2, 1]


def test_measures_are_assessed_in_the_region_and_its_cities(shop):
    raw = {
        "frame": FRAME,
        "scenario": {"baseline": "frozen"},
        "measures": MEASURES,
        "year": 2030,
        "years": (2030,),
    }
    progress, found = last_of(shop, synergy, raw)
    assert len(progress) == len(MEASURES) + 2
    whole = [e for e in found.effects if not e.place]
    assert [e.measure_id for e in whole] == ["wind", "cars", "steel", "all"]
    assert sorted(e.rank for e in whole[:3]) == [1, 2, 3]
    everything = whole[-1]
    assert everything.quadrant is SynergyQuadrant.BOTH_FALL and everything.avoided_equivalents > 0
    for name in ("avoided_tco2", "avoided_equivalents"):
        cities = [e for e in found.effects if e.place and e.measure_id == "all"]
        if len(cities) == 13:
            total = math.fsum(getattr(e, name) for e in cities)
            assert total == pytest.approx(getattr(everything, name), rel=1e-6)
    for c in found.coordinations:
        assert 0 < c.degree <= 1 and c.level == pytest.approx((c.pollution_index + c.carbon_index) / 2)


@pytest.mark.parametrize(
    ("more", "year"),
    [({"years": (2024, 2026)}, 2030), ({"frame": {"region": "jiangsu", "last_year": 2028}}, 2028)],
)
def test_the_effect_is_that_of_2030_or_of_the_nearest_year(shop, more, year):
    raw = {"frame": {"region": "jiangsu"}, "scenario": {}} | more
    _, found = last_of(shop, synergy, raw)
    assert found.year == year
