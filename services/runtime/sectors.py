"""The list of sector services (services/sectors.toml): names, stages, and how to start one."""

import importlib
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.numba_start import prepare_numba
from services.runtime.serve import Servicer


@dataclass(frozen=True)
class SectorEntry:
    """One sector: id, stage in the projection, and the module whose `servicers(pool)` and `warm_up()` start it.

    `port` is its port on loopback when it runs alone; `service` the full name of its own service, "" for none.
    """

    sector_id: str
    stage: int
    module: str
    port: int = 0
    service: str = ""

    def servicers(self, pool: ThreadPoolExecutor) -> Sequence[Servicer]:
        """The servicers of the sector, its kernels' work going to `pool`."""
        make: Callable[[ThreadPoolExecutor], Sequence[Servicer]] = importlib.import_module(
            self.module
        ).servicers
        return make(pool)

    def model(self) -> Any:
        """The sector's model itself, for callers in the same process."""
        return importlib.import_module(self.module).MODEL

    def warm_up(self) -> int:
        """Compile or load the sector's kernels; how many known answers were met. WrongAnswersError."""
        prepare_numba()
        met: int = importlib.import_module(self.module).warm_up()
        return met


@lru_cache(maxsize=1)
def sectors() -> tuple[SectorEntry, ...]:
    """All sectors by stage."""
    path = Path(__file__).resolve().parents[1] / "sectors.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["sector"]
    return tuple(
        sorted(
            (SectorEntry(r["id"], r["stage"], r["module"], r["port"], r.get("service", "")) for r in rows),
            key=lambda s: (s.stage, s.sector_id),
        )
    )
