"""Who calls over gRPC: other systems with sector calls, lists and projections; many who ask the same; a soak's callers.

gRPC must be prepared for gevent before any channel is opened, so this module is imported by locust's process alone.
"""

import random
import time
from collections.abc import Callable
from typing import Any, ClassVar, Final

import grpc
import grpc.experimental.gevent as grpc_gevent
from locust import User, between, constant, task

grpc_gevent.init_gevent()

from dafeng.client import Client  # noqa: E402 after gRPC was prepared
from dafeng.targets.v1 import targets_pb2, targets_pb2_grpc  # noqa: E402
from loadtests import asked, telling  # noqa: E402
from loadtests.records import FAILED, OK  # noqa: E402

DEADLINE_SECONDS: Final = 20.0


class Told:
    """Calls methods and tells locust how each ended; what a service refuses is no failure of the test."""

    def __init__(self, environment: Any, user: str) -> None:
        self._environment, self._user = environment, user

    def call(self, name: str, method: Callable[..., Any], request: Any, *, late_ms: float = 0.0) -> Any:
        """The reply, or None when there was none."""
        started, reply, size = time.monotonic(), None, 0
        outcome, reason = OK, ""
        try:
            reply = method(request, timeout=DEADLINE_SECONDS)
            size = reply.ByteSize()
        except grpc.RpcError as error:
            outcome, reason = telling.of_error(error)
        self.tell(name, started, outcome, reason, size, late_ms)
        return reply

    def tell(
        self, name: str, started: float, outcome: str, reason: str = "", size: int = 0, late_ms: float = 0.0
    ) -> None:
        """Tell locust of a call that has ended."""
        self._environment.events.request.fire(
            request_type="grpc",
            name=name,
            response_time=(time.monotonic() - started) * 1e3,
            response_length=size,
            exception=RuntimeError(reason) if outcome == FAILED else None,
            start_time=started,
            context={"user": self._user, "outcome": outcome, "reason": reason, "late_ms": late_ms},
        )


class GrpcUser(User):
    """A caller with a channel of its own."""

    abstract = True

    def on_start(self) -> None:
        """Open the channel."""
        self.stubs = Client(self.host)
        self.targets = targets_pb2_grpc.TargetServiceStub(self.stubs.channel)
        self.told = Told(self.environment, type(self).__name__)

    def on_stop(self) -> None:
        """Close it."""
        self.stubs.close()

    def split_modes(self) -> None:
        """Markets of its own."""
        self.told.call("SplitModes", self.stubs.transport_stub.SplitModes, asked.mode_split())

    def simulate_zone(self) -> None:
        """A zone of its own."""
        self.told.call("SimulateZone", self.stubs.buildings_stub.SimulateZone, asked.zone())

    def project_few_years(self) -> None:
        """Two years of a scenario that nobody asked for before."""
        self.told.call("Project few years", self.stubs.stub.Project, asked.projection(asked.FEW_YEARS))

    def list_regions(self) -> None:
        """What there is."""
        self.told.call("ListRegions", self.stubs.stub.ListRegions, asked.projection_pb2.ListRegionsRequest())

    def list_levers(self) -> None:
        """Levers with their paths."""
        request = asked.projection_pb2.ListLeversRequest(region=asked.REGION, baseline="planned")
        self.told.call("ListLevers", self.stubs.stub.ListLevers, request)


class OtherSystem(GrpcUser):
    """Another office's system: sector calls, short projections, lists."""

    weight = 3
    wait_time = between(0.05, 0.4)
    tasks: ClassVar = {
        GrpcUser.split_modes: 5,
        GrpcUser.simulate_zone: 2,
        GrpcUser.project_few_years: 2,
        GrpcUser.list_regions: 3,
        GrpcUser.list_levers: 2,
    }

    @task(1)
    def list_targets(self) -> None:
        """Targets as printed."""
        request = targets_pb2.ListTargetsRequest(region=asked.REGION)
        self.told.call("ListTargets", self.targets.ListTargets, request)


class SameQuestion(GrpcUser):
    """Many who open the same page at once: one question a few seconds long, for all of them."""

    weight = 1
    wait_time = between(0.1, 0.5)

    @task
    def ask_the_same(self) -> None:
        """The question of these five seconds."""
        share = 0.1 + (int(time.monotonic()) // 5 % 500) / 1000
        self.told.call(
            "Project the same", self.stubs.stub.Project, asked.projection(asked.FEW_YEARS, share=share)
        )


class Soaking(GrpcUser):
    """A soak's caller: no rest between calls, cheap ones mostly, all kinds of them."""

    weight = 1
    wait_time = constant(0)
    tasks: ClassVar = {
        GrpcUser.list_regions: 40,
        GrpcUser.split_modes: 40,
        GrpcUser.list_levers: 8,
        GrpcUser.simulate_zone: 6,
        GrpcUser.project_few_years: 3,
    }

    @task(2)
    def refused(self) -> None:
        """What is wrong is refused, at no cost that stays."""
        request = asked.projection(share=5.0 + random.random())
        started = time.monotonic()
        try:
            self.stubs.stub.Project(request, timeout=DEADLINE_SECONDS)
            self.told.tell("Project wrong", started, FAILED, "a wrong request was answered")
        except grpc.RpcError as error:
            wrong = error.code() is grpc.StatusCode.INVALID_ARGUMENT
            outcome, reason = (OK, "") if wrong else telling.of_error(error)
            self.told.tell("Project wrong", started, outcome, reason)

    @task(1)
    def new_caller(self) -> None:
        """A caller who comes, asks and leaves: channels must not stay behind."""
        with Client(self.host) as client:
            request = asked.projection_pb2.ListScenariosRequest(region=asked.REGION)
            self.told.call("ListScenarios, new caller", client.stub.ListScenarios, request)
