"""Dafeng 达峰: typed client, command line and generated contracts."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """A name of the client, which is imported when first asked for: the command line has a word with gRPC before."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("dafeng.client"), name)
