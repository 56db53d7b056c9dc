"""Client of policy targets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import grpc

from dafeng.calling import Caller, Tell
from dafeng.common.v1 import common_pb2
from dafeng.power.v1 import modes_pb2
from dafeng.targets.v1 import targets_pb2, targets_pb2_grpc


class TargetsClient(Caller):
    """Targets, rules without a number and deferred numbers of policy documents (dafeng.targets.v1)."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self.stub = targets_pb2_grpc.TargetServiceStub(channel)

    def list(self, region: str, place: str = "") -> targets_pb2.ListTargetsResponse:
        """The catalogue of a region, or of one place of it."""
        request = targets_pb2.ListTargetsRequest(region=region, place=place)
        return self.call(self.stub.ListTargets, request)

    def evaluate(
        self,
        region: str,
        baseline: str = "planned",
        settings: Iterable[common_pb2.LeverSetting] = (),
        *,
        entered: Iterable[targets_pb2.EnteredValue] = (),
        tolerances: Mapping[str, float] | None = None,
        anchor: str = "",
        no_assumed_years: bool = False,
        without_projection: bool = False,
        mode: modes_pb2.DispatchMode.ValueType = modes_pb2.DISPATCH_MODE_UNSPECIFIED,
        tell: Tell | None = None,
        **frame: Any,
    ) -> targets_pb2.TargetReport:
        """Answer every target from a scenario, the observations and what is entered.

        `frame` takes last_year, weather_year and as_of_year; without a projection the scenario is not used.
        """
        years = {"first_year": 2020, "last_year": 2060, "weather_year": "normal", **frame}
        request = targets_pb2.EvaluateTargetsRequest(
            frame=common_pb2.Frame(region=region, **years),
            mode=mode,
            entered=entered,
            tolerances=[
                targets_pb2.OwnTolerance(target_id=k, tolerance=v) for k, v in (tolerances or {}).items()
            ],
            anchor=anchor,
            no_assumed_years=no_assumed_years,
            without_projection=without_projection,
        )
        if not without_projection:
            scenario = common_pb2.Scenario(name=baseline, baseline=baseline, settings=settings)
            request.scenario.CopyFrom(scenario)
        report: targets_pb2.TargetReport = self.follow(self.stub.EvaluateTargets, request, tell)
        return report

    def conflicts(self, region: str, as_of_year: int = 0) -> targets_pb2.ListConflictsResponse:
        """Where the documents of a region disagree, repeat each other, or have been overtaken."""
        request = targets_pb2.ListConflictsRequest(region=region, as_of_year=as_of_year)
        return self.call(self.stub.ListConflicts, request)


def entered(rows: Sequence[Mapping[str, str]]) -> list[targets_pb2.EnteredValue]:
    """Values entered from rows of text by field name; ValueError when a year or a value is not a number."""
    made = []
    for row in rows:
        one = targets_pb2.EnteredValue(year=int(row["year"]))
        for name in ("item_id", "place", "source", "office", "date", "status", "role"):
            setattr(one, name, row.get(name, "").strip())
        if row.get("value", "").strip():
            one.value = float(row["value"])
        made.append(one)
    return made
