"""What transport costs, CNY of 2025 a year [p, y], by component.

Annuities at the real discount rate of the drivers: vehicles bought from 2021 on by the year they are bought, works and
equipment that are renewed above those of 2020. Prices are without purchase tax, subsidy, licence and grants. Left out:
electricity (power counts it), electric bicycles, aircraft and trains, tolls and time.
"""

from typing import Final

import numpy as np

from services.common.annuity import payments_by_class, renewed
from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import load_region
from services.common.resource_costs import SETTINGS, fuel_cny_per_gj, price_level
from services.transport.base import BEV, FCEV, NEW_ENERGY, POWERTRAINS
from services.transport.charging.loads import CARS
from services.transport.fleet.sums import over_powertrains
from services.transport.freight.data import MODES, freight_data
from services.transport.indicators.project import Projection
from services.transport.uptake.costs import CNY_PER_10K, powertrain_figures

PARTS: Final = "transport/vehicle_cost_parts"
ITEMS: Final = "transport/system_costs"
FREIGHT: Final = "transport/freight_cost_parts"
_DISCOUNT: Final = "drivers.discount_rate"
_PER_1000: Final = 1e3
_BUS: Final = "urban_bus"
_FUEL_OF: Final = {"natural_gas": "vehicle_gas", "biomass": "biofuel"}
_HYDROGEN: Final = "hydrogen"


