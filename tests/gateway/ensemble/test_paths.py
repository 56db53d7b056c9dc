"""Paths of many members at once: those of one member by numpy's own interpolation, bit for bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ensemble.described import described
from gateway.ensemble.distributions import Distribution
from gateway.ensemble.drawing import Drawing, setting_of
from gateway.ensemble.inputs import inputs_of
from gateway.ensemble.paths import Between, InputPaths
from services.common.levers import last_known_year, resolve
from services.common.scenario import LeverSetting, Scenario
from services.common.words import LeverKind

KINDS = [
    Distribution("uniform", 2, 2, 5),
    Distribution("triangular", 1, 2, 5),
    Distribution("triangular", 1, 1, 5),
    Distribution("triangular", 3, 3, 3),
    Distribution("truncated_normal", 0, 1, 3, 0.8),
    Distribution("lognormal", 0.5, 1, 2, 0.3),
    Distribution("discrete", 0, 0, 0, 0, (1.0, 5.0, 3.0), (2.0, 0.0, 1.0)),
]


@pytest.mark.parametrize("one", KINDS, ids=lambda d: d.kind)
def test_many_quantiles_are_the_quantiles_one_by_one(one):
    u = np.concatenate([np.linspace(0, 1 - 2**-53, 97), [1 / 3, 2 / 3, 1.0, 2**-53]])
    assert one.quantiles(u).tolist() == [one.quantile(float(x)) for x in u]
    assert one.lowest <= one.quantiles(u).min() and one.quantiles(u).max() <= one.highest


@given(
    st.lists(st.integers(2020, 2060), min_size=1, max_size=6, unique=True).map(sorted),
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=6), min_size=1, max_size=4),
)
def test_interpolation_of_many_rows_is_that_of_numpy(at, rows):
    years = np.arange(2015, 2066)
    held = np.array(rows)[:, : len(at)]
    found = Between(np.array(at), years).values(held)
    assert np.array_equal(found, np.array([np.interp(years, at, row) for row in held]))


def plain_path(one, lever, paths, shares, as_of_year):
    """The rule written plainly: deviations at the anchors, a straight line between, nothing up to the known year."""
    years, central = np.array(paths.years), paths.path(one.lever_id)
    known = last_known_year(lever, as_of_year)
    draws = [d.quantile(shares) for _, d in one.anchors]
    if lever.kind is LeverKind.CONSTANT:
        return [draws[0]] if one.mode == "level" else None
    at, deviations = [], []
    for (year, _), draw in zip(one.anchors, draws, strict=True):
        at.append(year)
        here = float(np.interp(year, years, central))
        deviation = {"scale": draw - 1, "level": draw - here, "shift": draw}
        deviations.append(np.log(draw) if one.mode == "odds" else deviation[one.mode])
    if lever.kind is LeverKind.PATH and known < at[0]:
        at, deviations = [known, *at], [0.0, *deviations]
    spread = np.interp(years, at, deviations)
    changed = central * (1 + spread) if one.mode == "scale" else central + spread
    if one.mode == "odds":
        odds = np.exp(spread) * central / (1 - central)
        changed = odds / (1 + odds)
    return changed[years > known].tolist()


@pytest.mark.parametrize("as_of_year", [0, 2022])
def test_settings_of_members_follow_the_rule(world, as_of_year):
    inputs = [i for i in inputs_of(world.region) if i.known_then is None]
    levers = [world.levers[i.lever_id] for i in inputs]
    paths = resolve(levers, "jiangsu", Scenario(), tuple(range(2020, 2036)), as_of_year)
    shares = np.array([0.03, 0.5, 0.97])
    for one, lever in zip(inputs, levers, strict=True):
        found = InputPaths(one, lever, paths, as_of_year).at(shares)
        for row, share in zip(found, shares, strict=True):
            assert row == pytest.approx(plain_path(one, lever, paths, float(share), as_of_year), rel=1e-12)


def test_a_setting_made_without_its_door_is_the_one_with_it():
    for place in ("", "suzhou"):
        quick = setting_of("a.b", place, (2030, 2031), (0.1, 0.2))
        slow = LeverSetting(lever_id="a.b", place=place, years=(2030, 2031), values=(0.1, 0.2))
        assert quick == slow and hash(quick) == hash(slow)
        for skipped in (True, False):
            assert quick.model_dump_json(exclude_defaults=skipped) == slow.model_dump_json(
                exclude_defaults=skipped
            )
        assert quick.model_dump(exclude_unset=True)["values"] == (0.1, 0.2)
        assert ("place" in quick.model_dump(exclude_unset=True)) == bool(place)


def test_a_scenario_may_set_levers_beside_those_that_are_drawn(world):
    """A setting of a lever without an input, of an owner that has inputs, is carried and hurts nothing."""
    drawn = {i.lever_id for i in inputs_of(world.region)}
    lever = next(v for v in world.levers.values() if v.owner == "drivers" and v.lever_id not in drawn)
    own = LeverSetting(lever_id=lever.lever_id, years=(2035,), values=((lever.low + lever.high) / 2,))
    drawing = Drawing(Scenario(settings=(own,)), inputs_of(world.region)[:2], world)
    (one,) = drawing.scenarios(np.array([[0.5, 0.5]]))
    assert own in one.settings and len(one.settings) == 3


def test_every_input_is_told_with_its_distributions_and_its_source(world):
    inputs = inputs_of(world.region)
    found = {d.input_id: d for d in described(inputs)}
    assert list(found) == [i.input_id for i in inputs]
    for one in found.values():
        assert one.provenance.source and one.provenance.grade and one.label.zh and one.label.en
        assert one.lever_id in world.levers
        assert all(d.low <= d.middle <= d.high for d in one.distributions)
    assert found["nev_private_car"].group_correlation == 0.6
