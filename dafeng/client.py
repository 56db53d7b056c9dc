"""A small typed client of the projection and of the sectors' own services, for other systems.

Needs grpcio and protobuf only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import grpc

from dafeng.areas.abatement import AbatementClient
from dafeng.areas.audit import AuditClient
from dafeng.areas.batch import BatchClient
from dafeng.areas.budget import BudgetClient
from dafeng.areas.cities import CitiesClient
from dafeng.areas.comparison import ComparisonClient
from dafeng.areas.cost import CostClient
from dafeng.areas.factors import FactorsClient
from dafeng.areas.identity import IdentityClient
from dafeng.areas.release import ReleaseClient
from dafeng.areas.report import ReportClient
from dafeng.areas.scenarios import ScenarioClient
from dafeng.areas.solve import SolveClient
from dafeng.areas.targets import TargetsClient
from dafeng.areas.trace import TraceClient
from dafeng.areas.warning import WarningClient
from dafeng.buildings.v1 import buildings_pb2, buildings_pb2_grpc, rooftop_pb2, zone_pb2
from dafeng.calling import (
    MAX_STATUS_BYTES,
    METADATA,
    Caller,
    InvalidInputError,
    NotAllowedError,
    NotReadyError,
    NotSignedInError,
    ServiceError,
    Violation,
    error_of,
)
from dafeng.common.v1 import common_pb2
from dafeng.opening import Metadata, open_channel
from dafeng.power.v1 import adequacy_pb2, dispatch_pb2, modes_pb2, power_pb2_grpc
from dafeng.projection.v1 import projection_pb2, projection_pb2_grpc
from dafeng.transport.v1 import charging_pb2, fleet_pb2, transport_pb2, transport_pb2_grpc
from dafeng.transport.v1 import modes_pb2 as transport_modes_pb2

_MAX_MESSAGE_BYTES = 16 * 1024 * 1024
# A dispatch whose request or reply is larger goes by DispatchStream: half of what one message may be.
_STREAM_ABOVE_BYTES = _MAX_MESSAGE_BYTES // 2
_VALUE_BYTES = 8


class Client(Caller):
    """Calls the gateway at "host:port" or "unix:/path". Use as a context manager.

    Every method raises ServiceError or one of its kinds: InvalidInputError, NotReadyError, NotSignedInError,
    NotAllowedError. Replies are the messages of
    `dafeng.projection.v1` and, for a fleet, a zone or roofs of your own, those of `dafeng.power.v1` and
    `dafeng.buildings.v1`; their comments state units and axes.
    """

    def __init__(
        self,
        address: str = "127.0.0.1:50050",
        *,
        timeout_seconds: float = 60.0,
        token: str | Callable[[], str] = "",
        metadata: Metadata = (),
        roots: str | Path = "",
        certificate: str | Path = "",
        key: str | Path = "",
        encrypted: bool = False,
    ) -> None:
        """`token` says who calls (a function is asked at each call); so does a `certificate` with its `key`.

        TLS is used with `encrypted`, or when `roots` (PEM; none: the system's) or a certificate are given. `metadata`
        goes with every call.
        """
        channel = open_channel(
            address,
            [
                ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
                ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
                ("grpc.max_metadata_size", 2 * MAX_STATUS_BYTES),
                ("grpc.absolute_max_metadata_size", 2 * MAX_STATUS_BYTES),
            ],
            token=token,
            metadata=metadata,
            roots=roots,
            certificate=certificate,
            key=key,
            encrypted=encrypted,
        )
        super().__init__(channel, timeout_seconds)
        self.solving = SolveClient(self.channel, timeout_seconds)
        self.reports = ReportClient(channel, timeout_seconds)
        self.stub = projection_pb2_grpc.ProjectionServiceStub(self.channel)
        self.power_stub = power_pb2_grpc.PowerServiceStub(self.channel)
        self.buildings_stub = buildings_pb2_grpc.BuildingsServiceStub(self.channel)
        self.transport_stub = transport_pb2_grpc.TransportServiceStub(self.channel)
        self.budget = BudgetClient(channel, timeout_seconds)
        self.cities = CitiesClient(channel, timeout_seconds)
        self.abatement = AbatementClient(self.channel, timeout_seconds)
        self.comparison = ComparisonClient(self.channel, timeout_seconds)
        self.costs = CostClient(channel, timeout_seconds)
        self.factors = FactorsClient(channel, timeout_seconds)
        self.trace = TraceClient(channel, timeout_seconds)
        self.targets = TargetsClient(self.channel, timeout_seconds)
        self.warnings = WarningClient(channel, timeout_seconds)
        self.audit = AuditClient(channel, timeout_seconds)
        self.batches = BatchClient(channel, timeout_seconds)
        self.identity = IdentityClient(channel, timeout_seconds)
        self.releases = ReleaseClient(channel, timeout_seconds)
        self.kept_scenarios = ScenarioClient(channel, timeout_seconds)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the channel."""
        self.channel.close()

    def regions(self) -> Sequence[projection_pb2.RegionEntry]:
        """Regions that have data, with their cities."""
        return self.call(self.stub.ListRegions, projection_pb2.ListRegionsRequest()).regions

    def scenarios(self, region: str) -> Sequence[projection_pb2.BaselineEntry]:
        """Baselines of a region."""
        request = projection_pb2.ListScenariosRequest(region=region)
        return self.call(self.stub.ListScenarios, request).baselines

    def levers(self, region: str, baseline: str = "planned") -> Sequence[projection_pb2.LeverEntry]:
        """Every lever with its bounds and its path in a baseline."""
        request = projection_pb2.ListLeversRequest(region=region, baseline=baseline)
        return self.call(self.stub.ListLevers, request).levers

    def project(
        self,
        region: str,
        baseline: str = "planned",
        settings: Iterable[common_pb2.LeverSetting] = (),
        *,
        name: str = "",
        first_year: int = 2020,
        last_year: int = 2060,
        weather_year: str = "normal",
        as_of_year: int = 0,
        mode: modes_pb2.DispatchMode.ValueType = modes_pb2.DISPATCH_MODE_UNSPECIFIED,
        with_city_metrics: bool = False,
        factor_set: str = "",
        years: Iterable[int] = (),
        only: projection_pb2.ProjectionChoice | None = None,
    ) -> projection_pb2.Projection:
        """Project one scenario: a baseline with changes (see `setting`).

        `factor_set` names the emission factors (see `factors.sets`); empty takes those in force, and the reply's frame
        says which they were. With `years` these (and 2020) are projected alone, the same values in less time; with
        `only` the reply holds the fields and metrics named.
        """
        request = projection_pb2.ProjectRequest(
            frame=common_pb2.Frame(
                region=region,
                first_year=first_year,
                last_year=last_year,
                weather_year=weather_year,
                as_of_year=as_of_year,
                factor_set=factor_set,
            ),
            scenario=common_pb2.Scenario(name=name, baseline=baseline, settings=settings),
            mode=mode,
            with_city_metrics=with_city_metrics,
            years=years,
            only=only,
        )
        return self.call(self.stub.Project, request).projection

    def compare(
        self,
        region: str,
        scenarios: Iterable[common_pb2.Scenario],
        *,
        first_year: int = 2020,
        last_year: int = 2060,
        weather_year: str = "normal",
    ) -> Sequence[projection_pb2.ComparedScenario]:
        """Headlines of 2 to 8 scenarios beside the first."""
        request = projection_pb2.CompareRequest(
            frame=common_pb2.Frame(
                region=region, first_year=first_year, last_year=last_year, weather_year=weather_year
            ),
            scenarios=scenarios,
        )
        return self.call(self.stub.Compare, request).scenarios

    def check_base(self, region: str) -> projection_pb2.CheckBaseResponse:
        """The base year beside statistics, and the calibration factors."""
        return self.call(self.stub.CheckBase, projection_pb2.CheckBaseRequest(region=region))

    def check_hindcast(
        self, region: str, as_of_year: int = 2020, last_year: int = 2025, baseline: str = "planned"
    ) -> projection_pb2.CheckHindcastResponse:
        """Years up to last_year, projected with what was known in as_of_year, beside what was observed."""
        request = projection_pb2.CheckHindcastRequest(
            region=region, as_of_year=as_of_year, last_year=last_year, baseline=baseline
        )
        return self.call(self.stub.CheckHindcast, request)

    def dispatch(
        self,
        instance: dispatch_pb2.DispatchInstance,
        *,
        mode: modes_pb2.DispatchMode.ValueType = modes_pb2.DISPATCH_MODE_UNSPECIFIED,
        with_steps: bool = False,
        gap_tolerance_share: float | None = None,
    ) -> dispatch_pb2.DispatchResult:
        """The least-cost schedule of a fleet of your own, with a certified lower bound on its cost.

        Accurate unless `mode` says fast; `with_steps` adds the series of every step; above `gap_tolerance_share` (the
        service's default when None) a slower method takes over. Large instances and results are streamed by itself.
        """
        request = dispatch_pb2.DispatchRequest(
            mode=mode, with_steps=with_steps, gap_tolerance_share=gap_tolerance_share
        )
        request.instance.CopyFrom(instance)
        if max(request.ByteSize(), _reply_bytes(request)) <= _STREAM_ABOVE_BYTES:
            return self.call(self.power_stub.Dispatch, request).result
        request.instance.ClearField("series")
        result = dispatch_pb2.DispatchResult()
        try:
            parts = _stream_parts(request, instance.series)
            call = self.power_stub.DispatchStream(parts, timeout=self.timeout_seconds, metadata=METADATA)
            for part in call:
                if part.WhichOneof("part") == "result":
                    result.MergeFrom(part.result)
                else:
                    result.series.append(part.series)
        except grpc.RpcError as error:
            raise error_of(error) from None
        return result

    def assess_adequacy(
        self, request: adequacy_pb2.AssessAdequacyRequest
    ) -> adequacy_pb2.AssessAdequacyResponse:
        """Risk of a fleet of your own with forced outages, capacity credits, and the capacity lacking."""
        return self.call(self.power_stub.AssessAdequacy, request)

    def project_stock(
        self,
        region: str,
        baseline: str = "planned",
        settings: Iterable[common_pb2.LeverSetting] = (),
        *,
        first_year: int = 2020,
        last_year: int = 2060,
    ) -> buildings_pb2.ProjectStockResponse:
        """Floor area by building type, standard, retrofit and vintage, with completions and demolition."""
        request = buildings_pb2.ProjectStockRequest(
            frame=common_pb2.Frame(region=region, first_year=first_year, last_year=last_year),
            scenario=common_pb2.Scenario(baseline=baseline, settings=settings),
        )
        return self.call(self.buildings_stub.ProjectStock, request)

    def simulate_zone(self, request: zone_pb2.SimulateZoneRequest) -> zone_pb2.SimulateZoneResponse:
        """The hourly heat balance of a zone of your own in a city's weather, your EPW file or your hours."""
        return self.call(self.buildings_stub.SimulateZone, request)

    def estimate_rooftop_pv(
        self, request: rooftop_pb2.EstimateRooftopPvRequest
    ) -> rooftop_pb2.EstimateRooftopPvResponse:
        """Capacity, output and own use of PV on roofs of your own."""
        return self.call(self.buildings_stub.EstimateRooftopPv, request)

    def project_fleet(self, fleet: fleet_pb2.OwnFleet) -> fleet_pb2.OwnFleetProjection:
        """Stock, sales, scrappage, energy, CO2 and pollutants of a fleet of your own by model year."""
        request = transport_pb2.ProjectFleetRequest(fleet=fleet)
        return self.call(self.transport_stub.ProjectFleet, request).own_fleet

    def project_region_fleet(
        self,
        region: str,
        baseline: str = "planned",
        settings: Iterable[common_pb2.LeverSetting] = (),
        *,
        first_year: int = 2020,
        last_year: int = 2060,
    ) -> transport_pb2.ProjectFleetResponse:
        """A region's fleet by class, powertrain and emission standard, with sales, scrappage and distance."""
        request = transport_pb2.ProjectFleetRequest(
            frame=common_pb2.Frame(region=region, first_year=first_year, last_year=last_year),
            scenario=common_pb2.Scenario(baseline=baseline, settings=settings),
        )
        return self.call(self.transport_stub.ProjectFleet, request)

    def charging_profile(
        self, request: charging_pb2.ChargingProfileRequest
    ) -> charging_pb2.ChargingProfileResponse:
        """Hourly charging of vehicles of your own by place, uncontrolled and controlled."""
        return self.call(self.transport_stub.ChargingProfile, request)

    def split_modes(
        self, request: transport_modes_pb2.SplitModesRequest
    ) -> transport_modes_pb2.SplitModesResponse:
        """Freight and passenger markets of your own split between modes, before and after changes."""
        return self.call(self.transport_stub.SplitModes, request)


def setting(lever_id: str, points: dict[int, float] | float, place: str = "") -> common_pb2.LeverSetting:
    """A lever's setting: {year: value, ...} for a path, one number for a constant."""
    if isinstance(points, dict):
        years = sorted(points)
        values = [points[y] for y in years]
        return common_pb2.LeverSetting(lever_id=lever_id, place=place, years=years, values=values)
    return common_pb2.LeverSetting(lever_id=lever_id, place=place, values=[points])


def _stream_parts(
    head: dispatch_pb2.DispatchRequest, series: Iterable[dispatch_pb2.StepSeries]
) -> Iterator[dispatch_pb2.DispatchStreamRequest]:
    yield dispatch_pb2.DispatchStreamRequest(request=head)
    for item in series:
        yield dispatch_pb2.DispatchStreamRequest(series=item)


def _reply_bytes(request: dispatch_pb2.DispatchRequest) -> int:
    """Size of the series of steps: output (and what is online) of units, three series a store, four of the whole."""
    if not request.with_steps:
        return 0
    i = request.instance
    units = 2 * len(i.generators) + len(i.lines)
    series = units + 3 * (len(i.storages) + len(i.flexible_loads)) + 4
    return _VALUE_BYTES * series * len(i.load_mw)


__all__ = [
    "Client",
    "InvalidInputError",
    "NotAllowedError",
    "NotReadyError",
    "NotSignedInError",
    "ServiceError",
    "Violation",
    "setting",
]
