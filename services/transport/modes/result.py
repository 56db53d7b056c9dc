"""What SplitModes answers (dafeng.transport.v1 modes.proto, same names and units)."""

from dataclasses import dataclass

from services.common.words import Revision
from services.transport.modes.passenger_result import PassengerSplit


@dataclass(frozen=True)
class FreightModeResult:
    """One mode of a freight market before and after."""

    mode: str
    cost_before_cny_per_tkm: float
    cost_after_cny_per_tkm: float
    share_before: float
    share_after: float
    turnover_before_tkm: float
    turnover_after_tkm: float
    own_rate_elasticity: float
    rate_elasticities: tuple[
        float, ...
    ]  # of each mode's turnover to this mode's rate, in the order of the modes
    energy_before_gj: float
    energy_after_gj: float
    direct_before_tco2: float
    direct_after_tco2: float


@dataclass(frozen=True)
class FreightSplit:
    """A freight market before and after."""

    market_id: str
    contestable_share: float
    modes: tuple[FreightModeResult, ...]


@dataclass(frozen=True)
class ModeSplit:
    """Markets in the order of the request."""

    freight: tuple[FreightSplit, ...]
    passengers: tuple[PassengerSplit, ...]
    notes: tuple[str, ...]
    revision: Revision
