"""Messages <-> the factor library, nothing else."""

from typing import Any

from dafeng.factors.v1 import factors_pb2, factors_pb2_grpc
from gateway.factors.library import (
    FactorDoor,
    FactorsDoor,
    FactorSetsDoor,
    get_factor,
    list_factor_sets,
    list_factors,
)
from gateway.pipeline import Pipeline
from services.common.door import open_door
from services.runtime.convert import to_message, to_plain


class FactorServicer(factors_pb2_grpc.FactorServiceServicer):
    """Answers dafeng.factors.v1.FactorService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ListFactorSets(self, request: Any, context: Any) -> Any:
        """Sets of a region."""
        found = list_factor_sets(open_door(FactorSetsDoor, to_plain(request)))
        return to_message(found, factors_pb2.ListFactorSetsResponse())

    async def ListFactors(self, request: Any, context: Any) -> Any:
        """Factors that pass the filters."""
        found = list_factors(open_door(FactorsDoor, to_plain(request)))
        return to_message(found, factors_pb2.ListFactorsResponse())

    async def GetFactor(self, request: Any, context: Any) -> Any:
        """One factor and its history."""
        found = get_factor(open_door(FactorDoor, to_plain(request)))
        return to_message(found, factors_pb2.GetFactorResponse())
