"""The gateway's own services: one row each; start-up, reflection, HTTP and the API page follow from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dafeng.projection.v1 import projection_pb2_grpc
from gateway.api.servicer import ProjectionServicer
from gateway.pipeline import Pipeline


@dataclass(frozen=True)
class GatewayService:
    """A service of the gateway: full name, how to add it to a server, and how to make its servicer."""

    name: str
    add: Callable[[Any, Any], None]
    make: Callable[[Pipeline], Any]


SERVICES: Final[tuple[GatewayService, ...]] = (
    GatewayService(
        "dafeng.projection.v1.ProjectionService",
        projection_pb2_grpc.add_ProjectionServiceServicer_to_server,
        ProjectionServicer,
    ),
)
