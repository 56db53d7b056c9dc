"""Messages <-> the industry model, nothing else."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dafeng.industry.v1 import industry_pb2, industry_pb2_grpc
from dafeng.sector.v1 import sector_pb2_grpc
from services.common.self_test import check_answers
from services.industry.known_answers import known_answers
from services.industry.model import MODEL, project_branches
from services.runtime.sector_servicer import SectorServicer
from services.runtime.serve import Servicer


class IndustryServicer(industry_pb2_grpc.IndustryServiceServicer):
    """Answers dafeng.industry.v1.IndustryService."""

    def __init__(self, sector: SectorServicer) -> None:
        self._sector = sector

    async def ProjectBranches(self, request: Any, context: Any) -> Any:
        """Project activity, energy and CO2 by branch."""
        return await self._sector.answer_alone(
            project_branches, request, industry_pb2.ProjectBranchesResponse()
        )


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
            IndustryServicer(sector),
        ),
    )


def warm_up() -> int:
    """Compile or load the kernels; how many known answers were met. WrongAnswersError when one was not."""
    MODEL.warm_up()
    return check_answers(known_answers())
