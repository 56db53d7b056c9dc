"""Messages <-> the transport model, nothing else."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dafeng.sector.v1 import sector_pb2_grpc
from dafeng.transport.v1 import transport_pb2, transport_pb2_grpc
from services.common.door import read_request
from services.runtime.convert import to_message, to_plain
from services.runtime.sector_servicer import SectorServicer
from services.runtime.serve import Servicer
from services.transport.model import MODEL, project_fleet


class TransportServicer(transport_pb2_grpc.TransportServiceServicer):
    """Answers dafeng.transport.v1.TransportService."""

    def __init__(self, sector: SectorServicer, pool: ThreadPoolExecutor) -> None:
        self._sector = sector
        self._pool = pool

    async def ProjectFleet(self, request: Any, context: Any) -> Any:
        """Project the fleet by class and powertrain."""
        frame, (scenario,) = read_request(
            to_plain(request.frame),
            {"scenario": to_plain(request.scenario)},
            self._sector.levers_of,
            frozenset({MODEL.sector, "drivers"}),
        )
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._pool, project_fleet, frame, scenario)
        return to_message(result, transport_pb2.ProjectFleetResponse())


def servicers(pool: ThreadPoolExecutor) -> Sequence[Servicer]:
    """The sector's servicers: the common contract and its own."""
    sector = SectorServicer(MODEL, pool)
    return (
        Servicer(
            "dafeng.sector.v1.SectorService", sector_pb2_grpc.add_SectorServiceServicer_to_server, sector
        ),
        Servicer(
            "dafeng.transport.v1.TransportService",
            transport_pb2_grpc.add_TransportServiceServicer_to_server,
            TransportServicer(sector, pool),
        ),
    )


def warm_up() -> None:
    """Compile or load the kernels."""
    MODEL.warm_up()
