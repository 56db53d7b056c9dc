"""Metrics of the choice of powertrain: rows, and their values from a projection."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.base import BEV, CNG, DIESEL, FCEV, GASOLINE, HEV, LNG, PHEV, TransportBase
from services.transport.fleet.run import new_energy
from services.transport.fleet.sums import kinds, over_powertrains
from services.transport.indicators.fleet import CLASS_LABELS
from services.transport.indicators.project import Part, Projection
from services.transport.indicators.rows import row
from services.transport.uptake.constants import calibrated_choice
from services.transport.uptake.costs import cost_of_ownership, region_price_levers
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


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    density = p.paths.by_place("transport.public_charger_density")
    cars = p.activity.fleet.totals.stock[list(p.base.automobile)].sum(axis=0)
    return {"public_charger_count": density * cars / _PER_1000}


def shares(p: Projection, sums: dict[str, FloatArray]) -> dict[str, Part]:
    """Shares as (part, whole), [p, y] each."""
    fleet = p.activity.fleet
    cars = list(p.base.automobile)
    sold = over_powertrains(fleet.sales, _OF_POWERTRAINS)[:, cars].sum(axis=1)
    whole = fleet.totals.sales[cars].sum(axis=0)
    found = {f"sales_{name}_share": (sold[i], whole) for i, name in enumerate(_POWERTRAINS)}
    bought = fleet.totals.sales
    # in a year without sales: what would be bought
    weight = np.where(bought > 0, bought, 1.0)
    offered = new_energy(fleet.share).transpose(1, 0, 2) * weight
    for name in _SOLD_CLASSES:
        c = p.base.position(name)
        found[f"{name}_nev_sales_share"] = (offered[c], weight[c])
    return found


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    levers = region_price_levers(p.paths)
    choice = calibrated_choice(p.base, region_price_levers(p.baseline))  # as sales are: prices of known years
    years = len(p.paths.years)
    ownership = cost_of_ownership(choice.book, levers)
    battery, engine = costs_cny(choice, ownership)
    alone, left = model_nev_shares(choice, levers, ownership), residuals(choice, years)
    found = {}
    for c, name in enumerate(choice.book.classes):
        found[f"{name}_model_nev_share"] = alone[c]
        found[f"{name}_bev_choice_constant"] = choice.constants[c, BEV, :years]
        found[f"{name}_choice_residual"] = left[c]
        if name in _COSTED:
            found[f"{name}_bev_ownership_cost_cny"] = battery[c]
            found[f"{name}_engine_ownership_cost_cny"] = engine[c]
    found["private_car_bev_price_elasticity"] = own_price_elasticity(
        choice, levers, "private_car", _sold_shares(p.base, p.activity.fleet.sales, "private_car")
    )
    return found


def _sold_shares(base: TransportBase, sales: FloatArray, vehicle_class: str) -> FloatArray:
    """Powertrains of the region's sales of a class, [k, y]."""
    sold = sales[:, base.position(vehicle_class)].sum(axis=0)
    whole = sold.sum(axis=0)
    found: FloatArray = np.divide(sold, whole, out=np.zeros_like(sold), where=whole > 0)
    return found