@kept(maxsize=8)
def vehicle_figures(region_id: str, classes: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """Price, CNY, and upkeep, CNY a year, by class, powertrain and year from 2020, [c, k, y].

    A powertrain without a price of its own costs what the class's dearest engine vehicle does.
    """
    region = load_region(region_id)
    own = powertrain_figures(region, classes)
    price, upkeep = own["price_10k_cny"] * CNY_PER_10K, own["upkeep_cny_per_year"].copy()
    level = price_level(region_id)
    price, upkeep = price * level, upkeep * level
    parts = region.table(PARTS).by("vehicle_class")
    for c, name in enumerate(classes):
        row = parts[name]
        if np.isfinite(row["price_engine_10k_cny"]):
            for k in range(len(POWERTRAINS)):
                kind = "fuel_cell" if k == FCEV else "electric" if k in NEW_ENERGY else "engine"
                price[c, k] = row[f"price_{kind}_10k_cny"] * CNY_PER_10K
                upkeep[c, k] = row[f"upkeep_{'engine' if kind == 'engine' else 'electric'}_cny_per_year"]
        for values in (price, upkeep):
            values[c] = np.where(np.isnan(values[c]), np.nanmax(values[c, :BEV], axis=0), values[c])
    price.flags.writeable = upkeep.flags.writeable = False
    return price, upkeep


@kept(maxsize=8)
def items(region_id: str) -> dict[str, tuple[float, int]]:
    """Cost a unit, CNY, and lifetime, years, by item."""
    rows = load_region(region_id).table(ITEMS).rows()
    return {r["item"]: (r["cost_cny_per_unit"], r["lifetime_years"]) for r in rows}


def _vehicles(p: Projection) -> FloatArray:
    """Vehicles bought: table prices, the lever's change of new-energy prices, and what saving energy adds to prices."""
    prices, _ = _weights(p.base.region.region_id, p.base.classes, len(p.paths.years))
    every, electric = over_powertrains(p.activity.fleet.sales, prices)  # [c, p, y]
    engine = every - electric
    rise = p.base.region.number(SETTINGS, "price_rise_per_energy_saved_share")
    engine = engine * (1.0 + rise * _saved(p, "transport.ice_efficiency_improvement"))
    saved, change = (
        _saved(p, "transport.ev_efficiency_improvement"),
        p.paths.by_place("transport.nev_price_change"),
    )
    spent = engine + electric * (1.0 + change + rise * saved)
    rate = p.paths.constant(_DISCOUNT)
    lives = [round(row["life_years"]) for row in p.base.rows[: len(p.base.classes)]]
    return np.asarray(payments_by_class(spent, rate, lives).sum(axis=0))


def _saved(p: Projection, lever_id: str) -> FloatArray:
    """Share of energy that new vehicles save against those of 2020, [p, y]."""
    steps = 1.0 - p.paths.by_place(lever_id)
    steps[..., 0] = 1.0
    return np.asarray(1.0 - np.cumprod(steps, axis=-1))


@kept(maxsize=8)
def _weights(region_id: str, classes: tuple[str, ...], years: int) -> tuple[FloatArray, FloatArray]:
    """Weights of powertrains: price of all and of new-energy vehicles [2, c, k, y], upkeep [1, c, k, y]."""
    price, upkeep = (values[..., :years] for values in vehicle_figures(region_id, classes))
    prices = np.stack([price, np.zeros_like(price)])
    prices[1][:, list(NEW_ENERGY)] = price[:, list(NEW_ENERGY)]
    return prices, np.ascontiguousarray(upkeep[None])


def _upkeep(p: Projection) -> FloatArray:
    _, upkeep = _weights(p.base.region.region_id, p.base.classes, len(p.paths.years))
    return np.asarray(over_powertrains(p.activity.fleet.stock, upkeep)[0].sum(axis=0))


def _stock(p: Projection, item: str, amount: FloatArray) -> FloatArray:
    """Annuities of a renewed stock above that of 2020, [..., y]."""
    cost, life = items(p.base.region.region_id)[item]
    return renewed(amount * cost, p.paths.constant(_DISCOUNT), life)


def _chargers(p: Projection) -> FloatArray:
    """Public points by their density, and what vehicles of each class need besides."""
    totals = p.activity.fleet.totals
    rows = p.base.region.table(PARTS).by("vehicle_class")
    each = np.array([rows[name]["charger_cny_per_electric_vehicle"] for name in p.base.classes])
    cars = totals.plugged_stock[p.base.position(CARS)]
    points = (
        totals.stock[list(p.base.automobile)].sum(axis=0)
        / _PER_1000
        * p.paths.by_place("transport.public_charger_density")
    )
    life = items(p.base.region.region_id)["public_point"][1]
    own = renewed((totals.plugged_stock * each[:, None, None]).sum(axis=0), p.paths.constant(_DISCOUNT), life)
    return (
        own
        + _stock(p, "public_point", points)
        + _stock(p, "smart_car", cars * p.paths.by_place("transport.smart_charging_share"))
        + _stock(p, "feed_back_car", cars * p.paths.by_place("transport.v2g_share"))
    )


def _transit(p: Projection) -> FloatArray:
    """Urban rail, bus lanes, cycle tracks, and running of buses; rail by who rides it, lanes by urban people."""
    urban = p.activity.urban_persons
    riders = p.activity.passengers.metro_pkm
    by_people = urban / urban.sum(axis=0)
    whole = riders.sum(axis=0)
    by_riders = np.divide(riders, whole, out=by_people.copy(), where=whole > 0)
    bus = p.base.position(_BUS)
    km = p.activity.fleet.totals.km[bus]
    running = items(p.base.region.region_id)["bus_km"][0]
    total: FloatArray = (
        by_riders * _stock(p, "metro_km", p.paths.path("transport.metro_length"))
        + by_people * _stock(p, "bus_lane_km", p.paths.path("transport.bus_lane_length"))
        + _stock(p, "cycle_unit", p.paths.by_place("transport.cycling_network") * urban[:, :1])
        + km * running
    )
    return total


def _systems(p: Projection) -> FloatArray:
    s = p.activity.systems
    other_ships = s.inland_gas_gj + s.inland_methanol_gj + s.sea_gas_gj + s.sea_methanol_gj
    return (
        _stock(p, "shore_mwh", s.berths.shore_mwh)
        + _stock(p, "port_mwh", s.ports.electric_mwh)
        + _stock(p, "battery_ship_mwh", s.ship_battery_mwh)
        + _stock(p, "gas_methanol_ship_gj", other_ships)
        + _stock(p, "rail_mwh", s.rail.electric_mwh)
    )


@kept(maxsize=8)
def freight_cny_per_tkm(region_id: str) -> FloatArray:
    """Rates without vehicle and energy, and terminals over the distance, by mode and segment, CNY/tkm [m, g]."""
    region = load_region(region_id)
    data = freight_data(region_id)
    share = region.table(FREIGHT).by("mode")
    modes = region.table("transport/freight_modes").by("mode")
    rate = np.array([modes[m]["rate_cny_per_tkm"] * share[m]["other_cost_share"] for m in MODES])
    terminal = np.array([modes[m]["terminal_cny_per_t"] for m in MODES])
    return np.asarray(rate[:, None] + terminal[:, None] / (data.road_km * data.distance_ratio[:, None]))


def _freight(p: Projection) -> FloatArray:
    cost = freight_cny_per_tkm(p.base.region.region_id)
    return np.asarray(np.einsum("mg,mgpy->py", cost, p.activity.freight.segment_tkm))


def _fuel(p: Projection) -> FloatArray:
    """Fuels at resource cost; green hydrogen without the electricity that power counts."""
    region = p.base.region.region_id
    green = p.paths.by_place("transport.hydrogen_green_share")
    by_carrier: dict[str, FloatArray] = {}
    for (_, carrier), gj in p.energy.fuel_gj.items():
        by_carrier[carrier] = by_carrier[carrier] + gj if carrier in by_carrier else gj
    total = np.zeros_like(p.activity.population)
    for carrier, gj in by_carrier.items():
        cost = fuel_cny_per_gj(region, p.paths, _FUEL_OF.get(carrier, carrier))
        if carrier == _HYDROGEN:
            cost = cost * (1 - green) + fuel_cny_per_gj(region, p.paths, "hydrogen_green") * green
        total += gj * cost
    return total


COMPONENTS: Final = {
    "vehicle_investment": _vehicles,
    "vehicle_upkeep": _upkeep,
    "charger_investment": _chargers,
    "transit_cost": _transit,
    "clean_port_ship_rail_investment": _systems,
    "freight_operating_cost": _freight,
    "fuel_cost": _fuel,
}


def costs_cny(p: Projection) -> dict[str, FloatArray]:
    """Every component of COMPONENTS."""
    return {name: p.once(make) for name, make in COMPONENTS.items()}
