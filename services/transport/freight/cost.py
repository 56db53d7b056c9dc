"""How levers and prices move the generalised cost of freight, against the scenario's own baseline."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.transport.freight.data import G_PER_T, RAIL, ROAD, FreightData

_BY_PLACE = (
    "transport.road_freight_cost_change",
    "transport.rail_tariff_change",
    "transport.terminal_time_reduction",
    "transport.port_rail_connection_share",
)
_OIL, _CARBON = "drivers.oil_product_price_multiplier", "drivers.carbon_price"


def cost_changes(data: FreightData, paths: LeverPaths, baseline: LeverPaths) -> FloatArray | None:
    """Change of generalised cost, CNY/tkm [m, g, p, y]; None where nothing differs from the baseline.

    Road: its cost lever. Rail: tariff, and trucking saved at ports that get a siding, spread over the distance.
    Rail and water: time saved at terminals at the goods' value of time. All modes: fuel (oil price and carbon price)
    by their direct CO2, which improves by year.
    """
    road, tariff, hours, sidings = (paths.by_place(name) - baseline.by_place(name) for name in _BY_PLACE)
    fuel = _fuel_price(data, paths) - _fuel_price(data, baseline)
    if not any(change.any() for change in (road, tariff, hours, sidings, fuel)):
        return None
    age = np.arange(fuel.size)
    intensity = data.direct_gco2[:, None] * (1.0 - data.improvement[:, None]) ** age / G_PER_T
    change = np.zeros((data.rate.size, data.road_km.size, *road.shape))
    change += (intensity * fuel)[:, None, None, :]
    distance = data.road_km * data.distance_ratio[:, None]
    saved = data.has_terminals[:, None] * data.value_of_time / distance
    change -= saved[:, :, None, None] * hours
    change[ROAD] += road
    drayage = data.number("port_drayage_cny_per_t") * data.port_share / distance[RAIL]
    change[RAIL] += tariff - drayage[:, None, None] * sidings
    return change


def road_demand(data: FreightData, paths: LeverPaths, baseline: LeverPaths) -> FloatArray:
    """Road tonne-km over those at the baseline's price of fuel and carbon, [y]: price ratio to an elasticity."""
    ratio = _fuel_price(data, paths) / _fuel_price(data, baseline)
    return np.asarray(ratio ** data.number("road_demand_fuel_elasticity"))


def _fuel_price(data: FreightData, paths: LeverPaths) -> FloatArray:
    """Diesel and the carbon price on it, CNY/tCO2 [y]."""
    oil = paths.path(_OIL) / paths.path(_OIL)[0]
    price: FloatArray = data.number("fuel_cny_per_tco2") * oil + paths.path(_CARBON)
    return price
