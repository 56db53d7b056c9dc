"""Which of power's metrics a caller will read: the others, and what only they need, are left out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from services.common.arrays import FloatArray
from services.common.outcome import empty_place_values
from services.common.power_outcome import PowerIndicator
from services.power.metrics import AGED

COST_NAMES: Final = ("system_cost_cny", "system_cost_cny_per_mwh")
AIR_NAMES: Final = ("so2_t", "nox_t", "pm_t")
GRID_NAMES: Final = (
    "grid_factor_tco2_per_mwh",
    "grid_factor_official_scope_tco2_per_mwh",
    "consumption_tco2_per_mwh",
    "marginal_tco2_per_mwh",
)
AGE_NAMES: Final = tuple(f"{name}_{what}_mw" for name in AGED for what in ("addition", "retirement"))


@dataclass(frozen=True)
class Choice:
    """Metric ids; None: all of them, with everything else that power says."""

    metric_ids: frozenset[str] | None = None

    @property
    def narrow(self) -> bool:
        """True when only metrics are read."""
        return self.metric_ids is not None

    def any(self, names: Collection[str]) -> bool:
        """True when one of these metrics of power is read."""
        return self.metric_ids is None or any(f"power.{name}" in self.metric_ids for name in names)

    def indicators(self, values: Mapping[str, FloatArray]) -> tuple[PowerIndicator, ...]:
        """Those of the values, by name, that are read; without city values."""
        named = ((f"power.{name}", v) for name, v in values.items())
        return tuple(
            [
                PowerIndicator(metric_id, v, empty_place_values())
                for metric_id, v in named
                if self.metric_ids is None or metric_id in self.metric_ids
            ]
        )


ALL: Final = Choice()
