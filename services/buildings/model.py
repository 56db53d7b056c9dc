"""The door of the buildings sector: stock, heat and cooling, end uses by carrier, rooftop PV."""

from collections.abc import Sequence

from services.buildings.answer import SECTOR, make_outcome
from services.buildings.base import stock_base
from services.buildings.indicators import METRICS
from services.buildings.levers import LEVERS
from services.buildings.project import project_buildings
from services.buildings.shapes import load_shapes
from services.common.levers import LeverRow
from services.common.outcome import Outcome, UpstreamSeries
from services.common.regions import load_region, region_ids
from services.common.scenario import Frame, Scenario
from services.common.words import Label, LoadShape, Metric


class BuildingsModel:
    """See `services.common.sector.SectorModel`."""

    sector: str = SECTOR
    label: Label = Label("建筑", "buildings")
    levers: Sequence[LeverRow] = LEVERS
    metrics: Sequence[Metric] = METRICS
    needs: Sequence[str] = ()

    def warm_up(self) -> None:
        """Compile the kernels and simulate the zones of the first region with buildings data; read the others' tables.

        Zones take seconds of two cores for each region, so those of the others are simulated when first asked for.
        """
        held = [r for r in region_ids() if load_region(r).has("buildings/stock_vintages")]
        for region_id in held[:1]:
            frame = Frame(region=region_id)
            self.project(frame, Scenario(), ())
            self.shapes(frame)
        for region_id in held[1:]:
            stock_base(region_id)

    def shapes(self, frame: Frame) -> Sequence[LoadShape]:
        """Shapes by end use in the frame's weather year."""
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
        """Project one scenario. Needs nothing from upstream. Raises DomainError with all violations."""
        del upstream
        return make_outcome(project_buildings(frame, scenario), frame, only, with_digest=sealed)


MODEL = BuildingsModel()
