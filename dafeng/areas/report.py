"""Reports: the carbon peak, the peak load, hours of a year, the energy flow, our totals beside others'."""

from collections.abc import Iterable

import grpc

from dafeng.calling import Caller, Tell
from dafeng.common.v1 import common_pb2
from dafeng.report.v1 import report_pb2, report_pb2_grpc


class ReportClient(Caller):
    """Calls dafeng.report.v1.ReportService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = report_pb2_grpc.ReportServiceStub(channel)

    def carbon_peak(
        self, frame: common_pb2.Frame, scenario: common_pb2.Scenario
    ) -> report_pb2.CarbonPeakReport:
        """The carbon peak in every boundary: plateau, fall, who sets it, what drives it, intensities and shares."""
        request = report_pb2.ReportCarbonPeakRequest(frame=frame, scenario=scenario)
        return self.call(self._stub.ReportCarbonPeak, request).report

    def peak_load(
        self,
        frame: common_pb2.Frame,
        scenario: common_pb2.Scenario,
        years: Iterable[int] = (),
        weather_years: Iterable[str] = (),
        tell: Tell | None = None,
    ) -> report_pb2.PeakLoadReport:
        """The peak load in several weather years: hours, causes, growth, what would serve it."""
        request = report_pb2.ReportPeakLoadRequest(
            frame=frame, scenario=scenario, years=years, weather_years=weather_years
        )
        result: report_pb2.PeakLoadReport = self.follow(self._stub.ReportPeakLoad, request, tell)
        return result

    def hours(
        self,
        frame: common_pb2.Frame,
        scenario: common_pb2.Scenario,
        year: int,
        days: Iterable[int] = (),
        *,
        with_map: bool = False,
    ) -> report_pb2.HoursReport:
        """Hours of a year: duration curves, days (0 to 364; none: those of the peaks) by cause and source, maps."""
        request = report_pb2.ReportHoursRequest(
            frame=frame, scenario=scenario, year=year, days=days, with_map=with_map
        )
        return self.call(self._stub.ReportHours, request).report

    def energy_flow(
        self, frame: common_pb2.Frame, scenario: common_pb2.Scenario, years: Iterable[int] = ()
    ) -> report_pb2.ReportEnergyFlowResponse:
        """Where energy comes from and goes to, GJ: carriers, conversion, what is delivered, who uses it."""
        request = report_pb2.ReportEnergyFlowRequest(frame=frame, scenario=scenario, years=years)
        return self.call(self._stub.ReportEnergyFlow, request)

    def export(
        self, frame: common_pb2.Frame, scenario: common_pb2.Scenario, language: str = "zh"
    ) -> report_pb2.ExportProjectionResponse:
        """A whole projection as an Excel workbook, in Chinese ("zh") or English ("en")."""
        request = report_pb2.ExportProjectionRequest(frame=frame, scenario=scenario, language=language)
        return self.call(self._stub.ExportProjection, request)

    def reconcile(self, region: str, tell: Tell | None = None) -> report_pb2.Reconciliation:
        """Our base year beside an inventory, step by step, and our carbon peaks beside published studies."""
        request = report_pb2.ReconcileRequest(region=region)
        result: report_pb2.Reconciliation = self.follow(self._stub.Reconcile, request, tell)
        return result
