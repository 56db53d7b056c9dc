"""Metrics of the choice of powertrain: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.base import BEV, CNG, DIESEL, FCEV, GASOLINE, HEV, LNG, PHEV, TransportBase
from services.transport.fleet.run import new_energy
from services.transport.fleet.sums import kinds, over_powertrains
from services.transport.indicators.fleet import CLASS_LABELS
from services.transport.indicators.project import (
    Part,
    Projection,
    RegionMakers,
    ShareMakers,
    SumMakers,
    Sums,
)
from services.transport.indicators.rows import row
from services.transport.uptake.constants import Choice, calibrated_choice
from services.transport.uptake.costs import PriceLevers, cost_of_ownership, region_price_levers
from services.transport.uptake.readings import costs_cny, model_nev_shares, own_price_elasticity, residuals

CHOOSERS: Final = (
    "private_car",
    "taxi",
    "ride_hailing",
    "coach",
    "light_truck",
    "medium_truck",
    "heavy_truck",
    "special_vehicle",
)
_SOLD_CLASSES: Final = (*CHOOSERS, "urban_bus", "motorcycle")
_COSTED: Final = ("private_car", "light_truck", "heavy_truck")
_POWERTRAINS: Final = {
    "gasoline": ("汽油车", "gasoline vehicles", (GASOLINE,)),
    "diesel": ("柴油车", "diesel vehicles", (DIESEL,)),
    "gas": ("天然气车", "natural-gas vehicles", (CNG, LNG)),
    "hybrid": ("混合动力车", "hybrids that are not charged", (HEV,)),
    "plug_in_hybrid": ("插电式混合动力车", "plug-in hybrids", (PHEV,)),
    "battery": ("纯电动车", "battery vehicles", (BEV,)),
    "fuel_cell": ("燃料电池车", "fuel-cell vehicles", (FCEV,)),
}
_OF_POWERTRAINS: Final = kinds(*(members for _, _, members in _POWERTRAINS.values()))
_PER_1000: Final = 1000.0

METRICS: Final[tuple[Metric, ...]] = (
    row("public_charger_count", "公共充电桩数量", "public charging points", "points"),
    *(
        row(f"sales_{name}_share", f"汽车销量中{zh}占比", f"{en} in automobiles sold", "share")
        for name, (zh, en, _) in _POWERTRAINS.items()
    ),
    *(
        row(
            f"{name}_nev_sales_share",
            f"{CLASS_LABELS[name][0]}新能源销量占比",
            f"{CLASS_LABELS[name][1]}: new-energy share of sales",
            "share",
        )
        for name in _SOLD_CLASSES
    ),
    *(
        row(
            f"{name}_model_nev_share",
            f"{CLASS_LABELS[name][0]}新能源占比(选择模型)",
            f"{CLASS_LABELS[name][1]}: new-energy share that the choice model alone projects",
            "share",
        )
        for name in CHOOSERS
    ),
    *(
        row(
            f"{name}_bev_choice_constant",
            f"{CLASS_LABELS[name][0]}纯电动选择常数",
            f"{CLASS_LABELS[name][1]}: constant of battery vehicles in the choice model, calibrated",
            "1",
        )
        for name in CHOOSERS
    ),
    *(
        row(
            f"{name}_choice_residual",
            f"{CLASS_LABELS[name][0]}选择模型残差",
            f"{CLASS_LABELS[name][1]}: known new-energy share less the model with its constants on a line",
            "1",
        )
        for name in CHOOSERS
    ),
    *(
        row(
            f"{name}_{kind}_ownership_cost_cny",
            f"{CLASS_LABELS[name][0]}{zh}持有成本",
            f"{CLASS_LABELS[name][1]}: cost of ownership of {en}, new in the year",
            "CNY",
        )
        for name in _COSTED
        for kind, zh, en in (("bev", "纯电动", "a battery vehicle"), ("engine", "燃油", "the usual engine"))
    ),
    row(
        "private_car_bev_price_elasticity",
        "私家纯电动车价格弹性",
        "own-price elasticity of battery cars of private buyers",
        "1",
    ),
)


def _public_chargers(p: Projection) -> FloatArray:
    density = p.paths.by_place("transport.public_charger_density")
    cars = p.activity.fleet.totals.stock[list(p.base.automobile)].sum(axis=0)
    return np.asarray(density * cars / _PER_1000)


SUMS: Final[SumMakers] = {"public_charger_count": _public_chargers}


def _sold_by_kind(p: Projection) -> tuple[FloatArray, FloatArray]:
    """Automobiles sold by kind of powertrain, [n, p, y], and all."""
    cars = list(p.base.automobile)
    sold = over_powertrains(p.activity.fleet.sales, _OF_POWERTRAINS)[:, cars].sum(axis=1)
    return sold, p.activity.fleet.totals.sales[cars].sum(axis=0)


def _of_kind(i: int) -> Callable[[Projection, Sums], Part]:
    def part(p: Projection, sums: Sums) -> Part:
        sold, whole = p.once(_sold_by_kind)
        return sold[i], whole

    return part


def _offered(p: Projection) -> tuple[FloatArray, FloatArray]:
    """New-energy vehicles and all that are bought by class, [c, p, y]; in a year without sales, of one vehicle."""
    fleet = p.activity.fleet
    bought = fleet.totals.sales
    weight = np.where(bought > 0, bought, 1.0)
    return new_energy(fleet.share).transpose(1, 0, 2) * weight, weight


def _of_class(name: str) -> Callable[[Projection, Sums], Part]:
    def part(p: Projection, sums: Sums) -> Part:
        offered, weight = p.once(_offered)
        c = p.base.position(name)
        return offered[c], weight[c]

    return part


SHARES: Final[ShareMakers] = {
    **{f"sales_{name}_share": _of_kind(i) for i, name in enumerate(_POWERTRAINS)},
    **{f"{name}_nev_sales_share": _of_class(name) for name in _SOLD_CLASSES},
}


def _choice(p: Projection) -> Choice:
    """The choice as sales have it: calibrated at the prices of known years."""
    return calibrated_choice(p.base, region_price_levers(p.baseline))


def _levers(p: Projection) -> PriceLevers:
    return region_price_levers(p.paths)


def _ownership(p: Projection) -> FloatArray:
    return cost_of_ownership(p.once(_choice).book, p.once(_levers))


def _alone(p: Projection) -> FloatArray:
    return model_nev_shares(p.once(_choice), p.once(_levers), p.once(_ownership))


def _residuals(p: Projection) -> FloatArray:
    return residuals(p.once(_choice), len(p.paths.years))


def _costs(p: Projection) -> tuple[FloatArray, FloatArray]:
    return costs_cny(p.once(_choice), p.once(_ownership))


def _battery_constants(p: Projection) -> FloatArray:
    return np.asarray(p.once(_choice).constants[:, BEV, : len(p.paths.years)])


def _price_elasticity(p: Projection) -> FloatArray:
    sold = _sold_shares(p.base, p.activity.fleet.sales, "private_car")
    return own_price_elasticity(p.once(_choice), p.once(_levers), "private_car", sold)


def _chooser(make: Callable[[Projection], FloatArray], name: str) -> Callable[[Projection], FloatArray]:
    """The row of a class that chooses, [y]."""
    return lambda p: np.asarray(p.once(make)[p.once(_choice).book.classes.index(name)])


def _cost_of(kind: int, name: str) -> Callable[[Projection], FloatArray]:
    return lambda p: np.asarray(p.once(_costs)[kind][p.once(_choice).book.classes.index(name)])


OF_REGION: Final[RegionMakers] = {
    **{f"{name}_model_nev_share": _chooser(_alone, name) for name in CHOOSERS},
    **{f"{name}_bev_choice_constant": _chooser(_battery_constants, name) for name in CHOOSERS},
    **{f"{name}_choice_residual": _chooser(_residuals, name) for name in CHOOSERS},
    **{f"{name}_bev_ownership_cost_cny": _cost_of(0, name) for name in _COSTED},
    **{f"{name}_engine_ownership_cost_cny": _cost_of(1, name) for name in _COSTED},
    "private_car_bev_price_elasticity": _price_elasticity,
}


def _sold_shares(base: TransportBase, sales: FloatArray, vehicle_class: str) -> FloatArray:
    """Powertrains of the region's sales of a class, [k, y]."""
    sold = sales[:, base.position(vehicle_class)].sum(axis=0)
    whole = sold.sum(axis=0)
    found: FloatArray = np.divide(sold, whole, out=np.zeros_like(sold), where=whole > 0)
    return found
