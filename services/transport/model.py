"""The door of the transport sector: vehicles, freight, passengers, ships, rail, aviation, ports, charging."""

from collections.abc import Sequence

from services.common.levers import LeverRow
from services.common.outcome import Outcome, UpstreamSeries
from services.common.regions import load_region, region_ids
from services.common.scenario import Frame, Scenario
from services.common.words import Label, LoadShape, Metric
from services.transport.answer import make_outcome
from services.transport.base import SECTOR
from services.transport.charging.shapes import load_shapes
from services.transport.indicators import METRICS
from services.transport.levers import LEVERS
from services.transport.project import project_transport


class TransportModel:
    """See `services.common.sector.SectorModel`."""

    sector: str = SECTOR
    label: Label = Label("交通运输", "transport")
    levers: Sequence[LeverRow] = LEVERS
    metrics: Sequence[Metric] = METRICS
    needs: Sequence[str] = ()

    def warm_up(self) -> None:
        """Compile the kernel and read the tables of every region that has transport data."""
        for region_id in region_ids():
            if load_region(region_id).has("transport/vehicles"):
                self.project(Frame(region=region_id), Scenario(), ())
                load_shapes(region_id, "normal")

    def shapes(self, frame: Frame) -> Sequence[LoadShape]:
        """Shapes of charging by place, of traction and of ports, for the frame's weather year."""
        load_region(frame.region)
        return load_shapes(frame.region, frame.weather_year)

    def project(
        self,
        frame: Frame,
        scenario: Scenario,
        upstream: Sequence[UpstreamSeries],
        *,
        only: frozenset[str] | None = None,
        sealed: bool = True,
    ) -> Outcome:
        """Project one scenario; no upstream series is used. Raises DomainError with all violations."""
        return make_outcome(project_transport(frame, scenario, only), frame, only, with_digest=sealed)


MODEL = TransportModel()
