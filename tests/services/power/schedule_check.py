"""Does a schedule keep every constraint of its instance, and does it cost what it says? Recomputed from its series."""

from collections.abc import Mapping

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.result import DispatchResult
from services.power.instance.words import DispatchInstance, FlexibleLoad, Generator, ImportLine, Storage
from tests.services.power.terms import Terms

TOLERANCE_SHARE = 1e-6
COST_TOLERANCE_SHARE = 1e-8


def check(instance: DispatchInstance, result: DispatchResult) -> list[str]:
    """Everything that is wrong with a result that has its steps: constraints, cost, sums, the order of its bounds."""
    series = {s.series_id: np.asarray(s.values, dtype=np.float64) for s in result.series}
    found = Check(instance, series, {s.storage_id: s.start_mwh for s in result.storages})
    problems = list(found.problems)
    _same(problems, "cost_cny", result.cost_cny, found.cost_cny, COST_TOLERANCE_SHARE)
    sums = {"unserved_mwh": "unserved_mw", "surplus_mwh": "surplus_mw"}
    pairs = [(what, getattr(result, what), name) for what, name in sums.items()]
    pairs += [(f"{u.unit_id} energy", u.energy_mwh, f"{u.unit_id}.output_mw") for u in result.units]
    pairs += [(f"{s.storage_id} in", s.charged_mwh, f"{s.storage_id}.charge_mw") for s in result.storages]
    pairs += [
        (f"{s.storage_id} out", s.discharged_mwh, f"{s.storage_id}.discharge_mw") for s in result.storages
    ]
    floor = found.scale_mw * instance.hours
    for what, told, name in pairs:
        total = instance.hours * float(series.get(name, np.zeros(1)).sum())
        _same(problems, what, told, total, TOLERANCE_SHARE, floor)
    _same(problems, "reserve_short_mwh", result.reserve_short_mwh, found.reserve_short_mwh, 1e-6, floor)
    paid = sum(u.cost_cny for u in result.units)
    _same(problems, "units' cost", paid, found.units_cost_cny, COST_TOLERANCE_SHARE)
    if result.lower_bound_cny > result.cost_cny * (1 + COST_TOLERANCE_SHARE):
        problems.append(f"bound {result.lower_bound_cny} above cost {result.cost_cny}")
    return problems


def _same(
    problems: list[str], what: str, told: float, found: float, share: float, floor: float = 1.0
) -> None:
    if not abs(told - found) <= share * max(abs(found), floor):
        problems.append(f"{what}: told {told!r}, recomputed {found!r}")


