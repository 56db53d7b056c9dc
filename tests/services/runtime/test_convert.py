"""Messages and domain models agree, field by field, and survive the wire bit by bit."""

from dataclasses import is_dataclass

import numpy as np
import pytest
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pydantic import BaseModel

from dafeng.abatement.v1 import abatement_pb2
from dafeng.audit.v1 import audit_pb2
from dafeng.batch.v1 import batch_pb2
from dafeng.budget.v1 import budget_pb2
from dafeng.buildings.v1 import buildings_pb2, rooftop_pb2, weather_pb2, zone_pb2
from dafeng.cities.v1 import cities_pb2
from dafeng.common.v1 import common_pb2
from dafeng.comparison.v1 import comparison_pb2
from dafeng.cost.v1 import cost_pb2
from dafeng.factors.v1 import factors_pb2
from dafeng.industry.v1 import industry_pb2
from dafeng.power.v1 import adequacy_pb2, dispatch_pb2, power_pb2
from dafeng.projection.v1 import projection_pb2
from dafeng.release.v1 import release_pb2
from dafeng.report.v1 import report_pb2
from dafeng.scenarios.v1 import scenarios_pb2
from dafeng.sector.v1 import sector_pb2
from dafeng.solve.v1 import solve_pb2
from dafeng.targets.v1 import targets_pb2
from dafeng.trace.v1 import trace_pb2
from dafeng.transport.v1 import charging_pb2, fleet_pb2, modes_pb2, transport_pb2
from dafeng.warning.v1 import warning_pb2
from gateway import chosen, results
from gateway.abatement import results as abatement_results
from gateway.audit import words as audit
from gateway.budget import doors as budget_doors
from gateway.budget import results as budget
from gateway.cities import doors as city_doors
from gateway.cities import results as cities
from gateway.compare import coalitions as compare_coalitions
from gateway.compare import doors as compare_doors
from gateway.compare import results as compare_results
from gateway.cost import results as costs
from gateway.ensemble import described
from gateway.ensemble import doors as design_doors
from gateway.factors import results as factors
from gateway.jobs import answers as batch_answers
from gateway.jobs import doors as batch_doors
from gateway.jobs import results as batch_results
from gateway.jobs import words as batch_words
from gateway.release import words as releases
from gateway.report import results as reports
from gateway.scenarios import words as kept
from gateway.solve import doors as solve_doors
from gateway.solve import results as solved
from gateway.synergy import results as synergy_results
from gateway.targets import doors as target_doors
from gateway.targets import results as target_results
from gateway.trace import results as traces
from gateway.warning import doors as warning_doors
from gateway.warning import results as warnings
from services.buildings import stock_view as buildings
from services.buildings.climate import doors as weather
from services.buildings.roofs import doors as roof_doors
from services.buildings.roofs import result as roofs
from services.buildings.zone import doors as zone_doors
from services.buildings.zone import result as zone
from services.common import outcome, power_outcome, recording, scenario, words
from services.common.errors import DomainError
from services.industry import model as industry
from services.power.adequacy import case as adequacy
from services.power.instance import result as dispatched
from services.power.instance import words as instance
from services.runtime.convert import enum_field, enum_prefix, from_message, plan_of, to_message
from services.runtime.overload import quotas as overload_quotas
from services.transport import region_fleet as transport
from services.transport.charging import doors as charging_doors
from services.transport.charging import result as charging
from services.transport.fleet import doors as fleet_doors
from services.transport.fleet import result as fleets
from services.transport.modes import doors as mode_doors
from services.transport.modes import passenger_doors, passenger_result
from services.transport.modes import result as mode_result

