"""Messages <-> the buildings model, nothing else."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dafeng.buildings.v1 import buildings_pb2, buildings_pb2_grpc, rooftop_pb2, zone_pb2
from dafeng.sector.v1 import sector_pb2_grpc
from services.buildings.known_answers import known_answers
from services.buildings.model import MODEL
from services.buildings.roofs.doors import EstimateRooftopPvRequest
from services.buildings.roofs.estimate import estimate
from services.buildings.stock_view import project_stock
from services.buildings.zone.doors import SimulateZoneRequest
from services.buildings.zone.simulate import simulate
from services.common.self_test import check_answers
from services.runtime.sector_servicer import SectorServicer
from services.runtime.serve import Servicer


class BuildingsServicer(buildings_pb2_grpc.BuildingsServiceServicer):
    """Answers dafeng.buildings.v1.BuildingsService."""

    def __init__(self, sector: SectorServicer) -> None:
        self._sector = sector

    async def ProjectStock(self, request: Any, context: Any) -> Any:
        """Project the stock by type, standard and retrofit."""
        return await self._sector.answer_alone(project_stock, request, buildings_pb2.ProjectStockResponse())

    async def SimulateZone(self, request: Any, context: Any) -> Any:
        """Run the heat balance of the caller's zone."""
        return await self._sector.answer_door(
            simulate, SimulateZoneRequest, request, zone_pb2.SimulateZoneResponse()
        )

    async def EstimateRooftopPv(self, request: Any, context: Any) -> Any:
        """Estimate PV on the caller's roofs."""
        return await self._sector.answer_door(
            estimate, EstimateRooftopPvRequest, request, rooftop_pb2.EstimateRooftopPvResponse()
        )


def servicers(pool: ThreadPoolExecutor) -> Sequence[Servicer]:
    """The sector's servicers: the common contract and its own."""
    sector = SectorServicer(MODEL, pool)
    return (
        Servicer(
            "dafeng.sector.v1.SectorService", sector_pb2_grpc.add_SectorServiceServicer_to_server, sector
        ),
        Servicer(
            "dafeng.buildings.v1.BuildingsService",
            buildings_pb2_grpc.add_BuildingsServiceServicer_to_server,
            BuildingsServicer(sector),
        ),
    )


def warm_up() -> int:
    """Compile or load the kernels; how many known answers were met. WrongAnswersError when one was not."""
    MODEL.warm_up()
    return check_answers(known_answers())
