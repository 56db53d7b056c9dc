"""Headlines of projections on copies of the region files: python -m validation.moved.headline REGION BASELINE [ROOT].

A line of JSON for the region files of ROOT (those of the project), then one for every root that comes as a line of standard input. The
first projection loads modules and compiled code; every root is projected in a fork that knows nothing else of it.
"""

import asyncio
import gc
import importlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import _lru_cache_wrapper
from pathlib import Path
from types import ModuleType
from typing import Any

# Nothing of them reads a region's file when imported.
_MODULES = ("gateway.direct", "gateway.runs", "services.runtime.sectors", "pvlib")
_SECTORS = ("buildings", "transport", "industry", "power")
_OURS = ("services.", "gateway.")
YEARS = tuple(range(2020, 2036))
AT = 2030


def main() -> None:
    """Tell the headline, or the error that the data give, of the first root and of every other."""
    region, baseline, *first = sys.argv[1:]
    files = importlib.import_module("services.common.region_files")
    for name in ("services.common.regions", *_MODULES, *(f"services.{s}.model" for s in _SECTORS)):
        importlib.import_module(name)
    _say(json.dumps(_told(files, region, baseline, Path(*first) if first else files.ROOT)))
    for line in sys.stdin:
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(out)
            _forget()
            with os.fdopen(into, "w") as told:
                json.dump(_told(files, region, baseline, Path(line.rstrip("\n"))), told)
            os._exit(0)
        os.close(into)
        with os.fdopen(out) as heard:
            _say(heard.read() or json.dumps({"error": "the process ended"}))
        os.waitpid(child, 0)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _forget() -> None:
    """Nothing is known any more of what was read and calculated, but the compiled code."""
    kept = importlib.import_module("services.common.kept_values").Kept
    for found in gc.get_objects():
        if isinstance(found, _lru_cache_wrapper):
            if str(found.__module__).startswith(_OURS):
                found.cache_clear()
        elif isinstance(found, kept):
            found.clear()


def _told(files: ModuleType, region: str, baseline: str, root: Path) -> dict[str, Any]:
    _use(files, root)
    try:
        return asyncio.run(_headline(region, baseline))
    except Exception as error:  # what is wrong with the moved data is the answer
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _use(files: ModuleType, root: Path) -> None:
    """Read region files under a root."""
    old = files.ROOT
    regions = importlib.import_module("services.common.regions")
    for module in (files, regions):
        module.ROOT = root
        for found in list(vars(module).values()):
            _default(found, old, root)
            for method in vars(found).values() if isinstance(found, type) else ():
                _default(method, old, root)


def _default(found: Any, old: Path, new: Path) -> None:
    """Replace a default argument that names the root."""
    function = getattr(found, "__wrapped__", found)
    given = getattr(function, "__defaults__", None)
    if given and old in given:
        function.__defaults__ = tuple(new if value == old else value for value in given)


async def _headline(region: str, baseline: str) -> dict[str, Any]:
    from gateway.direct import DirectCalls
    from gateway.runs import Runs
    from services.common.scenario import Frame, Scenario
    from services.runtime.sectors import sectors

    with ThreadPoolExecutor(1) as pool:
        runs = Runs(DirectCalls(sectors()), pool)
        frame = Frame(region=region, last_year=YEARS[-1])
        (run,) = await runs.all(frame, [Scenario(baseline=baseline)], YEARS, with_adequacy=False)
    found = run.projection
    peak, at = found.carbon_peaks[0], found.years.index(AT)
    return {
        "carbon_peak_mt": peak.level_tco2 / 1e6,
        "carbon_peak_year": peak.year,
        "peak_load_gw": float(found.peak_load.peak_load_mw[at]) / 1e3,
    }


if __name__ == "__main__":
    main()