PAIRS = [
    (chosen.ProjectionChoice, projection_pb2.ProjectionChoice),
    (solve_doors.KnobDoor, solve_pb2.Knob),
    (solve_doors.GoalDoor, solve_pb2.Goal),
    (solve_doors.AxisDoor, solve_pb2.Axis),
    (solved.KnobResult, solve_pb2.KnobResult),
    (solved.GoalResult, solve_pb2.GoalResult),
    (solved.Witness, solve_pb2.Witness),
    (solved.Conflict, solve_pb2.Conflict),
    (solved.SolveSetting, solve_pb2.SolveSetting),
    (solved.SolveResult, solve_pb2.SolveResult),
    (solved.FrontAxis, solve_pb2.FrontAxis),
    (solved.FrontEntry, solve_pb2.FrontEntry),
    (solved.TradeOffResult, solve_pb2.TradeOffResult),
    (traces.TraceNode, trace_pb2.TraceNode),
    (traces.TraceEdge, trace_pb2.TraceEdge),
    (traces.GradeShare, trace_pb2.GradeShare),
    (traces.Influence, trace_pb2.Influence),
    (traces.RunManifest, trace_pb2.RunManifest),
    (traces.Trace, trace_pb2.Trace),
    (factors.SetFactor, factors_pb2.SetFactor),
    (factors.FactorSetEntry, factors_pb2.FactorSet),
    (factors.FactorUncertainty, factors_pb2.FactorUncertainty),
    (factors.Factor, factors_pb2.Factor),
    (costs.CostPart, cost_pb2.CostPart),
    (costs.PollutantSeries, cost_pb2.PollutantSeries),
    (costs.ScenarioCost, cost_pb2.ScenarioCost),
    (costs.CostReport, cost_pb2.CostReport),
    (kept.SavedScenario, scenarios_pb2.SavedScenario),
    (releases.ReleaseStep, release_pb2.ReleaseStep),
    (releases.ReleaseSource, release_pb2.ReleaseSource),
    (releases.ReleaseTarget, release_pb2.ReleaseTarget),
    (releases.ReleaseGrade, release_pb2.ReleaseGrade),
    (releases.ReleaseManifest, release_pb2.ReleaseManifest),
    (audit.AuditEntry, audit_pb2.AuditEntry),
    (audit.AuditFault, audit_pb2.AuditFault),
    (words.Label, common_pb2.Label),
    (words.Provenance, common_pb2.Provenance),
    (words.Lever, common_pb2.Lever),
    (words.LoadShape, common_pb2.LoadShape),
    (words.Metric, common_pb2.Metric),
    (words.Place, common_pb2.Place),
    (words.Revision, common_pb2.Revision),
    (words.Progress, common_pb2.Progress),
    (scenario.LeverSetting, common_pb2.LeverSetting),
    (scenario.Scenario, common_pb2.Scenario),
    (scenario.Frame, common_pb2.Frame),
    (recording.Read, sector_pb2.Read),
    (outcome.UpstreamSeries, sector_pb2.UpstreamSeries),
    (outcome.ElectricityUse, sector_pb2.ElectricityUse),
    (outcome.FuelUse, sector_pb2.FuelUse),
    (outcome.ProcessEmission, sector_pb2.ProcessEmission),
    (outcome.HeatSupply, sector_pb2.HeatSupply),
    (outcome.OnSiteGeneration, sector_pb2.OnSiteGeneration),
    (outcome.FlexibleLoad, sector_pb2.FlexibleLoad),
    (outcome.Indicator, sector_pb2.Indicator),
    (outcome.Outcome, sector_pb2.Outcome),
    (power_outcome.LoadComponent, power_pb2.LoadComponent),
    (power_outcome.OnSiteSupply, power_pb2.OnSiteSupply),
    (power_outcome.ChpHeat, power_pb2.ChpHeat),
    (power_outcome.FlexibleDemand, power_pb2.FlexibleDemand),
    (power_outcome.Technology, power_pb2.Technology),
    (power_outcome.Store, power_pb2.Store),
    (power_outcome.PeakDay, power_pb2.PeakDay),
    (power_outcome.HoursChoice, power_pb2.HoursChoice),
    (power_outcome.YearHours, power_pb2.YearHours),
    (power_outcome.SystemCost, power_pb2.SystemCost),
    (power_outcome.GridFactorCheck, power_pb2.GridFactorCheck),
    (power_outcome.MarginalFactors, power_pb2.MarginalFactors),
    (power_outcome.PowerIndicator, power_pb2.PowerIndicator),
    (power_outcome.PlausibilityWarning, power_pb2.PlausibilityWarning),
    (power_outcome.PowerOutcome, power_pb2.Outcome),
    (adequacy.AdequacyUnit, adequacy_pb2.AdequacyUnit),
    (adequacy.AdequacyResource, adequacy_pb2.AdequacyResource),
    (adequacy.AdequacyStore, adequacy_pb2.AdequacyStore),
    (adequacy.AdequacyCase, adequacy_pb2.AssessAdequacyRequest),
    (adequacy.CapacityCredit, adequacy_pb2.CapacityCredit),
    (adequacy.AdequacyReport, adequacy_pb2.AssessAdequacyResponse),
    (instance.StepSeries, dispatch_pb2.StepSeries),
    (instance.CostStep, dispatch_pb2.CostStep),
    (instance.UnitCommitment, dispatch_pb2.UnitCommitment),
    (instance.Generator, dispatch_pb2.Generator),
    (instance.Storage, dispatch_pb2.Storage),
    (instance.ImportLine, dispatch_pb2.ImportLine),
    (instance.FlexibleLoad, dispatch_pb2.FlexibleLoad),
    (instance.Reserve, dispatch_pb2.Reserve),
    (instance.DispatchInstance, dispatch_pb2.DispatchInstance),
    (dispatched.UnitResult, dispatch_pb2.UnitResult),
    (dispatched.StorageResult, dispatch_pb2.StorageResult),
    (dispatched.Curtailment, dispatch_pb2.Curtailment),
    (dispatched.DispatchResult, dispatch_pb2.DispatchResult),
    (buildings.StockSegment, buildings_pb2.StockSegment),
    (buildings.StockVintage, buildings_pb2.StockVintage),
    (buildings.StockProjection, buildings_pb2.ProjectStockResponse),
    (weather.PlaceWeather, weather_pb2.PlaceWeather),
    (weather.HourlyWeather, weather_pb2.HourlyWeather),
    (weather.WeatherSource, weather_pb2.WeatherSource),
    (weather.WeatherReport, weather_pb2.WeatherReport),
    (zone_doors.Zone, zone_pb2.Zone),
    (zone_doors.Layer, zone_pb2.Layer),
    (zone_doors.OpaqueSurface, zone_pb2.OpaqueSurface),
    (zone_doors.Window, zone_pb2.Window),
    (zone_doors.Shade, zone_pb2.Shade),
    (zone_doors.ThermalMass, zone_pb2.ThermalMass),
    (zone_doors.NaturalVentilation, zone_pb2.NaturalVentilation),
    (zone_doors.SimulateZoneRequest, zone_pb2.SimulateZoneRequest),
    (zone.ZoneParameters, zone_pb2.ZoneParameters),
    (zone.ZoneFlows, zone_pb2.ZoneFlows),
    (zone.ZoneHours, zone_pb2.ZoneHours),
    (zone.ZoneResult, zone_pb2.SimulateZoneResponse),
    (roof_doors.Roof, rooftop_pb2.Roof),
    (roof_doors.EstimateRooftopPvRequest, rooftop_pb2.EstimateRooftopPvRequest),
    (roofs.RoofYield, rooftop_pb2.RoofYield),
    (roofs.RooftopEstimate, rooftop_pb2.EstimateRooftopPvResponse),
    (transport.FleetSegment, transport_pb2.FleetSegment),
    (transport.StandardSegment, transport_pb2.StandardSegment),
    (transport.RegionFleet, transport_pb2.ProjectFleetResponse),
    (passenger_doors.PassengerMode, modes_pb2.PassengerMode),
    (mode_doors.FreightMode, modes_pb2.FreightMode),
    (mode_doors.FreightMarket, modes_pb2.FreightMarket),
    (mode_doors.SplitModesRequest, modes_pb2.SplitModesRequest),
    (mode_result.FreightModeResult, modes_pb2.FreightModeResult),
    (mode_result.FreightSplit, modes_pb2.FreightSplit),
    (mode_result.ModeSplit, modes_pb2.SplitModesResponse),
    (passenger_doors.PassengerMarket, modes_pb2.PassengerMarket),
    (passenger_result.PassengerModeResult, modes_pb2.PassengerModeResult),
    (passenger_result.PassengerSplit, modes_pb2.PassengerSplit),
    (fleet_doors.FleetPowertrain, fleet_pb2.FleetPowertrain),
    (fleet_doors.EarlyRetirement, fleet_pb2.EarlyRetirement),
    (fleet_doors.FleetClass, fleet_pb2.FleetClass),
    (fleet_doors.OwnFleet, fleet_pb2.OwnFleet),
    (fleets.FleetSeries, fleet_pb2.FleetSeries),
    (fleets.FleetStandard, fleet_pb2.FleetStandard),
    (fleets.FleetCarrier, fleet_pb2.FleetCarrier),
    (fleets.FleetPollutant, fleet_pb2.FleetPollutant),
    (fleets.ProjectedFleet, fleet_pb2.OwnFleetProjection),
    (charging_doors.ChargingPlace, charging_pb2.ChargingPlace),
    (charging_doors.ChargingFleet, charging_pb2.ChargingFleet),
    (charging_doors.ChargingProfileRequest, charging_pb2.ChargingProfileRequest),
    (charging.ChargingSeries, charging_pb2.ChargingSeries),
    (charging.ChargingGroup, charging_pb2.ChargingGroup),
    (charging.ChargingProfile, charging_pb2.ChargingProfileResponse),
    (industry.Branch, industry_pb2.Branch),
    (industry.BranchProjection, industry_pb2.ProjectBranchesResponse),
    (cities.CitySector, cities_pb2.CitySector),
    (cities.CityFigure, cities_pb2.CityFigure),
    (cities.SumCheck, cities_pb2.SumCheck),
    (cities.CityEntry, cities_pb2.CityEntry),
    (cities.CityTable, cities_pb2.CityTable),
    (cities.SettingTaken, cities_pb2.SettingTaken),
    (cities.CityPart, cities_pb2.CityPart),
    (cities.Breakdown, cities_pb2.Breakdown),
    (cities.PlanLine, cities_pb2.PlanLine),
    (cities.TargetBalance, cities_pb2.TargetBalance),
    (cities.PlanBalance, cities_pb2.PlanBalance),
    (cities.TaskRow, cities_pb2.TaskRow),
    (cities.LeftOut, cities_pb2.LeftOut),
    (cities.TaskTable, cities_pb2.TaskTable),
    (city_doors.RuleWeight, cities_pb2.RuleWeight),
    (city_doors.CityNumber, cities_pb2.CityNumber),
    (city_doors.CityBound, cities_pb2.CityBound),
    (city_doors.RuleChoice, cities_pb2.RuleChoice),
    (city_doors.CityPlan, cities_pb2.CityPlan),
    (city_doors.TargetRule, cities_pb2.TargetRule),
    (city_doors.DoneNumber, cities_pb2.DoneNumber),
    (budget.Balance, budget_pb2.Balance),
    (budget.BudgetWarning, budget_pb2.BudgetWarning),
    (budget.YearSummary, budget_pb2.YearSummary),
    (budget.LedgerState, budget_pb2.LedgerState),
    (budget.LedgerReport, budget_pb2.LedgerReport),
    (budget.MemoLine, budget_pb2.MemoLine),
    (budget.BudgetMemo, budget_pb2.BudgetMemo),
    (budget_doors.Account, budget_pb2.Account),
    (budget_doors.Posting, budget_pb2.Posting),
    (budget_doors.Transaction, budget_pb2.Transaction),
    (budget_doors.Policy, budget_pb2.Policy),
    (budget_doors.Ledger, budget_pb2.Ledger),
    (budget_doors.YearBudget, budget_pb2.YearBudget),
    (warnings.WarningCondition, warning_pb2.WarningCondition),
    (warnings.WarningRule, warning_pb2.WarningRule),
    (warnings.WarningRuleSet, warning_pb2.WarningRuleSet),
    (warnings.WarningColour, warning_pb2.WarningColour),
    (warnings.WarningChance, warning_pb2.WarningChance),
    (warnings.TargetWarning, warning_pb2.TargetWarning),
    (warnings.TargetLeftOut, warning_pb2.TargetLeftOut),
    (warnings.EnsembleBand, warning_pb2.EnsembleBand),
    (warnings.PeakYearShare, warning_pb2.PeakYearShare),
    (warnings.InputUsed, warning_pb2.InputUsed),
    (warnings.SeriesUsed, warning_pb2.SeriesUsed),
    (warnings.WarningAssessment, warning_pb2.WarningAssessment),
    (warnings.BacktestCase, warning_pb2.BacktestCase),
    (warnings.Score, warning_pb2.Score),
    (warnings.BrierScore, warning_pb2.BrierScore),
    (warnings.ReliabilityBin, warning_pb2.ReliabilityBin),
    (warnings.BacktestResult, warning_pb2.BacktestResult),
    (warning_doors.RuleDoor, warning_pb2.OwnRule),
    (warning_doors.RuleSetDoor, warning_pb2.OwnRuleSet),
    (results.RegionEntry, projection_pb2.RegionEntry),
    (results.BaselineEntry, projection_pb2.BaselineEntry),
    (results.LeverEntry, projection_pb2.LeverEntry),
    (results.CarrierSeries, projection_pb2.CarrierSeries),
    (results.PartSeries, projection_pb2.PartSeries),
    (results.SectorAccount, projection_pb2.SectorAccount),
    (results.RegionAccount, projection_pb2.RegionAccount),
    (results.CarbonPeak, projection_pb2.CarbonPeak),
    (results.PeakLoad, projection_pb2.PeakLoad),
    (results.CityVerdict, projection_pb2.CityVerdict),
    (results.ValueSource, projection_pb2.ValueSource),
    (results.ReadingVerdict, projection_pb2.ReadingVerdict),
    (results.TargetResult, projection_pb2.TargetResult),
    (results.DirectionResult, projection_pb2.DirectionResult),
    (target_results.TargetDocument, targets_pb2.TargetDocument),
    (target_results.TargetReading, targets_pb2.TargetReading),
    (target_results.TargetEntry, targets_pb2.TargetEntry),
    (target_results.RuleEntry, targets_pb2.RuleEntry),
    (target_results.Catalogue, targets_pb2.ListTargetsResponse),
    (target_results.VerdictCount, targets_pb2.VerdictCount),
    (target_results.TargetSetting, targets_pb2.TargetSetting),
    (target_results.Statement, targets_pb2.Statement),
    (target_results.Conflict, targets_pb2.Conflict),
    (target_results.Conflicts, targets_pb2.ListConflictsResponse),
    (target_results.TargetReport, targets_pb2.TargetReport),
    (target_doors.EnteredValue, targets_pb2.EnteredValue),
    (target_doors.OwnTolerance, targets_pb2.OwnTolerance),
    (results.MetricSeries, projection_pb2.MetricSeries),
    (results.CityAccount, projection_pb2.CityAccount),
    (results.ComparedScenario, projection_pb2.ComparedScenario),
    (results.BaseCheck, projection_pb2.BaseCheck),
    (results.HindcastRow, projection_pb2.HindcastRow),
    (results.CalibrationFactor, projection_pb2.CalibrationFactor),
    (results.Projection, projection_pb2.Projection),
    (reports.PlateauSpan, report_pb2.PlateauSpan),
    (reports.OwnPeak, report_pb2.OwnPeak),
    (reports.DriverEffect, report_pb2.DriverEffect),
    (reports.BoundaryReport, report_pb2.BoundaryReport),
    (reports.TrendTest, report_pb2.TrendTest),
    (reports.CarbonPeakReport, report_pb2.CarbonPeakReport),
    (reports.WeatherPeaks, report_pb2.WeatherPeaks),
    (reports.SeasonPeak, report_pb2.SeasonPeak),
    (reports.PeakGrowth, report_pb2.PeakGrowth),
    (reports.ServingOption, report_pb2.ServingOption),
    (reports.PeakLoadReport, report_pb2.PeakLoadReport),
    (reports.DayHours, report_pb2.DayHours),
    (reports.HoursReport, report_pb2.HoursReport),
    (reports.FlowNode, report_pb2.FlowNode),
    (reports.FlowLink, report_pb2.FlowLink),
    (reports.EnergyFlow, report_pb2.ReportEnergyFlowResponse),
    (reports.ReconciliationStep, report_pb2.ReconciliationStep),
    (reports.OutsideCheck, report_pb2.OutsideCheck),
    (reports.Reconciliation, report_pb2.Reconciliation),
    (compare_coalitions.Contributor, comparison_pb2.Contributor),
    (compare_results.ScenarioHeadline, comparison_pb2.ScenarioHeadline),
    (compare_results.ComparedMetric, comparison_pb2.ComparedMetric),
    (compare_results.TargetAnswer, comparison_pb2.TargetAnswer),
    (compare_results.ComparedTarget, comparison_pb2.ComparedTarget),
    (compare_results.ScenarioComparison, comparison_pb2.ScenarioComparison),
    (compare_results.AttributedMetric, comparison_pb2.AttributedMetric),
    (compare_results.SectorDifference, comparison_pb2.SectorDifference),
    (compare_results.Wedge, comparison_pb2.Wedge),
    (compare_results.AttributionRun, comparison_pb2.AttributionRun),
    (compare_results.Attribution, comparison_pb2.Attribution),
    (compare_results.SectorChange, comparison_pb2.SectorChange),
    (compare_results.FactorEffect, comparison_pb2.FactorEffect),
    (compare_results.Decomposition, comparison_pb2.Decomposition),
    (compare_doors.LeverGroup, comparison_pb2.LeverGroup),
    (abatement_results.MeasureAbatement, abatement_pb2.MeasureAbatement),
    (abatement_results.AbatementCurve, abatement_pb2.AbatementCurve),
    (synergy_results.PollutantRule, abatement_pb2.PollutantRule),
    (synergy_results.CoordinationRule, abatement_pb2.CoordinationRule),
    (synergy_results.PollutantEffect, abatement_pb2.PollutantEffect),
    (synergy_results.CoControl, abatement_pb2.CoControl),
    (synergy_results.Coordination, abatement_pb2.Coordination),
    (synergy_results.SynergyReport, abatement_pb2.SynergyReport),
    (design_doors.RandomDesign, batch_pb2.RandomDesign),
    (design_doors.GridDesign, batch_pb2.GridDesign),
    (design_doors.OneAtATimeDesign, batch_pb2.OneAtATimeDesign),
    (design_doors.ListDesign, batch_pb2.ListDesign),
    (design_doors.MorrisDesign, batch_pb2.MorrisDesign),
    (design_doors.SobolDesign, batch_pb2.SobolDesign),
    (design_doors.OwnInput, batch_pb2.OwnInput),
    (design_doors.GridAxis, batch_pb2.GridAxis),
    (batch_results.ColumnPercentiles, batch_pb2.ColumnPercentiles),
    (batch_results.Exceedance, batch_pb2.Exceedance),
    (batch_results.TargetChance, batch_pb2.TargetChance),
    (batch_results.CountedShare, batch_pb2.CountedShare),
    (batch_results.JointPeaks, batch_pb2.JointPeaks),
    (batch_results.CornerMember, batch_pb2.CornerMember),
    (batch_results.InputSensitivity, batch_pb2.InputSensitivity),
    (batch_results.InputPair, batch_pb2.InputPair),
    (batch_results.ColumnSensitivity, batch_pb2.ColumnSensitivity),
    (batch_results.PeakYearClass, batch_pb2.PeakYearClass),
    (batch_results.Threshold, batch_pb2.Threshold),
    (batch_words.Batch, batch_pb2.Batch),
    (batch_words.BatchColumn, batch_pb2.BatchColumn),
    (batch_answers.MemberResult, batch_pb2.MemberResult),
    (batch_answers.Quotas, batch_pb2.Quotas),
    (overload_quotas.ClassQuota, batch_pb2.ClassQuota),
    (batch_answers.Seen, batch_pb2.WatchBatchResponse),
    (batch_answers.Again, batch_pb2.GetMemberResponse),
    (batch_answers.Summary, batch_pb2.SummariseBatchResponse),
    (batch_doors.BatchMetric, batch_pb2.BatchMetric),
    (described.DescribedInput, batch_pb2.DescribedInput),
    (described.DescribedDistribution, batch_pb2.DescribedDistribution),
]
KINDS = {
    FieldDescriptor.TYPE_STRING: str,
    FieldDescriptor.TYPE_DOUBLE: float,
    FieldDescriptor.TYPE_INT32: int,
    FieldDescriptor.TYPE_INT64: int,
    FieldDescriptor.TYPE_BOOL: bool,
    FieldDescriptor.TYPE_BYTES: bytes,
}


