"""Capacity by city: the province's path shared by what plant lists and city statistics say stands where.

Downscaling by named weights: a technology's weights are the cities' observed capacities in the years in which all
cities have one, linear between them and flat outside; nuclear and pumped hydro by the plants in service in a year,
those being built included. Biomass, off-gas and conventional hydro have no city data and are left out.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import Region
from services.power.retirement import PLANTS

OBSERVED = {
    "coal": "capacity_coal_units_30mw_plus",
    "gas": "capacity_gas",
    "onshore_wind": "capacity_wind_onshore",
    "offshore_wind": "capacity_wind_offshore",
    "utility_pv": "capacity_pv",
}
LISTED = ("nuclear", "pumped_storage")
# Metrics with city values, and the technologies that they sum.
CITY_METRICS = {
    "coal_capacity_mw": ("coal",),
    "gas_capacity_mw": ("gas",),
    "nuclear_capacity_mw": ("nuclear",),
    "wind_capacity_mw": ("onshore_wind", "offshore_wind"),
    "utility_pv_capacity_mw": ("utility_pv",),
    "pumped_storage_capacity_mw": ("pumped_storage",),
}


@kept(maxsize=32)
def city_shares(region: Region, years: tuple[int, ...]) -> Mapping[str, FloatArray]:
    """Share of each city in the province's capacity by technology [place, year]; none without data."""
    found = {name: _observed_shares(region, metric, years) for name, metric in OBSERVED.items()}
    found |= {name: _listed_shares(region, name, years) for name in LISTED}
    return {name: share for name, share in found.items() if share is not None}


def _observed_shares(region: Region, metric: str, years: Sequence[int]) -> FloatArray | None:
    seen = [region.observed(metric, city) for city in region.city_ids]
    known = sorted(set.intersection(*(set(s) for s in seen))) if seen else []
    known = [y for y in known if sum(s[y] for s in seen) > 0]
    if not known:
        return None
    table = np.array([[s[y] for y in known] for s in seen])
    table = table / table.sum(axis=0)
    return np.array([np.interp(years, known, row) for row in table])


def _listed_shares(region: Region, technology: str, years: Sequence[int]) -> FloatArray | None:
    if not region.has(PLANTS):
        return None
    rows = [
        r for r in region.table(PLANTS).rows() if r["technology"] == technology and r["commissioned_year"]
    ]
    held = np.zeros((len(region.city_ids), len(years)))
    for row in rows:
        held[region.city_ids.index(row["city"])] += np.where(
            np.array(years) >= row["commissioned_year"], row["capacity_mw"], 0.0
        )
    total = held.sum(axis=0)
    return held / total if (total > 0).all() else None


def city_values(
    region: Region, years: tuple[int, ...], capacity_mw: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    """Year-end capacity by city, MW [place, year], by metric name, of province capacities by technology [year]."""
    shares = city_shares(region, years)
    held = {name: shares[name] * mw for name, mw in capacity_mw.items() if name in shares}
    return {
        metric: np.sum([held[n] for n in names], axis=0)
        for metric, names in CITY_METRICS.items()
        if all(n in held for n in names)
    }
