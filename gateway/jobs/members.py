"""Members of a batch, calculated: one run each, cut to the batch's columns.

`MemberRuns` works over any way of calling the sectors; `open_members` makes it over models in this process, which is
what a worker does. The bits are the same: a test compares them.
"""

import asyncio
import hashlib
import struct
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from gateway.direct import DirectCalls
from gateway.ensemble.design import World
from gateway.ensemble.open import open_design
from gateway.ensemble.words import Design, Drawn
from gateway.jobs.reader import ColumnReader
from gateway.jobs.spec import Spec, check_revision, spec_of
from gateway.jobs.words import Failure, Row
from gateway.known_answers import warm_gateway
from gateway.runs import Runs
from services.common.errors import DomainError, Violation, invalid
from services.common.regions import load_region
from services.common.words import Lever
from services.runtime.sectors import sectors

_FAILURES: Final = {"INVALID_INPUT": Failure.INVALID_INPUT}
# A member's sectors are its own: outcomes of others are not met again.
_KEPT_OUTCOMES: Final = 8


def design_of(spec: Spec, levers: Mapping[str, Lever]) -> Design:
    """The design of a specification. DomainError(INVALID_INPUT) with every violation."""
    region = load_region(spec.frame.region, spec.frame.as_of_year)
    world = World(region, levers, spec.frame.last_year, spec.frame.as_of_year)
    design = open_design(spec.design, spec.scenario, spec.frame, world)
    if spec.member_count not in (0, design.member_count):
        raise invalid([Violation("spec.member_count", "differs from the design's", str(spec.member_count))])
    return design


class MemberRuns:
    """Runs of single members of one specification."""

    def __init__(self, spec: Spec, design: Design, runs: Runs) -> None:
        self.spec, self.design = spec, design
        self._runs = runs
        region = load_region(spec.frame.region, spec.frame.as_of_year)
        self._reader = ColumnReader(region, spec.columns)

    async def row(self, drawn: Drawn) -> Row:
        """The result of one member; what fails inside it is its row."""
        digest = inputs_digest(drawn)
        frame = self.spec.frame.model_copy(update={"weather_year": drawn.weather_year})
        try:
            (run,) = await self._runs.all(
                frame,
                (drawn.scenario,),
                self.spec.years,
                self.spec.mode,
                with_adequacy=False,
                only=self._reader.metric_ids,
                with_city_peaks=self._reader.with_city_peaks,
            )
            values = self._reader.values(run)
        except DomainError as error:
            failure = _FAILURES.get(error.reason, Failure.BALANCE)
            return Row.failed(drawn.number, failure, str(error)[:500])
        wrong = np.flatnonzero(~np.isfinite(values))
        if wrong.size:
            names = ", ".join(self.spec.columns[i].column_id for i in wrong[:5])
            return Row.failed(drawn.number, Failure.NOT_FINITE, f"{wrong.size} columns: {names}")
        return Row.of(drawn.number, digest, values)


class BatchMembers:
    """Members calculated one after another in this thread (gateway.jobs.ports.Members)."""

    def __init__(self, text: str) -> None:
        """DomainError when the text cannot be read, or model or data here are others than the batch's."""
        spec = spec_of(text)
        check_revision(spec)
        self._loop = asyncio.new_event_loop()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="members")
        calls = DirectCalls(sectors())
        for entry in sectors():
            entry.warm_up()
        warm_gateway()
        design = design_of(spec, self._loop.run_until_complete(calls.levers(spec.frame.region)))
        self._members = MemberRuns(spec, design, Runs(calls, self._pool, _KEPT_OUTCOMES))
        self.member_count = design.member_count

    def block(self, first: int, count: int, heard: Callable[[int], None] = lambda _: None) -> list[Row]:
        """Results of members first to first + count - 1, in order."""
        rows = []
        for drawn in self._members.design.block(first, count):
            heard(drawn.number)
            rows.append(self._loop.run_until_complete(self._members.row(drawn)))
        return rows

    def close(self) -> None:
        """End the thread that stages use."""
        self._pool.shutdown()
        self._loop.close()


def open_members(text: str) -> BatchMembers:
    """The members of a specification, in this process; takes some seconds. DomainError when it cannot be opened."""
    return BatchMembers(text)


def inputs_digest(drawn: Drawn) -> str:
    """SHA-256 (hex) over a member's baseline, settings and weather year, bit for bit."""
    parts = [drawn.scenario.baseline.encode(), drawn.weather_year.encode()]
    for one in drawn.scenario.settings:
        parts.append(f"|{one.lever_id}|{one.place}|{len(one.years)}|{len(one.values)}|".encode())
        parts.append(struct.pack(f"<{len(one.years)}i", *one.years))
        parts.append(struct.pack(f"<{len(one.values)}d", *one.values))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
