"""End uses by carrier, before calibration: from useful heat to electricity, fuels and heat bought."""

from services.buildings.appliances import appliances
from services.buildings.base import StockBase
from services.buildings.cooking import cooking
from services.buildings.demand import SpaceDemand
from services.buildings.end_use_records import EndUses, Key, Reader
from services.buildings.hot_water import hot_water
from services.buildings.space import space
from services.buildings.stock import Stock
from services.buildings.systems import Systems
from services.common.levers import LeverPaths

__all__ = ["EndUses", "Key", "end_uses"]


def end_uses(
    base: StockBase, paths: LeverPaths, stock: Stock, demand: SpaceDemand, equipment: Systems
) -> EndUses:
    """All end uses of a scenario, uncalibrated."""
    read = Reader(base, paths)
    out = EndUses()
    space(out, read, paths, demand, equipment)
    hot_water(out, read, paths, base, stock, equipment, demand.monthly_degc)
    cooking(out, read, paths, base, stock, equipment)
    appliances(out, read, paths, base, stock, equipment)
    return out
