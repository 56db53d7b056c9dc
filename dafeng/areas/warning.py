"""Early warning: how targets stand, how likely they are missed, and how well warnings of past years did."""

from collections.abc import Iterable, Sequence

import grpc

from dafeng.calling import Caller, Tell
from dafeng.common.v1 import common_pb2
from dafeng.warning.v1 import warning_pb2, warning_pb2_grpc

# An ensemble takes minutes where other calls take seconds.
LEAST_TIMEOUT_SECONDS = 3600.0


class WarningClient(Caller):
    """Calls dafeng.warning.v1.WarningService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, max(timeout_seconds, LEAST_TIMEOUT_SECONDS))
        self._stub = warning_pb2_grpc.WarningServiceStub(channel)

    def rule_sets(self, region: str) -> Sequence[warning_pb2.WarningRuleSet]:
        """The rule sets of a region, the default first."""
        request = warning_pb2.ListRuleSetsRequest(region=region)
        return self.call(self._stub.ListRuleSets, request).rule_sets

    def assess(
        self, request: warning_pb2.AssessWarningRequest, tell: Tell | None = None
    ) -> warning_pb2.WarningAssessment:
        """How every target stands."""
        result: warning_pb2.WarningAssessment = self.follow(self._stub.AssessWarning, request, tell)
        return result

    def backtest(
        self, request: warning_pb2.BacktestRequest, tell: Tell | None = None
    ) -> warning_pb2.BacktestResult:
        """Warnings of past years beside what came."""
        result: warning_pb2.BacktestResult = self.follow(self._stub.Backtest, request, tell)
        return result


def request_of(
    region: str,
    baseline: str = "planned",
    settings: Iterable[common_pb2.LeverSetting] = (),
    *,
    target_ids: Iterable[str] = (),
    rule_set_id: str = "",
    as_of_year: int = 0,
) -> warning_pb2.AssessWarningRequest:
    """A plain request of AssessWarning; its other fields may be set afterwards."""
    return warning_pb2.AssessWarningRequest(
        frame=common_pb2.Frame(region=region, as_of_year=as_of_year),
        scenario=common_pb2.Scenario(baseline=baseline, settings=settings),
        target_ids=target_ids,
        rule_set_id=rule_set_id,
    )
