"""What the choice model tells about itself: cost of ownership, price elasticity, constants, residuals."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.transport.base import BEV, NEW_ENERGY
from services.transport.uptake.constants import Choice
from services.transport.uptake.costs import CNY_PER_10K, PriceLevers
from services.transport.uptake.logit import own_utility_response


def costs_cny(choice: Choice, ownership: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Cost of ownership [1, c, k, y] of a battery vehicle and of the usual engine, CNY, [c, y] each."""
    cost = ownership[0] * CNY_PER_10K
    return cost[:, BEV], cost[np.arange(len(cost)), choice.usual_engine]


def own_price_elasticity(
    choice: Choice, levers: PriceLevers, vehicle_class: str, shares: FloatArray
) -> FloatArray:
    """Elasticity of the share of battery vehicles to their own price, [y], at shares [k, y] of the class' sales.

    The price acts through tax and resale too; the response is that of the nested logit.
    """
    book, c = choice.book, choice.book.classes.index(vehicle_class)
    years = shares.shape[1]
    price = book.price[c, BEV, :years] * (1.0 + levers.price_change_share[0])
    felt = 1.0 + levers.tax_share[0] - book.resale[c, BEV, :years] * book.residual[c]
    response = own_utility_response(shares, BEV, book.dissimilarity)
    return np.asarray(choice.cost_utility[c] * price * felt * response)


def model_nev_shares(choice: Choice, levers: PriceLevers, ownership: FloatArray) -> FloatArray:
    """New-energy share of sales that the model alone projects at a cost of ownership, [c, y]."""
    return np.asarray(choice.shares(levers, ownership)[0][:, list(NEW_ENERGY)].sum(axis=1))


def residuals(choice: Choice, years: int) -> FloatArray:
    """Observed share less the model with constants on a line, [c, y]; 0 in years without an observation."""
    found = np.zeros((len(choice.book.classes), years))
    at = [y - BASE_YEAR for y in choice.known_years if y - BASE_YEAR < years]
    found[:, at] = choice.straight_residual[:, : len(at)]
    return found
