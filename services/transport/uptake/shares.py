"""Powertrains of sales by class: the path of the lever or the choice model, moved by prices, then floors and bans.

Order: base share (path, or model by weight) -> difference of prices against the baseline -> floor of public fleets
(never pulls down) -> end of sale of engines. Every step leaves shares that sum to 1.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.transport.base import COMBUSTION, FCEV, NEW_ENERGY, POWERTRAINS, TransportBase
from services.transport.uptake.constants import calibrated_choice
from services.transport.uptake.costs import (
    PRICE_LEVERS,
    SUBJECT,
    PriceLevers,
    positions,
    region_price_levers,
    utility_without_constants,
)
from services.transport.uptake.logit import pivoted_shares
from services.transport.uptake.split import powertrain_split

_ENGINES: Final = list(COMBUSTION)
_CHARGED: Final = list(NEW_ENERGY)
_ENGINE_SPAN: Final = slice(COMBUSTION[0], COMBUSTION[-1] + 1)
_CHARGED_SPAN: Final = slice(NEW_ENERGY[0], NEW_ENERGY[-1] + 1)
_PUBLIC_FLEET: Final = ("urban_bus", "taxi", "special_vehicle")
_END_OF_SALE: Final = {
    "transport.ice_car_sales_end_year": ("private_car", "taxi", "ride_hailing"),
    "transport.ice_truck_sales_end_year": (
        "coach",
        "light_truck",
        "medium_truck",
        "heavy_truck",
        "special_vehicle",
    ),
}


_FUEL_CELL: Final = "transport.fcev_share_heavy_truck"
_MANDATE: Final = "transport.public_fleet_nev_mandate"


@dataclass(frozen=True)
class _Levers:
    """Levers of the places that differ, [p, ...], and which of them each city is."""

    prices: PriceLevers
    nev: FloatArray  # [p, c, y]
    fuel_cell: FloatArray  # [p, y]
    mandate: FloatArray  # [p, y]
    place_of_city: list[int]


def _levers(base: TransportBase, paths: LeverPaths) -> _Levers:
    """Read the levers once for every city that has its own, and once for all others."""
    names = (*PRICE_LEVERS, _FUEL_CELL, _MANDATE, *(f"transport.nev_sales_share_{n}" for n in base.classes))
    if any(paths.differs_by_city(name) for name in names):
        by_city = np.stack([paths.by_place(name) for name in names], axis=1)
        places: dict[bytes, int] = {}
        place_of_city = [places.setdefault(own.tobytes(), len(places)) for own in by_city]
        own = by_city[[place_of_city.index(p) for p in range(len(places))]]
    else:
        place_of_city = [0] * len(paths.cities)
        own = np.stack([paths.path(name) for name in names])[None]
    count = len(PRICE_LEVERS)
    prices = PriceLevers(*own[:, :count].transpose(1, 0, 2))
    return _Levers(prices, own[:, count + 2 :], own[:, count], own[:, count + 1], place_of_city)


def sales_shares(base: TransportBase, paths: LeverPaths, baseline: LeverPaths) -> FloatArray:
    """Powertrains of sales, [p, c, k, y], sum to 1 over k.

    `baseline` are the levers without settings: prices and charging move the base shares only by what differs.
    """
    levers, before = _levers(base, paths), region_price_levers(baseline)
    nev, weight = levers.nev, paths.constant("transport.uptake_by_choice")
    if weight > 0:
        nev = _with_choice(base, before, nev, weight)
    charged = _split_of_sales(base, levers.fuel_cell)
    shares = np.empty((*nev.shape[:2], len(POWERTRAINS), nev.shape[2]))
    shares[:, :, _CHARGED] = charged * nev[:, :, None]
    shares[:, :, _ENGINES] = powertrain_split(base).engines[:, :, None] * (1.0 - nev[:, :, None])
    if levers.prices.differ(before):
        _move_by_prices(base, shares, levers.prices, before)
    _apply_policies(base, paths, shares, charged, levers.mandate)
    # cities last in memory, as the fleet's kernel takes them
    return np.ascontiguousarray(shares.transpose(1, 2, 3, 0)[..., levers.place_of_city]).transpose(3, 0, 1, 2)


def _split_of_sales(base: TransportBase, fuel_cell: FloatArray) -> FloatArray:
    """Powertrains within new-energy sales, [p, c, new-energy powertrain, y]; fuel cells of heavy trucks by lever."""
    table = powertrain_split(base).charged[..., : fuel_cell.shape[1]]
    charged = np.array(np.broadcast_to(table, (len(fuel_cell), *table.shape)))
    c, cell = base.position("heavy_truck"), NEW_ENERGY.index(FCEV)
    charged[:, c] *= ((1.0 - fuel_cell) / (1.0 - table[c, cell]))[:, None]
    charged[:, c, cell] = fuel_cell
    return charged


def _with_choice(base: TransportBase, before: PriceLevers, nev: FloatArray, weight: float) -> FloatArray:
    """New-energy shares [p, c, y] with the model's projection at the baseline's prices by weight, later years only."""
    choice = calibrated_choice(base, before)
    projected = choice.shares(before)[:, :, _CHARGED].sum(axis=2)
    at = positions(choice.book, base.classes)
    first = _first_free(base) - BASE_YEAR
    blended = np.array(nev)
    blended[:, at, first:] = (1.0 - weight) * nev[:, at, first:] + weight * projected[:, :, first:]
    return blended


def _first_free(base: TransportBase) -> int:
    """The first year that is neither observed nor a nowcast, as known at the region's as_of."""
    first = int(base.region.number(SUBJECT, "first_free_year"))
    return min(first, base.region.as_of_year + 1) if base.region.as_of_year else first


