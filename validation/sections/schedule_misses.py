"""How far a schedule is from breaking its constraints: the check of the tests, its largest misses kept as figures."""

from collections.abc import Mapping

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.result import DispatchResult
from services.power.instance.words import DispatchInstance
from tests.services.power.schedule_check import Check

BALANCE, CONTENT, LIMIT = "balance", "content", "limit"


class Misses(Check):
    """Largest misses as shares of the highest load (of a content: of the size of the store), by kind of constraint."""

    def __init__(
        self, instance: DispatchInstance, series: Mapping[str, FloatArray], start_mwh: Mapping[str, float]
    ) -> None:
        self.worst_share = {BALANCE: 0.0, CONTENT: 0.0, LIMIT: 0.0}
        self.checked_count = 0
        super().__init__(instance, series, start_mwh)

    def _within(
        self, what: str, value: FloatArray, low: FloatArray | float, high: FloatArray | float, scale: float
    ) -> None:
        miss = np.maximum(low - value, value - high)
        self.checked_count += int(miss.size)
        if miss.size:
            kind = self._kind(what)
            self.worst_share[kind] = max(self.worst_share[kind], float(miss.max()) / scale)
        super()._within(what, value, low, high, scale)

    def _kind(self, what: str) -> str:
        if what == BALANCE:
            return BALANCE
        stored = (" content", " start", " end", " turn of the year", " content over a step (spill)")
        return CONTENT if what.endswith(stored) else LIMIT


def misses_of(instance: DispatchInstance, result: DispatchResult) -> Misses:
    """The misses of a result that has its steps."""
    series = {s.series_id: np.asarray(s.values, dtype=np.float64) for s in result.series}
    return Misses(instance, series, {s.storage_id: s.start_mwh for s in result.storages})
