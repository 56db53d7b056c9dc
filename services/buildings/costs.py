"""What the measures in buildings cost, CNY of 2025 a year [p, y], by component.

Annuities at the real discount rate of the drivers. Retrofits and new standards are paid by the year they are bought,
from 2021 on; plant that is renewed at the end of its life is counted above that of 2020. Left out: electricity (power
counts it), rooftop PV (power prices it), district heat (industry counts its fuel), cooking appliances (about the same
price whatever they burn), comfort given up or gained.
"""

from typing import Final

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, RURAL, URBAN
from services.buildings.demand import retrofit_packages
from services.buildings.end_use_records import DISTRICT, LIGHTING_APPLIANCES
from services.buildings.project import Projection
from services.buildings.states import STANDARDS
from services.buildings.stock_retrofit import PACKAGES
from services.buildings.stock_standards import FAMILY
from services.buildings.systems import SYSTEMS
from services.common.annuity import payments, renewed
from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import load_region
from services.common.resource_costs import fuel_cny_per_gj

TABLE: Final = "buildings/costs"
COMPONENTS: Final = (
    "retrofit_investment",
    "new_standard_investment",
    "heat_pump_investment",
    "other_heating_investment",
    "water_heating_investment",
    "efficient_unit_investment",
    "fuel_cost",
)
_HEAT_PUMPS: Final = ("split", "hydronic", "ground")
_DISCOUNT: Final = "drivers.discount_rate"
_NOT_BURNT: Final = {"electricity", "heat"}


@kept(maxsize=8)
def assets(region_id: str) -> dict[str, tuple[float, int]]:
    """Cost a unit, CNY, and lifetime, years, by asset."""
    rows = load_region(region_id).table(TABLE).rows()
    return {r["asset"]: (r["cost_cny_per_unit"], r["lifetime_years"]) for r in rows}


def costs_cny(p: Projection) -> dict[str, FloatArray]:
    """Every component of COMPONENTS."""
    heating = _heating(p)
    zero = np.zeros_like(p.roofs.capacity_mw)
    return {
        "retrofit_investment": _retrofit(p),
        "new_standard_investment": _new_floor(p),
        "heat_pump_investment": sum((v for k, v in heating.items() if k in _HEAT_PUMPS), zero)
        + _stock(p, "network_heat_pump", p.used[DISTRICT, "electricity"]),
        "other_heating_investment": sum((v for k, v in heating.items() if k not in _HEAT_PUMPS), zero),
        "water_heating_investment": _water(p),
        "efficient_unit_investment": _efficient_units(p),
        "fuel_cost": _fuel(p),
    }


def _bought(p: Projection, asset: str, amount: FloatArray) -> FloatArray:
    """Annuities of amounts bought in each year, [..., y]."""
    cost, life = assets(p.base.region.region_id)[asset]
    return payments(amount * cost, p.paths.constant(_DISCOUNT), life)


def _stock(p: Projection, asset: str, amount: FloatArray) -> FloatArray:
    """Annuities of a renewed stock above that of 2020, [..., y]."""
    cost, life = assets(p.base.region.region_id)[asset]
    return renewed(amount * cost, p.paths.constant(_DISCOUNT), life)


def _retrofit(p: Projection) -> FloatArray:
    packages = retrofit_packages(p.base.region)
    cost = np.array([packages[name]["cost_cny_per_m2"] for name in PACKAGES])
    spent = (p.stock.retrofit_depth_shares * cost[:, None, None]).sum(axis=0)
    return _bought(p, "retrofit", spent * p.stock.retrofitted_m2.sum(axis=1))


def _new_floor(p: Projection) -> FloatArray:
    """Floor completed: its standard as built, its label, prefabrication, and what makes it flexible."""
    stock = p.stock
    new = stock.completed_m2
    by_family = np.zeros((len(new), stock.built_share.shape[1], new.shape[2]))
    for t, family in enumerate(FAMILY):
        by_family[:, family] += new[:, t]
    known = assets(p.base.region.region_id)
    cost = np.array([known[name][0] if name in known else 0.0 for name in STANDARDS])
    standard = (by_family * (stock.built_share * cost).sum(axis=-1)).sum(axis=1)
    life = known["saving_75"][1]
    green = p.paths.by_place("buildings.green_building_share_new") * new[:, :FACTORY].sum(axis=1)
    starred = stock.vintages.two_star_m2.sum(axis=1)
    labels = np.maximum(green - starred, 0.0) * known["green"][0] + starred * known["two_star"][0]
    modular = stock.vintages.prefabricated_m2.sum(axis=1) * known["prefabricated"][0]
    paid = payments(standard + labels + modular, p.paths.constant(_DISCOUNT), life)
    return paid + _stock(p, "flexible", p.equipment.flexible_m2)


def _heating(p: Projection) -> dict[str, FloatArray]:
    """Plant by heating system: heated floor of the segments on it."""
    area = p.stock.type_m2
    floor = np.array([area[:, URBAN], area[:, RURAL], area[:, PUBLIC].sum(axis=1)])
    return {
        name: _stock(p, name, (p.equipment.share[k] * floor).sum(axis=0)) for k, name in enumerate(SYSTEMS)
    }


def _water(p: Projection) -> FloatArray:
    """Water heaters by the useful heat they give."""
    sun, pump = p.raw.solar_hot_water_mwh.sum(axis=0), p.raw.hot_water_pump_mwh.sum(axis=0)
    rest = p.raw.hot_water_mwh.sum(axis=0) - sun - pump
    return (
        _stock(p, "solar_hot_water", sun)
        + _stock(p, "hot_water_heat_pump", pump)
        + _stock(p, "water_heater", rest)
    )


def _efficient_units(p: Projection) -> FloatArray:
    """Better air conditioners by floor and gain of efficiency; appliances by the electricity their growth saves."""
    civil = p.stock.type_m2[:, :FACTORY].sum(axis=1)
    gain = (p.equipment.unit_efficiency - 1.0) * civil
    growth = 1 + p.paths.by_place("buildings.appliance_efficiency_growth")
    growth[:, 0] = 1.0
    used = p.used[LIGHTING_APPLIANCES, "electricity"]
    saved = used * (np.cumprod(growth, axis=1) - 1.0)
    return _stock(p, "air_conditioner_efficiency", gain) + _stock(p, "appliance_efficiency", saved)


def _fuel(p: Projection) -> FloatArray:
    """Gas, LPG and coal at resource cost."""
    region = p.base.region.region_id
    total = np.zeros_like(p.roofs.capacity_mw)
    price = {c: fuel_cny_per_gj(region, p.paths, c) for c in sorted({c for _, c in p.used} - _NOT_BURNT)}
    for (_, carrier), used in p.used.items():
        if carrier in price:
            total += used * price[carrier]
    return total
