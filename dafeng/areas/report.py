"""Reports: the carbon peak, the peak load, our totals beside others'."""

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

    def reconcile(self, region: str, tell: Tell | None = None) -> report_pb2.Reconciliation:
        """Our base year beside an inventory, step by step, and our carbon peaks beside published studies."""
        request = report_pb2.ReconcileRequest(region=region)
        result: report_pb2.Reconciliation = self.follow(self._stub.Reconcile, request, tell)
        return result