def is_model(kind):
    return is_dataclass(kind) or issubclass(kind, BaseModel)


@pytest.mark.parametrize(("model", "message"), PAIRS, ids=lambda c: getattr(c, "__name__", ""))
def test_a_model_and_its_message_have_the_same_fields_of_the_same_kind(model, message):
    plans = {p.name: p for p in plan_of(model)}
    fields = message.DESCRIPTOR.fields_by_name
    assert set(plans) == set(fields)
    for name, plan in plans.items():
        field = fields[name]
        assert field.is_repeated == (plan.kind in ("scalars", "models", "array")), name
        has_model = plan.kind in ("model", "models") or (plan.kind == "optional" and is_model(plan.inner))
        assert (field.message_type is not None) == has_model, name
        assert (field.enum_type is not None) == (plan.kind == "enum"), name
        if plan.kind in ("scalar", "optional") and not has_model:
            assert KINDS[field.type] is plan.inner, name
        if plan.kind == "optional":
            assert field.has_presence, name
        if plan.kind == "array":
            expected = FieldDescriptor.TYPE_DOUBLE if plan.inner is np.float64 else FieldDescriptor.TYPE_INT32
            assert field.type == expected, name


@pytest.mark.parametrize("model", [m for m, _ in PAIRS], ids=lambda c: c.__name__)
def test_every_enum_member_has_its_value_in_the_contract(model):
    message = dict(PAIRS)[model]
    for plan in plan_of(model):
        if plan.kind == "enum":
            enum = message.DESCRIPTOR.fields_by_name[plan.name].enum_type
            wire = {v.name.removeprefix(enum_prefix(enum)) for v in enum.values} - {"UNSPECIFIED"}
            assert {m.name for m in plan.inner} - {"UNSPECIFIED"} == wire


