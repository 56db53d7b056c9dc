"""Standards of completions: what law and levers permit, and what is built."""

from typing import Final

import numpy as np

from services.buildings.base import FAMILIES, START, StockBase
from services.buildings.states import (
    NEAR_ZERO,
    PRE_STANDARD,
    SAVING_65,
    SAVING_75,
    STANDARDS,
    ULTRA_LOW,
)
from services.common.arrays import FloatArray, IntArray
from services.common.recording import kept
from services.common.regions import load_region

NEW_FAMILIES: Final = ("urban", "rural", "public", "factory")
_URBAN, _RURAL, _PUBLIC, _FACTORY = range(len(NEW_FAMILIES))
FAMILY: Final[IntArray] = np.array([NEW_FAMILIES.index(f) for f in FAMILIES], dtype=np.int32)


STANDARD_LEVERS: Final = (
    "buildings.near_zero_energy_share_new",
    "buildings.ultra_low_energy_share_new",
    "buildings.new_urban_residential_75_share",
    "buildings.as_built_compliance",
)


def permitted(
    base: StockBase, years: tuple[int, ...], near: FloatArray, ultra: FloatArray, urban_75: FloatArray
) -> FloatArray:
    """Standards that completions are permitted to, [p, f, y, g]; shares of floor that add up to 1.

    near, ultra, urban_75 [p, y]: near-zero and ultra-low share of new floor, share of other urban dwellings at 75 %.
    """
    by_law = np.maximum(1 - ultra - near, 0.0)
    below = [_one_lower(base, f) for f in NEW_FAMILIES]
    cities = np.arange(len(near))
    mix = np.zeros((len(near), len(NEW_FAMILIES), near.shape[1], len(STANDARDS)))

    def share_out(f: int, whole: FloatArray, best: FloatArray, top: int) -> None:
        """The share `best` of a whole to the standard `top`, the rest to the one before it."""
        mix[:, f, :, top] = whole * best
        mix[cities, f, :, below[f][:, top]] = whole * (1 - best)

    region = base.region
    share_out(_URBAN, by_law, urban_75, SAVING_75)
    share_out(
        _PUBLIC, by_law, region.leaf(START, "new_public_72_share").path(years) * np.ones_like(near), SAVING_75
    )
    rural_65 = region.leaf(START, "new_rural_65_share").path(years) * np.ones_like(near)
    share_out(_RURAL, np.ones_like(near), rural_65, SAVING_65)
    mix[:, _FACTORY, :, PRE_STANDARD] = 1.0
    for f in (_URBAN, _PUBLIC):
        mix[:, f, :, ULTRA_LOW] = ultra
        mix[:, f, :, NEAR_ZERO] = near
    return mix


def as_built(base: StockBase, met: FloatArray, wanted: FloatArray) -> FloatArray:
    """Standards of completions as built, [p, f, y, g]: what does not meet its standard counts one rung lower."""
    mix = met[:, None, :, None] * wanted
    cities = np.arange(len(met))
    for f, name in enumerate(NEW_FAMILIES):
        below = _one_lower(base, name)
        for g in range(len(STANDARDS)):
            mix[cities, f, :, below[:, g]] += (1 - met) * wanted[:, f, :, g]
    return mix


def _one_lower(base: StockBase, family: str) -> IntArray:
    """The next lower standard on the ladder of a family in each city's thermal zone, [p, g]; the lowest is itself."""
    per_zone = [_rungs(base.region.region_id, family, zone) for zone in ("hscw", "cold")]
    return np.array([per_zone[int(cold)] for cold in base.zone_cold], dtype=np.int32)


@kept(maxsize=64)
def _rungs(region_id: str, family: str, zone: str) -> list[int]:
    """The next lower standard by standard: those of the region's periods, then ultra-low and near-zero."""
    rows = load_region(region_id).table("buildings/standard_periods").rows()
    known = {r["standard"] for r in rows if r["family"] == family and r["zone"] == zone}
    ladder = [g for g, s in enumerate(STANDARDS) if s in known or g >= ULTRA_LOW]
    return [max((r for r in ladder if r < g), default=g) for g in range(len(STANDARDS))]
