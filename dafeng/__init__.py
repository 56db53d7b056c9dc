"""Dafeng 达峰: typed client, command line and generated contracts."""

from dafeng.client import Client, InvalidInputError, NotReadyError, ServiceError, Violation, setting

__all__ = ["Client", "InvalidInputError", "NotReadyError", "ServiceError", "Violation", "setting"]
