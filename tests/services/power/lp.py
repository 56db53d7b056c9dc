"""The dispatch of an instance as a linear programme: what the dispatch is held against.

Written from the equations alone: balance, blocks, stores, budgets, ramps, reserve, clustered commitment with
continuous units (Palmintier and Webster 2014), lines that deliver a contract, and load that is moved in windows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.words import (
    DispatchInstance,
    FlexibleLoad,
    Generator,
    ImportLine,
    StepSeries,
    Storage,
)
from tests.services.power.programme import INF, Index, Programme
from tests.services.power.terms import Terms


@dataclass(frozen=True)
class Optimum:
    """Least cost, CNY; marginal price, CNY/MWh; series of every unit, named as in a result; contents at the start."""

    objective_cny: float
    price: FloatArray
    series: dict[str, FloatArray]
    start_mwh: dict[str, float]


def optimum(
    instance: DispatchInstance, method: str = "choose", reach: Mapping[str, FloatArray] | None = None
) -> Optimum:
    """Least cost of the instance; method is HiGHS' solver ("choose", "simplex", "ipm").

    reach [step] is the share of its powers that a store has in each step, by store; all of them where it is not named.
    """
    return _Builder(instance, reach or {}).solve(method)


class _Builder:
    """Columns by the name of the result's series, rows by equation."""

    def __init__(self, instance: DispatchInstance, reach: Mapping[str, FloatArray]) -> None:
        self.terms = Terms(instance)
        self.instance = instance
        self.reach = reach
        self.n = self.terms.n
        self.dt = instance.hours
        self.lp = Programme()
        self.named: dict[str, list[Index]] = {}
        self.fixed: dict[str, FloatArray] = {}
        self.begin: dict[str, Index | float] = {}
        self.balance = self.lp.constraints(self.n, instance.load_mw, instance.load_mw)
        self.reserve = self._reserve_rows()
        self._add("unserved_mw", 1.0, self.lp.variables(self.n, instance.value_of_lost_load * self.dt))
        self._add("surplus_mw", -1.0, self.lp.variables(self.n))
        for plant in instance.generators:
            self._generator(plant)
        for store in instance.storages:
            self._storage(store)
        for line in instance.lines:
            self._line(line)
        for flexible in instance.flexible_loads:
            self._flexible(flexible)

    def _add(self, name: str, sign: float, columns: Index) -> None:
        """A series that enters the balance with a sign; several columns of one name add up."""
        self.named.setdefault(name, []).append(columns)
        self.lp.put(self.balance, columns, sign)

    def _reserve_rows(self) -> Index | None:
        """Free capacity of eligible plants + shortage >= need; plants put themselves in."""
        reserve = self.instance.reserve
        if reserve is None:
            return None
        need = self.terms.reserve_need()
        for plant in self.instance.generators:
            if plant.reserve_eligible and plant.commitment is None:
                need = need - self.terms.available(plant)
        rows = self.lp.constraints(self.n, need, INF)
        self.lp.put(rows, self.lp.variables(self.n, reserve.shortage_cost_cny_per_mwh * self.dt), 1.0)
        return rows

    def _generator(self, plant: Generator) -> None:
        available, minimum = self.terms.available(plant), self.terms.minimum(plant)
        steps = self.terms.steps(plant)
        name = f"{plant.generator_id}.output_mw"
        parts = []
        for share, cost in steps:
            low = minimum if len(steps) == 1 else np.zeros(self.n)
            parts.append(self.lp.variables(self.n, cost * self.dt, low, share * available))
            self._add(name, 1.0, parts[-1])
        if len(steps) > 1 and minimum.max() > 0:
            self._sum(parts, minimum, INF)
        if plant.commitment is not None:
            self._commitment(plant, parts, available, minimum)
        elif plant.reserve_eligible and self.reserve is not None:
            for part in parts:
                self.lp.put(self.reserve, part, -1.0)
        for period, energy in self.terms.budgets(plant):
            row = self.lp.constraints(1, -INF, energy)
            for part in parts:
                self.lp.put(np.repeat(row, period.stop - period.start), part[period], self.dt)
        if plant.ramp_mw_per_h is not None and plant.commitment is None and self.n > 1:
            limit = plant.ramp_mw_per_h * self.dt
            rows = self.lp.constraints(self.n - 1, -limit, limit)
            for part in parts:
                self.lp.put(rows, part[1:], 1.0)
                self.lp.put(rows, part[:-1], -1.0)

    def _sum(self, parts: list[Index], low: FloatArray | float, high: FloatArray | float) -> Index:
        rows = self.lp.constraints(self.n, low, high)
        for part in parts:
            self.lp.put(rows, part, 1.0)
        return rows

    def _commitment(
        self, plant: Generator, parts: list[Index], available: FloatArray, minimum: FloatArray
    ) -> None:
        """Eq. 10: output above must-run lies between minimum load and what is available of the units online.

        Periods form a circle: units online in the first that were not in the last are started.
        """
        words = plant.commitment
        assert words is not None
        periods = self.terms.periods(self.instance.period_steps)
        of_step = np.repeat(np.arange(len(periods)), [p.stop - p.start for p in periods])
        hours = self.dt * np.bincount(of_step)
        room = np.array([plant.capacity_mw - minimum[p].min() for p in periods])
        online = self.lp.variables(len(periods), words.no_load_cost_cny_per_mw_h * hours, 0.0, room)
        started = self.lp.variables(len(periods), words.start_cost_cny_per_mw)
        share = available / plant.capacity_mw if plant.capacity_mw > 0 else np.zeros(self.n)
        least = self._sum(parts, minimum, INF)
        self.lp.put(least, online[of_step], -words.min_load_share)
        for (part_share, _), part in zip(self.terms.steps(plant), parts, strict=True):
            rows = self.lp.constraints(self.n, -INF, part_share * minimum)
            self.lp.put(rows, part, 1.0)
            self.lp.put(rows, online[of_step], -part_share * share)
        rows = self.lp.constraints(len(periods), -INF, 0.0)
        self.lp.put(rows, online, 1.0)
        self.lp.put(rows, np.roll(online, 1), -1.0)
        self.lp.put(rows, started, -1.0)
        if plant.reserve_eligible and self.reserve is not None:
            self.lp.lows[1] = self.lp.lows[1] - minimum
            self.lp.put(self.reserve, online[of_step], share)
            for part in parts:
                self.lp.put(self.reserve, part, -1.0)
        self.named[f"{plant.generator_id}.online_mw"] = [online[of_step]]
        if plant.ramp_mw_per_h is not None and plant.capacity_mw > 0:
            self._committed_ramp(plant, words.min_load_share, parts, online[of_step])

    def _committed_ramp(self, plant: Generator, least: float, parts: list[Index], online: Index) -> None:
        """Output above minimum load rises by the limit of what is online after, falls by that of what was before."""
        assert plant.ramp_mw_per_h is not None
        share = plant.ramp_mw_per_h * self.dt / plant.capacity_mw
        for sign, by in ((1.0, online[1:]), (-1.0, online[:-1])):
            rows = self.lp.constraints(self.n - 1, -INF, 0.0)
            for part in parts:
                self.lp.put(rows, part[1:], sign)
                self.lp.put(rows, part[:-1], -sign)
            self.lp.put(rows, online[1:], -sign * least)
            self.lp.put(rows, online[:-1], sign * least)
            self.lp.put(rows, by, -share)

    def _storage(self, store: Storage) -> None:
        cost = store.throughput_cost_cny_per_mwh * self.dt
        there = self.reach.get(store.storage_id, np.ones(self.n))
        charge = self.lp.variables(self.n, cost, 0.0, store.charge_mw * there)
        discharge = self.lp.variables(self.n, cost, 0.0, store.discharge_mw * there)
        content = self.lp.variables(self.n, 0.0, 0.0, store.energy_mwh)
        self._add(f"{store.storage_id}.charge_mw", -1.0, charge)
        self._add(f"{store.storage_id}.discharge_mw", 1.0, discharge)
        self.named[f"{store.storage_id}.content_mwh"] = [content]
        kept, inflow = self.terms.kept(store), self.terms.inflow(store) * self.dt
        right = inflow.copy()
        if store.start_mwh is not None:
            self.begin[store.storage_id] = store.start_mwh
            right[0] += kept * store.start_mwh
        else:
            self.begin[store.storage_id] = content[-1:]
        rows = self.lp.constraints(self.n, right, right)
        self.lp.put(rows, content, 1.0)
        self.lp.put(rows, charge, -store.charge_efficiency_share * self.dt)
        self.lp.put(rows, discharge, self.dt / store.discharge_efficiency_share)
        self.lp.put(rows[1:], content[:-1], -kept)
        if store.start_mwh is None:
            self.lp.put(rows[:1], content[-1:], -kept)
        if store.inflow_series:
            self.lp.put(rows, self.lp.variables(self.n, 0.0, 0.0, inflow), 1.0)
        if store.end_mwh is not None:
            self.lp.put(self.lp.constraints(1, store.end_mwh, store.end_mwh), content[-1:], 1.0)

    def _line(self, line: ImportLine) -> None:
        low, high = self.terms.band(line)
        delivered = self.lp.variables(self.n, line.cost_cny_per_mwh * self.dt, low, high)
        self._add(f"{line.line_id}.output_mw", 1.0, delivered)
        if line.band_share == 0:
            return
        contract = self.terms.series(line.contract_series)
        for period in self.terms.periods(line.band_step_count):
            row = self.lp.constraints(1, contract[period].sum(), contract[period].sum())
            self.lp.put(np.repeat(row, period.stop - period.start), delivered[period], 1.0)

    def _flexible(self, load: FlexibleLoad) -> None:
        """Content starts and ends every window at 0 and stays within the shift on both sides."""
        above, below = self.terms.moves(load)
        cost = load.cost_cny_per_mwh * self.dt
        up, down = self.lp.variables(self.n, cost, 0.0, above), self.lp.variables(self.n, cost, 0.0, below)
        limit = np.full(self.n, load.shift_mwh)
        ends = [p.stop - 1 for p in self.terms.periods(load.window_step_count)]
        limit[ends] = 0.0
        content = self.lp.variables(self.n, 0.0, -limit, limit)
        self._add(f"{load.flexible_id}.charge_mw", -1.0, up)
        self._add(f"{load.flexible_id}.discharge_mw", 1.0, down)
        self.named[f"{load.flexible_id}.content_mwh"] = [content]
        self.begin[load.flexible_id] = 0.0
        root = float(np.sqrt(1.0 if load.efficiency_share is None else load.efficiency_share))
        rows = self.lp.constraints(self.n, 0.0, 0.0)
        self.lp.put(rows, content, 1.0)
        self.lp.put(rows[1:], content[:-1], -1.0)
        self.lp.put(rows, up, -root * self.dt)
        self.lp.put(rows, down, self.dt / root)

    def solve(self, method: str) -> Optimum:
        """Solve and name what was found."""
        found = self.lp.solve(method)
        price = found.duals[self.balance] / self.dt
        series = {
            name: np.sum([found.values[c] for c in parts], axis=0) for name, parts in self.named.items()
        }
        series["price_cny_per_mwh"] = price
        start = {
            name: float(found.values[at][0]) if isinstance(at, np.ndarray) else at
            for name, at in self.begin.items()
        }
        return Optimum(found.objective, price, series, start)


def least_cost(
    residual: FloatArray,
    price: FloatArray,
    cap: FloatArray,
    voll: float,
    stores: FloatArray,
    ends: FloatArray | None = None,
) -> float:
    """Least cost of cap [h, k] blocks and stores [i, 6]; ends [i] fixes first and last content, None is cyclic."""
    plants = tuple(
        Generator(f"b{k}", capacity_mw=1.0, availability_series=f"b{k}", cost_cny_per_mwh=float(price[k]))
        for k in range(price.size)
    )
    kept = [None] * len(stores) if ends is None else [float(e) for e in ends]
    names = [_store(f"s{i}", row.tolist(), kept[i]) for i, row in enumerate(stores)]
    series = tuple(StepSeries(f"b{k}", cap[:, k]) for k in range(price.size))
    instance = DispatchInstance(
        "blocks", residual, plants, tuple(names), series=series, value_of_lost_load_cny_per_mwh=voll
    )
    return optimum(instance).objective_cny


def _store(name: str, row: list[float], end: float | None) -> Storage:
    charge, discharge, size, charge_share, discharge_share, cost = row
    return Storage(name, charge, discharge, size, charge_share, discharge_share, cost, end, end)
