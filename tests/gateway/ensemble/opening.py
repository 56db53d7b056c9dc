"""Levers of every sector without starting one, designs over a region's real data, and Ishigami's function of them."""

from contextlib import contextmanager
from importlib import import_module
from unittest.mock import patch

import numpy as np

from gateway.ensemble.doors import DesignDoor
from gateway.ensemble.open import open_design
from gateway.ensemble.words import World
from gateway.jobs.sensitivity import sensitivities
from services.common.door import open_door
from services.common.drivers import LEVERS as DRIVERS
from services.common.levers import levers_in
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.runtime.sectors import sectors

LEVERS = (
    "power.offshore_wind_capacity",
    "industry.crude_steel_output",
    "transport.freight_gdp_elasticity",
    "drivers.population",
)
# Shares of the variance of Ishigami's function by its three inputs, analytic.
FIRST = (0.313905, 0.442411, 0.0)
TOTAL = (0.557589, 0.442411, 0.243684)


def levers_of(region_id):
    """Levers of a region by id."""
    rows = list(DRIVERS)
    for entry in sectors():
        rows += import_module(f"services.{entry.sector_id}.levers").LEVERS
    return {lever.lever_id: lever for lever in levers_in(tuple(rows), region_id)}


def jiangsu():
    """What a design of Jiangsu to 2035 is drawn over."""
    return World(load_region("jiangsu"), levers_of("jiangsu"), 2035)


def open_raw(raw, world, scenario=None, **frame):
    """A design, given as a caller would send it."""
    door = open_door(DesignDoor, raw, "spec")
    return open_design(door, scenario or Scenario(), Frame(region="jiangsu", **frame), world)


@contextmanager
def without_inputs_of_the_region():
    """Only the inputs of the caller are drawn."""
    with patch("gateway.ensemble.open.inputs_of", lambda region: ()):
        yield


def own(world, count):
    """The first levers, uniform between their bounds."""
    return [
        {"lever_id": lever, "year": 2035, "kind": "uniform", "low": world.levers[lever].low, "high": world.levers[lever].high}
        for lever in LEVERS[:count]
    ]  # fmt: skip


def cube(world, design, count):
    """Where each member's settings lie in their bounds, 0 to 1, [member, lever]."""
    rows = []
    for one in design.block(0, design.member_count):
        held = {s.lever_id: s.values[-1] for s in one.scenario.settings}
        rows.append([held[lever] for lever in LEVERS[:count]])
    low, high = (
        np.array([getattr(world.levers[lever], n) for lever in LEVERS[:count]]) for n in ("low", "high")
    )
    return (np.array(rows) - low) / (high - low)


def ishigami(u):
    """The function of three inputs in the unit cube."""
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def told(design, y, **more):
    """Sensitivities of one column."""
    (found,) = sensitivities(np.arange(design.member_count), {"y": y}, design, **more)
    return found
