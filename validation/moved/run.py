"""Headlines with groups of figures moved: two processes, each working through its part."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from services.common.region_files import ROOT
from validation.moved.figures import Group, write_moved

STEP_SHARE = 0.10
_PROCESSES = 2
_PER_PROCESS = 6  # groups that one process works through
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Headline:
    """What a projection is asked for most."""

    carbon_peak_mt: float
    carbon_peak_year: int
    peak_load_gw: float


@dataclass(frozen=True)
class Moved:
    """A group of figures, by how much it was moved, and the headline, or what the data answered instead."""

    group: Group
    share: float
    count: int
    headline: Headline | None
    error: str = ""


def baseline_of(region: str, baseline: str) -> tuple[Headline, list[str]]:
    """The headline with nothing moved, and the side-cars that were read for it."""
    (answer,) = _answers(region, baseline, [ROOT])
    return Headline(*(answer[name] for name in Headline.__dataclass_fields__)), answer["read"]


def each_moved(region: str, baseline: str, groups: Sequence[Group]) -> Iterator[Moved]:
    """Every group moved up, or down where the data refuse that; in the order in which they end."""
    parts = [groups[i : i + _PER_PROCESS] for i in range(0, len(groups), _PER_PROCESS)]
    with ThreadPoolExecutor(_PROCESSES) as pool:
        for future in as_completed([pool.submit(_part, region, baseline, part) for part in parts]):
            yield from future.result()


def _part(region: str, baseline: str, groups: Sequence[Group]) -> list[Moved]:
    found = _tried(region, baseline, groups, STEP_SHARE)
    refused = [m.group for m in found if m.error]
    again = {m.group: m for m in _tried(region, baseline, refused, -STEP_SHARE)}
    return [again.get(m.group, m) for m in found]


def _tried(region: str, baseline: str, groups: Sequence[Group], share: float) -> list[Moved]:
    if not groups:
        return []
    with tempfile.TemporaryDirectory() as folder:
        roots = [Path(folder) / str(i) for i in range(len(groups))]
        counts = [write_moved(group, root, share) for group, root in zip(groups, roots, strict=True)]
        answers = _answers(region, baseline, roots)
    found = []
    for group, count, answer in zip(groups, counts, answers, strict=True):
        if "error" in answer:
            found.append(Moved(group, share, count, None, answer["error"]))
        else:
            headline = Headline(*(answer[name] for name in Headline.__dataclass_fields__))
            found.append(Moved(group, share, count, headline))
    return found


def _answers(region: str, baseline: str, roots: Sequence[Path]) -> list[dict]:
    words = [sys.executable, "-m", "validation.moved.headline", region, baseline, *map(str, roots)]
    said = subprocess.run(words, cwd=_PROJECT, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in said.splitlines()]
