"""Powertrains of sales by class: the path of the lever, split by table."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.transport.base import BEV, COMBUSTION, FCEV, PHEV, POWERTRAINS, TransportBase


def sales_shares(base: TransportBase, paths: LeverPaths, baseline: LeverPaths) -> FloatArray:
    """Powertrains of sales, [p, c, k, y]: the lever's new-energy share split by table, the rest as in 2020."""
    split = base.region.table("transport/nev_split").rows()
    shares = np.zeros((len(base.region.city_ids), len(base.classes), len(POWERTRAINS), len(paths.years)))
    for c, name in enumerate(base.classes):
        nev = paths.by_place(f"transport.nev_sales_share_{name}")
        rows = [r for r in split if r["vehicle_class"] == name]
        known = [r["year"] for r in rows]
        hybrid = np.interp(paths.years, known, [r["phev_share"] for r in rows])
        cell = np.interp(paths.years, known, [r["fcev_share"] for r in rows])
        if name == "heavy_truck":
            cell = paths.by_place("transport.fcev_share_heavy_truck")
        shares[:, c, PHEV] = nev * hybrid
        shares[:, c, FCEV] = nev * cell
        shares[:, c, BEV] = nev - shares[:, c, PHEV] - shares[:, c, FCEV]
        mix = base.stock_count[:, c].sum(axis=0)
        for k in COMBUSTION:
            shares[:, c, k] = (1.0 - nev) * mix[k] / mix[list(COMBUSTION)].sum()
    return shares
