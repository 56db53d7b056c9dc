"""Solving: 30 levers and 45 goals on Jiangsu, and the method's gap to tight solves on a synthetic problem of that size.

    python -m benchmarks.bench_solve

The goals on Jiangsu are the metrics that policy targets read, in two years, between what `planned` and `accelerated`
say. The synthetic goals saturate, interact, and an eighth of their effects has the other sign.
"""

import asyncio
import os
import time
from typing import Any

import numpy as np
from scipy.optimize import minimize

from gateway.pipeline import Pipeline
from gateway.serve import workshop
from gateway.settings import ServeSettings
from gateway.solve.method import search as searching
from gateway.solve.method.least import Aim, least
from gateway.solve.method.words import Model, Rows, Space, Task
from gateway.solve.problem import tuning_of
from gateway.solve.results import SolveResult
from gateway.solve.stage import solve
from services.common.arrays import FloatArray
from services.common.levers import baseline_anchors
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import LeverKind
from services.runtime.logs import configure_logs

KNOBS, GOALS, CASES = 30, 45, 20
YEARS = (2030, 2035)
PART = 0.3
SEED = 20


def main() -> None:
    """Print seconds, runs, seconds a run and the share of the quadratic programmes; then the gaps."""
    configure_logs("error")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    asyncio.run(_jiangsu())
    _synthetic()


async def _jiangsu() -> None:
    async with workshop(ServeSettings(log_level="error", http="")) as pipeline:
        raw = await _request(pipeline)
        for turn in ("first", "again"):
            spent = [0.0]
            original = vars(searching)["best_step"]

            def timed(*args: Any, _spent: list[float] = spent, _of: Any = original) -> Any:
                start = time.perf_counter()
                try:
                    return _of(*args)
                finally:
                    _spent[0] += time.perf_counter() - start

            vars(searching)["best_step"] = timed
            start, used = time.perf_counter(), time.process_time()
            result: Any = None
            async for part in solve(pipeline, raw):
                result = part
            seconds = time.perf_counter() - start
            used = time.process_time() - used
            vars(searching)["best_step"] = original
            _tell(turn, result, seconds, used, spent[0])


def _tell(turn: str, result: SolveResult, seconds: float, used: float, qp: float) -> None:
    searched = [g for g in result.goals if g.searched]
    print(
        f"Jiangsu, {len(result.knobs)} levers x {len(searched)} goals, {turn}: {seconds:.1f} s, "
        f"{result.run_count} runs "
        f"({seconds / max(result.run_count, 1) * 1e3:.0f} ms a run, {len(result.years)} years), "
        f"{used:.1f} s of CPU, QP {qp:.2f} s "
        f"({100 * qp / seconds:.0f} %), {result.status.value}, met {sum(g.met_before for g in searched)} -> "
        f"{sum(g.met_after for g in searched)}, verified {result.verified}, complete {result.complete}"
    )


