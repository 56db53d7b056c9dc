"""Messages <-> the industry model, nothing else."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dafeng.industry.v1 import industry_pb2, industry_pb2_grpc
from dafeng.sector.v1 import sector_pb2_grpc
from services.common.door import read_request
from services.industry.model import MODEL, project_branches
from services.runtime.convert import to_message, to_plain
from services.runtime.sector_servicer import SectorServicer
from services.runtime.serve import Servicer


class IndustryServicer(industry_pb2_grpc.IndustryServiceServicer):
    """Answers dafeng.industry.v1.IndustryService."""

    def __init__(self, sector: SectorServicer, pool: ThreadPoolExecutor) -> None:
        self._sector = sector
        self._pool = pool

    async def ProjectBranches(self, request: Any, context: Any) -> Any:
        """Project activity, energy and CO2 by branch."""
        frame, (scenario,) = read_request(
            to_plain(request.frame),
            {"scenario": to_plain(request.scenario)},
            self._sector.levers_of,
            frozenset({MODEL.sector, "drivers"}),
        )
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._pool, project_branches, frame, scenario)
        return to_message(result, industry_pb2.ProjectBranchesResponse())


def servicers(pool: ThreadPoolExecutor) -> Sequence[Servicer]:
    """The sector's servicers: the common contract and its own."""
    sector = SectorServicer(MODEL, pool)
    return (
        Servicer(
            "dafeng.sector.v1.SectorService", sector_pb2_grpc.add_SectorServiceServicer_to_server, sector
        ),
        Servicer(
            "dafeng.industry.v1.IndustryService",
            industry_pb2_grpc.add_IndustryServiceServicer_to_server,
            IndustryServicer(sector, pool),
        ),
    )


def warm_up() -> None:
    """Compile or load the kernels."""
    MODEL.warm_up()
