"""A gateway without sectors: factors and identity behind its gates, and the HTTP door; it starts in a moment."""

import contextlib
from pathlib import Path

from dafeng.factors.v1 import factors_pb2_grpc
from dafeng.identity.v1 import identity_pb2_grpc
from gateway.api.factors_servicer import FactorServicer
from gateway.api.identity_servicer import IdentityServicer
from gateway.guard import gates_of, identity_of
from gateway.http_server import running_http
from gateway.serve import _for_systems
from services.runtime.identity.transport import server_credentials
from services.runtime.serve import Server, Servicer
from services.runtime.telemetry.health import Health

FACTORS = "dafeng.factors.v1.FactorService"
IDENTITY = "dafeng.identity.v1.IdentityService"


def servicers(settings):
    return [
        Servicer(FACTORS, factors_pb2_grpc.add_FactorServiceServicer_to_server, FactorServicer(None)),
        Servicer(
            IDENTITY, identity_pb2_grpc.add_IdentityServiceServicer_to_server, IdentityServicer(settings)
        ),
    ]


@contextlib.asynccontextmanager
async def small_gateway(settings, folder: Path):
    """(gRPC server, HTTP door) of these settings."""
    who = identity_of(settings)
    await who.start()
    inside = f"unix:{folder}/inside.sock"
    server = Server(
        "gateway",
        "127.0.0.1:0",
        servicers(settings),
        with_reflection=False,
        gates=gates_of("gateway", settings, identity=who),
        credentials=server_credentials(settings.tls, ask=False),
        also=[(inside, None), *_for_systems(settings)],
    )
    await server.start()
    await server.ready()
    try:
        async with running_http(inside, [FACTORS, IDENTITY], settings, who, Health()):
            yield server
    finally:
        await server.drain(0.0, 1.0)


@contextlib.asynccontextmanager
async def small_sector(settings):
    """A server with a sector's gates."""
    server = Server(
        "power",
        "127.0.0.1:0",
        servicers(settings),
        with_reflection=False,
        gates=gates_of("power", settings),
        credentials=server_credentials(settings.tls, ask=settings.tls.client_roots is not None),
    )
    await server.start()
    await server.ready()
    try:
        yield server
    finally:
        await server.drain(0.0, 1.0)
