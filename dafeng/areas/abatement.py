"""What measures cost for each tonne of CO2, and what they do to air pollutants with it."""

import grpc

from dafeng.abatement.v1 import abatement_pb2, abatement_pb2_grpc
from dafeng.calling import Caller, Tell


class AbatementClient(Caller):
    """Calls dafeng.abatement.v1.AbatementService; `tell` hears the progress of each call."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self.stub = abatement_pb2_grpc.AbatementServiceStub(channel)

    def curve(
        self, request: abatement_pb2.DrawAbatementCurveRequest, tell: Tell | None = None
    ) -> abatement_pb2.AbatementCurve:
        """The abatement-cost curve of a package of measures."""
        result: abatement_pb2.AbatementCurve = self.follow(self.stub.DrawAbatementCurve, request, tell)
        return result

    def synergy(
        self, request: abatement_pb2.AssessSynergyRequest, tell: Tell | None = None
    ) -> abatement_pb2.SynergyReport:
        """Co-control of pollution and CO2 by measure and city, and the coordination degree."""
        result: abatement_pb2.SynergyReport = self.follow(self.stub.AssessSynergy, request, tell)
        return result