async def _request(pipeline: Pipeline) -> dict[str, Any]:
    """Levers whose planned and accelerated paths differ in 2030, and metrics between the two."""
    frame = Frame(region="jiangsu")
    levers = await pipeline.calls.levers("jiangsu")
    planned, fast = baseline_anchors("jiangsu", "planned"), baseline_anchors("jiangsu", "accelerated")
    knobs: list[dict[str, Any]] = [
        {"lever_id": name, "year": 2030}
        for name, lever in sorted(levers.items())
        if lever.kind is LeverKind.PATH
        and lever.owner != "drivers"
        and lever.last_observed_year < 2030
        and planned[name].get(2030) != fast[name].get(2030)
        and 2030 in planned[name]
    ]
    chosen = [knobs[i * len(knobs) // KNOBS] for i in range(KNOBS)] if len(knobs) > KNOBS else knobs
    names = {k["lever_id"] for k in chosen}
    moved = Scenario(
        settings=tuple(
            s for s in (_setting(name, planned[name], fast[name]) for name in sorted(names)) if s is not None
        )
    )
    before, after = await pipeline.runs.all(frame, [Scenario(), moved], YEARS)
    goals: list[dict[str, Any]] = []
    # What policy targets read: quantities of the documents, in two years each.
    for series in (s for s in before.projection.metrics if s.metric.policy_refs):
        metric_id = series.metric.metric_id
        for year in YEARS:
            a, b = before.values(metric_id).get(year), after.values(metric_id).get(year)
            if a is None or b is None or abs(b - a) <= 1e-4 * abs(a) or not np.isfinite([a, b]).all():
                continue
            sense = "at_least" if b > a else "at_most"
            goals.append({"metric_id": metric_id, "year": year, "sense": sense, "number": a + PART * (b - a)})
    picked = [goals[i * len(goals) // GOALS] for i in range(GOALS)] if len(goals) > GOALS else goals
    return {
        "frame": {"region": "jiangsu"},
        "scenario": {},
        "knobs": tuple(chosen),
        "goals": tuple(picked),
        "time_limit_seconds": 600.0,
        "without_conflicts": True,
    }


def _setting(name: str, planned: Any, fast: Any) -> Any:
    years = sorted(y for y in planned if y >= 2030 and y in fast)
    return LeverSetting(lever_id=name, years=tuple(years), values=tuple(fast[y] for y in years))


def _synthetic() -> None:
    """Gaps of 20 random problems to the best of three tight solves by SLSQP."""
    tuning = tuning_of(load_region("jiangsu"))
    gaps, runs, feasible = [], [], 0
    started = time.perf_counter()
    spent = 0.0
    for case in range(CASES):
        function, numbers = _case(np.random.default_rng(SEED + case))
        start = np.full(KNOBS, 0.1)
        task = Task(
            Model(_evaluation(function)),
            Space(start, np.zeros(KNOBS), np.ones(KNOBS), np.ones(KNOBS), np.ones((GOALS + 1, KNOBS))),
            Rows(
                np.ones(GOALS), numbers, np.zeros(GOALS), np.abs(numbers), tuple(range(GOALS)), (0,) * GOALS
            ),
            tuning,
        )
        begun = time.perf_counter()
        point = asyncio.run(least(task, Aim.LEAST_CHANGE))
        spent += time.perf_counter() - begun
        runs.append(task.model.run_count)
        feasible += bool((function(point.x) >= numbers).all())
        best = min(_tight(function, numbers, start, first) for first in (start, point.x, np.full(KNOBS, 0.5)))
        gaps.append(0.5 * float(((point.x - start) ** 2).sum()) / best - 1)
    print(
        f"synthetic {KNOBS} x {GOALS}, {CASES} cases: {feasible} feasible, runs median {np.median(runs):.0f} worst "
        f"{max(runs)}, gap to the best of 3 tight solves median {100 * np.median(gaps):.4f} % worst "
        f"{100 * max(gaps):.4f} %, {spent / CASES:.2f} s a case in the method, "
        f"{time.perf_counter() - started:.0f} s with the tight solves"
    )


def _case(rng: np.random.Generator) -> tuple[Any, FloatArray]:
    """Saturating goals with interactions, a tenth to an eighth of the effects against the others."""
    effect = rng.exponential(1.0, (GOALS, KNOBS)) * (rng.random((GOALS, KNOBS)) < 0.4)
    effect *= np.where(rng.random((GOALS, KNOBS)) < 0.12, -0.5, 1.0)
    pair = rng.integers(0, KNOBS, (GOALS, 2))
    strength = 0.3 * rng.standard_normal(GOALS)
    rate = 0.3 + 0.4 * rng.random(GOALS)

    def function(x: FloatArray) -> FloatArray:
        mixed = effect @ x / 4 + strength * x[pair[:, 0]] * x[pair[:, 1]]
        return np.asarray(1 - np.exp(-rate * mixed))

    inside = 0.2 + 0.6 * rng.random(KNOBS)
    reached = function(inside)
    numbers = reached - 0.02 * np.abs(reached) - 1e-3
    return function, numbers


def _evaluation(function: Any) -> Any:
    async def evaluate(points: Any) -> Any:
        return [(function(x), float("nan")) for x in points]

    return evaluate


def _tight(function: Any, numbers: FloatArray, start: FloatArray, first: FloatArray) -> float:
    solved = minimize(
        lambda x: 0.5 * float(((x - start) ** 2).sum()),
        first,
        jac=lambda x: x - start,
        bounds=[(0.0, 1.0)] * KNOBS,
        constraints={"type": "ineq", "fun": lambda x: (function(x) - numbers) / np.abs(numbers)},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-13},
    )
    met = bool(((function(solved.x) - numbers) / np.abs(numbers) >= -1e-7).all())
    return float(solved.fun) if met else float("inf")


if __name__ == "__main__":
    main()
