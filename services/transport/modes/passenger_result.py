"""Passenger markets in the answer of SplitModes (dafeng.transport.v1 modes.proto, same names and units)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PassengerModeResult:
    """One mode of a passenger market before and after."""

    mode: str
    share_before: float
    share_after: float
    trips_before_count: float
    trips_after_count: float
    pkm_before: float
    pkm_after: float
    vehicle_km_before: float  # 0 where the mode has no vehicle of its own
    vehicle_km_after: float


@dataclass(frozen=True)
class PassengerSplit:
    """A passenger market before and after."""

    market_id: str
    modes: tuple[PassengerModeResult, ...]
    green_share_before: float
    green_share_after: float
    green_without_ebike_share_before: float
    green_without_ebike_share_after: float
    public_motorised_share_before: float
    public_motorised_share_after: float
    congestion_change_min: float
