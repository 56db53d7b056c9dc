"""Levers of every sector without starting one, and designs opened over the real data of a region."""

from importlib import import_module

import pytest

from gateway.ensemble.doors import DesignDoor
from gateway.ensemble.open import open_design
from gateway.ensemble.words import World
from services.common.door import open_door
from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import DomainError
from services.common.levers import levers_in
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.runtime.sectors import sectors


def _levers_of(region_id):
    rows = list(DRIVERS)
    for entry in sectors():
        rows += import_module(f"services.{entry.sector_id}.levers").LEVERS
    return {lever.lever_id: lever for lever in levers_in(tuple(rows), region_id)}


@pytest.fixture(scope="session")
def levers_of():
    return _levers_of


@pytest.fixture(scope="session")
def world():
    return World(load_region("jiangsu"), _levers_of("jiangsu"), 2035)


@pytest.fixture(scope="session")
def opened(world):
    """Opens a design, given as a caller would send it."""

    def work(raw, scenario=None, world=world, **frame):
        door = open_door(DesignDoor, raw, "spec")
        return open_design(door, scenario or Scenario(), Frame(region="jiangsu", **frame), world)

    return work


@pytest.fixture(scope="session")
def refused(opened):
    """The violations of a design that is refused."""

    def work(raw, *args, **more):
        with pytest.raises(DomainError) as told:
            opened(raw, *args, **more)
        assert told.value.reason == "INVALID_INPUT"
        assert told.value.violations
        return [str(v) for v in told.value.violations]

    return work
