"""Client of the factor library."""

from collections.abc import Sequence

import grpc

from dafeng.calling import Caller
from dafeng.factors.v1 import factors_pb2, factors_pb2_grpc


class FactorsClient(Caller):
    """Emission factors, heat values and the sets that projections run with (dafeng.factors.v1)."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self.stub = factors_pb2_grpc.FactorServiceStub(channel)

    def sets(self, region: str, as_of_year: int = 0) -> Sequence[factors_pb2.FactorSet]:
        """Sets that a frame of the region may name, with the factor of every carrier."""
        request = factors_pb2.ListFactorSetsRequest(region=region, as_of_year=as_of_year)
        return self.call(self.stub.ListFactorSets, request).sets

    def list(
        self,
        region: str,
        *,
        set_id: str = "",
        carrier: str = "",
        gas: str = "",
        year: int = 0,
        text: str = "",
    ) -> Sequence[factors_pb2.Factor]:
        """Factors that pass every filter given."""
        request = factors_pb2.ListFactorsRequest(
            region=region, set_id=set_id, carrier=carrier, gas=gas, year=year, text=text
        )
        return self.call(self.stub.ListFactors, request).factors

    def get(self, region: str, factor_id: str) -> factors_pb2.GetFactorResponse:
        """One factor with what it superseded and what superseded it."""
        request = factors_pb2.GetFactorRequest(region=region, factor_id=factor_id)
        return self.call(self.stub.GetFactor, request)
