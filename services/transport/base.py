"""What does not depend on the scenario: classes, survival, opening fleet and weights of the cities.

Axes: [p] cities as `Region.city_ids`, [c] vehicle classes, [f] these and then electric bicycles, [k] powertrains,
[a] age oldest first, [slot] model year from FIRST_YEAR on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.recording import kept
from services.common.region_files import Leaf
from services.common.regions import Region, load_region
from services.common.units import CNY_PER_YI, PERSONS_PER_WAN
from services.common.words import Label
from services.transport.fleet.cohorts import seen

SECTOR: Final = "transport"
SUBJECT: Final = "transport/parameters"
BASE: Final = "transport/base"
POWERTRAINS: Final = ("gasoline", "diesel", "cng", "lng", "hev", "phev", "bev", "fcev")
GASOLINE, DIESEL, CNG, LNG, HEV, PHEV, BEV, FCEV = range(len(POWERTRAINS))
COMBUSTION: Final = (GASOLINE, DIESEL, CNG, LNG, HEV)
NEW_ENERGY: Final = (PHEV, BEV, FCEV)
AGES: Final = 40
FIRST_YEAR: Final = BASE_YEAR - AGES + 1
E_BIKE: Final = "e_bike"
_LEAST_LOG: Final = -650.0  # e^-650 is far above the smallest double, and far below anything that matters


@dataclass(frozen=True)
class TransportBase:
    """Classes and the fleet of 2020."""

    region: Region
    classes: tuple[str, ...]
    labels: tuple[Label, ...]
    rows: tuple[dict[str, Any], ...]  # [c] row of vehicle_classes with the region's columns
    fleet_classes: tuple[str, ...]  # [f] classes, and those whose electricity is not the sector's
    fleet_rows: tuple[dict[str, Any], ...]  # [f]
    automobile: tuple[int, ...]  # positions of classes counted as automobiles
    commercial_truck: tuple[int, ...]
    age_km: FloatArray  # [f, a] km a year of a vehicle by age, base year
    stock_count: FloatArray  # [p, c, k] end of 2020
    fleet_stock_count: FloatArray  # [p, f, k]
    opening_by_age: FloatArray  # [f, k, a, p]
    scrapped_2020: FloatArray  # [f, k, p]
    population_2020: FloatArray  # [p] persons
    gdp_2020: FloatArray  # [p] CNY
    urban_share_2020: FloatArray  # [p]
    automobile_weight: FloatArray  # [p] sums to 1
    truck_weight: FloatArray
    port_weight: FloatArray
    rail_weight: FloatArray
    air_weight: FloatArray
    private_ratio: float
    parameters: Mapping[str, Leaf]
    local_figures: Mapping[str, Leaf]

    def position(self, vehicle_class: str) -> int:
        """Index of a class."""
        return self.classes.index(vehicle_class)

    def number(self, name: str) -> float:
        """A national parameter."""
        return self.parameters[name].number()

    def path(self, name: str, years: tuple[int, ...]) -> FloatArray:
        """A national parameter by year."""
        return self.parameters[name].path(years)

    def local(self, name: str) -> float:
        """A figure of the region's base year."""
        return self.local_figures[name].number()


