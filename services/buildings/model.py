"""The door of the buildings sector: stock, heat and cooling, end uses by carrier, rooftop PV."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.buildings.answer import SECTOR, make_outcome
from services.buildings.base import FACTORY, STANDARDS, TYPES, stock_base
from services.buildings.levers import LEVERS
from services.buildings.metrics import METRICS
from services.buildings.project import project_buildings, read_paths
from services.buildings.shapes import load_shapes
from services.buildings.stock import turn_over_stock
from services.common.arrays import FloatArray, array
from services.common.axes import BASE_YEAR
from services.common.levers import LeverRow
from services.common.outcome import Outcome, UpstreamSeries
from services.common.regions import load_region, region_ids
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import Label, LoadShape, Metric, Revision


@dataclass(frozen=True)
class StockSegment:
    """One building type and standard generation (dafeng.buildings.v1.StockSegment)."""

    building_type: str
    standard: str
    floor_area_m2: FloatArray = array("place", "year")


@dataclass(frozen=True)
class StockProjection:
    """Stock by type and standard (dafeng.buildings.v1.ProjectStockResponse); factories are a type."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    segments: tuple[StockSegment, ...]
    completed_m2: FloatArray = array("place", "year")
    demolished_m2: FloatArray = array("place", "year")
    retrofitted_m2: FloatArray = array("place", "year")
    revision: Revision = Revision("", "")


class BuildingsModel:
    """See `services.common.sector.SectorModel`."""

    sector: str = SECTOR
    label: Label = Label("建筑", "buildings")
    levers: Sequence[LeverRow] = LEVERS
    metrics: Sequence[Metric] = METRICS
    needs: Sequence[str] = ()

    def warm_up(self) -> None:
        """Compile the kernels and simulate the zones of every region that has buildings data."""
        for region_id in region_ids():
            if load_region(region_id).has("buildings/stock_vintages"):
                frame = Frame(region=region_id)
                self.project(frame, Scenario(), ())
                self.shapes(frame)

    def shapes(self, frame: Frame) -> Sequence[LoadShape]:
        """Shapes by end use in the frame's weather year."""
        load_region(frame.region)
        return load_shapes(frame.region, frame.weather_year)

    def project(self, frame: Frame, scenario: Scenario, upstream: Sequence[UpstreamSeries]) -> Outcome:
        """Project one scenario. Needs nothing from upstream. Raises DomainError with all violations."""
        del upstream
        return make_outcome(project_buildings(frame, scenario), frame)


MODEL = BuildingsModel()


def project_stock(frame: Frame, scenario: Scenario) -> StockProjection:
    """The stock of a scenario on the frame's years. Raises DomainError with all violations."""
    paths = read_paths(frame, scenario)
    base = stock_base(frame.region, frame.as_of_year)
    stock = turn_over_stock(base, paths)
    cut = slice(frame.first_year - BASE_YEAR, None)

    def total(flow: FloatArray) -> FloatArray:
        return np.ascontiguousarray(flow.sum(axis=1)[:, cut])

    segments = tuple(
        StockSegment(building, standard, np.ascontiguousarray(stock.area_m2[:, t, g, cut]))
        for t, building in enumerate(TYPES)
        for g, standard in enumerate(STANDARDS if t != FACTORY else STANDARDS[:1])
    )
    return StockProjection(
        base.region.city_ids,
        frame.years,
        segments,
        total(stock.completed_m2),
        total(stock.demolished_m2),
        total(stock.retrofitted_m2),
        revision_of(base.region),
    )
