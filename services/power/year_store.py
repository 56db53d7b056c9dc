"""Results of dispatched years, kept by the content of everything that goes into them.

A scenario that changes 2030 leaves 2020 as it was: the year is looked up instead of dispatched. The key holds every
figure that a year's dispatch and sums read, bit for bit, so that a kept year is the year that would be calculated.
"""

from dataclasses import fields
from hashlib import blake2b

import numpy as np

from services.common.arrays import FloatArray
from services.power.adequacy.region import is_credit_year
from services.power.dispatch import Request
from services.power.stack import Stack

# Arrays of the stack without a year axis; all others have it first.
_SAME_EVERY_YEAR = ("no_load_share", "start_cost_cny_per_mw", "committed", "own_use_per_mwh")
_BY_YEAR = tuple(f.name for f in fields(Stack) if f.name not in _SAME_EVERY_YEAR)


class YearKeys:
    """Digests of everything that dispatch and sums of a year read; `frame_words` name region, weather and data.

    What is the same in every year is read once, and the years' figures stand in one table, a row a year.
    """

    def __init__(self, request: Request, frame_words: str) -> None:
        self._request = request
        self._same = blake2b(digest_size=32)
        self._same.update(repr((frame_words, _words(request))).encode())
        for name in _SAME_EVERY_YEAR:
            self._same.update(getattr(request.stack, name).tobytes())
        self._figures = _figures(request)

    def of(self, y: int) -> bytes:
        """The key of year y from 2020."""
        key = self._same.copy()
        key.update(f"|{y}|{is_credit_year(self._request, y)}|".encode())
        key.update(self._figures[y])
        return key.digest()


def _words(request: Request) -> tuple[object, ...]:
    """What does not change over the years, and what the columns of the figures are."""
    return (
        request.movable.ids,
        [tuple(paths) for paths in _paths(request)],
        [(load.component_id, load.cause, load.shape_digest) for load in request.loads],
        [(supply.technology, supply.shape_digest) for supply in request.on_site],
        [
            (moved.flexible_load_id, moved.shape_digest, moved.window_hours, moved.efficiency_share)
            for moved in request.flexible
        ],
        sorted(request.own_use.items()),
        (request.value_of_lost_load, request.loss_share),
        (request.smooth_rounds, request.passes, request.accurate, request.slices, request.window),
    )


def _figures(request: Request) -> FloatArray:
    """Every figure that is one of a year, [year, figure]."""
    stack = (getattr(request.stack, name) for name in _BY_YEAR)
    wide = [a.reshape(a.shape[0], -1) for a in (*stack, request.movable.rows)]
    narrow = [path for paths in _paths(request) for path in paths.values()]
    narrow += [path for s in request.on_site for path in (s.capacity_mw, s.energy_mwh)]
    narrow += [path for f in request.flexible for path in (f.energy_mwh, f.power_mw, f.feed_in_mw)]
    return np.ascontiguousarray(
        np.concatenate([*wide, np.array(narrow).T, request.load_energy_mwh.T], axis=1, dtype=np.float64)
    )


def _paths(request: Request) -> tuple[dict[str, FloatArray], ...]:
    """Figures by technology or line, [year]."""
    return (
        dict(request.capacity.end_mw),
        dict(request.capacity.mean_mw),
        dict(request.imports.energy_mwh),
        dict(request.must_run_mwh),
        dict(request.wind_and_pv_gross_mw),
    )
