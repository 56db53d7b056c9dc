"""The three calls through their doors in this process: plain dictionaries in, plain dictionaries out."""

import importlib
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from services.common.door import open_door
from services.common.errors import DomainError

CALLS = {
    "SplitModes": ("services.transport.modes", "doors", "SplitModesRequest", "split", "split_modes"),
    "ProjectFleet": ("services.transport.fleet", "doors", "OwnFleet", "project", "project_fleet"),
    "ChargingProfile": (
        "services.transport.charging",
        "doors",
        "ChargingProfileRequest",
        "profile",
        "charging_profile",
    ),
}


def ask(method, body):
    """The reply with the names of the contract. DomainError for bad input."""
    room, doors, door, module, function = CALLS[method]
    opened = open_door(getattr(importlib.import_module(f"{room}.{doors}"), door), body)
    return as_dict(getattr(importlib.import_module(f"{room}.{module}"), function)(opened))


def refused(method, body):
    """Fields and texts of a refusal of bad input."""
    with pytest.raises(DomainError) as caught:
        ask(method, body)
    assert caught.value.reason == "INVALID_INPUT"
    return "\n".join(f"{v.field}: {v.description} ({v.given}; {v.allowed})" for v in caught.value.violations)


def as_dict(value):
    if is_dataclass(value):
        return {f.name: as_dict(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (list, tuple)):
        return [as_dict(v) for v in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value