def test_every_reply_part_of_the_contracts_has_a_model():
    modules = (
        common_pb2,
        sector_pb2,
        adequacy_pb2,
        dispatch_pb2,
        power_pb2,
        projection_pb2,
        buildings_pb2,
        weather_pb2,
        zone_pb2,
        rooftop_pb2,
        transport_pb2,
        modes_pb2,
        charging_pb2,
        fleet_pb2,
        industry_pb2,
        targets_pb2,
        cities_pb2,
        budget_pb2,
        solve_pb2,
    )
    held = {message.DESCRIPTOR.full_name for _, message in PAIRS}
    envelopes = ("Request", "Response", "ScenarioInput", "MetricChoice")
    for module in modules:
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            assert descriptor.full_name in held or name.endswith(envelopes), descriptor.full_name


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(hnp.arrays(np.float64, (3, 4), elements=finite), st.text(max_size=20))
def test_arrays_over_two_axes_return_from_the_wire_bit_by_bit(values, name):
    sent = outcome.Outcome(
        sector=name,
        places=("a", "b", "c"),
        years=(2020, 2021, 2022, 2023),
        electricity_uses=(outcome.ElectricityUse("use", "shape", values),),
        fuel_uses=(),
        process_emissions=(),
        heat_supplies=(),
        on_site_generations=(),
        flexible_loads=(),
        indicators=(outcome.Indicator("m", values[0].copy(), np.empty((0, 0))),),
        digest="",
        revision=words.Revision("1", "2"),
    )
    wire = to_message(sent, sector_pb2.Outcome()).SerializeToString()
    got = from_message(sector_pb2.Outcome.FromString(wire), outcome.Outcome)
    assert got.electricity_uses[0].energy_mwh.tobytes() == values.tobytes()
    assert got.electricity_uses[0].energy_mwh.shape == (3, 4)
    assert got.indicators[0].place_values.size == 0
    assert got.sector == name


