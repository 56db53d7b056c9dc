"""Dispatch instances with the optimum of a linear programme, when a folder of them stands beside the repository.

Each instance is a folder with instance.json, timeseries.csv and reference.json.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.power.bound_kernels import lower_bound
from services.power.kernels import block_energy, stack_cost
from services.power.store_kernels import dispatch_stores, stores_vom_cost

ROOT = Path(__file__).resolve().parents[3]
FOUND = next(iter(sorted(ROOT.parent.glob("*/*/power/instances"))), None)
# Measured gaps: exact without stores and with one, 0.002 % with two of 2025, 0.024 % with two of 2030.
CASES = (("js2025_nosto", 1e-9), ("js2025_phs", 1e-8), ("js2025_base", 5e-5), ("js2030_plan", 4e-4))

pytestmark = pytest.mark.skipif(FOUND is None, reason="no folder of dispatch instances")


def read(name: str) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    assert FOUND is not None
    folder = FOUND / name
    series = np.genfromtxt(folder / "timeseries.csv", delimiter=",", names=True)
    return (
        json.loads((folder / "instance.json").read_text("utf-8")),
        series,
        json.loads((folder / "reference.json").read_text("utf-8")),
    )


@pytest.mark.parametrize(("name", "gap"), CASES)
def test_the_dispatch_meets_the_optimum_of_the_instance(name: str, gap: float) -> None:
    instance, series, reference = read(name)
    residual = series["demand_mw"].copy()
    fixed, blocks = 0.0, []
    for plant in instance["generators"]:
        high = plant["p_max_mw"] * (series[plant["avail"]] if "avail" in plant else np.ones(residual.size))
        if plant.get("vre"):
            residual -= high
            continue
        low = series[plant["p_min_col"]] if "p_min_col" in plant else plant.get("p_min_mw", 0.0)
        low = np.zeros(residual.size) + low
        residual -= low
        fixed += plant["cost"] * float(low.sum())
        blocks.append((plant["cost"], np.maximum(high - low, 0.0)))
    blocks = sorted((b for b in blocks if b[1].max() > 1e-6), key=lambda b: b[0])
    price = np.array([b[0] for b in blocks])
    free = np.array([b[1] for b in blocks]).T
    cap, per = np.unique(np.round(free, 3), axis=0, return_inverse=True)
    per = per.ravel().astype(np.int64)
    stores = np.array(
        [
            [s["p_ch_mw"], s["p_dis_mw"], s["e_mwh"], s["eta_c"], s["eta_d"], s["vom"]]
            for s in instance["storages"]
        ]
    ).reshape(-1, 6)
    stores = np.ascontiguousarray(stores[np.argsort(-stores[:, 3] * stores[:, 4])])
    n, count, voll = residual.size, len(stores), instance["voll"]
    net, soc, water = np.zeros((count, n)), np.zeros((count, n + 1)), np.zeros((count, n))
    x = np.empty(n)
    edge, cyclic = np.repeat(0.5 * stores[:, 2:3], 2, axis=1), np.ones(count, dtype=np.int64)
    dispatch_stores(
        residual,
        per,
        price,
        cap,
        voll,
        stores,
        np.ones(net.shape),
        1,
        False,
        720,
        cyclic,
        edge,
        net,
        soc,
        water,
        x,
    )
    energy, total = np.empty(price.size + 2), 0.0
    for row in range(len(cap)):
        hours = np.ascontiguousarray(x[per == row])
        block_energy(hours, np.array([0, hours.size]), cap[row : row + 1], energy)
        total += float(stack_cost(energy, price, voll))
    bound = (
        float(lower_bound(x, per, price, cap, voll, total, stores, np.ones(net.shape), net, water)) + fixed
    )
    cost = total + float(stores_vom_cost(net, stores)) + fixed
    best = reference["objective"]
    assert best * (1 - 1e-8) <= cost <= best * (1 + gap)
    assert bound <= best * (1 + 1e-8)
