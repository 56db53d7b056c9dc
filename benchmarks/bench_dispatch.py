"""Dispatch of one region-year beside a linear programme (HiGHS) on the same generated year, in one run.

    python -m benchmarks.bench_dispatch

Prints ratios: times differ from machine to machine. The year: weather of the region, a made-up load, twelve blocks.
"""

import statistics
import time
from collections.abc import Callable

import highspy
import numpy as np

from services.common.axes import HOURS
from services.common.regions import load_region
from services.common.weather import weather_year
from services.power.bound_kernels import lower_bound
from services.power.kernels import block_energy, dispatch_year, stack_cost, year_scratch
from services.power.request import COMMITMENT_PASSES
from services.power.store_kernels import dispatch_stores, stores_vom_cost
from services.power.supply import DAY_MONTH, DAY_START, HOUR_MONTH, MONTH_START

VOLL = 10_000.0
PRICE = np.array([235.0, 250.0, 262.0, 275.0, 288.0, 300.0, 330.0, 420.0, 470.0, 520.0, 560.0, 650.0])
GW = np.array([18.0, 12.0, 12.0, 14.0, 8.0, 5.0, 3.0, 3.0, 3.0, 7.0, 4.0, 3.0])
MIN_LOAD_SHARE, NO_LOAD_SHARE, START_COST = 0.35, 0.05, 90.0  # of the committed blocks
COMMITTED = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
STORES = {  # by year: battery and pumped hydro, MW and hours
    "2025": ((8_000.0, 2.0), (3_950.0, 6.0)),
    "2035": ((35_000.0, 2.6), (5_150.0, 6.0)),
    "2050": ((70_000.0, 3.5), (7_500.0, 6.0)),
}
SYSTEM = {"2025": (105, 80, 12, 13), "2035": (135, 160, 13, 42), "2050": (160, 290, 17, 105)}


def year(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Load less must-run [h], available wind and PV [v, h], capacity [month, k], stores [i, 6] of the year named."""
    weather = weather_year(load_region("jiangsu"), "normal")
    load_gw, pv, onshore, offshore = SYSTEM[name]
    hour = np.arange(HOURS)
    warm = np.maximum(weather.temperature_degc.mean(axis=0) - 24.0, 0.0)
    load = load_gw * 1e3 * (0.9 + 0.09 * np.sin(2 * np.pi * (hour - 9) / 24) + 0.025 * warm)
    variable = 1e3 * np.array(
        [
            pv * weather.pv_share,
            onshore * weather.onshore_wind_share,
            offshore * weather.offshore_wind_share,
        ]
    )
    must_run = 38e3 if name == "2025" else 45e3
    scale = {"2025": 0.95, "2035": 1.0, "2050": 0.8}[name]
    month = 1 + 0.03 * np.cos(2 * np.pi * np.arange(12) / 12)
    cap = np.ascontiguousarray(GW * 1e3 * scale * month[:, None])
    (bp, bh), (pp, ph) = STORES[name]
    stores = np.array([[bp, bp, bp * bh, 0.93, 0.93, 0.0], [pp, pp, pp * ph, 0.866, 0.866, 0.0]])
    return load - must_run, variable, cap, stores


def system(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residual load [h], capacity [month, k], stores [i, 6] of a year like the one named."""
    load, variable, cap, stores = year(name)
    return load - variable.sum(axis=0), cap, stores


def highs(
    load: np.ndarray, cap: np.ndarray, stores: np.ndarray, variable: np.ndarray | None = None
) -> tuple[float, float]:
    """Optimum of the linear programme with cyclic stores, and the time of its solution, s.

    variable [v, h] adds plants without cost; without them the load is the residual load.
    """
    blocks, prices = cap[HOUR_MONTH], PRICE
    if variable is not None:
        blocks = np.hstack([variable.T, blocks])
        prices = np.concatenate([np.zeros(len(variable)), PRICE])
    k_count, count = prices.size, stores.shape[0]
    per = k_count + 2 + 3 * count
    cost, upper = np.zeros((HOURS, per)), np.full((HOURS, per), highspy.kHighsInf)
    cost[:, :k_count], cost[:, k_count] = prices, VOLL
    upper[:, :k_count] = blocks
    hour = np.arange(HOURS)
    rows, cols, values = [], [], []
    for k in range(k_count + 1):
        rows, cols, values = [*rows, hour], [*cols, hour * per + k], [*values, np.ones(HOURS)]
    rows, cols, values = [*rows, hour], [*cols, hour * per + k_count + 1], [*values, -np.ones(HOURS)]
    for i, (charge, discharge, size, ec, ed, _) in enumerate(stores):
        at = k_count + 2 + 3 * i
        upper[:, at], upper[:, at + 1], upper[:, at + 2] = charge, discharge, size
        row = (i + 1) * HOURS + hour
        for r, c, v in (
            (hour, at, -1.0),
            (hour, at + 1, 1.0),
            (row, at, -ec),
            (row, at + 1, 1 / ed),
            (row, at + 2, 1.0),
        ):
            rows, cols, values = [*rows, r], [*cols, hour * per + c], [*values, np.full(HOURS, v)]
        before = ((hour - 1) % HOURS) * per + at + 2
        rows, cols, values = [*rows, row], [*cols, before], [*values, np.full(HOURS, -1.0)]
    row, col, value = np.concatenate(rows), np.concatenate(cols), np.concatenate(values)
    order = np.argsort(row, kind="stable")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = HOURS * per, HOURS * (1 + count)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost.ravel(), np.zeros(HOURS * per), upper.ravel()
    right = np.concatenate([load, np.zeros(HOURS * count)])
    model.row_lower_ = model.row_upper_ = right
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(row))]).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = col[order].astype(np.int32), value[order]
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    start = time.thread_time()
    solver.run()
    return float(solver.getInfo().objective_function_value), time.thread_time() - start


