"""The gateway's own services: one row each; start-up, reflection, HTTP and the API page follow from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dafeng.abatement.v1 import abatement_pb2_grpc
from dafeng.audit.v1 import audit_pb2_grpc
from dafeng.batch.v1 import batch_pb2_grpc
from dafeng.budget.v1 import budget_pb2_grpc
from dafeng.cities.v1 import cities_pb2_grpc
from dafeng.comparison.v1 import comparison_pb2_grpc
from dafeng.cost.v1 import cost_pb2_grpc
from dafeng.factors.v1 import factors_pb2_grpc
from dafeng.identity.v1 import identity_pb2_grpc
from dafeng.projection.v1 import projection_pb2_grpc
from dafeng.release.v1 import release_pb2_grpc
from dafeng.report.v1 import report_pb2_grpc
from dafeng.scenarios.v1 import scenarios_pb2_grpc
from dafeng.solve.v1 import solve_pb2_grpc
from dafeng.targets.v1 import targets_pb2_grpc
from dafeng.trace.v1 import trace_pb2_grpc
from dafeng.warning.v1 import warning_pb2_grpc
from gateway.api.abatement_servicer import AbatementServicer
from gateway.api.audit_servicer import AuditServicer
from gateway.api.batch_servicer import BatchServicer
from gateway.api.budget_servicer import BudgetServicer
from gateway.api.cities_servicer import CityServicer
from gateway.api.comparison_servicer import ComparisonServicer
from gateway.api.cost_servicer import CostServicer
from gateway.api.factors_servicer import FactorServicer
from gateway.api.identity_servicer import IdentityServicer
from gateway.api.release_servicer import PublicReleaseServicer, ReleaseServicer
from gateway.api.report_servicer import ReportServicer
from gateway.api.scenarios_servicer import ScenarioServicer
from gateway.api.servicer import ProjectionServicer
from gateway.api.solve_servicer import SolveServicer
from gateway.api.targets_servicer import TargetServicer
from gateway.api.trace_servicer import TraceServicer
from gateway.api.warning_servicer import WarningServicer
from gateway.jobs.desk import BatchDesk
from gateway.pipeline import Pipeline
from gateway.settings import ServeSettings

Maker = Callable[[Pipeline, BatchDesk | None, ServeSettings], Any]


@dataclass(frozen=True)
class GatewayService:
    """A service of the gateway: full name, how to add it to a server, and how to make its servicer."""

    name: str
    add: Callable[[Any, Any], None]
    make: Maker


def _over(servicer: Callable[[Pipeline], Any]) -> Maker:
    """A servicer that needs the pipeline alone."""
    return lambda pipeline, _desk, _settings: servicer(pipeline)


SERVICES: Final[tuple[GatewayService, ...]] = (
    GatewayService(
        "dafeng.targets.v1.TargetService",
        targets_pb2_grpc.add_TargetServiceServicer_to_server,
        _over(TargetServicer),
    ),
    GatewayService(
        "dafeng.projection.v1.ProjectionService",
        projection_pb2_grpc.add_ProjectionServiceServicer_to_server,
        _over(ProjectionServicer),
    ),
    GatewayService(
        "dafeng.cost.v1.CostService", cost_pb2_grpc.add_CostServiceServicer_to_server, _over(CostServicer)
    ),
    GatewayService(
        "dafeng.report.v1.ReportService",
        report_pb2_grpc.add_ReportServiceServicer_to_server,
        _over(ReportServicer),
    ),
    GatewayService(
        "dafeng.factors.v1.FactorService",
        factors_pb2_grpc.add_FactorServiceServicer_to_server,
        _over(FactorServicer),
    ),
    GatewayService(
        "dafeng.comparison.v1.ComparisonService",
        comparison_pb2_grpc.add_ComparisonServiceServicer_to_server,
        _over(ComparisonServicer),
    ),
    GatewayService(
        "dafeng.solve.v1.SolveService",
        solve_pb2_grpc.add_SolveServiceServicer_to_server,
        _over(SolveServicer),
    ),
    GatewayService(
        "dafeng.abatement.v1.AbatementService",
        abatement_pb2_grpc.add_AbatementServiceServicer_to_server,
        _over(AbatementServicer),
    ),
    GatewayService(
        "dafeng.warning.v1.WarningService",
        warning_pb2_grpc.add_WarningServiceServicer_to_server,
        _over(WarningServicer),
    ),
    GatewayService(
        "dafeng.cities.v1.CityService", cities_pb2_grpc.add_CityServiceServicer_to_server, _over(CityServicer)
    ),
    GatewayService(
        "dafeng.budget.v1.BudgetService",
        budget_pb2_grpc.add_BudgetServiceServicer_to_server,
        _over(BudgetServicer),
    ),
    GatewayService(
        "dafeng.trace.v1.TraceService",
        trace_pb2_grpc.add_TraceServiceServicer_to_server,
        _over(TraceServicer),
    ),
    GatewayService(
        "dafeng.batch.v1.BatchService",
        batch_pb2_grpc.add_BatchServiceServicer_to_server,
        lambda _, desk, _settings: BatchServicer(desk),
    ),
    GatewayService(
        "dafeng.audit.v1.AuditService",
        audit_pb2_grpc.add_AuditServiceServicer_to_server,
        lambda _, desk, __: AuditServicer(desk),
    ),
    GatewayService(
        "dafeng.scenarios.v1.ScenarioService",
        scenarios_pb2_grpc.add_ScenarioServiceServicer_to_server,
        lambda pipeline, desk, _: ScenarioServicer(pipeline, desk),
    ),
    GatewayService(
        "dafeng.identity.v1.IdentityService",
        identity_pb2_grpc.add_IdentityServiceServicer_to_server,
        lambda _, _desk, settings: IdentityServicer(settings),
    ),
    GatewayService(
        "dafeng.release.v1.ReleaseService",
        release_pb2_grpc.add_ReleaseServiceServicer_to_server,
        ReleaseServicer,
    ),
    GatewayService(
        "dafeng.release.v1.PublicReleaseService",
        release_pb2_grpc.add_PublicReleaseServiceServicer_to_server,
        PublicReleaseServicer,
    ),
)
