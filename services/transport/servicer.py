"""Messages <-> the transport model, nothing else."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dafeng.sector.v1 import sector_pb2_grpc
from dafeng.transport.v1 import charging_pb2, modes_pb2, transport_pb2, transport_pb2_grpc
from services.common.errors import Violation, invalid
from services.common.self_test import check_answers
from services.runtime.sector_servicer import SectorServicer
from services.runtime.serve import Servicer
from services.transport.charging.door import ChargingProfileDoor
from services.transport.charging.profile import charging_profile
from services.transport.fleet.door import OwnFleetDoor
from services.transport.fleet.project import project_fleet
from services.transport.known_answers import known_answers
from services.transport.model import MODEL
from services.transport.modes.checks import SplitModesDoor
from services.transport.modes.split import split_modes
from services.transport.region_fleet import project_region_fleet


class TransportServicer(transport_pb2_grpc.TransportServiceServicer):
    """Answers dafeng.transport.v1.TransportService."""

    def __init__(self, sector: SectorServicer) -> None:
        self._sector = sector

    async def ProjectFleet(self, request: Any, context: Any) -> Any:
        """Project the caller's fleet by model year, or a region's."""
        reply = transport_pb2.ProjectFleetResponse()
        if not request.HasField("fleet"):
            return await self._sector.answer_alone(project_region_fleet, request, reply)
        if request.HasField("frame") or request.HasField("scenario"):
            text = "give a fleet of your own, or frame and scenario of a region, not both"
            raise invalid([Violation("fleet", text)])
        await self._sector.answer_door(project_fleet, OwnFleetDoor, request.fleet, reply.own_fleet, "fleet")
        return reply

    async def SplitModes(self, request: Any, context: Any) -> Any:
        """Split the caller's freight and passenger markets between modes."""
        return await self._sector.answer_door(
            split_modes, SplitModesDoor, request, modes_pb2.SplitModesResponse()
        )

    async def ChargingProfile(self, request: Any, context: Any) -> Any:
        """Spread the charging of the caller's vehicles over the hours of a year."""
        return await self._sector.answer_door(
            charging_profile, ChargingProfileDoor, request, charging_pb2.ChargingProfileResponse()
        )


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
            TransportServicer(sector),
        ),
    )


def warm_up() -> int:
    """Compile or load the kernels; how many known answers were met. WrongAnswersError when one was not."""
    MODEL.warm_up()
    return check_answers(known_answers())
