"""Transport levers: one row each, the only declaration. Values by scenario: regions/<region>/scenarios/."""

from typing import Final

from services.common.levers import LeverRow
from services.transport.levers import charging, fleet, freight, ports, travel, uptake

LEVERS: Final[tuple[LeverRow, ...]] = (
    *uptake.LEVERS,
    *fleet.LEVERS,
    *freight.LEVERS,
    *travel.LEVERS,
    *charging.LEVERS,
    *ports.LEVERS,
)
