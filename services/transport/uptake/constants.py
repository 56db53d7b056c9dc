"""Constants of the choice: calibrated on the shares of known years, then drifting; and the model's own projection."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR
from services.common.factors import named_set
from services.common.levers import baseline_anchors
from services.common.recording import kept
from services.transport.base import BEV, NEW_ENERGY, TransportBase, transport_base
from services.transport.uptake.costs import (
    PRICE_LEVERS,
    SUBJECT,
    CostBook,
    PriceLevers,
    cost_book,
    cost_of_ownership,
    utility_without_constants,
)
from services.transport.uptake.logit import nested_shares
from services.transport.uptake.split import powertrain_split

_ROUNDS: Final = 200
_CLOSE: Final = 1e-13
_CHARGED: Final = list(NEW_ENERGY)


@dataclass(frozen=True)
class Choice:
    """A calibrated choice model of a region; [c] classes of the cost book."""

    book: CostBook
    known_years: tuple[int, ...]
    cost_utility: FloatArray  # [c] per 10^4 CNY
    constants: FloatArray  # [c, k, y] to 2060, -inf where not on offer
    usual_engine: IntArray  # [c] position of the largest engine, the one that constants are counted from
    observed: FloatArray  # [c, known year] new-energy share
    residual: FloatArray  # [c, known year] of the constants as calibrated
    straight_residual: (
        FloatArray  # [c, known year] with constants on a line from the first to the last known year
    )

    def shares(self, levers: PriceLevers, cost: FloatArray | None = None) -> FloatArray:
        """What the model alone projects, [p, c, k, y]; `cost` of ownership where it is known already."""
        years = levers.tax_share.shape[1]
        utility = utility_without_constants(self.book, levers, self.cost_utility, cost)
        return nested_shares(utility + self.constants[..., :years], self.book.dissimilarity)


def calibrated_choice(base: TransportBase, levers: PriceLevers) -> Choice:
    """The choice calibrated at the levers of the known years, which no scenario can set; levers of one place [1, y].

    Known years after the last of the levers count too: the same constants stand whatever years are asked for.
    """
    region = base.region
    known = tuple(_known(region.region_id, region.as_of_year))
    inside = [y - BASE_YEAR for y in known if y - BASE_YEAR < levers.tax_share.shape[1]]
    at = np.stack([getattr(levers, f.name)[0, inside] for f in fields(levers)])
    if len(inside) < len(known):
        at = np.concatenate([at, _beyond(region.region_id, known[len(inside) :])], axis=1)
    factor_set = named_set(region, region.factor_set)
    return _calibrated(region.region_id, region.as_of_year, factor_set, at.tobytes())


def _beyond(region_id: str, years: tuple[int, ...]) -> FloatArray:
    """Levers of known years that lie after the years asked for, [lever, year]; they are alike in every baseline."""
    anchors = baseline_anchors(region_id, "frozen")
    own = [dict(sorted(anchors[name].items())) for name in PRICE_LEVERS]
    return np.array([np.interp(years, list(points), list(points.values())) for points in own])


@kept(maxsize=8)
def _known(region_id: str, as_of_year: int) -> Mapping[int, Mapping[str, float]]:
    """Observed new-energy shares by year and class."""
    found: dict[int, dict[str, float]] = {}
    for row in transport_base(region_id, as_of_year).region.table("transport/nev_share_observed").rows():
        found.setdefault(row["year"], {})[row["vehicle_class"]] = row["nev_share"]
    return dict(sorted(found.items()))


@kept(maxsize=64)
def _calibrated(region_id: str, as_of_year: int, factor_set: str, lever_bytes: bytes) -> Choice:
    base, book = transport_base(region_id, as_of_year), cost_book(region_id, as_of_year, factor_set)
    shares_of_year = _known(region_id, as_of_year)
    known = tuple(shares_of_year)
    years = [y - BASE_YEAR for y in known]
    whole = np.frombuffer(lever_bytes).reshape(-1, len(known))
    observed = np.array([[shares_of_year[y][c] for y in known] for c in book.classes])
    # levers stand only at the known years: spread them on the axis of the tables
    spread = np.array([np.interp(np.arange(years[-1] + 1), years, row) for row in whole])[:, None, :]
    levers = PriceLevers(*spread)
    cost = cost_of_ownership(book, levers)[0]
    by_elasticity = book.own_cost_elasticity / (cost[:, BEV, years[-1]] * (1.0 - observed[:, -1]))
    cost_utility = np.where(np.isfinite(book.cost_utility), book.cost_utility, by_elasticity)
    utility = utility_without_constants(book, levers, cost_utility)[0][..., years]
    target = powertrain_split(base).of_classes(base, book.classes, observed, years)
    offered = (target > 0) & (book.offered[:, :, None] > 0)
    target = np.where(offered, target, 0.0)
    target = target / target.sum(axis=1, keepdims=True)
    usual = target[:, : _CHARGED[0]].mean(axis=2).argmax(axis=1).astype(np.int32)
    constants = contraction(utility, target, book.dissimilarity)
    constants = constants - constants[np.arange(len(usual)), usual][:, None, :]
    fitted = nested_shares(utility + constants, book.dissimilarity)
    straight = np.array(constants)
    rise = np.isfinite(constants[..., 0]) & np.isfinite(constants[..., -1])
    slope = np.subtract(
        constants[..., -1], constants[..., 0], out=np.zeros_like(constants[..., 0]), where=rise
    )
    for i, year in enumerate(years):
        part = (year - years[0]) / max(years[-1] - years[0], 1)
        straight[..., i] = constants[..., 0] + part * slope
    on_line = nested_shares(utility + straight, book.dissimilarity)
    return Choice(
        book=book,
        known_years=known,
        cost_utility=cost_utility,
        constants=_all_years(base, book, years, constants),
        usual_engine=usual,
        observed=observed,
        residual=observed - fitted[:, _CHARGED].sum(axis=1),
        straight_residual=observed - on_line[:, _CHARGED].sum(axis=1),
    )


def contraction(utility: FloatArray, target: FloatArray, dissimilarity: tuple[float, float]) -> FloatArray:
    """Constants [c, k, y] that make the shares the target (Berry 1994); -inf for what is not on offer."""
    constants = np.where(target > 0, 0.0, -np.inf)
    step = min(dissimilarity)
    wanted = np.log(np.where(target > 0, target, 1.0))
    for _ in range(_ROUNDS):
        shares = nested_shares(utility + constants, dissimilarity)
        gap = np.where(target > 0, wanted - np.log(np.where(target > 0, shares, 1.0)), 0.0)
        constants = constants + step * gap
        if np.abs(gap).max() < _CLOSE:
            break
    return constants


def _all_years(base: TransportBase, book: CostBook, years: list[int], constants: FloatArray) -> FloatArray:
    """Constants by year: linear between known years, then a drift that ends in the year of the table, [c, k, y]."""
    leaves = base.region.leaves(SUBJECT)
    axis = np.arange(book.price.shape[2])
    last = years[-1]
    end = max(leaves["drift_end_year"].number() - BASE_YEAR, last + 1.0)
    part = np.clip((axis - last) / (end - last), 0.0, 1.0)
    found = np.full((*constants.shape[:2], len(axis)), -np.inf)
    for c, k in np.ndindex(constants.shape[:2]):
        if np.isfinite(constants[c, k]).all():
            found[c, k] = np.interp(axis, years, constants[c, k]) + book.drift[c, k] * part
    return found
