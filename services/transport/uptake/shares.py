"""Powertrains of sales by class: the path of the lever or the choice model, moved by prices, then floors and bans.

Order: base share (path, or model by weight) -> difference of prices against the baseline -> floor of public fleets
(never pulls down) -> end of sale of engines. Every step leaves shares that sum to 1.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.transport.base import COMBUSTION, FCEV, NEW_ENERGY, POWERTRAINS, TransportBase
from services.transport.uptake.constants import calibrated_choice
from services.transport.uptake.costs import (
    SUBJECT,
    PriceLevers,
    alike,
    positions,
    price_levers,
    utility_without_constants,
)
from services.transport.uptake.logit import pivoted_shares
from services.transport.uptake.split import powertrain_split

_ENGINES: Final = list(COMBUSTION)
_CHARGED: Final = list(NEW_ENERGY)
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


def sales_shares(base: TransportBase, paths: LeverPaths, baseline: LeverPaths) -> FloatArray:
    """Powertrains of sales, [p, c, k, y], sum to 1 over k.

    `baseline` are the levers without settings: prices and charging move the base shares only by what differs.
    """
    seen, before = price_levers(paths), price_levers(baseline)
    nev = alike(np.stack([paths.by_place(f"transport.nev_sales_share_{n}") for n in base.classes], axis=1))
    weight = paths.constant("transport.uptake_by_choice")
    if weight > 0:
        nev = _with_choice(base, before, nev, weight)
    charged = _split_of_sales(base, paths)
    shares = np.empty((max(len(nev), len(charged)), len(base.classes), len(POWERTRAINS), nev.shape[2]))
    shares[:, :, _CHARGED] = charged * nev[:, :, None]
    shares[:, :, _ENGINES] = powertrain_split(base).engines[:, :, None] * (1.0 - nev[:, :, None])
    if seen.differ(before):
        shares = _moved_by_prices(base, shares, seen, before)
    shares = _with_policies(base, paths, shares, charged)
    last = shares.transpose(1, 2, 3, 0)  # cities last in memory, as the fleet's kernel takes them
    return np.array(np.broadcast_to(last, (*last.shape[:3], len(base.region.city_ids)))).transpose(3, 0, 1, 2)


def _split_of_sales(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Powertrains within new-energy sales, [p, c, new-energy powertrain, y]; fuel cells of heavy trucks by lever."""
    table = powertrain_split(base).charged[..., : len(paths.years)]
    cell = alike(paths.by_place("transport.fcev_share_heavy_truck"))
    charged = np.array(np.broadcast_to(table, (len(cell), *table.shape)))
    heavy = charged[:, base.position("heavy_truck")]
    heavy *= ((1.0 - cell) / (1.0 - table[base.position("heavy_truck"), NEW_ENERGY.index(FCEV)]))[:, None]
    heavy[:, NEW_ENERGY.index(FCEV)] = cell
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


def _moved_by_prices(
    base: TransportBase, shares: FloatArray, seen: PriceLevers, before: PriceLevers
) -> FloatArray:
    """Shares [p, c, k, y] of the classes that choose, moved by the difference of utilities."""
    choice = calibrated_choice(base, before)
    book = choice.book
    change = utility_without_constants(book, seen, choice.cost_utility)
    change = change - utility_without_constants(book, before, choice.cost_utility)
    at = positions(book, base.classes)
    moved = pivoted_shares(shares[:, at], change, book.dissimilarity)
    found = np.array(np.broadcast_to(shares, (len(moved), *shares.shape[1:])))
    found[:, at] = moved
    return found


def _with_policies(
    base: TransportBase, paths: LeverPaths, shares: FloatArray, charged: FloatArray
) -> FloatArray:
    """Floors of public fleets, then the end of sale of engines; untouched when neither asks for more."""
    floor = alike(paths.by_place("transport.public_fleet_nev_mandate"))
    if floor.any():
        for name in _PUBLIC_FLEET:
            shares = _raised(shares, charged, base.position(name), floor)
    for lever, classes in _END_OF_SALE.items():
        left = np.clip((paths.constant(lever) - np.array(paths.years)) / _phase(base), 0.0, 1.0)
        if (left < 1.0).any():
            for name in classes:
                c = base.position(name)
                engines = shares[:, c][:, _ENGINES].sum(axis=1)
                shares = _raised(shares, charged, c, np.where(left < 1.0, 1.0 - engines * left, 0.0))
    return shares


def _phase(base: TransportBase) -> float:
    return base.region.number(SUBJECT, "ban_phase_years")


def _raised(shares: FloatArray, charged: FloatArray, c: int, wanted: FloatArray) -> FloatArray:
    """Shares [p, c, k, y] with the new-energy share of class c at least `wanted` [p, y]; its own split is kept."""
    nev = shares[:, c][:, _CHARGED].sum(axis=1)
    if (wanted <= nev).all():
        return shares
    places = max(len(shares), len(wanted), len(charged))
    found = np.array(np.broadcast_to(shares, (places, *shares.shape[1:])))
    own = np.divide(
        found[:, c][:, _CHARGED],
        nev[:, None],
        out=np.array(np.broadcast_to(charged[:, c], (places, *charged.shape[2:]))),
        where=nev[:, None] > 0,
    )
    more = np.maximum(wanted, nev)[:, None]
    left = np.divide(
        1.0 - more, 1.0 - nev[:, None], out=np.zeros_like(more + nev[:, None]), where=nev[:, None] < 1
    )
    rises = (wanted > nev)[:, None]
    found[:, c, _ENGINES[0] : _ENGINES[-1] + 1] *= np.where(rises, left, 1.0)
    span = slice(_CHARGED[0], _CHARGED[-1] + 1)
    found[:, c, span] = np.where(rises, own * more, found[:, c, span])
    return found
