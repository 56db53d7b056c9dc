"""What a GJ of fuel costs the economy: no taxes, no carbon price, CNY of 2025; the same in every sector."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import load_region

TABLE: Final = "costs/fuels"
SETTINGS: Final = "costs/settings"
_COST: Final = "cost_"


def fuel_cny_per_gj(region_id: str, paths: LeverPaths, fuel: str) -> FloatArray:
    """Resource cost of a fuel of the table, CNY/GJ [y]: its driver's price and a margin, or its own path.

    Raises KeyError for a fuel that the table does not have.
    """
    row = _rows(region_id)[fuel]
    driver: str = row["driver"]
    if driver and np.isfinite(row["gj_per_driver_unit"]):
        return np.asarray(paths.path(driver) / row["gj_per_driver_unit"] + row["margin_cny_per_gj"])
    own = _path(region_id, fuel, paths.years)
    return own * paths.path(driver) if driver else own


def price_level(region_id: str) -> float:
    """Prices of 2025 over those of 2020."""
    return load_region(region_id).number(SETTINGS, "price_level_2025_over_2020")


@kept(maxsize=8)
def _rows(region_id: str) -> Mapping[str, Mapping[str, Any]]:
    return load_region(region_id).table(TABLE).by("fuel")


@kept(maxsize=256)
def _path(region_id: str, fuel: str, years: tuple[int, ...]) -> FloatArray:
    row = _rows(region_id)[fuel]
    known = {int(name.removeprefix(_COST)): row[name] for name in row if name.startswith(_COST)}
    found: FloatArray = np.interp(years, sorted(known), [known[y] for y in sorted(known)])
    found.flags.writeable = False
    return found
