"""Kernels of stores beside the same algorithm in C (stores_twin.c, gcc), on the same generated years, in one run.

    python -m benchmarks.bench_twin

Prints numba's time over C's: for the exact walk of one store and for the whole fast dispatch of two stores. The aim is
at most 1.11 (at least 90 % of C's speed). Numba keeps IEEE order; C is built with it and with -ffast-math.
"""

import ctypes
import tempfile

import numpy as np

from benchmarks.bench_dispatch import PRICE, SYSTEM, VOLL, median_s, system
from benchmarks.c_twin import Call, build, call_of, no_compiler
from services.common.axes import HOURS
from services.power.store_kernels import columns_of, dispatch_stores, fill_columns, walk_store
from services.power.supply import HOUR_MONTH

FLAGS = {"IEEE order": [], "-ffast-math": ["-ffast-math"]}
SEARCH_HOURS = 720


def walks(twins: list[ctypes.CDLL]) -> list[Call]:
    """One exact walk: numba, then every twin; all must agree."""
    residual, cap, stores = system("2025")
    residual, store = np.ascontiguousarray(residual), np.ascontiguousarray(stores[1])
    levels = 2 * (PRICE.size + 2)
    columns = columns_of(levels)
    value, cd, cc = np.empty(columns), np.empty((12, columns)), np.empty((12, columns))
    fill_columns(PRICE, cap, VOLL, store[3], store[4], store[5], value, cd, cc)
    half, reach = 0.5 * float(store[2]), np.ones(HOURS)
    outs = [
        (np.empty(HOURS), np.empty(HOURS + 1), np.empty(HOURS, dtype=np.int64)) for _ in range(len(twins) + 1)
    ]
    work, mark, column = np.empty((4, HOURS + 1)), np.empty((2, HOURS), dtype=np.int64), np.empty(columns)

    def numba() -> None:
        walk_store(
            residual, HOUR_MONTH, levels, cd, cc, store, reach, half, half, *outs[0], work, mark, column
        )

    tables = (HOURS, residual, HOUR_MONTH, levels, columns, cd, cc, store, reach, half, half)
    calls: list[Call] = [
        call_of(twin.walk_store, *tables, *out) for twin, out in zip(twins, outs[1:], strict=True)
    ]
    return _agreeing([numba, *calls], [out[1] for out in outs])


def dispatches(name: str, twins: list[ctypes.CDLL]) -> list[Call]:
    """The whole fast dispatch of two stores: numba, then every twin; all must agree."""
    residual, cap, stores = system(name)
    residual, count = np.ascontiguousarray(residual), len(stores)
    cyclic, reach = np.ones(count, dtype=np.int64), np.ones((count, HOURS))
    outs = [
        (
            np.repeat(0.5 * stores[:, 2:3], 2, axis=1),
            np.zeros((count, HOURS)),
            np.zeros((count, HOURS + 1)),
            np.zeros((count, HOURS)),
            np.empty(HOURS),
        )
        for _ in range(len(twins) + 1)
    ]

    def numba() -> None:
        outs[0][1][:] = 0.0
        dispatch_stores(
            residual, HOUR_MONTH, PRICE, cap, VOLL, stores, reach, 1, False, SEARCH_HOURS, cyclic, *outs[0]
        )

    def twin_call(twin: ctypes.CDLL, out: tuple[np.ndarray, ...]) -> Call:
        inputs = (
            HOURS,
            residual,
            HOUR_MONTH,
            PRICE.size,
            PRICE,
            12,
            cap,
            VOLL,
            count,
            stores,
            reach,
            1,
            SEARCH_HOURS,
        )
        run = call_of(twin.dispatch_stores, *inputs, cyclic, *out)

        def call() -> None:
            out[1][:] = 0.0
            run()

        return call

    calls = [twin_call(twin, out) for twin, out in zip(twins, outs[1:], strict=True)]
    return _agreeing([numba, *calls], [out[4] for out in outs])


def _agreeing(calls: list[Call], results: list[np.ndarray]) -> list[Call]:
    for call in calls:
        call()
    scale = float(np.abs(results[0]).max())
    for result in results[1:]:
        worst = float(np.abs(result - results[0]).max())
        # Water values may tie to the last bit; apart from such hours the schedules are the same.
        differing = float((np.abs(result - results[0]) > 1e-6 * scale).mean())
        assert differing < 1e-2, (
            f"the C twin schedules another way: {differing:.1%} of hours, up to {worst:.3g}"
        )
    return calls


def _row(label: str, calls: list[Call]) -> None:
    ours, *theirs = median_s(*calls, repeats=41)
    parts = ", ".join(f"{ours / c:.2f} ({kind})" for kind, c in zip(FLAGS, theirs, strict=True))
    print(f"{label}: {1e3 * ours:.2f} ms on this core; numba / C = {parts}")


def main() -> None:
    """Print the table."""
    if no_compiler():
        return
    with tempfile.TemporaryDirectory() as folder:
        twins = [build("stores_twin", folder, *flags) for flags in FLAGS.values()]
        print("numba beside C (gcc -O3 -march=native), 8,760 h, twelve blocks; aim: at most 1.11")
        _row("exact walk of one store", walks(twins))
        for name in SYSTEM:
            _row(f"fast dispatch of two stores like {name}", dispatches(name, twins))


if __name__ == "__main__":
    main()
