"""Growth with GDP."""

import numpy as np

from services.common.arrays import FloatArray


def chained_growth(gdp_cny: FloatArray, elasticity: FloatArray) -> FloatArray:
    """Activity over that of the base year, [p, y]: each year's growth of GDP to the power of its elasticity [y]."""
    steps = np.ones_like(gdp_cny)
    steps[:, 1:] = (gdp_cny[:, 1:] / gdp_cny[:, :-1]) ** elasticity[1:]
    grown: FloatArray = np.cumprod(steps, axis=1)
    return grown
