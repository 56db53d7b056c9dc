"""Dafeng 达峰: typed client, command line and generated contracts."""

from dafeng.client import (
    Client,
    InvalidInputError,
    NotAllowedError,
    NotReadyError,
    NotSignedInError,
    ServiceError,
    Violation,
    setting,
)

__all__ = [
    "Client",
    "InvalidInputError",
    "NotAllowedError",
    "NotReadyError",
    "NotSignedInError",
    "ServiceError",
    "Violation",
    "setting",
]
