"""Doors of the passenger markets of SplitModes (dafeng.transport.v1 modes.proto, same names and units)."""

from typing import Annotated, Final, Literal

from pydantic import Field

from services.common.scenario import Door

MOST_MODES: Final = 20

_Share = Annotated[float, Field(ge=0, le=1)]
_Minutes = Annotated[float, Field(ge=-300, le=300)]


class PassengerMode(Door):
    """One mode of a passenger market; None: the figure of the market's tier."""

    mode: Literal["walk", "bicycle", "e_bike", "bus", "metro", "taxi", "car", "other"]
    share: _Share | None = None
    trip_length_km: Annotated[float, Field(ge=0, le=500)] | None = None
    occupancy: Annotated[float, Field(ge=0.1, le=2000)] | None = None
    ride_change_min: _Minutes = 0.0
    wait_change_min: _Minutes = 0.0
    cost_change_cny: Annotated[float, Field(ge=-1000, le=1000)] = 0.0
    utility_change: Annotated[float, Field(ge=-10, le=10)] = 0.0


class PassengerMarket(Door):
    """Trips of the residents of a city or district; None: the usual figure."""

    market_id: Annotated[str, Field(min_length=1, max_length=120)]
    tier: Literal["A", "B", "C"]
    population_count: Annotated[float, Field(gt=0, le=1e10)]
    trips_per_person_day: Annotated[float, Field(ge=0, le=10)] | None = None
    modes: Annotated[tuple[PassengerMode, ...], Field(strict=False, max_length=MOST_MODES)] = ()
    telework_share: _Share = 0.0
    nest_dissimilarity: Annotated[float, Field(gt=0, le=1)] | None = None
    with_congestion: bool = False
    capacity_ratio: Annotated[float, Field(ge=0, le=3)] | None = None
