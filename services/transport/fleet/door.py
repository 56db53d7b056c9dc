"""ProjectFleet's request as it arrives: every fault of it at once."""

from typing import Any, Final

from pydantic import ModelWrapValidatorHandler, model_validator

from services.transport.doors import open_and_tell_all
from services.transport.fleet.checks import fleet_violations
from services.transport.fleet.doors import OwnFleet
from services.transport.fleet.project import tables

# years out of order: no length of a series is right or wrong
_STAND_INS: Final = {
    "first_year": 2060,
    "last_year": 2000,
    "vehicle_classes": ({"class_id": "-", "like_class": "taxi", "powertrains": ({"powertrain": "bev"},)},),
}


class OwnFleetDoor(OwnFleet):
    """Where a field of one class does not open, the others are still checked."""

    @model_validator(mode="wrap")
    @classmethod
    def _tell_all(cls, raw: Any, handler: ModelWrapValidatorHandler["OwnFleetDoor"]) -> "OwnFleetDoor":
        return open_and_tell_all(raw, handler, lambda r: fleet_violations(r, tables()), _STAND_INS)