@given(hnp.arrays(np.float64, (12, 24), elements=finite))
def test_a_table_over_months_and_hours_returns_from_the_wire_with_its_shape(values):
    wire = to_message(
        power_outcome.MarginalFactors(2030, values), power_pb2.MarginalFactors()
    ).SerializeToString()
    got = from_message(power_pb2.MarginalFactors.FromString(wire), power_outcome.MarginalFactors)
    assert got.marginal_tco2_per_mwh.tobytes() == values.tobytes()
    assert got.marginal_tco2_per_mwh.shape == (12, 24)


@given(hnp.arrays(np.int32, st.integers(0, 50)))
def test_integer_arrays_equal_the_plain_way(values):
    plain = power_pb2.Outcome(summer_peak_hour=values.tolist())
    fast = power_pb2.Outcome()
    from services.runtime.wire import packed

    fast.MergeFromString(packed(power_pb2.Outcome.DESCRIPTOR.fields_by_name["summer_peak_hour"], values))
    assert fast == plain


def test_an_enum_number_outside_the_contract_is_told_with_what_is_allowed():
    request = power_pb2.ProjectRequest()
    request.mode = 99
    with pytest.raises(DomainError) as caught:
        enum_field(request, "mode", power_outcome.DispatchMode)
    assert caught.value.violations[0].field == "mode"
    assert "DISPATCH_MODE_FAST" in caught.value.violations[0].allowed
