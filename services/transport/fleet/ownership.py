"""Private vehicles: Gompertz curve on income, pivoted on the observed stock of the last year known."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import PERSONS_PER_WAN
from services.transport.base import TransportBase

_CNY_PER_WAN = 1e4


def private_vehicles(
    base: TransportBase, paths: LeverPaths, population: FloatArray, gdp_cny: FloatArray
) -> FloatArray:
    """Private vehicles over those of 2020, [p, y].

    V*(x) = gamma exp(alpha exp(beta x)), x real GDP per head in 10^4 CNY; kappa = observed / V* in 2020. Each city
    closes the same share of its gap to kappa gamma as the province would at the city's own growth of income:

        c = (kappa V*(x) - V0) / (kappa gamma - V0);  V_city = V0_city + c (kappa gamma - V0_city)

    Years observed after 2020 are met by the sum of the cities; the ratio of the last of them holds from there on.
    """
    fits = base.region.table("transport/ownership")
    known = fits.numbers("saturation_per_1000")
    gamma = paths.by_place("transport.private_vehicle_saturation")
    alpha = np.interp(gamma, known, fits.numbers("alpha"))
    beta = np.interp(gamma, known, fits.numbers("beta"))
    private = base.region.observed("vehicles_private")[BASE_YEAR] * PERSONS_PER_WAN
    people = base.population_2020.sum()
    observed = private / people * 1e3
    income_2020 = base.gdp_2020.sum() / people / _CNY_PER_WAN
    per_head = gdp_cny / population
    income = income_2020 * per_head / per_head[:, :1]
    pivot = observed / (gamma * np.exp(alpha * np.exp(beta * income_2020)))
    level = pivot * gamma * np.exp(alpha * np.exp(beta * income))
    top = pivot * gamma
    closed = (level - observed) / (top - observed)
    own = (private * base.automobile_weight / base.population_2020 * 1e3)[:, None]
    wanted = own + closed * (top - own)
    vehicles = wanted * population / 1e3
    vehicles *= _observed_over_model(base, vehicles.sum(axis=0))
    ratio: FloatArray = vehicles / vehicles[:, :1]
    return ratio


def _observed_over_model(base: TransportBase, modelled: FloatArray) -> FloatArray:
    """Observed private vehicles over the curve's, [y]: 1 in 2020, the last known ratio held."""
    observed = base.region.observed("vehicles_private")
    known = [y for y in range(len(modelled)) if BASE_YEAR + y in observed]
    ratios = [observed[BASE_YEAR + y] * PERSONS_PER_WAN / modelled[y] for y in known]
    held: FloatArray = np.interp(np.arange(len(modelled)), known, ratios)
    return held
