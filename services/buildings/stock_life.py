"""How long buildings stand: survival by completion year, and who has enough life left for a retrofit.

Weibull survival S(a) = exp(-(a / scale)^shape) with scale = mean life / Gamma(1 + 1/shape). The base stock survives
on condition that it stood in the base year; a demolition ratio m multiplies the yearly hazard, which over a life is
the same as the scale times m^(-1/shape).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.buildings.base import FAMILIES, START, StockBase
from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region, load_region

LIFE_CLASSES: Final = ("urban", "rural", "factory")
_URBAN, _RURAL, _FACTORY = range(len(LIFE_CLASSES))
# Public buildings live as long as urban dwellings.
LIFE_CLASS: Final[IntArray] = np.array(
    [LIFE_CLASSES.index("urban" if f == "public" else f) for f in FAMILIES], dtype=np.int32
)
# The mean remaining life over the scale falls from Gamma(1 + 1/shape) at age 0; far beyond 6 scales nobody lives.
_AGES_OVER_SCALE: Final = np.linspace(0.0, 6.0, 6001)


@dataclass(frozen=True)
class Lives:
    """Survival of the stock and of completions; c of LIFE_CLASSES, u of the lives that differ between places."""

    survival: FloatArray  # [c, y, v] standing at the end of y over the end of y - 1, base stock
    new_survival: FloatArray  # [u, c, y, n] the same for completions of year 1 + n
    open_to_retrofit: IntArray  # [u, c, y, v] 1 where age and remaining life allow a retrofit
    hazard_ratio: FloatArray  # [u, y]
    of_place: IntArray  # [p] -> u


def lives(base: StockBase, paths: LeverPaths, hazard_ratio: FloatArray) -> Lives:
    """Lives in a scenario; completions live as long as the lever of their completion year says."""
    survival = _base_survival(base.region.region_id, base.first_vintage, len(paths.years))
    life = paths.by_place("buildings.mean_lifetime_new_urban")
    # Most places share one path: each different one is made once.
    rows = [(a.tobytes(), b.tobytes()) for a, b in zip(life, hazard_ratio, strict=True)]
    different = list(dict.fromkeys(rows))
    made = [_new_lives(base, paths.years[-1], *row) for row in different]
    new, open_, ratio = (np.array(part) for part in zip(*made, strict=True))
    index = np.array([different.index(row) for row in rows], dtype=np.int32)
    return Lives(survival, new, open_, ratio, index)


@kept(maxsize=64)
def _new_lives(
    base: StockBase, last_year: int, life_bytes: bytes, ratio_bytes: bytes
) -> tuple[FloatArray, IntArray, FloatArray]:
    """Survival of completions [c, y, n], what is open to retrofit [c, y, v], and the hazard ratio [y] of a place.

    From the bytes of the mean life of completions, yr, and of the hazard ratio by year.
    """
    years = np.arange(BASE_YEAR, last_year + 1, dtype=np.int32)
    life, ratio = np.frombuffer(life_bytes)[1:], np.frombuffer(ratio_bytes)
    survival, open_ = _new_survival(base.region, years, life), _open(base, years, life, ratio)
    survival.flags.writeable = open_.flags.writeable = False
    return survival, open_, ratio


def base_year_losses(region: Region, first_vintage: int) -> FloatArray:
    """Area lost in the base year per area left at its end, by building type and vintage, [t, v]."""
    shape, scale = _base_life(region.region_id, first_vintage)
    age = BASE_YEAR - np.arange(first_vintage, BASE_YEAR + 1, dtype=np.float64)
    before = (np.maximum(age - 1, 0) / scale) ** shape
    return np.asarray(np.exp((age / scale) ** shape - before) - 1)[LIFE_CLASS]


@kept(maxsize=64)
def _base_survival(region_id: str, first_vintage: int, years: int) -> FloatArray:
    """Yearly survival of the base stock over as many years from the base year, [c, y, v]; 1 in the first."""
    shape, scale = (a[:, None, :] for a in _base_life(region_id, first_vintage))
    vintages = np.arange(first_vintage, BASE_YEAR + 1, dtype=np.float64)
    age = np.arange(BASE_YEAR, LAST_YEAR + 1)[:, None] - vintages[None, :]
    survival = np.ones((len(LIFE_CLASSES), *age.shape))
    survival[:, 1:] = np.exp((age[:-1] / scale) ** shape - (age[1:] / scale) ** shape)
    survival = np.ascontiguousarray(survival[:, :years])
    survival.flags.writeable = False
    return survival


@kept(maxsize=8)
def _base_life(region_id: str, first_vintage: int) -> tuple[FloatArray, FloatArray]:
    """Weibull shape and scale, yr, of the base stock, [c, v]."""
    per = load_region(region_id).leaves(START)
    vintages = np.arange(first_vintage, BASE_YEAR + 1)
    recent = vintages >= per["urban_recent_first_year"].number()
    shape = np.full((len(LIFE_CLASSES), len(vintages)), per["rural_weibull_shape"].number())
    mean = np.empty_like(shape)
    for values, name in ((shape, "weibull_shape"), (mean, "lifetime_years")):
        values[_URBAN] = np.where(
            recent, per[f"urban_recent_{name}"].number(), per[f"urban_old_{name}"].number()
        )
    for c in (_RURAL, _FACTORY):
        mean[c] = per[f"{LIFE_CLASSES[c]}_lifetime_years"].number()
    return shape, weibull_scale(mean, shape)


def weibull_scale(mean: FloatArray, shape: FloatArray) -> FloatArray:
    """Scale, yr, of a Weibull life with the mean, yr, and shape given."""
    per_scale = np.array([math.gamma(1 + 1 / k) for k in np.ravel(shape)]).reshape(np.shape(shape))
    return np.asarray(mean / per_scale)


def _new_life(region: Region, urban_mean: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weibull shape and scale of completions, [c, n]."""
    per = region.leaves(START)
    shape = np.full((len(LIFE_CLASSES), len(urban_mean)), per["rural_weibull_shape"].number())
    shape[_URBAN] = per["urban_recent_weibull_shape"].number()
    mean = np.array(
        [
            urban_mean,
            *(np.full(len(urban_mean), per[f"{c}_lifetime_years"].number()) for c in LIFE_CLASSES[1:]),
        ]
    )
    return shape, weibull_scale(mean, shape)


