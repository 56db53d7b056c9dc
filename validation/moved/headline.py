"""Headlines of projections on given copies of the region files, a process each: python -m validation.moved.headline.

Usage: headline.py REGION BASELINE ROOT [ROOT ...]; a line of JSON for every root, in order. Modules are read once;
every root is projected in a fork of its own, since data files are read once in a process.
"""

import asyncio
import importlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

# Compiled code and what it needs; nothing of them reads a region's file when imported.
_MODULES = ("gateway.direct", "gateway.runs", "services.runtime.sectors", "pvlib")
_SECTORS = ("buildings", "transport", "industry", "power")
YEARS = tuple(range(2020, 2036))
AT = 2030


def main() -> None:
    """Project every root and tell its headline, or the error that its data give."""
    region, baseline, *roots = sys.argv[1:]
    files = importlib.import_module("services.common.region_files")
    for name in ("services.common.regions", *_MODULES, *(f"services.{s}.model" for s in _SECTORS)):
        importlib.import_module(name)
    for root in roots:
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(out)
            with os.fdopen(into, "w") as told:
                json.dump(_told(files, region, baseline, Path(root)), told)
            os._exit(0)
        os.close(into)
        with os.fdopen(out) as heard:
            sys.stdout.write((heard.read() or json.dumps({"error": "the process ended"})) + "\n")
            sys.stdout.flush()
        os.waitpid(child, 0)


def _told(files: ModuleType, region: str, baseline: str, root: Path) -> dict[str, Any]:
    read = _use(files, root)
    try:
        return {**asyncio.run(_headline(region, baseline)), "read": sorted(read)}
    except Exception as error:  # what is wrong with the moved data is the answer
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _use(files: ModuleType, root: Path) -> set[str]:
    """Read region files under another root, and note which are read."""
    old = files.ROOT
    regions = importlib.import_module("services.common.regions")
    for module in (files, regions):
        module.ROOT = root
        for found in list(vars(module).values()):
            _default(found, old, root)
            for method in vars(found).values() if isinstance(found, type) else ():
                _default(method, old, root)
    read: set[str] = set()

    def noted(function: Any) -> Any:
        def reads(path: Path, *rest: Any) -> Any:
            read.add(str(path.relative_to(root).with_suffix(".yaml")))
            return function(path, *rest)

        return reads

    regions.read_leaves, regions.read_table = noted(files.read_leaves), noted(files.read_table)
    return read


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