def _move_by_prices(base: TransportBase, shares: FloatArray, seen: PriceLevers, before: PriceLevers) -> None:
    """Move the shares [p, c, k, y] of the classes that choose by the difference of utilities, in years not known."""
    choice = calibrated_choice(base, before)
    book = choice.book
    change = utility_without_constants(book, seen, choice.cost_utility)
    change -= utility_without_constants(book, before, choice.cost_utility)
    change[..., : _first_free(base) - BASE_YEAR] = 0.0
    at = positions(book, base.classes)
    shares[:, at] = pivoted_shares(shares[:, at], change, book.dissimilarity)


def _apply_policies(
    base: TransportBase, paths: LeverPaths, shares: FloatArray, charged: FloatArray, mandate: FloatArray
) -> None:
    """Floors of public fleets, then the end of sale of engines; untouched where neither asks for more."""
    if mandate.any():
        for name in _PUBLIC_FLEET:
            c = base.position(name)
            _raise(shares[:, c], charged[:, c], mandate)
    phase = base.region.number(SUBJECT, "ban_phase_years")
    for lever, classes in _END_OF_SALE.items():
        left = np.clip((paths.constant(lever) - np.array(paths.years)) / phase, 0.0, 1.0)
        if (left < 1.0).any():
            for name in classes:
                c = base.position(name)
                engines = shares[:, c, _ENGINE_SPAN].sum(axis=1)
                _raise(shares[:, c], charged[:, c], np.where(left < 1.0, 1.0 - engines * left, 0.0))


def _raise(shares: FloatArray, charged: FloatArray, wanted: FloatArray) -> None:
    """Lift the new-energy share of a class' shares [p, k, y] to `wanted` [p, y] where it is less.

    The split of new-energy vehicles is kept; where none were sold it is the table's, `charged` [p, kind, y].
    """
    nev = shares[:, _CHARGED_SPAN].sum(axis=1)[:, None]
    rises = wanted[:, None] > nev
    if not rises.any():
        return
    split = np.divide(shares[:, _CHARGED_SPAN], nev, out=np.array(charged), where=nev > 0)
    engines_left = np.divide(1.0 - wanted[:, None], 1.0 - nev, out=np.ones_like(nev), where=rises)
    shares[:, _ENGINE_SPAN] *= np.where(rises, engines_left, 1.0)
    shares[:, _CHARGED_SPAN] = np.where(rises, split * wanted[:, None], shares[:, _CHARGED_SPAN])
