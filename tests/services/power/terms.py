"""What the words of a dispatch instance mean step by step: the common ground of the linear programme and the check."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.words import DispatchInstance, FlexibleLoad, Generator, ImportLine, Storage


@dataclass(frozen=True)
class Terms:
    """Series of an instance by id, and its number of steps."""

    instance: DispatchInstance

    @property
    def n(self) -> int:
        """Number of steps."""
        return int(self.instance.load_mw.size)

    def series(self, series_id: str, default: float = 0.0) -> FloatArray:
        """The series named, or a constant one when the id is empty."""
        if not series_id:
            return np.full(self.n, default)
        return next(s.values for s in self.instance.series if s.series_id == series_id)

    def available(self, plant: Generator) -> FloatArray:
        """Available output, MW."""
        share = 1.0 if plant.availability_share is None else plant.availability_share
        return plant.capacity_mw * share * self.series(plant.availability_series, 1.0)

    def minimum(self, plant: Generator) -> FloatArray:
        """Output that must run, MW."""
        wanted = plant.minimum_mw + self.series(plant.minimum_series)
        return np.minimum(wanted, self.available(plant))

    def steps(self, plant: Generator) -> list[tuple[float, FloatArray]]:
        """Parts of the capacity and their cost by step, CNY/MWh."""
        if plant.cost_steps:
            return [(s.capacity_share, np.full(self.n, s.cost_cny_per_mwh)) for s in plant.cost_steps]
        return [(1.0, self.series(plant.cost_series, plant.cost_cny_per_mwh))]

    def periods(self, count: int) -> list[slice]:
        """Steps cut into periods of `count`; the last may be shorter."""
        return [slice(a, min(a + count, self.n)) for a in range(0, self.n, count)]

    def budgets(self, plant: Generator) -> list[tuple[slice, float]]:
        """Budget periods and what may be used in each, MWh; a shorter last one has its part."""
        if plant.budget_mwh is None:
            return []
        count = plant.budget_step_count
        return [(p, plant.budget_mwh * (p.stop - p.start) / count) for p in self.periods(count)]

    def band(self, line: ImportLine) -> tuple[FloatArray, FloatArray]:
        """Least and highest delivery, MW."""
        contract = self.series(line.contract_series)
        high = np.minimum(line.capacity_mw, contract * (1 + line.band_share))
        return contract * (1 - line.band_share), high

    def inflow(self, store: Storage) -> FloatArray:
        """Natural inflow, MW."""
        return self.series(store.inflow_series)

    def kept(self, store: Storage) -> float:
        """Share of the content left after a step."""
        return float((1 - store.loss_share_per_h) ** self.instance.hours)

    def moves(self, flexible: FlexibleLoad) -> tuple[FloatArray, FloatArray]:
        """Highest power above and below the baseline, MW."""
        base = self.series(flexible.baseline_series)
        return np.maximum(flexible.power_mw - base, 0.0), base + flexible.feed_in_mw

    def reserve_need(self) -> FloatArray:
        """Reserve asked for, MW."""
        reserve = self.instance.reserve
        if reserve is None:
            return np.zeros(self.n)
        variable = sum((self.available(g) for g in self.instance.generators if g.variable), np.zeros(self.n))
        load = reserve.load_share * self.instance.load_mw
        return load + reserve.variable_share * variable + reserve.constant_mw
