"""Doors of SplitModes (dafeng.transport.v1 modes.proto, same names and units)."""

from typing import Annotated, Final, Literal

from pydantic import Field

from services.common.scenario import Door
from services.transport.modes.passenger_doors import PassengerMarket

MOST_MARKETS: Final = 500
_Share = Annotated[float, Field(ge=0, le=1)]


class FreightMode(Door):
    """One mode of a freight market; None: the figure of the mode of the same id."""

    mode: Annotated[str, Field(min_length=1, max_length=60)]
    share: _Share = 0.0
    rate_cny_per_tkm: Annotated[float, Field(ge=0, le=100)] | None = None
    terminal_cny_per_t: Annotated[float, Field(ge=0, le=10_000)] | None = None
    speed_km_per_h: Annotated[float, Field(ge=0.1, le=1_000)] | None = None
    wait_h: Annotated[float, Field(ge=0, le=1_000)] | None = None
    energy_mj_per_tkm: Annotated[float, Field(ge=0, le=100)] | None = None
    direct_gco2_per_tkm: Annotated[float, Field(ge=0, le=5_000)] | None = None
    rate_change_cny_per_tkm: Annotated[float, Field(ge=-100, le=100)] = 0.0
    terminal_change_cny_per_t: Annotated[float, Field(ge=-10_000, le=10_000)] = 0.0
    wait_change_h: Annotated[float, Field(ge=-1_000, le=1_000)] = 0.0
    speed_ratio: Annotated[float, Field(ge=0.1, le=10)] | None = None


class FreightMarket(Door):
    """Goods of one kind over one distance; None: by cargo and distance."""

    market_id: Annotated[str, Field(min_length=1, max_length=120)]
    cargo: Literal["bulk", "container", "other"]
    turnover_tkm: Annotated[float, Field(gt=0, le=1e15)]
    distance_km: Annotated[float, Field(ge=1, le=20_000)]
    modes: Annotated[tuple[FreightMode, ...], Field(strict=False, min_length=2, max_length=10)]
    contestable_share: _Share | None = None
    sensitivity: Annotated[float, Field(ge=0, le=100)] | None = None
    value_of_time_cny_per_t_h: Annotated[float, Field(ge=0, le=100)] | None = None


class SplitModesRequest(Door):
    """Markets of freight and of passengers, 1 to 500 in all (the number is checked with the rest)."""

    freight: Annotated[tuple[FreightMarket, ...], Field(strict=False, max_length=MOST_MARKETS)] = ()
    passengers: Annotated[tuple[PassengerMarket, ...], Field(strict=False, max_length=MOST_MARKETS)] = ()