def _new_survival(region: Region, years: IntArray, urban_mean: FloatArray) -> FloatArray:
    """Yearly survival of completions, [c, y, n]; 1 up to the year of completion."""
    shape, scale = (a[:, None, :] for a in _new_life(region, urban_mean))
    age = np.maximum(years[:, None] - years[None, 1:], 0)
    return np.asarray(np.exp((np.maximum(age - 1, 0) / scale) ** shape - (age / scale) ** shape))


def _open(base: StockBase, years: IntArray, urban_mean: FloatArray, hazard_ratio: FloatArray) -> IntArray:
    """1 where a retrofit pays: old enough, and enough years left to be expected, [c, y, v]."""
    region = base.region
    least_age = region.number(START, "retrofit_least_age_years")
    needed = region.number(START, "retrofit_least_remaining_years")
    shape, scale = np.concatenate(
        [_base_life(region.region_id, base.first_vintage), _new_life(region, urban_mean)], axis=2
    )
    vintages = np.arange(base.first_vintage, years[-1] + 1)
    age = years[:, None] - vintages[None, :]
    latest = np.empty((shape.shape[0], len(years), shape.shape[1]))
    ratios, index = np.unique(hazard_ratio, return_inverse=True)
    for k in np.unique(shape):
        c, v = np.nonzero(shape == k)
        scales, of = np.unique(scale[c, v], return_inverse=True)
        found = oldest_age(needed, float(k), scales[None, :] * ratios[:, None] ** (-1 / k))
        latest[c, :, v] = found[index][:, of].T
    return ((age >= least_age) & (age <= latest)).astype(np.int32)


def oldest_age(needed: float, shape: float, scale: FloatArray) -> FloatArray:
    """Greatest age, yr, at which a building is still expected (mean of its remaining life) to stand `needed` years.

    Below zero where not even a new one is. Holds for shapes of at least 1, whose remaining life falls with age.
    """
    remaining = _remaining_over_scale(shape)
    found = np.interp(needed / scale, remaining[::-1], _AGES_OVER_SCALE[::-1]) * scale
    return np.where(needed / scale > remaining[0], -1.0, found)


@kept(maxsize=16)
def _remaining_over_scale(shape: float) -> FloatArray:
    """Mean remaining life over the scale at the ages of _AGES_OVER_SCALE: the integral of S beyond a, over S(a)."""
    x = _AGES_OVER_SCALE
    stands = np.exp(-(x**shape))
    pieces = 0.5 * (stands[1:] + stands[:-1]) * np.diff(x)
    beyond = np.append(np.cumsum(pieces[::-1])[::-1], 0.0)
    return np.asarray(np.divide(beyond, stands, out=np.zeros_like(x), where=stands > 0))
