"""What a vehicle of each powertrain costs its buyer over the time it is held, by class and year of purchase.

Axes: [c] classes that choose (order of powertrain_choice), [k] powertrains, [y] years from 2020, [p] places: cities
that differ in their levers, or the region.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.factors import factors_tco2_per_gj, under_frame_set
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.region_files import Leaf
from services.common.regions import Region
from services.transport.base import BEV, COMBUSTION, FCEV, HEV, NEW_ENERGY, PHEV, POWERTRAINS
from services.transport.fleet.intensity import KM_PER_100KM, PRINTED_YEARS

SUBJECT: Final = "transport/uptake"
YEARS: Final = tuple(range(BASE_YEAR, LAST_YEAR + 1))
CNY_PER_10K: Final = 1e4
_OIL: Final = ("gasoline", "diesel")
_ENGINES: Final = list(COMBUSTION)
_CHARGED: Final = list(NEW_ENERGY)


@dataclass(frozen=True)
class PriceLevers:
    """What buyers see of a scenario, [p, y] each; places p as the caller has them."""

    subsidy_cny: FloatArray
    tax_share: FloatArray
    price_change_share: FloatArray
    licence_cny: FloatArray
    charger_density: FloatArray
    oil_price: FloatArray
    electricity_price: FloatArray
    carbon_cny_per_t: FloatArray

    def differ(self, other: "PriceLevers") -> bool:
        """True when any value does."""
        return any(
            not np.array_equal(a, b)
            for a, b in ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        )


PRICE_LEVERS: Final = (  # in the order of the fields
    "transport.nev_purchase_subsidy",
    "transport.nev_purchase_tax",
    "transport.nev_price_change",
    "transport.ice_licence_cost",
    "transport.public_charger_density",
    "drivers.oil_product_price_multiplier",
    "drivers.electricity_price_multiplier",
    "drivers.carbon_price",
)


def region_price_levers(paths: LeverPaths) -> PriceLevers:
    """What buyers see of the region as a whole, one place."""
    return PriceLevers(*(paths.path(name)[None] for name in PRICE_LEVERS))


@dataclass(frozen=True)
class CostBook:
    """Prices, energy and weights of the buyers of a region; money in 10^4 CNY of 2020."""

    classes: tuple[str, ...]
    offered: FloatArray  # [c, k] 1 where a price is known
    price: FloatArray  # [c, k, y] without tax
    resale: FloatArray  # share of price
    upkeep_less_grant: FloatArray  # upkeep over the holding time, discounted, less the grant
    oil: FloatArray  # energy over the holding time, discounted, at the table's prices
    other_fuel: FloatArray
    electricity: FloatArray
    tco2: FloatArray  # fuels over the holding time, discounted like money
    residual: FloatArray  # [c] discount factor at the end of the holding time
    cost_utility: FloatArray  # [c] per 10^4 CNY, NaN where the elasticity gives it
    own_cost_elasticity: FloatArray  # [c]
    charging: FloatArray  # [c, k] utility per ln(points per 1000)
    range_utility: FloatArray  # [c, k, y] of the range that is short
    licence: FloatArray  # [c] 1 where a licence is paid
    drift: FloatArray  # [c, k] utility
    engine_tax: float
    dissimilarity: tuple[float, float]


@kept(maxsize=8)
def cost_book(region_id: str, as_of_year: int = 0, factor_set: str = "") -> CostBook:
    """Read the tables of prices and weights; what a carbon price falls on is counted by a factor set."""
    region = under_frame_set(region_id, as_of_year, factor_set)
    leaves = region.leaves(SUBJECT)
    rows = region.table("transport/powertrain_choice").rows()
    classes = tuple(r["vehicle_class"] for r in rows)

    def column(name: str) -> FloatArray:
        return np.array([r[name] for r in rows], dtype=np.float64)

    figures = powertrain_figures(region, classes)
    discount, held = column("discount_per_year"), column("holding_years")
    residual = (1.0 + discount) ** -held
    annuity = ((1.0 - residual) / discount)[:, None, None]
    energy = _energy(region, rows, leaves)
    charging = np.zeros((len(rows), len(POWERTRAINS)))
    charging[:, BEV] = column("charging_utility")
    charging[:, PHEV] = column("charging_utility") * leaves["hybrid_charging_weight"].number()
    short = np.zeros_like(figures["price_10k_cny"])
    wanted = leaves["range_wanted_km"].number()
    short[:, BEV] = np.maximum(wanted - np.nan_to_num(figures["range_km"][:, BEV], nan=wanted), 0.0)
    drift = np.zeros_like(charging)
    for k, name in ((PHEV, "drift_phev"), (BEV, "drift_bev"), (FCEV, "drift_fcev")):
        drift[:, k] = column(name)
    return CostBook(
        classes=classes,
        offered=np.where(np.isfinite(figures["price_10k_cny"][:, :, 0]), 1.0, 0.0),
        price=np.nan_to_num(figures["price_10k_cny"]),
        resale=np.nan_to_num(figures["resale_share"]),
        upkeep_less_grant=np.nan_to_num(
            annuity * figures["upkeep_cny_per_year"] / CNY_PER_10K - figures["grant_10k_cny"]
        ),
        oil=annuity * energy[0] / CNY_PER_10K,
        other_fuel=annuity * energy[1] / CNY_PER_10K,
        electricity=annuity * energy[2] / CNY_PER_10K,
        tco2=annuity * energy[3],
        residual=residual,
        cost_utility=column("cost_utility_per_10k_cny"),
        own_cost_elasticity=column("own_cost_elasticity"),
        charging=charging,
        range_utility=column("range_utility_per_100km")[:, None, None] * short / KM_PER_100KM,
        licence=column("licence"),
        drift=drift,
        engine_tax=leaves["engine_purchase_tax"].number(),
        dissimilarity=(leaves["nest_combustion"].number(), leaves["nest_new_energy"].number()),
    )


def powertrain_figures(region: Region, classes: tuple[str, ...]) -> dict[str, FloatArray]:
    """Columns of powertrain_costs as [c, k, y]: linear between the years given, NaN where there are none."""
    names = ("price_10k_cny", "resale_share", "upkeep_cny_per_year", "grant_10k_cny", "range_km")
    found = {name: np.full((len(classes), len(POWERTRAINS), len(YEARS)), np.nan) for name in names}
    rows = region.table("transport/powertrain_costs").rows()
    for c, vehicle_class in enumerate(classes):
        for k, powertrain in enumerate(POWERTRAINS):
            own = [r for r in rows if (r["vehicle_class"], r["powertrain"]) == (vehicle_class, powertrain)]
            for name in names if own else ():
                found[name][c, k] = np.interp(YEARS, [r["year"] for r in own], [r[name] for r in own])
    return found


def _energy(region: Region, rows: list[Mapping[str, Any]], leaves: Mapping[str, Leaf]) -> FloatArray:
    """CNY a year of oil products, other fuels, electricity, and t CO2 a year of fuels, [4, c, k, y]."""
    heat = region.table("transport/fuels").by("fuel")
    carbon = factors_tco2_per_gj(region)
    hybrid_fuel = {
        c: r["hybrid_fuel"] for c, r in region.table("transport/vehicle_classes").by("vehicle_class").items()
    }
    table = {
        (r["vehicle_class"], r["powertrain"]): r for r in region.table("transport/energy_per_100km").rows()
    }
    price = {
        name.removeprefix("price_"): leaf.path(YEARS) for name, leaf in leaves.items() if "price_" in name
    }
    total = np.zeros((4, len(rows), len(POWERTRAINS), len(YEARS)))
    for c, row in enumerate(rows):
        for (vehicle_class, powertrain), used in table.items():
            if vehicle_class != row["vehicle_class"]:
                continue
            name = powertrain.removesuffix("_cs").removesuffix("_cd")
            amount = np.interp(YEARS, PRINTED_YEARS, [used[f"e{year}"] for year in PRINTED_YEARS])
            amount = amount * row["km_per_year"] / KM_PER_100KM * _part(powertrain, row)
            k = POWERTRAINS.index(name)
            if used["energy_unit"] == "kWh":
                total[2, c, k] += amount * price[f"electricity_{row['electricity']}"]
                continue
            fuel = hybrid_fuel[vehicle_class] if k in (HEV, PHEV) else "hydrogen" if k == FCEV else name
            total[0 if fuel in _OIL else 1, c, k] += amount * price[fuel]
            total[3, c, k] += amount * heat[fuel]["gj_per_unit"] * carbon[heat[fuel]["carrier"]]
    return total


def _part(powertrain: str, row: Mapping[str, Any]) -> float:
    """Share of km driven in this mode."""
    electric: float = row["hybrid_electric_share"]
    return {"phev_cs": 1.0 - electric, "phev_cd": electric}.get(powertrain, 1.0)


def cost_of_ownership(book: CostBook, levers: PriceLevers) -> FloatArray:
    """10^4 CNY over the holding time by year of purchase, [p, c, k, y].

    price (1 + tax) - subsidy - grant + discounted (energy + upkeep) - discounted resale + licence.
    """
    years = levers.tax_share.shape[1]

    def by_year(values: FloatArray) -> FloatArray:
        return values[:, None, None, :]

    price = book.price[..., :years]
    less = book.resale[..., :years] * book.residual[:, None, None]
    fixed = book.upkeep_less_grant[..., :years] + book.other_fuel[..., :years]
    carbon = by_year(levers.carbon_cny_per_t) / CNY_PER_10K
    energy = book.oil[..., :years] * by_year(levers.oil_price) + book.tco2[..., :years] * carbon
    energy = energy + book.electricity[..., :years] * by_year(levers.electricity_price)
    cost = np.asarray(fixed + energy)
    shape = np.broadcast_shapes(*(getattr(levers, f.name).shape for f in fields(levers)))
    cost = np.array(np.broadcast_to(cost, (shape[0], *price.shape)))
    licence = by_year(levers.licence_cny) * book.licence[:, None, None] / CNY_PER_10K
    cost[:, :, _ENGINES] += (price * (1.0 + book.engine_tax - less))[:, _ENGINES] + licence
    cost[:, :, _CHARGED] += (price * (1.0 + by_year(levers.price_change_share)))[:, :, _CHARGED] * (
        1.0 + by_year(levers.tax_share) - less[:, _CHARGED]
    ) - by_year(levers.subsidy_cny) / CNY_PER_10K
    return cost


def utility_without_constants(
    book: CostBook, levers: PriceLevers, cost_utility: FloatArray, cost: FloatArray | None = None
) -> FloatArray:
    """Utility of cost, public charging and range, [p, c, k, y]; `cost` of ownership where it is known already."""
    years = levers.tax_share.shape[1]
    density = np.log(levers.charger_density)[:, None, None, :]
    found = cost_utility[:, None, None] * (cost_of_ownership(book, levers) if cost is None else cost)
    return np.asarray(found + book.charging[:, :, None] * density + book.range_utility[..., :years])


def positions(book: CostBook, classes: tuple[str, ...]) -> IntArray:
    """Where the classes that choose stand among all classes, [c]."""
    return np.array([classes.index(name) for name in book.classes], dtype=np.int32)
