"""The stock as BuildingsService tells it (dafeng.buildings.v1.ProjectStockResponse, same names and units)."""

from dataclasses import dataclass

import numpy as np

from services.buildings.base import TYPES, stock_base
from services.buildings.project import read_paths
from services.buildings.states import STATES
from services.buildings.stock import Stock, turn_over_stock
from services.common.arrays import FloatArray, array
from services.common.axes import BASE_YEAR
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import Revision


@dataclass(frozen=True)
class StockSegment:
    """One building type, standard generation and depth of retrofit."""

    building_type: str
    standard: str
    retrofit: str
    floor_area_m2: FloatArray = array("place", "year")


@dataclass(frozen=True)
class StockVintage:
    """One building type and period of completion."""

    building_type: str
    completed_from_year: int
    completed_to_year: int
    floor_area_m2: FloatArray = array("place", "year")


@dataclass(frozen=True)
class StockProjection:
    """Stock by type, standard and retrofit; factories are a type."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    segments: tuple[StockSegment, ...]
    vintages: tuple[StockVintage, ...]
    completed_m2: FloatArray = array("place", "year")
    demolished_m2: FloatArray = array("place", "year")
    retrofitted_m2: FloatArray = array("place", "year")
    retrofit_shortfall_m2: FloatArray = array("year")
    vacant_m2: FloatArray = array("place", "year")
    urban_population_count: FloatArray = array("place", "year")
    rural_population_count: FloatArray = array("place", "year")
    prefabricated_m2: FloatArray = array("place", "year")
    two_star_m2: FloatArray = array("place", "year")
    revision: Revision = Revision("", "")


def project_stock(frame: Frame, scenario: Scenario) -> StockProjection:
    """The stock of a scenario on the frame's years. Raises DomainError with all violations."""
    paths = read_paths(frame, scenario)
    base = stock_base(frame.region, frame.as_of_year)
    stock = turn_over_stock(base, paths)
    cut = slice(frame.first_year - BASE_YEAR, None)

    def own(values: FloatArray) -> FloatArray:
        return np.ascontiguousarray(values[..., cut])

    return StockProjection(
        base.region.city_ids,
        frame.years,
        tuple(_segments(stock, cut)),
        tuple(_vintages(stock, cut)),
        own(stock.completed_m2.sum(axis=1)),
        own(stock.demolished_m2.sum(axis=1)),
        own(stock.retrofitted_m2.sum(axis=1)),
        own(stock.retrofit_shortfall_m2),
        own((stock.type_m2 * (1 - stock.used_share)).sum(axis=1)),
        own(stock.urban_population),
        own(stock.rural_population),
        own(stock.vintages.prefabricated_m2.sum(axis=1)),
        own(stock.vintages.two_star_m2.sum(axis=1)),
        revision_of(base.region),
    )


def _segments(stock: Stock, cut: slice) -> list[StockSegment]:
    return [
        StockSegment(building, state.standard, state.depth, np.ascontiguousarray(stock.area_m2[:, t, e, cut]))
        for t, building in enumerate(TYPES)
        for e, state in enumerate(STATES)
        if stock.area_m2[:, t, e].any()
    ]


def _vintages(stock: Stock, cut: slice) -> list[StockVintage]:
    return [
        StockVintage(building, first, last, np.ascontiguousarray(stock.vintages.period_m2[:, t, k, cut]))
        for t, building in enumerate(TYPES)
        for k, (first, last) in enumerate(stock.vintages.periods[t])
    ]
