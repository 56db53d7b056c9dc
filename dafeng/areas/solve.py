"""Solving: settings of levers that meet goals, and fronts of two objectives."""

import grpc

from dafeng.calling import Caller, Tell
from dafeng.solve.v1 import solve_pb2, solve_pb2_grpc


class SolveClient(Caller):
    """Calls dafeng.solve.v1.SolveService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = solve_pb2_grpc.SolveServiceStub(channel)

    def solve(self, request: solve_pb2.SolveRequest, tell: Tell | None = None) -> solve_pb2.SolveResult:
        """The least change that meets the goals; else the nearest point and the goals in conflict."""
        result: solve_pb2.SolveResult = self._patient(request.time_limit_seconds).follow(
            self._stub.Solve, request, tell
        )
        return result

    def trade_off(
        self, request: solve_pb2.TradeOffRequest, tell: Tell | None = None
    ) -> solve_pb2.TradeOffResult:
        """Efficient points between two objectives."""
        result: solve_pb2.TradeOffResult = self._patient(request.time_limit_seconds).follow(
            self._stub.TradeOff, request, tell
        )
        return result

    def _patient(self, limit_seconds: float) -> Caller:
        """A caller that waits longer than the search may take: its answer comes after the limit, with a check."""
        return Caller(
            self.channel, max(self.timeout_seconds, 2 * (limit_seconds or _LIMIT_SECONDS) + _CHECK_SECONDS)
        )


_LIMIT_SECONDS = 60.0
_CHECK_SECONDS = 60.0


def knob(
    lever_id: str,
    year: int = 0,
    low: float | None = None,
    high: float | None = None,
    *,
    place: str = "",
    weight: float | None = None,
    locked: bool = False,
) -> solve_pb2.Knob:
    """A lever that may be moved at a year (0 for a constant)."""
    return solve_pb2.Knob(
        lever_id=lever_id, year=year, low=low, high=high, place=place, weight=weight, locked=locked
    )


def target_goal(target_id: str, safety_margin: float = 0.0) -> solve_pb2.Goal:
    """A policy target as a goal."""
    return solve_pb2.Goal(target_id=target_id, safety_margin=safety_margin)


def metric_goal(
    metric_id: str, year: int, *, at_most: float | None = None, at_least: float | None = None, place: str = ""
) -> solve_pb2.Goal:
    """A number for a metric in a year: give either at_most or at_least."""
    sense = solve_pb2.GOAL_SENSE_AT_MOST if at_least is None else solve_pb2.GOAL_SENSE_AT_LEAST
    number = at_most if at_least is None else at_least
    return solve_pb2.Goal(metric_id=metric_id, year=year, place=place, sense=sense, number=number)