def median_s(*functions: Callable[[], object], repeats: int = 15) -> list[float]:
    """Median CPU time of each function, taken in turn, s."""
    times: list[list[float]] = [[] for _ in functions]
    for function in functions:
        function()
    for _ in range(repeats):
        for kept, function in zip(times, functions, strict=True):
            start = time.thread_time()
            function()
            kept.append(time.thread_time() - start)
    return [statistics.median(t) for t in times]


def stores_run(
    residual: np.ndarray, cap: np.ndarray, stores: np.ndarray, smooth: int
) -> tuple[float, float, Callable[[], None]]:
    """Cost, certified bound and the timed call of the dispatch without commitment."""
    count = stores.shape[0]
    net, soc = np.zeros((count, HOURS)), np.zeros((count, HOURS + 1))
    water, x = np.zeros((count, HOURS)), np.empty(HOURS)
    edge = np.repeat(0.5 * stores[:, 2:3], 2, axis=1)
    cyclic, reach = np.ones(count, dtype=np.int64), np.ones((count, HOURS))

    def call() -> None:
        net[:] = 0.0
        dispatch_stores(
            residual,
            HOUR_MONTH,
            PRICE,
            cap,
            VOLL,
            stores,
            reach,
            smooth,
            False,
            720,
            cyclic,
            edge,
            net,
            soc,
            water,
            x,
        )

    call()
    energy = np.empty(PRICE.size + 2)
    block_energy(x, MONTH_START, cap, energy)
    cost = float(stack_cost(energy, PRICE, VOLL))
    bound = float(lower_bound(x, HOUR_MONTH, PRICE, cap, VOLL, cost, stores, reach, net, water))
    return cost + float(stores_vom_cost(net, stores)), bound, call


def commitment_call(
    residual: np.ndarray, cap: np.ndarray, stores: np.ndarray, passes: int = COMMITMENT_PASSES
) -> tuple[np.ndarray, Callable[[], None]]:
    """Result (cost, bound, starts) and timed call of a projection's year with commitment by day."""
    k_count, count = PRICE.size, stores.shape[0]
    out = (
        np.empty(k_count + 2),
        np.zeros((k_count, 365)),
        np.zeros((count, HOURS)),
        np.zeros((count, HOURS + 1)),
        np.empty(HOURS),
        np.empty(HOURS),
        np.zeros(3),
    )
    share = COMMITTED.astype(np.float64)
    scratch = np.empty(year_scratch(HOURS, cap.shape[0], k_count, count))

    def call() -> None:
        dispatch_year(
            residual,
            HOUR_MONTH,
            MONTH_START,
            DAY_MONTH,
            DAY_START,
            PRICE,
            cap,
            COMMITTED,
            MIN_LOAD_SHARE * share,
            NO_LOAD_SHARE * share,
            START_COST * share,
            VOLL,
            stores,
            np.ones((count, HOURS)),
            1,
            passes,
            5,
            720,
            *out,
            scratch,
            True,
        )

    call()
    return out[-1], call


def main() -> None:
    """Print the table."""
    print("dispatch of one region-year, 8,760 h, twelve blocks; times as ratios within this run")
    residual, cap, stores = system("2025")
    residual = np.ascontiguousarray(residual)
    one = np.ascontiguousarray(stores[1:])
    cost, bound, call = stores_run(residual, cap, one, 0)
    best, seconds = highs(residual, cap, one)
    (ours,) = median_s(call)
    print(
        f"one store, exact: gap {(cost / best - 1):+.1e}, certified {(cost / bound - 1):.1e}, "
        f"HiGHS / ours = {seconds / ours:,.0f}"
    )
    for name in SYSTEM:
        residual, cap, stores = system(name)
        residual = np.ascontiguousarray(residual)
        best, seconds = highs(residual, cap, stores)
        for smooth, label in ((0, "exact in turn"), (1, "fast"), (3, "three smooth rounds")):
            cost, bound, call = stores_run(residual, cap, stores, smooth)
            (ours,) = median_s(call)
            certified = f"{100 * (cost / bound - 1):.3f} %" if bound > 0 else "none"
            print(
                f"two stores like {name}, {label}: gap {100 * (cost / best - 1):.4f} %, "
                f"certified {certified}, HiGHS / ours = {seconds / ours:,.0f}"
            )
        fast, committed = median_s(
            stores_run(residual, cap, stores, 1)[2], commitment_call(residual, cap, stores)[1]
        )
        print(f"two stores like {name}, commitment by day / fast = {committed / fast:.1f}")


if __name__ == "__main__":
    main()
