"""Gaps of the general dispatch to the optimum of its linear programme (HiGHS), and the saving by stores it captures.

    python -m benchmarks.bench_gaps

Instances of a folder beside the repository (when there is one), generated years like 2025, 2035 and 2050 with and
without commitment by day, and random fleets by kind. With commitment the optimum is the one of continuous units.
"""

import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from benchmarks.bench_dispatch import (
    COMMITTED,
    MIN_LOAD_SHARE,
    NO_LOAD_SHARE,
    PRICE,
    START_COST,
    SYSTEM,
    VOLL,
    commitment_call,
    median_s,
    year,
)
from services.common.power_outcome import DispatchMode
from services.power.instance.result import DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, StepSeries, Storage, UnitCommitment
from services.power.request import COMMITMENT_PASSES, ONE_PASS
from services.power.supply import HOUR_MONTH
from tests.services.power.instances import NAMES, read_instance, read_optimum
from tests.services.power.lp import optimum
from tests.services.power.random_fleets import KINDS, random_instance

MODES = (DispatchMode.FAST, DispatchMode.ACCURATE)
SEEDS = range(1000, 1020)


def generated(name: str, committed: bool, flat: bool = False) -> DispatchInstance:
    """The year like the one named as an instance; coal is committed by day when asked for."""
    load, variable, cap, stores = year(name)
    if flat:
        cap = np.repeat(cap.mean(axis=0)[None], len(cap), axis=0)
    highest = cap.max(axis=0)
    series, plants = [], []
    for v, available in enumerate(variable):
        series.append(StepSeries(f"variable{v}", available / available.max()))
        plants.append(
            Generator(
                f"variable{v}", "", float(available.max()), availability_series=f"variable{v}", variable=True
            )
        )
    for k, price in enumerate(PRICE):
        series.append(StepSeries(f"block{k}", (cap[:, k] / highest[k])[HOUR_MONTH]))
        words, cost = None, float(price)
        if committed and COMMITTED[k]:
            words = UnitCommitment(MIN_LOAD_SHARE, NO_LOAD_SHARE * cost, START_COST)
            cost *= 1 - NO_LOAD_SHARE
        plants.append(
            Generator(
                f"block{k}",
                "",
                float(highest[k]),
                availability_series=f"block{k}",
                cost_cny_per_mwh=cost,
                commitment=words,
            )
        )
    kept = tuple(Storage(f"store{i}", *row) for i, row in enumerate(stores.tolist()))
    label = f"like {name}, commitment by day" if committed else f"like {name}"
    # What must run may exceed the load: a plant of its own keeps the load positive.
    below = max(float(-load.min()), 0.0)
    if below:
        plants.append(Generator("must", "", below, minimum_mw=below))
    return DispatchInstance(
        label, load + below, tuple(plants), kept, series=tuple(series), value_of_lost_load_cny_per_mwh=VOLL
    )


@dataclass
class Row:
    """Gaps of one group of instances in one mode."""

    gaps: list[float] = field(default_factory=list)
    certified: list[float] = field(default_factory=list)
    captured: list[float] = field(default_factory=list)
    methods: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, result: DispatchResult, best: float, seconds: float) -> None:
        """Judge one result by the least cost."""
        self.gaps.append(result.cost_cny / best - 1)
        self.certified.append(result.gap_share)
        possible = result.cost_without_stores_cny - best
        if possible > 1e-6 * best:
            self.captured.append((result.cost_without_stores_cny - result.cost_cny) / possible)
        self.methods[result.method.value] += 1
        self.seconds.append(seconds)

    def text(self) -> str:
        """Worst gap, mean gap, certified gap, saving captured, methods and time."""
        mean = f" (mean {100 * np.mean(self.gaps):.4f})" if len(self.gaps) > 1 else ""
        captured = f"{100 * min(self.captured):.2f} %" if self.captured else "none to capture"
        methods = ", ".join(f"{m} {c}" if len(self.gaps) > 1 else m for m, c in self.methods.items())
        return (
            f"gap {100 * max(self.gaps):.4f} %{mean}, certified {100 * max(self.certified):.3f} %, "
            f"captured {captured}, {1e3 * float(np.median(self.seconds)):.0f} ms, {methods}"
        )


def judge(row: Row, instance: DispatchInstance, best: float, mode: DispatchMode) -> None:
    """Dispatch an instance whose least cost is known."""
    start = time.perf_counter()
    result = dispatch(instance, mode)
    row.add(result, best, time.perf_counter() - start)


def projected(name: str, passes: int) -> str:
    """The kernel of projections with commitment by day, blocks without seasons (there both programmes are the same)."""
    load, variable, cap, stores = year(name)
    cap = np.repeat(cap.mean(axis=0)[None], len(cap), axis=0)
    best = optimum(generated(name, True, flat=True)).objective_cny
    result, call = commitment_call(np.ascontiguousarray(load - variable.sum(axis=0)), cap, stores, passes)
    (seconds,) = median_s(call)
    gap, certified = result[0] / best - 1, result[0] / result[1] - 1
    return f"gap {100 * gap:.4f} %, certified {100 * certified:.2f} %, {1e3 * seconds:.1f} ms"


def main() -> None:
    """Print the table; of several instances the worst is shown."""
    dispatch(random_instance("all together", 0))
    fixed = [(read_instance(name), read_optimum(name)) for name in NAMES]
    if not fixed:
        print("no folder of instances beside the repository: left out")
    for name in SYSTEM:
        for committed in (False, True):
            instance = generated(name, committed)
            fixed.append((instance, optimum(instance).objective_cny))
    for instance, best in fixed:
        for mode in MODES:
            row = Row()
            judge(row, instance, best, mode)
            print(f"{instance.name}, {mode.value}: {row.text()}")
    for name in SYSTEM:
        for passes, label in ((COMMITMENT_PASSES, "slices and prices"), (ONE_PASS, "one pass")):
            print(f"projection like {name}, commitment by day, {label}: {projected(name, passes)}")
    print(f"random fleets, {len(SEEDS)} of each kind:")
    for kind in KINDS:
        drawn = [random_instance(kind, seed) for seed in SEEDS]
        bests = [optimum(instance).objective_cny for instance in drawn]
        for mode in MODES:
            row = Row()
            for instance, best in zip(drawn, bests, strict=True):
                judge(row, instance, best, mode)
            print(f"{kind}, {mode.value}: {row.text()}")


if __name__ == "__main__":
    main()
