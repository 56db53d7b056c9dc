"""Results of dispatched years, kept by the content of everything that goes into them.

A scenario that changes 2030 leaves 2020 as it was: the year is looked up instead of dispatched. The key holds every
figure that a year's dispatch and sums read, bit for bit, so that a kept year is the year that would be calculated.
"""

from dataclasses import fields
from hashlib import blake2b
from typing import Any

import numpy as np

from services.power.adequacy.region import is_credit_year
from services.power.dispatch import Request
from services.power.stack import Stack

# Arrays of the stack without a year axis; all others have it first.
_SAME_EVERY_YEAR = frozenset({"no_load_share", "start_cost_cny_per_mw", "committed", "own_use_per_mwh"})


def year_key(request: Request, frame_words: str, y: int) -> bytes:
    """Digest of everything that dispatch and sums of year y read; `frame_words` name region, weather and data."""
    parts: list[bytes] = [f"{frame_words}|{y}|{is_credit_year(request, y)}".encode()]

    def add(name: str, value: Any) -> None:
        body = (
            np.ascontiguousarray(value).tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
        )
        parts.append(f"|{name}:{len(body)}=".encode())
        parts.append(body)

    _add_stack(add, request.stack, y)
    add("movable", request.movable.ids)
    add("movable_rows", request.movable.rows[y])
    for name, by_tech in (
        ("end", request.capacity.end_mw),
        ("mean", request.capacity.mean_mw),
        ("bought", request.imports.energy_mwh),
        ("must_run", request.must_run_mwh),
        ("gross", request.wind_and_pv_gross_mw),
    ):
        add(name, [(tech, float(path[y])) for tech, path in by_tech.items()])
    for load in request.loads:
        add("load", (load.component_id, load.cause, load.shape_digest, float(load.energy_mwh[y])))
    for supply in request.on_site:
        figures = float(supply.capacity_mw[y]), float(supply.energy_mwh[y])
        add("on_site", (supply.technology, supply.shape_digest, *figures))
    for moved in request.flexible:
        figures3 = float(moved.energy_mwh[y]), float(moved.power_mw[y]), float(moved.feed_in_mw[y])
        same = moved.flexible_load_id, moved.shape_digest, moved.window_hours, moved.efficiency_share
        add("flexible", (*same, *figures3))
    add("own_use", sorted(request.own_use.items()))
    add("lost_load", (request.value_of_lost_load, request.loss_share))
    add("mode", (request.smooth_rounds, request.passes, request.accurate, request.slices, request.window))
    return blake2b(b"".join(parts), digest_size=32).digest()


def _add_stack(add: Any, stack: Stack, y: int) -> None:
    for f in fields(stack):
        value = getattr(stack, f.name)
        add(f.name, value if f.name in _SAME_EVERY_YEAR else value[y])
