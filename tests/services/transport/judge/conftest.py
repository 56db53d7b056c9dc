"""The embedded gateway, once for all tests here that need real sockets."""

from tests.gateway.conftest import served  # noqa: F401
