"""A design door made into members: the one way in."""

from gateway.ensemble.design import World
from gateway.ensemble.doors import DesignDoor
from gateway.ensemble.words import Design
from services.common.scenario import Frame, Scenario


def open_design(door: DesignDoor, scenario: Scenario, frame: Frame, world: World) -> Design:
    """The members of a design around a scenario.

    Everything that a member could be refused for is checked now. DomainError(INVALID_INPUT) with every violation;
    RegionDataError when the region's own inputs are wrong.
    """
    raise NotImplementedError