class Check:
    """Violations of one schedule; a limit may be missed by TOLERANCE_SHARE of the highest load (or content)."""

    def __init__(
        self, instance: DispatchInstance, series: Mapping[str, FloatArray], start_mwh: Mapping[str, float]
    ) -> None:
        self.instance = instance
        self.terms = Terms(instance)
        self.given, self.start = series, start_mwh
        self.dt = instance.hours
        self.problems: list[str] = []
        self.cost_cny = self.units_cost_cny = self.reserve_short_mwh = 0.0
        self.scale_mw = max(float(np.abs(instance.load_mw).max()), 1e-9)
        self.free_mw = np.zeros(self.terms.n)
        self.sum_mw = np.zeros(self.terms.n)
        for plant in instance.generators:
            self._generator(plant)
        for line in instance.lines:
            self._line(line)
        self.units_cost_cny = self.cost_cny
        for store in instance.storages:
            self._storage(store)
        for flexible in instance.flexible_loads:
            self._flexible(flexible)
        self._system()

    def _series(self, name: str) -> FloatArray:
        if name not in self.given:
            self.problems.append(f"{name}: missing")
            return np.zeros(self.terms.n)
        values = np.asarray(self.given[name], dtype=np.float64)
        if values.shape != (self.terms.n,) or not np.isfinite(values).all():
            self.problems.append(f"{name}: {values.shape} values, finite {np.isfinite(values).all()}")
            return np.zeros(self.terms.n)
        return values

    def _within(
        self, what: str, value: FloatArray, low: FloatArray | float, high: FloatArray | float, scale: float
    ) -> None:
        """Report the worst step at which value leaves [low, high] by more than the tolerance."""
        miss = np.maximum(low - value, value - high)
        if miss.size and miss.max() > TOLERANCE_SHARE * scale:
            at = int(miss.argmax())
            self.problems.append(f"{what}: off by {miss[at]:.3e} at {at}")

    def _system(self) -> None:
        unserved, surplus = self._series("unserved_mw"), self._series("surplus_mw")
        self._within("unserved_mw", unserved, 0.0, np.inf, self.scale_mw)
        self._within("surplus_mw", surplus, 0.0, np.inf, self.scale_mw)
        balance = self.sum_mw + unserved - surplus - self.instance.load_mw
        self._within("balance", balance, 0.0, 0.0, self.scale_mw)
        self.cost_cny += self.instance.value_of_lost_load * self.dt * float(unserved.sum())
        if self.instance.reserve is not None:
            short = np.maximum(self.terms.reserve_need() - self.free_mw, 0.0)
            self.reserve_short_mwh = self.dt * float(short.sum())
            self.cost_cny += self.instance.reserve.shortage_cost_cny_per_mwh * self.reserve_short_mwh

    def _generator(self, plant: Generator) -> None:
        name = plant.generator_id
        output = self._series(f"{name}.output_mw")
        available, minimum = self.terms.available(plant), self.terms.minimum(plant)
        self._within(f"{name} output", output, minimum, available, self.scale_mw)
        self.sum_mw += output
        full = available
        if plant.commitment is not None:
            full = self._commitment(plant, output, available, minimum)
        if plant.reserve_eligible:
            self.free_mw += full - output
        self._step_cost(plant, output, full)
        for period, energy in self.terms.budgets(plant):
            used = np.array([self.dt * output[period].sum()])
            scale = self.scale_mw * self.dt * (period.stop - period.start)
            self._within(f"{name} budget from step {period.start}", used, 0.0, energy, scale)
        if plant.ramp_mw_per_h is not None and plant.commitment is None:
            limit = plant.ramp_mw_per_h * self.dt
            self._within(f"{name} ramp", np.diff(output), -limit, limit, self.scale_mw)

    def _step_cost(self, plant: Generator, output: FloatArray, full: FloatArray) -> None:
        """Cheapest part first: parts are shares of what is available (of what is online)."""
        rest = np.maximum(output, 0.0)
        steps = self.terms.steps(plant)
        for i, (share, cost) in enumerate(steps):
            part = rest if i + 1 == len(steps) else np.minimum(rest, share * full)
            self.cost_cny += self.dt * float((cost * part).sum())
            rest = rest - part

    def _commitment(
        self, plant: Generator, output: FloatArray, available: FloatArray, minimum: FloatArray
    ) -> FloatArray:
        """Limits and cost of what is online; returns the output it could reach, MW."""
        words, name = plant.commitment, plant.generator_id
        assert words is not None
        online = self._series(f"{name}.online_mw")
        share = available / plant.capacity_mw if plant.capacity_mw > 0 else np.zeros(self.terms.n)
        self._within(f"{name} online", online, 0.0, plant.capacity_mw, self.scale_mw)
        full = minimum + share * online
        low = minimum + words.min_load_share * online
        self._within(f"{name} committed output", output, low, full, self.scale_mw)
        periods = self.terms.periods(self.instance.period_steps)
        for p in periods:
            steady = np.ptp(online[p])
            self._within(f"{name} online within a period", np.array([steady]), 0.0, 0.0, self.scale_mw)
        by_period = np.array([online[p.start] for p in periods])
        started = np.maximum(by_period - np.roll(by_period, 1), 0.0).sum()
        self.cost_cny += words.no_load_cost_cny_per_mw_h * self.dt * float(online.sum())
        self.cost_cny += words.start_cost_cny_per_mw * float(started)
        if plant.ramp_mw_per_h is not None and plant.capacity_mw > 0:
            limit = plant.ramp_mw_per_h * self.dt * online / plant.capacity_mw
            above = np.diff(output - words.min_load_share * online)
            self._within(f"{name} ramp above minimum load", above, -limit[:-1], limit[1:], self.scale_mw)
        return full

    def _storage(self, store: Storage) -> None:
        name = store.storage_id
        charge, discharge = self._series(f"{name}.charge_mw"), self._series(f"{name}.discharge_mw")
        content = self._series(f"{name}.content_mwh")
        scale = max(self.scale_mw, store.energy_mwh)
        self._within(f"{name} charge", charge, 0.0, store.charge_mw, self.scale_mw)
        self._within(f"{name} discharge", discharge, 0.0, store.discharge_mw, self.scale_mw)
        self._within(f"{name} content", content, 0.0, store.energy_mwh, scale)
        start = self._start(name)
        if store.start_mwh is not None:
            self._within(f"{name} start", np.array([start]), store.start_mwh, store.start_mwh, scale)
        if store.end_mwh is not None:
            self._within(f"{name} end", content[-1:], store.end_mwh, store.end_mwh, scale)
        if store.start_mwh is None and store.end_mwh is None:
            self._within(f"{name} turn of the year", content[-1:], start, start, scale)
        before = np.concatenate([[start], content[:-1]]) * self.terms.kept(store)
        gained = self.dt * (charge * store.charge_efficiency_share)
        lost = self.dt * discharge / store.discharge_efficiency_share
        inflow = self.dt * self.terms.inflow(store)
        spill = before + gained - lost + inflow - content
        self._within(f"{name} content over a step (spill)", spill, 0.0, inflow, scale)
        self.sum_mw += discharge - charge
        moved = float(charge.sum() + discharge.sum()) * self.dt
        self.cost_cny += store.throughput_cost_cny_per_mwh * moved

    def _start(self, name: str) -> float:
        if name not in self.start:
            self.problems.append(f"{name}: no content at the start")
        return self.start.get(name, 0.0)

    def _line(self, line: ImportLine) -> None:
        output = self._series(f"{line.line_id}.output_mw")
        low, high = self.terms.band(line)
        self._within(f"{line.line_id} delivery", output, low, high, self.scale_mw)
        self.sum_mw += output
        self.cost_cny += line.cost_cny_per_mwh * self.dt * float(output.sum())
        if line.band_share == 0:
            return
        over = output - self.terms.series(line.contract_series)
        for period in self.terms.periods(line.band_step_count):
            length = period.stop - period.start
            kept = np.array([over[period].sum()])
            self._within(f"{line.line_id} energy from {period.start}", kept, 0.0, 0.0, self.scale_mw * length)

    def _flexible(self, load: FlexibleLoad) -> None:
        name = load.flexible_id
        up, down = self._series(f"{name}.charge_mw"), self._series(f"{name}.discharge_mw")
        content = self._series(f"{name}.content_mwh")
        above, below = self.terms.moves(load)
        self._within(f"{name} up", up, 0.0, above, self.scale_mw)
        self._within(f"{name} down", down, 0.0, below, self.scale_mw)
        scale = max(self.scale_mw, load.shift_mwh)
        self._within(f"{name} content", content, -load.shift_mwh, load.shift_mwh, scale)
        ends = [p.stop - 1 for p in self.terms.periods(load.window_step_count)]
        self._within(f"{name} end of window", content[ends], 0.0, 0.0, scale)
        root = float(np.sqrt(1.0 if load.efficiency_share is None else load.efficiency_share))
        before = np.concatenate([[0.0], content[:-1]])
        miss = before + self.dt * (root * up - down / root) - content
        self._within(f"{name} content over a step", miss, 0.0, 0.0, scale)
        self.sum_mw += down - up
        self.cost_cny += load.cost_cny_per_mwh * self.dt * float(up.sum() + down.sum())