@kept(maxsize=8)
def transport_base(region_id: str, as_of_year: int = 0) -> TransportBase:
    """The base of a region as known at the end of `as_of_year`; DomainError when there is no such region."""
    region = load_region(region_id, as_of_year)
    own = region.table("transport/vehicles").by("vehicle_class")
    every = [{**r, **own[r["vehicle_class"]]} for r in region.table("transport/vehicle_classes").rows()]
    rows = tuple(r for r in every if r["sector_energy"])
    fleet_rows = rows + tuple(r for r in every if not r["sector_energy"])
    classes = tuple(r["vehicle_class"] for r in rows)
    private_ratio = region.number(BASE, "private_to_class_ratio")
    weights = _weights(region)
    stock = _stock(region, fleet_rows, weights, private_ratio)
    survival = survival_by_age(fleet_rows)
    opening = _opening(region, fleet_rows, stock, survival)
    return TransportBase(
        region=region,
        classes=classes,
        labels=tuple(Label(r["label_zh"], r["label_en"]) for r in rows),
        rows=rows,
        fleet_classes=tuple(r["vehicle_class"] for r in fleet_rows),
        fleet_rows=fleet_rows,
        automobile=tuple(i for i, r in enumerate(rows) if r["automobile"]),
        commercial_truck=tuple(i for i, r in enumerate(rows) if r["commercial_truck"]),
        age_km=_km_by_age(fleet_rows, opening),
        stock_count=stock[:, : len(rows)],
        fleet_stock_count=stock,
        opening_by_age=opening,
        scrapped_2020=_scrapped_in_2020(opening, survival),
        private_ratio=private_ratio,
        parameters=region.leaves(SUBJECT),
        local_figures=region.leaves(BASE),
        **weights,
    )


def survival_by_age(rows: tuple[dict[str, Any], ...], life_scale: float = 1.0) -> FloatArray:
    """Share of a model year alive by age, oldest first, [f, a]: exp(-(age/T)^k), 0 beyond the mandatory age.

    Also 0 where a double cannot see it in a stock (`cohorts.seen`); but above 0 at every age that the vehicles of 2020
    have, whatever the life: the stock of 2020 is counted, and a shorter life takes from it only later.
    """
    alive = _weibull(rows, life_scale)
    # what survival does not fall below where the stock of 2020 has vehicles; falls with age
    age = np.arange(AGES)[::-1].astype(np.float64)
    stands = seen(alive if life_scale == 1.0 else _weibull(rows, 1.0)) > 0.0
    least = np.where(stands, np.maximum(alive, np.exp(_LEAST_LOG - age)), 0.0)
    return np.maximum(seen(alive), least)


def _weibull(rows: tuple[dict[str, Any], ...], life_scale: float) -> FloatArray:
    age = np.arange(AGES)[::-1].astype(np.float64)
    table = np.empty((len(rows), AGES))
    for c, row in enumerate(rows):
        life = row["life_years"] * row["life_multiplier"] * life_scale
        alive = np.exp(-((age / life) ** row["shape"]))
        limit = row["max_age_years"]
        table[c] = alive if np.isnan(limit) else np.where(age <= limit, alive, 0.0)
    return table


def _scrapped_in_2020(opening: FloatArray, survival: FloatArray) -> FloatArray:
    """What the stock of 2020 lost in that year by the life of the statistics, [f, k, p]; survival [f, a]."""
    lost = np.zeros_like(survival)
    alive = survival[:, :-1]
    np.divide(survival[:, 1:] - alive, alive, out=lost[:, :-1], where=alive > 0.0)
    return np.asarray(np.einsum("ckap,ca->ckp", opening, lost))


def _weights(region: Region) -> dict[str, FloatArray]:
    """Population, GDP and shares of the cities; shares sum to 1."""

    def observed(metric: str) -> FloatArray:
        return np.array([region.observed(metric, c)[BASE_YEAR] for c in region.city_ids])

    def share(values: FloatArray) -> FloatArray:
        normed: FloatArray = values / values.sum()
        return normed

    population = share(observed("population_resident"))
    gdp = share(observed("gdp_current"))
    automobile = share(region.city_numbers(SECTOR, "automobile_weight"))
    port = share(region.city_numbers(SECTOR, "port_weight"))
    return {
        "population_2020": population * region.observed("population_resident")[BASE_YEAR] * PERSONS_PER_WAN,
        "gdp_2020": gdp * region.observed("gdp_current")[BASE_YEAR] * CNY_PER_YI,
        "urban_share_2020": observed("urbanization_rate") / 100,
        "automobile_weight": automobile,
        "truck_weight": (gdp + automobile) / 2,
        "port_weight": port,
        "rail_weight": (gdp + port) / 2,
        "air_weight": share(region.city_numbers(SECTOR, "air_passengers_count")),
    }


