"""ChargingProfile's request as it arrives: every fault of it at once."""

from typing import Any, Final

from pydantic import ModelWrapValidatorHandler, model_validator

from services.transport.charging.doors import ChargingProfileRequest
from services.transport.charging.profile import violations
from services.transport.doors import open_and_tell_all

_STAND_INS: Final = {
    "region": "-",
    "fleets": ({"fleet_id": "-", "vehicle_class": "taxi", "vehicle_count": 1.0},),
}


class ChargingProfileDoor(ChargingProfileRequest):
    """Where a field of one group does not open, the others are still checked."""

    @model_validator(mode="wrap")
    @classmethod
    def _tell_all(
        cls, raw: Any, handler: ModelWrapValidatorHandler["ChargingProfileDoor"]
    ) -> "ChargingProfileDoor":
        return open_and_tell_all(raw, handler, violations, _STAND_INS)
