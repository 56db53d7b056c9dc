"""The embedded gateway, once for all tests here."""

from tests.gateway.conftest import served  # noqa: F401