def _stock(
    region: Region, rows: tuple[dict[str, Any], ...], weights: dict[str, FloatArray], private_ratio: float
) -> FloatArray:
    """Vehicles at the end of 2020, [p, f, k]: class totals over the cities by weight, powertrains by mix."""
    mix = region.table("transport/powertrain_mix").by("vehicle_class")
    private = region.observed("vehicles_private")[BASE_YEAR] * PERSONS_PER_WAN
    urban = weights["population_2020"] * weights["urban_share_2020"]
    stock = np.empty((len(region.city_ids), len(rows), len(POWERTRAINS)))
    for c, row in enumerate(rows):
        name = row["vehicle_class"]
        if name == E_BIKE:
            weight = weights["population_2020"] / weights["population_2020"].sum()
        elif name in ("private_car", "motorcycle"):
            weight = weights["automobile_weight"]
        elif name.endswith("truck") or name == "special_vehicle":
            weight = weights["truck_weight"]
        else:
            weight = urban / urban.sum()
        total = private * private_ratio if name == "private_car" else row["stock_count"]
        shares = np.array([mix[name][k] for k in POWERTRAINS])
        stock[:, c, :] = total * weight[:, None] * shares / shares.sum()
    return stock


def _opening(
    region: Region, rows: tuple[dict[str, Any], ...], stock: FloatArray, survival: FloatArray
) -> FloatArray:
    """The stock of 2020 by age, [f, k, a, p]: what is left of sales that grew at a constant rate."""
    age = np.arange(AGES)[::-1]
    nev_growth = region.number(SUBJECT, "opening_nev_growth_per_year")
    opening = np.empty((*stock.shape[1:], AGES, len(stock)))
    for c, row in enumerate(rows):
        for k in range(len(POWERTRAINS)):
            young = k in NEW_ENERGY and row["sector_energy"]
            growth = nev_growth if young else row["opening_growth_per_year"]
            weight = (1.0 + growth) ** -age * survival[c]
            if row["driver"] == "ownership" and k in COMBUSTION:
                weight = _sold_by_age(region, survival[c], row["opening_growth_per_year"]) * survival[c]
            opening[c, k] = (stock[:, c, k, None] * weight / weight.sum()).T
    return opening


def _sold_by_age(region: Region, survival: FloatArray, growth_before: float) -> FloatArray:
    """Private vehicles sold by age at the end of 2020, [a]: sales = growth of the observed stock + scrappage.

    Before the series begins sales grew at a constant rate.
    """
    observed = region.observed("vehicles_private")
    first = min(observed)
    alive = survival[::-1]  # by age, youngest first
    age = np.arange(AGES)
    before = (1.0 + growth_before) ** -age
    before = before * observed[first] / (before * alive).sum()
    sold = {first - a: float(before[a]) for a in range(AGES)}
    for year in range(first + 1, BASE_YEAR + 1):
        survivors = sum(n * alive[year - v] for v, n in sold.items() if year - v < AGES)
        sold[year] = max(observed[year] - survivors, 0.0)
    return np.array([sold.get(BASE_YEAR - a, 0.0) for a in age[::-1]])


def _km_by_age(rows: tuple[dict[str, Any], ...], opening: FloatArray) -> FloatArray:
    """Mileage by age, km a year [f, a]; its mean over the stock of 2020 is the class' mileage."""
    age = np.arange(AGES)[::-1]
    by_age = opening.sum(axis=(1, 3))
    km = np.exp(-np.array([r["mileage_decay_per_year"] for r in rows])[:, None] * age)
    mean = (km * by_age).sum(axis=1) / by_age.sum(axis=1)
    scaled: FloatArray = km * (np.array([r["mileage_km"] for r in rows]) / mean)[:, None]
    return scaled
