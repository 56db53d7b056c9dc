"""Messages <-> the reports, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.report.v1 import report_pb2, report_pb2_grpc
from gateway.api.streaming import streamed
from gateway.pipeline import Pipeline
from gateway.report.carbon_peak import carbon_peak_report
from gateway.report.doors import EnergyFlowDoor, HoursDoor, PeakLoadDoor, open_dated
from gateway.report.energy_flow import energy_flow_report
from gateway.report.hours import hours_report
from gateway.report.peak_load import peak_load_report
from gateway.report.reconcile import reconciliation
from gateway.report.workbook.stage import exported
from gateway.resolve import open_request
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.runtime.convert import enum_field, to_message, to_plain


class ReportServicer(report_pb2_grpc.ReportServiceServicer):
    """Answers dafeng.report.v1.ReportService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ReportCarbonPeak(self, request: Any, context: Any) -> Any:
        """The carbon peak of one scenario."""
        (projection,) = await self._pipeline.project(
            to_plain(request.frame),
            {"scenario": to_plain(request.scenario)},
            enum_field(request, "mode", DispatchMode),
        )
        region = load_region(request.frame.region, request.frame.as_of_year)
        reply = report_pb2.ReportCarbonPeakResponse()
        to_message(carbon_peak_report(region, projection), reply.report)
        return reply

    async def ReportPeakLoad(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The peak load in several weather years."""
        raw = to_plain(request)
        frame, (scenario,), door = await open_request(
            self._pipeline.calls, raw, {"scenario": raw.get("scenario") or {}}, PeakLoadDoor
        )
        parts = peak_load_report(
            self._pipeline.runs, frame, scenario, door.chosen_years(frame), door.chosen_weather(), door.mode
        )
        async for message in streamed(report_pb2.ReportPeakLoadResponse, parts):
            yield message

    async def ReportHours(self, request: Any, context: Any) -> Any:
        """The hours of one year."""
        frame, scenario, door = await open_dated(self._pipeline.calls, to_plain(request), HoursDoor)
        report = await hours_report(
            self._pipeline.runs, frame, scenario, door.year, door.days, door.mode, with_map=door.with_map
        )
        reply = report_pb2.ReportHoursResponse()
        to_message(report, reply.report)
        return reply

    async def ReportEnergyFlow(self, request: Any, context: Any) -> Any:
        """Where energy comes from and goes to."""
        frame, scenario, door = await open_dated(self._pipeline.calls, to_plain(request), EnergyFlowDoor)
        flow = await energy_flow_report(
            self._pipeline.runs, frame, scenario, door.chosen_years(frame), door.mode
        )
        return to_message(flow, report_pb2.ReportEnergyFlowResponse())

    async def ExportProjection(self, request: Any, context: Any) -> Any:
        """One scenario as an Excel workbook."""
        raw = to_plain(request)
        file = await exported(self._pipeline, raw)
        return to_message(file, report_pb2.ExportProjectionResponse())

    async def Reconcile(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Our totals beside others'."""
        parts = reconciliation(self._pipeline, request.region)
        async for message in streamed(report_pb2.ReconcileResponse, parts):
            yield message
