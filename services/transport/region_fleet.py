"""A region's fleet by class, powertrain and emission standard under a scenario (ProjectFleet with a frame)."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, array
from services.common.axes import BASE_YEAR
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import Revision
from services.transport.base import E_BIKE, POWERTRAINS
from services.transport.emissions.standards import STANDARDS
from services.transport.fleet.result import ProjectedFleet
from services.transport.project import run_activity


@dataclass(frozen=True)
class FleetSegment:
    """One vehicle class and powertrain (dafeng.transport.v1.FleetSegment)."""

    vehicle_class: str
    powertrain: str
    stock_count: FloatArray = array("place", "year")
    sales_count: FloatArray = array("place", "year")
    scrapped_count: FloatArray = array("place", "year")
    distance_km: FloatArray = array("place", "year")


@dataclass(frozen=True)
class StandardSegment:
    """One vehicle class and emission standard (dafeng.transport.v1.StandardSegment)."""

    vehicle_class: str
    standard: str
    stock_count: FloatArray = array("place", "year")


@dataclass(frozen=True)
class RegionFleet:
    """The fleet (dafeng.transport.v1.ProjectFleetResponse)."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    segments: tuple[FleetSegment, ...]
    standards: tuple[StandardSegment, ...]
    revision: Revision
    own_fleet: ProjectedFleet | None = None


def project_region_fleet(frame: Frame, scenario: Scenario) -> RegionFleet:
    """Fleet segments that ever exist, on the frame's years, electric bicycles last; vehicles by class and standard.

    Raises DomainError with all violations.
    """
    base, _, activity = run_activity(frame, scenario)
    fleet = activity.fleet
    cut = slice(frame.first_year - BASE_YEAR, None)
    segments = [
        FleetSegment(
            name,
            powertrain,
            np.ascontiguousarray(fleet.stock[:, c, k, cut]),
            np.ascontiguousarray(fleet.sales[:, c, k, cut]),
            np.ascontiguousarray(fleet.scrapped[:, c, k, cut]),
            np.ascontiguousarray(fleet.km[:, c, k, cut]),
        )
        for c, name in enumerate(base.classes)
        for k, powertrain in enumerate(POWERTRAINS)
        if fleet.stock[:, c, k].any()
    ]
    bikes = (fleet.e_bike_stock, fleet.e_bike_sales, fleet.e_bike_scrapped, fleet.e_bike_km)
    segments.append(FleetSegment(E_BIKE, "bev", *(np.ascontiguousarray(v[:, cut]) for v in bikes)))
    standards = [
        StandardSegment(name, standard, np.ascontiguousarray(fleet.standard_stock[s, :, c, cut]))
        for c, name in enumerate(base.classes)
        for s, standard in enumerate(STANDARDS)
        if fleet.standard_stock[s, :, c].any()
    ]
    return RegionFleet(
        base.region.city_ids, frame.years, tuple(segments), tuple(standards), revision_of(base.region)
    )
