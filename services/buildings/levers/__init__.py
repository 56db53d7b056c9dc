"""Buildings levers: one row each, the only declaration. Values by scenario: regions/<region>/scenarios/."""

from typing import Final

from services.buildings.levers.rooftop import ROOFTOP
from services.buildings.levers.stock import STOCK
from services.buildings.levers.systems import SYSTEMS
from services.common.levers import LeverRow

LEVERS: Final[tuple[LeverRow, ...]] = (*STOCK, *ROOFTOP, *SYSTEMS)
