"""Messages <-> the stages of abatement and synergy, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.abatement.v1 import abatement_pb2, abatement_pb2_grpc
from gateway.abatement.stage import abatement_curve
from gateway.api.streaming import streamed
from gateway.pipeline import Pipeline
from gateway.synergy.stage import synergy
from services.runtime.convert import to_plain


class AbatementServicer(abatement_pb2_grpc.AbatementServiceServicer):
    """Answers dafeng.abatement.v1.AbatementService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def DrawAbatementCurve(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The abatement-cost curve of a package."""
        parts = abatement_curve(self._pipeline, to_plain(request))
        async for message in streamed(abatement_pb2.DrawAbatementCurveResponse, parts):
            yield message

    async def AssessSynergy(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Pollution and carbon together."""
        parts = synergy(self._pipeline, to_plain(request))
        async for message in streamed(abatement_pb2.AssessSynergyResponse, parts):
            yield message
