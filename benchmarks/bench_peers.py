"""Fast dispatch of a region-year beside its linear programme: PyPSA with its default HiGHS, and HiGHS alone.

    python -m benchmarks.bench_peers

The same generated years, with the stores cyclic, all in one run and one thread; CPU time as ratios. PyPSA is timed from
the finished network (building the programme and solving it), HiGHS alone from the finished matrices, ours from the
load. PyPSA is left out where it is not installed (pip install -e .[bench]).
"""

import importlib.util
import logging
import time
import warnings
from collections.abc import Callable

import highspy
import numpy as np

from benchmarks.bench_dispatch import PRICE, SYSTEM, VOLL, highs, median_s, stores_run, year
from services.common.axes import HOURS
from services.power.kernels import block_energy, stack_cost
from services.power.supply import HOUR_MONTH, MONTH_START

HIGHS_AIM, PYPSA_AIM = 1_000, 3_000


def net_load(load: np.ndarray, variable: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Load less what is available of variable plants: our part of building the problem."""
    np.subtract(load, variable.sum(axis=0), out=out)
    return out


def cost_without_stores(residual: np.ndarray, cap: np.ndarray) -> float:
    """Cost of the stack alone, CNY."""
    energy = np.empty(PRICE.size + 2)
    block_energy(residual, MONTH_START, cap, energy)
    return float(stack_cost(energy, PRICE, VOLL))


def network(load: np.ndarray, cap: np.ndarray, stores: np.ndarray, variable: np.ndarray) -> "pypsa.Network":  # noqa: F821
    """The year as a network of one bus; surplus is taken up at no cost."""
    import pandas as pd
    import pypsa

    net = pypsa.Network()
    net.set_snapshots(pd.RangeIndex(HOURS))
    net.add("Bus", "province")
    net.add("Load", "load", bus="province", p_set=load)
    plants = [(f"variable{v}", series, 0.0) for v, series in enumerate(variable)]
    plants += [(f"block{k}", cap[HOUR_MONTH, k], price) for k, price in enumerate(PRICE)]
    for name, available, price in plants:
        size = float(available.max())
        net.add("Generator", name, bus="province", p_nom=size, p_max_pu=available / size, marginal_cost=price)
    most = float(np.abs(load).max() + stores[:, 0].sum())
    net.add("Generator", "unserved", bus="province", p_nom=most, marginal_cost=VOLL)
    net.add("Generator", "surplus", bus="province", p_nom=most, sign=-1.0)
    for i, (charge, discharge, size, ec, ed, _) in enumerate(stores):
        assert charge == discharge
        net.add(
            "StorageUnit",
            f"store{i}",
            bus="province",
            p_nom=charge,
            max_hours=size / charge,
            efficiency_store=ec,
            efficiency_dispatch=ed,
            cyclic_state_of_charge=True,
        )
    return net


def solved_network(
    load: np.ndarray, cap: np.ndarray, stores: np.ndarray, variable: np.ndarray
) -> tuple["pypsa.Network", float]:  # noqa: F821
    """The year solved in PyPSA by HiGHS, and the CPU time of building the programme and solving it, s."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = network(load, cap, stores, variable)
        start = time.process_time()
        status, condition = net.optimize(solver_name="highs", progress=False, log_to_console=False, threads=1)
        seconds = time.process_time() - start
    assert (status, condition) == ("ok", "optimal"), condition
    return net, seconds


def pypsa_run(
    load: np.ndarray, cap: np.ndarray, stores: np.ndarray, variable: np.ndarray
) -> tuple[float, float]:
    """Optimum in PyPSA, CNY, and the time of building and solving, s."""
    net, seconds = solved_network(load, cap, stores, variable)
    return float(net.objective), seconds


def own_run(
    load: np.ndarray, cap: np.ndarray, stores: np.ndarray, variable: np.ndarray
) -> tuple[float, float, float]:
    """Cost of our fast dispatch and of the stack alone, CNY, and the median CPU time from the load on, s."""
    residual = np.empty(HOURS)
    cost, _, dispatch = stores_run(net_load(load, variable, residual), cap, stores, 1)

    def ours() -> None:
        net_load(load, variable, residual)
        dispatch()

    (seconds,) = median_s(ours, repeats=41)
    return cost, cost_without_stores(residual, cap), seconds


def peers() -> dict[str, Callable[..., tuple[float, float]]]:
    """What is there to compare with."""
    found: dict[str, Callable[..., tuple[float, float]]] = {"HiGHS": highs}
    if importlib.util.find_spec("pypsa") is None:
        print("PyPSA is not installed (pip install -e .[bench]): left out")
    else:
        for name in ("pypsa", "linopy"):
            logging.getLogger(name).setLevel(logging.ERROR)
        found["PyPSA"] = pypsa_run
    return found


def main() -> None:
    """Print the table."""
    found = peers()
    print(
        f"three variable plants, twelve blocks, two stores, 8,760 h; "
        f"HiGHS {highspy.Highs().version()}, default method;\n"
        f"CPU time of the peer over ours (aims: HiGHS {HIGHS_AIM:,}, PyPSA {PYPSA_AIM:,})"
    )
    for name in SYSTEM:
        load, variable, cap, stores = year(name)
        cost, alone, own = own_run(load, cap, stores, variable)
        runs = {peer: run(load, cap, stores, variable) for peer, run in found.items()}
        best = min(optimum for optimum, _ in runs.values())
        assert all(optimum < best * (1 + 1e-6) for optimum, _ in runs.values()), "the peers differ"
        ratios = ", ".join(f"{peer} {s / own:,.0f} ({s:.2f} s)" for peer, (_, s) in runs.items())
        captured = 100 * (alone - cost) / (alone - best)
        print(
            f"like {name}: ours {1e3 * own:.2f} ms; {ratios}; gap {100 * (cost / best - 1):.4f} %, "
            f"{captured:.2f} % of the possible saving by stores captured"
        )


if __name__ == "__main__":
    main()
