"""The door of the transport sector: vehicles, freight, passengers, ships, rail, aviation, ports, charging."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, array
from services.common.axes import BASE_YEAR
from services.common.drivers import LEVERS as DRIVERS
from services.common.levers import LeverPaths, LeverRow, resolve
from services.common.outcome import Outcome, UpstreamSeries
from services.common.regions import load_region, region_ids
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import Label, LoadShape, Metric, Revision
from services.transport.activity import activity_of
from services.transport.answer import make_outcome
from services.transport.base import POWERTRAINS, SECTOR, TransportBase, transport_base
from services.transport.calibration import calibration_factors
from services.transport.energy import energy_of
from services.transport.levers import LEVERS
from services.transport.metrics import METRICS
from services.transport.shapes import load_shapes


@dataclass(frozen=True)
class FleetSegment:
    """One vehicle class and powertrain (dafeng.transport.v1.FleetSegment)."""

    vehicle_class: str
    powertrain: str
    stock_count: FloatArray = array("place", "year")
    sales_count: FloatArray = array("place", "year")
    scrapped_count: FloatArray = array("place", "year")


@dataclass(frozen=True)
class FleetProjection:
    """The fleet by class and powertrain (dafeng.transport.v1.ProjectFleetResponse)."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    segments: tuple[FleetSegment, ...]
    revision: Revision


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

    def project(self, frame: Frame, scenario: Scenario, upstream: Sequence[UpstreamSeries]) -> Outcome:
        """Project one scenario; no upstream series is used. Raises DomainError with all violations."""
        base, paths = _read(frame, scenario)
        activity = activity_of(base, paths)
        factors = calibration_factors(frame.region, base.region.as_of_year)
        return make_outcome(base, paths, activity, energy_of(base, paths, activity, factors), frame)


MODEL = TransportModel()


def project_fleet(frame: Frame, scenario: Scenario) -> FleetProjection:
    """Stock, sales and scrappage by class and powertrain, those that ever exist, on the frame's years."""
    base, paths = _read(frame, scenario)
    fleet = activity_of(base, paths).fleet
    cut = slice(frame.first_year - BASE_YEAR, None)
    segments = [
        FleetSegment(
            name,
            powertrain,
            np.ascontiguousarray(fleet.stock[:, c, k, cut]),
            np.ascontiguousarray(fleet.sales[:, c, k, cut]),
            np.ascontiguousarray(fleet.scrapped[:, c, k, cut]),
        )
        for c, name in enumerate(base.classes)
        for k, powertrain in enumerate(POWERTRAINS)
        if fleet.stock[:, c, k].any()
    ]
    return FleetProjection(base.region.city_ids, frame.years, tuple(segments), revision_of(base.region))


def _read(frame: Frame, scenario: Scenario) -> tuple[TransportBase, LeverPaths]:
    """Base year and lever paths from 2020 to the last year; all violations at once."""
    region = load_region(frame.region, frame.as_of_year)
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    levers = [row.in_region(frame.region) for row in (*LEVERS, *DRIVERS)]
    paths = resolve(levers, frame.region, scenario, years, frame.as_of_year)
    return transport_base(frame.region, region.as_of_year), paths
