"""The sectors called in this process, without a wire: what a worker of a batch runs on.

The same models and the same figures as through the stubs of `gateway.calls`; the messages between them carry every
bit, so that a member of a batch is the same in a worker, in a pod and through services (a test compares digests).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from gateway.assemble import PowerInputs
from gateway.results import SectorInfo
from services.common.drivers import LEVERS as DRIVERS
from services.common.outcome import Outcome, UpstreamSeries
from services.common.power_outcome import DispatchMode, HoursChoice, PowerOutcome
from services.common.scenario import Frame, Scenario
from services.common.words import Lever, LoadShape

POWER = "power"


class Entry(Protocol):
    """A row of the list of sectors (services.runtime.sectors.SectorEntry)."""

    @property
    def sector_id(self) -> str:
        """Id of the sector."""

    @property
    def stage(self) -> int:
        """When it is asked."""

    def model(self) -> Any:
        """Its model, in this process."""


class DirectCalls:
    """`gateway.calls.SectorCalls` without a wire. Nothing here waits: one thread calculates one scenario."""

    waits: Final = False

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._models: dict[str, Any] = {e.sector_id: e.model() for e in entries}
        self._info: dict[str, SectorInfo] = {}
        self._shapes: dict[tuple[str, str, str], tuple[LoadShape, ...]] = {}
        self._put: set[str] = set()

    async def describe(self, sector_id: str) -> SectorInfo:
        """What a sector publishes and needs."""
        if sector_id not in self._info:
            model = self._models[sector_id]
            info = SectorInfo(model.sector, model.label, tuple(model.metrics), tuple(model.needs))
            self._info[sector_id] = info
        return self._info[sector_id]

    async def levers(self, region_id: str) -> Mapping[str, Lever]:
        """Every lever and driver by id, with the bounds of a region."""
        rows = [row for model in self._models.values() for row in model.levers]
        return {row.lever_id: row.in_region(region_id) for row in (*rows, *DRIVERS)}

    async def shapes(self, sector_id: str, frame: Frame) -> tuple[LoadShape, ...]:
        """A sector's basis of hourly shapes."""
        key = (sector_id, frame.region, frame.weather_year)
        if key not in self._shapes:
            self._shapes[key] = tuple(self._models[sector_id].shapes(frame))
        return self._shapes[key]

    async def project(
        self,
        sector_id: str,
        frame: Frame,
        scenarios: Sequence[Scenario],
        upstream: Sequence[Sequence[UpstreamSeries]],
        *,
        only: frozenset[str] | None = None,
        sealed: bool = True,
    ) -> tuple[Outcome, ...]:
        """Outcomes of a chunk, in order; with `only` of these metrics alone, without `sealed` without digests."""
        model = self._models[sector_id]
        return tuple(
            model.project(frame, scenario, series, only=only, sealed=sealed)
            for scenario, series in zip(scenarios, upstream, strict=True)
        )

    async def project_power(
        self,
        frame: Frame,
        scenarios: Sequence[Scenario],
        inputs: Sequence[PowerInputs],
        mode: DispatchMode,
        shapes: Mapping[str, LoadShape],
        years: Sequence[int] = (),
        *,
        with_adequacy: bool = True,
        only: frozenset[str] | None = None,
        hours: HoursChoice | None = None,
    ) -> tuple[PowerOutcome, ...]:
        """Power's outcomes of a chunk, at `years` alone when some are named."""
        await self.put_shapes([s for s in shapes.values() if s.digest not in self._put])
        return tuple(
            self._models[POWER].project(
                frame,
                scenario,
                given.loads,
                given.on_site_supplies,
                given.chp_heats,
                given.flexible_demands,
                mode,
                years,
                with_adequacy=with_adequacy,
                only=only,
                hours=hours,
            )
            for scenario, given in zip(scenarios, inputs, strict=True)
        )

    async def put_shapes(self, shapes: Sequence[LoadShape]) -> None:
        """Hand shapes to power."""
        if shapes:
            self._models[POWER].put_shapes(tuple(shapes))
            self._put |= {s.digest for s in shapes}

    async def close(self) -> None:
        """Nothing is held open."""
