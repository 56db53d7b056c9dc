"""Levers of every sector without starting one, and designs opened over the real data of a region."""

import pytest

from services.common.errors import DomainError
from tests.gateway.ensemble import opening


@pytest.fixture(scope="session")
def levers_of():
    return opening.levers_of


@pytest.fixture(scope="session")
def world():
    return opening.jiangsu()


@pytest.fixture(scope="session")
def opened(world):
    """Opens a design, given as a caller would send it."""

    def work(raw, scenario=None, world=world, **frame):
        return opening.open_raw(raw, world, scenario, **frame)

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
