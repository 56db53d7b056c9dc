"""The whole instance as one linear programme: for limits that tie every unit over time, which no stack can hold.

HiGHS solves it; slower by far than walks or the joint method, exact, and with a dual price of every step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import highspy
import numpy as np
from numpy.typing import ArrayLike

from services.common.arrays import FloatArray
from services.common.errors import Violation, invalid
from services.power.instance.plan import Plan, idle_cost
from services.power.instance.reduce import Index, Reduced
from services.power.instance.result import DispatchMethod
from services.power.instance.search import Schedule
from services.power.instance.words import DispatchInstance, Generator

INF: Final = highspy.kHighsInf
MOST_COLUMNS: Final = 3_000_000


@dataclass
class _Programme:
    """min cost.x, lower <= x <= upper, low <= A x <= high, put together block by block."""

    columns: list[tuple[FloatArray, FloatArray, FloatArray]] = field(default_factory=list)
    rows: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    entries: list[tuple[Index, Index, FloatArray]] = field(default_factory=list)
    column_count: int = 0
    row_count: int = 0

    def add_columns(self, count: int, cost: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Index:
        """New variables; returns their numbers."""
        self.columns.append((_full(cost, count), _full(lower, count), _full(upper, count)))
        self.column_count += count
        return np.arange(self.column_count - count, self.column_count)

    def add_rows(self, count: int, low: ArrayLike, high: ArrayLike) -> Index:
        """New constraints; returns their numbers."""
        self.rows.append((_full(low, count), _full(high, count)))
        self.row_count += count
        return np.arange(self.row_count - count, self.row_count)

    def put(self, rows: Index, columns: Index, values: ArrayLike) -> None:
        """Coefficients; no place is given twice."""
        self.entries.append((rows, columns, _full(values, rows.size)))

    def solve(self) -> tuple[float, FloatArray, FloatArray]:
        """Least cost, values and row duals. DomainError(INVALID_INPUT) when nothing keeps all constraints."""
        row, column, value = (np.concatenate([e[i] for e in self.entries]) for i in range(3))
        order = np.argsort(row, kind="stable")
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.column_count, self.row_count
        model.col_cost_, model.col_lower_, model.col_upper_ = (
            np.concatenate([c[i] for c in self.columns]) for i in range(3)
        )
        model.row_lower_, model.row_upper_ = (np.concatenate([r[i] for r in self.rows]) for i in range(2))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        starts = np.concatenate([[0], np.cumsum(np.bincount(row.astype(np.int64), minlength=self.row_count))])
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = column[order].astype(np.int32)
        model.a_matrix_.value_ = value[order]
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.setOptionValue("threads", 1)
        solver.passModel(model)
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            text = solver.modelStatusToString(status).lower()
            raise invalid(
                [
                    Violation(
                        "instance",
                        f"no schedule keeps all limits ({text}): ramps of units that must run, or contents of stores",
                        "",
                        "wider ramp limits, or other contents at start or end",
                    )
                ]
            )
        found = solver.getSolution()
        value_of = float(solver.getInfo().objective_function_value)
        return value_of, np.array(found.col_value), np.array(found.row_dual)


def _full(values: ArrayLike, count: int) -> FloatArray:
    return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=np.float64), (count,)))


@dataclass(frozen=True)
class _Numbers:
    """Columns by meaning."""

    pieces: list[Index]
    committed: list[Index]
    online: list[Index]
    started: list[Index]
    unserved: Index
    surplus: Index
    charge: list[Index]
    discharge: list[Index]
    content: list[Index]
    spill: list[Index]
    short: Index | None


def column_count(reduced: Reduced) -> int:
    """About how many columns the programme has."""
    return reduced.steps * (len(reduced.pieces) + len(reduced.committed) + 4 * reduced.stores.count + 3)


def plan_by_programme(instance: DispatchInstance, reduced: Reduced, reason: str) -> Plan:
    """The optimum with every limit of the instance, units committed in part where that is cheaper.

    Raises DomainError(INVALID_INPUT) when it is too large or has no solution.
    """
    n = reduced.steps
    periods = -(-n // min(instance.period_steps, n))
    count = column_count(reduced)
    if count > MOST_COLUMNS:
        raise invalid(
            [
                Violation(
                    "instance",
                    f"{reason}, and a linear programme of {count:,} columns is too large",
                    "",
                    f"at most {MOST_COLUMNS:,}: fewer steps, or no ramp limit on units whose limit never binds",
                )
            ]
        )
    lp = _Programme()
    balance = lp.add_rows(n, reduced.residual_mw, reduced.residual_mw)
    at = _columns(instance, reduced, lp, balance, periods)
    _ramps(instance, reduced, lp, at)
    cost, x, duals = lp.solve()
    return _plan(instance, reduced, at, cost, x, np.ascontiguousarray(duals[balance]), reason)


def _columns(
    instance: DispatchInstance, reduced: Reduced, lp: _Programme, balance: Index, periods: int
) -> _Numbers:
    n = reduced.steps
    pieces = [lp.add_columns(n, p.cost, 0.0, p.cap_mw) for p in reduced.pieces]
    unserved = lp.add_columns(n, reduced.voll, 0.0, INF)
    surplus = lp.add_columns(n, 0.0, 0.0, INF)
    for column in (*pieces, unserved):
        lp.put(balance, column, 1.0)
    lp.put(balance, surplus, -1.0)
    committed, online, started = _units(instance, reduced, lp, balance, periods)
    short = _reserve(instance, reduced, lp, pieces, committed, online)
    charge, discharge, content, spill = _stores(reduced, lp, balance)
    return _Numbers(
        pieces, committed, online, started, unserved, surplus, charge, discharge, content, spill, short
    )


def _units(
    instance: DispatchInstance, reduced: Reduced, lp: _Programme, balance: Index, periods: int
) -> tuple[list[Index], list[Index], list[Index]]:
    """Committed clusters: whole output between minimum load and what is available of the capacity online."""
    n, period = reduced.steps, min(instance.period_steps, reduced.steps)
    of = np.arange(n) // period
    steps = np.bincount(of).astype(np.float64)
    outputs, onlines, starts = [], [], []
    for i in reduced.committed:
        g = instance.generators[i]
        words = g.commitment
        assert words is not None
        out = lp.add_columns(n, g.cost_cny_per_mwh, 0.0, INF)
        online = lp.add_columns(periods, words.no_load_cost_cny_per_mw_h * steps, 0.0, g.capacity_mw)
        started = lp.add_columns(periods, words.start_cost_cny_per_mw / reduced.hours, 0.0, INF)
        lp.put(balance, out, 1.0)
        share = reduced.available_mw[i] / g.capacity_mw if g.capacity_mw > 0 else np.zeros(n)
        least, most = lp.add_rows(n, 0.0, INF), lp.add_rows(n, -INF, 0.0)
        lp.put(least, out, 1.0)
        lp.put(least, online[of], -words.min_load_share)
        lp.put(most, out, 1.0)
        lp.put(most, online[of], -share)
        if periods > 1:
            rise = lp.add_rows(periods, -INF, 0.0)
            lp.put(rise, online, 1.0)
            lp.put(rise, np.roll(online, 1), -1.0)
            lp.put(rise, started, -1.0)
        outputs.append(out)
        onlines.append(online[of])
        starts.append(started)
    return outputs, onlines, starts


def _reserve(
    instance: DispatchInstance,
    reduced: Reduced,
    lp: _Programme,
    pieces: Sequence[Index],
    committed: Sequence[Index],
    online: Sequence[Index],
) -> Index | None:
    """Free capacity of eligible units and what is short cover the reserve."""
    if not reduced.reserve_mw.any():
        return None
    n = reduced.steps
    eligible = [(p, c) for p, c in zip(reduced.pieces, pieces, strict=True) if p.eligible]
    free = sum((np.broadcast_to(p.cap_mw, n) for p, _ in eligible), np.zeros(n))
    rows = lp.add_rows(n, reduced.reserve_mw - free, INF)
    short = lp.add_columns(n, reduced.reserve_cost, 0.0, INF)
    lp.put(rows, short, 1.0)
    for _, column in eligible:
        lp.put(rows, column, -1.0)
    for c, i in enumerate(reduced.committed):
        g = instance.generators[i]
        if g.reserve_eligible and g.capacity_mw > 0:
            lp.put(rows, online[c], reduced.available_mw[i] / g.capacity_mw)
            lp.put(rows, committed[c], -1.0)
    return short


def _stores(
    reduced: Reduced, lp: _Programme, balance: Index
) -> tuple[list[Index], list[Index], list[Index], list[Index]]:
    n, s = reduced.steps, reduced.stores
    found: tuple[list[Index], list[Index], list[Index], list[Index]] = ([], [], [], [])
    for i in range(s.count):
        ec, ed, vom, keep = s.scalars[i]
        charge = lp.add_columns(n, vom, 0.0, s.charge[i])
        discharge = lp.add_columns(n, vom, 0.0, s.discharge[i])
        content = lp.add_columns(n, 0.0, s.low[i], s.high[i])
        spill = lp.add_columns(n, 0.0, 0.0, INF if s.spill[i] else 0.0)
        lp.put(balance, charge, -1.0)
        lp.put(balance, discharge, 1.0)
        right = s.inflow[i].copy()
        if not s.cyclic[i]:
            right[0] += keep * s.start[i]
        rows = lp.add_rows(n, right, right)
        lp.put(rows, charge, -ec)
        lp.put(rows, discharge, 1.0 / ed)
        lp.put(rows, spill, 1.0)
        if n == 1 and s.cyclic[i]:
            lp.put(rows, content, 1.0 - keep)
        else:
            lp.put(rows, content, 1.0)
            lp.put(rows[1:], content[:-1], -keep)
            if s.cyclic[i]:
                lp.put(rows[:1], content[-1:], -keep)
        for kept, columns in zip(found, (charge, discharge, content, spill), strict=True):
            kept.append(columns)
    return found


def _ramps(instance: DispatchInstance, reduced: Reduced, lp: _Programme, at: _Numbers) -> None:
    """Output of a limited generator changes from step to step by no more than its limit, starts and stops included."""
    n = reduced.steps
    position = {name: k for k, name in enumerate(reduced.stores.ids)}
    for i, g in enumerate(instance.generators):
        if g.ramp_mw_per_h is None or n < 2:
            continue
        limit = g.ramp_mw_per_h * reduced.hours
        change = np.diff(reduced.minimum_mw[i])
        rows = lp.add_rows(n - 1, -limit - change, limit - change)
        columns = [c for p, c in zip(reduced.pieces, at.pieces, strict=True) if p.owner == i]
        columns += [c for owner, c in zip(reduced.committed, at.committed, strict=True) if owner == i]
        if g.budget_mwh is not None:
            columns.append(at.discharge[position[g.generator_id]])
        for column in columns:
            lp.put(rows, column[1:], 1.0)
            lp.put(rows, column[:-1], -1.0)


def _plan(
    instance: DispatchInstance,
    reduced: Reduced,
    at: _Numbers,
    cost: float,
    x: FloatArray,
    price: FloatArray,
    reason: str,
) -> Plan:
    n, s = reduced.steps, reduced.stores
    net = np.array([x[c] - x[d] for c, d in zip(at.charge, at.discharge, strict=True)]).reshape(s.count, n)
    content = np.array([x[c] for c in at.content]).reshape(s.count, n)
    first = np.where(s.cyclic == 1, content[:, -1], s.start) if s.count else np.zeros(0)
    spilled = np.array([x[c] for c in at.spill]).reshape(s.count, n)
    online = np.array([x[c] for c in at.online]).reshape(len(at.online), n)
    started = np.array([float(x[c].sum()) for c in at.started])
    short = np.zeros(n) if at.short is None else x[at.short]
    output = np.array([x[c] for c in at.pieces]).reshape(len(at.pieces), n)
    units = np.array([x[c] for c in at.committed]).reshape(len(at.committed), n)
    schedule = Schedule(
        net, content, first, spilled, reduced.residual_mw + net.sum(axis=0), cost, price, np.zeros_like(net), cost,
        DispatchMethod.LINEAR_PROGRAMME, reason,
    )  # fmt: skip
    return Plan(
        pieces=reduced.pieces,
        online_mw=online,
        started_mw=started,
        floor_mw=np.zeros(n),
        fixed_cost=0.0,
        schedule=schedule,
        cost=cost,
        bound=cost,
        cost_without_stores=max(idle_cost(reduced.pieces, reduced.residual_mw, reduced.voll), cost),
        reserve_missing_mw=short,
        output_mw=output,
        committed_mw=units,
        left_mw=x[at.unserved] - x[at.surplus],
    )


def broken_ramps(instance: DispatchInstance, output_mw: FloatArray, hours: float) -> tuple[str, ...]:
    """Generators whose output [g, n] changes by more than their limit."""

    def broken(g: Generator, output: FloatArray) -> bool:
        limit = INF if g.ramp_mw_per_h is None else g.ramp_mw_per_h * hours
        return output.size > 1 and float(np.abs(np.diff(output)).max()) > limit * (1 + 1e-9) + 1e-9

    return tuple(
        g.generator_id for g, out in zip(instance.generators, output_mw, strict=True) if broken(g, out)
    )
