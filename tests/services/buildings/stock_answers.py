"""What the stock must give because it follows from arithmetic: balances, and lives and shares with closed answers."""

import math
from typing import NamedTuple

import numpy as np
from scipy.integrate import quad
from scipy.stats import lognorm

from services.buildings.base import FAMILIES, StockBase
from services.buildings.embodied import embodied_tco2
from services.buildings.stock import Stock
from services.buildings.stock_life import LIFE_CLASSES, lives, oldest_age, weibull_scale
from services.buildings.stock_retrofit import lognormal_excess_share
from services.common.levers import LeverPaths

# Mean life and shape of retrofitted families: for how old a building may be to live twelve more years on average
LIVES = ((34.0, 2.3), (50.0, 2.5), (30.0, 2.0))
MORE_YEARS = 12.0


class Answer(NamedTuple):
    """What the software gives, what is known, and how near they must be."""

    figure: float
    known: float
    absolute: float


def balance_gaps(found: Stock) -> dict[str, float]:
    """Largest gaps of any city, type and year, as shares of the area: what is left over, and what is missing."""
    total = found.type_m2
    area = np.maximum(total, 1.0)
    change = found.completed_m2[..., 1:] - found.demolished_m2[..., 1:]
    parts = (found.area_m2, found.completed_m2, found.demolished_m2, found.retrofitted_m2)
    assert all(np.isfinite(values).all() for values in parts)
    return {
        "turnover": float((np.abs(total[..., :-1] + change - total[..., 1:]) / area[..., 1:]).max()),
        "periods": float((np.abs(found.vintages.period_m2.sum(axis=2) - total) / area).max()),
        "missing": float(((found.demand_m2 - total) / area).max()),
        "negative": max(float(-values.min()) for values in parts),
    }


def retrofit_gap(found: Stock, paths: LeverPaths) -> float:
    """Largest share of a year's retrofit asked for that is neither done nor told as missing."""
    asked = 1e6 * sum(
        np.asarray(paths.path(f"buildings.retrofit_area_{k}")) for k in ("residential", "public")
    )
    done = found.retrofitted_m2.sum(axis=(0, 1)) + found.retrofit_shortfall_m2
    return float((np.abs(done - asked)[1:] / np.maximum(asked[1:], 1.0)).max())


def survival(base: StockBase, paths: LeverPaths, place: int) -> dict[str, Answer]:
    """Weibull scales and survival at known ages of urban buildings."""
    found = lives(base, paths, np.ones((len(base.region.city_ids), 41)))
    new = np.cumprod(found.new_survival[found.of_place[place], LIFE_CLASSES.index("urban"), :, 0])
    # The base stock on condition that it stood in 2020: S(40) / S(20) of the old life, completed in 2000.
    old = float(np.prod(found.survival[0, 1:21, 2000 - base.first_vintage]))
    return {
        "scale_old": Answer(float(weibull_scale(np.array([34.02]), np.array([2.3]))[0]), 38.4, 0.0384),
        "scale_new": Answer(float(weibull_scale(np.array([50.04]), np.array([2.5]))[0]), 56.4, 0.0564),
        "new_at_0": Answer(float(new[1]), 1.0, 0.0),  # S(0): the year of completion
        "new_at_10": Answer(float(new[1 + 10]), 0.9868, 5e-4),
        "new_at_30": Answer(float(new[1 + 30]), 0.8135, 5e-4),
        "old_at_40": Answer(old, 0.3334 / 0.8001, 5e-4),
    }


def years_left(mean: float, shape: float) -> float:
    """Mean years that a building of the oldest age open to retrofit still stands, by quadrature."""
    scale = mean / math.gamma(1 + 1 / shape)
    age = float(oldest_age(MORE_YEARS, shape, np.array([scale]))[0])

    def stands(a: float) -> float:
        return math.exp(-((a / scale) ** shape))

    return float(quad(stands, age, math.inf)[0] / stands(age))


def over_limit() -> Answer:
    """Share of a lognormal of mean 95.8 and sigma 0.45 beyond a limit of 80, beside SciPy's."""
    mean, limit, sigma = 95.8, 80.0, 0.45
    twin = lognorm(s=sigma, scale=math.exp(math.log(mean) - sigma**2 / 2))
    assert math.isclose(twin.mean(), mean, rel_tol=1e-6)
    return Answer(lognormal_excess_share(mean, limit, sigma), float(twin.sf(limit)), 1e-12)


def embodied(base: StockBase, found: Stock, place: int, year: int) -> Answer:
    """Embodied CO2 of a city in a year, tCO2: what is built, retrofitted and demolished, added up by hand."""
    per = {k: leaf.number() for k, leaf in base.region.leaves("buildings/embodied").items()}
    names = {"urban": "urban_residential", "rural": "rural_residential"}
    kg = 0.0
    for t, family in enumerate(FAMILIES):
        e = per[f"new_{names.get(family, family)}_kgco2_per_m2"]
        whole = found.completed_m2[place, t, year]
        prefabricated = found.vintages.prefabricated_m2[place, t, year]
        kg += e * (whole - prefabricated) + e * 0.95 * prefabricated
        kg += per["demolition_kgco2_per_m2"] * found.demolished_m2[place, t, year]
    depth = found.retrofit_depth_shares[:, place, year]
    kg += float(depth @ np.array([3.0, 25.0, 50.0])) * found.retrofitted_m2[place, :, year].sum()
    return Answer(float(embodied_tco2(base, found)[place, year]), kg / 1e3, 1e-12 * kg / 1e3)
