"""A design door made into members: the one way in."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from gateway.ensemble.design import groups_of, weather_weights, with_copula
from gateway.ensemble.designs import CrossedMembers, DrawnMembers, ListedMembers, Scenarios, WeatherDraw
from gateway.ensemble.doors import (
    DESIGNS,
    DesignDoor,
    DrawMethod,
    MorrisDesign,
    RandomDesign,
    SobolDesign,
    WeatherUse,
)
from gateway.ensemble.drawing import Drawing, is_free, policy_violations, used_inputs
from gateway.ensemble.inputs import inputs_of
from gateway.ensemble.listed import read_list
from gateway.ensemble.own import with_own
from gateway.ensemble.points import HeldPoints, SobolPoints, correlated, latin_points
from gateway.ensemble.sensing import sample_of
from gateway.ensemble.stepped import (
    GridScenarios,
    OneAtATimeScenarios,
    axis_violations,
    count_violations,
    grid_count,
)
from gateway.ensemble.words import (
    WEATHER,
    WEATHER_LABEL,
    Design,
    DesignInput,
    Sensing,
    SensitivityMethod,
    UncertainInput,
    World,
)
from services.common.arrays import FloatArray
from services.common.errors import DomainError, Violation, invalid
from services.common.scenario import Frame, Scenario

_DRAWN: Final = ("random", "morris", "sobol")


def open_design(door: DesignDoor, scenario: Scenario, frame: Frame, world: World) -> Design:
    """The members of a design around a scenario that was resolved before.

    Everything that a member could be refused for is checked now: levers, places, years, bounds at both ends of every
    distribution. DomainError(INVALID_INPUT) with every violation; RegionDataError when the region's tables of inputs
    are wrong.
    """
    name = next(n for n in DESIGNS if getattr(door, n) is not None)
    found = _weather_violations(door, name, world)
    design: Design | None = None
    try:
        design = _opened(door, name, scenario, frame, world)
    except DomainError as error:
        found += error.violations
    if design is not None and door.weather_use is WeatherUse.CROSSED:
        design = CrossedMembers(design, weather_weights(world.region, door.weather_years)[0])
    if design is not None:
        found += count_violations(design.member_count, name)
    if found or design is None:
        raise invalid(found)
    return design


def _opened(door: DesignDoor, name: str, scenario: Scenario, frame: Frame, world: World) -> Design:
    if door.grid is not None:
        axes = door.grid.axes
        found = axis_violations(axes, scenario, world, "grid.axes")
        return _listed(found + count_violations(grid_count(axes), name), GridScenarios(axes, scenario), frame)
    if door.one_at_a_time is not None:
        axes = door.one_at_a_time.axes
        found = axis_violations(axes, scenario, world, "one_at_a_time.axes")
        return _listed(found, OneAtATimeScenarios(axes, scenario), frame)
    if door.list is not None:
        scenarios, found = read_list(door.list, scenario, world)
        if scenarios is None:
            raise invalid(found)
        if scenarios.weather_years is not None and door.weather_use not in _FRAMED:
            text = "the table has a column weather_year: leave weather_use out"
            raise invalid([Violation("weather_use", text, door.weather_use.value, "frame")])
        return ListedMembers(scenarios, frame.weather_year, scenarios.weather_years)
    drawn = door.random or door.morris or door.sobol
    assert drawn is not None, "exactly one design is given"
    return _drawn(drawn, door, name, scenario, frame, world)


_FRAMED: Final = (WeatherUse.UNSPECIFIED, WeatherUse.FRAME)


def _listed(found: Sequence[Violation], scenarios: Scenarios, frame: Frame) -> Design:
    if found:
        raise invalid(found)
    return ListedMembers(scenarios, frame.weather_year)


def _weather_violations(door: DesignDoor, name: str, world: World) -> list[Violation]:
    use, found = door.weather_use, list[Violation]()
    if door.weather_years and use in _FRAMED:
        found.append(
            Violation(
                "weather_years", "read with weather_use drawn or crossed only", ", ".join(door.weather_years)
            )
        )
    if use is WeatherUse.DRAWN and name not in _DRAWN:
        text = f"{name} draws nothing: take crossed, or the frame's weather"
        found.append(Violation("weather_use", text, use.value, "frame, crossed"))
    if use is WeatherUse.CROSSED and name in ("morris", "sobol"):
        text = f"{name} needs the weather as an input of its own: take drawn"
        found.append(Violation("weather_use", text, use.value, "frame, drawn"))
    known = weather_weights(world.region)[0]
    found += [
        Violation(f"weather_years[{k}]", "no such weather year in the region", year, ", ".join(known))
        for k, year in enumerate(door.weather_years)
        if year not in known
    ]
    return found


def _drawn(
    design: RandomDesign | MorrisDesign | SobolDesign,
    door: DesignDoor,
    name: str,
    scenario: Scenario,
    frame: Frame,
    world: World,
) -> Design:
    inputs, used, own = _inputs(design, name, scenario, world)
    drawing = Drawing(scenario, [inputs[k] for k in used], world)
    _check_ends(drawing, own, name, world)
    weather = None
    if door.weather_use is WeatherUse.DRAWN:
        weather = WeatherDraw(*weather_weights(world.region, door.weather_years))
    if not used and door.weather_use in _FRAMED:
        text = "nothing is drawn: the scenario sets every input, or every year is known"
        raise invalid([Violation(name, text)])
    if isinstance(design, RandomDesign):
        return _random(design, inputs, used, drawing, frame, weather)
    return _sensing(design, name, [inputs[k] for k in used], drawing, frame, weather)


def _inputs(
    design: RandomDesign | MorrisDesign | SobolDesign, name: str, scenario: Scenario, world: World
) -> tuple[list[UncertainInput], list[int], dict[str, int]]:
    """All inputs, the places of those that are drawn, and own levers with their places in the door."""
    known = inputs_of(world.region)
    inputs, own, found = with_own(known, design.own_inputs, world, f"{name}.own_inputs")
    found += [
        Violation(f"{name}.{v.field}", v.description, v.given, v.allowed)
        for v in policy_violations(known, design.policy_inputs)
    ]
    if found:
        raise invalid(found)
    # Own inputs are drawn around the scenario's own setting; the region's stand back behind one.
    around = scenario.model_copy(
        update={"settings": tuple(s for s in scenario.settings if s.lever_id not in own or s.place)}
    )
    ids = {i.input_id for i in inputs if i.axis == "policy"}
    policies = [p for p in design.policy_inputs if p in ids]
    chosen = {k for k, i in used_inputs(around, inputs, policies) if is_free(i, world)}
    chosen |= {k for k, i in enumerate(inputs) if i.lever_id in own}
    return inputs, sorted(chosen), own


def _check_ends(drawing: Drawing, own: dict[str, int], name: str, world: World) -> None:
    """INVALID_INPUT unless every draw stays inside its lever's bounds around this scenario, as known then.

    The region's inputs stay inside in every baseline as known now (`check_bounds`); a past knowledge may differ.
    """
    found = []
    for k, given, bounds in drawing.outside():
        one = drawing.parts[k].one
        if one.lever_id in own:
            text = f"draws of {one.lever_id} leave its bounds"
            found.append(Violation(f"{name}.own_inputs[{own[one.lever_id]}]", text, given, bounds))
        else:
            known = f" as known in {world.as_of_year}" if world.as_of_year else ""
            text = (
                f"draws of the region's {one.input_id} leave the bounds of {one.lever_id} in this baseline{known}; "
                f"set the lever in the scenario, give an own input, or take another baseline"
            )
            found.append(Violation(name, text, given, bounds))
    if found:
        raise invalid(found)


def _random(
    design: RandomDesign,
    inputs: Sequence[UncertainInput],
    used: Sequence[int],
    drawing: Drawing,
    frame: Frame,
    weather: WeatherDraw | None,
) -> Design:
    width = 1 + len(inputs)
    columns = [*([0] if weather else []), *(1 + k for k in used)]
    named = [(inputs[k].input_id, inputs[k].label) for k in used]
    if weather:
        named.insert(0, (WEATHER, WEATHER_LABEL))
    sensing = Sensing(
        SensitivityMethod.GIVEN_DATA,
        tuple(DesignInput(input_id, label, (k,)) for k, (input_id, label) in enumerate(named)),
        design.seed,
        correlated=tuple(
            (inputs[a].input_id, inputs[b].input_id)
            for places, rho in groups_of(inputs, used)
            if rho
            for a, b in combinations(places, 2)
        ),
    )
    if design.method is DrawMethod.LATIN_HYPERCUBE:
        points: HeldPoints | SobolPoints = latin_points(width, design.member_count, design.seed)
    else:
        points = SobolPoints(width, design.seed)

    def to_shares(cube: FloatArray) -> FloatArray:
        return with_copula(inputs, cube)[:, columns]

    return DrawnMembers(design.member_count, sensing, drawing, points, to_shares, frame.weather_year, weather)


def _sensing(
    design: MorrisDesign | SobolDesign,
    name: str,
    inputs: Sequence[UncertainInput],
    drawing: Drawing,
    frame: Frame,
    weather: WeatherDraw | None,
) -> Design:
    sample = sample_of(design, inputs, weather is not None)
    found = count_violations(sample.member_count, name)
    if found:
        raise invalid(found)
    offset = 1 if weather else 0
    groups = [(tuple(offset + p for p in places), rho) for places, rho in groups_of(inputs)]

    def to_shares(cube: FloatArray) -> FloatArray:
        return correlated(np.asarray(sample.shares(cube)), groups)

    return DrawnMembers(
        sample.member_count,
        sample.sensing,
        drawing,
        HeldPoints(sample.cube),
        to_shares,
        frame.weather_year,
        weather,
    )
