"""Embodied CO2 of construction, retrofit, demolition: mostly emitted by industry, never to be added to energy CO2."""

import numpy as np

from services.buildings.base import FAMILIES, StockBase
from services.buildings.stock import Stock
from services.buildings.stock_retrofit import PACKAGES
from services.common.arrays import FloatArray
from services.common.units import KG_PER_T

_EMBODIED = "buildings/embodied"
_NAMES = {"urban": "urban_residential", "rural": "rural_residential"}


def embodied_tco2(base: StockBase, stock: Stock) -> FloatArray:
    """Embodied CO2 of a year by city, t [p, y].

    Floor completed times its type's CO2 per m2, less for the prefabricated part, plus floor retrofitted by depth and
    floor demolished. Stages A1-A3 and A5 of new buildings.
    """
    per = base.region.leaves(_EMBODIED)
    packages = base.region.table("buildings/retrofit_packages").by("package")
    new = np.array([per[f"new_{_NAMES.get(f, f)}_kgco2_per_m2"].number() for f in FAMILIES])
    weighed = (
        stock.completed_m2 - per["prefabricated_saving_share"].number() * stock.vintages.prefabricated_m2
    )
    kg = (new[None, :, None] * weighed).sum(axis=1)
    kg = kg + per["demolition_kgco2_per_m2"].number() * stock.demolished_m2.sum(axis=1)
    by_depth = stock.retrofitted_by_depth_m2.sum(axis=2)
    for d, package in enumerate(PACKAGES):
        kg = kg + packages[package]["embodied_kgco2_per_m2"] * by_depth[d]
    return np.asarray(kg / KG_PER_T)
