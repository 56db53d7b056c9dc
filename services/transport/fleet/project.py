"""ProjectFleet: a fleet of the caller's own on the cohort kernel; energy, CO2, pollutants, shares, notes."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.errors import invalid
from services.common.factors import factors_tco2_per_gj
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.units import GJ_PER_MWH, T_PER_G, T_PER_KG
from services.transport.base import NEW_ENERGY, POWERTRAINS
from services.transport.emissions.factors import POLLUTANTS
from services.transport.emissions.other_sources import evaporation_factors, so2_factors, wear_factors
from services.transport.emissions.standards import STANDARDS
from services.transport.emissions.well_to_wheel import DEFAULT_ROUTE, well_to_tank_kgco2e_per_gj
from services.transport.fleet.checks import fleet_violations
from services.transport.fleet.doors import OwnFleet
from services.transport.fleet.intensity import fuel_of
from services.transport.fleet.own_energy import PARAMETERS, battery_factor_of
from services.transport.fleet.own_notes import notes_of
from services.transport.fleet.own_run import OwnRun, run_class
from services.transport.fleet.result import (
    FleetCarrier,
    FleetPollutant,
    FleetSeries,
    FleetStandard,
    ProjectedFleet,
)

_REGION: Final = (
    "jiangsu"  # the tables of classes and standards; national figures with the province's mileage
)
_CARRIER: Final = {"cng": "natural_gas", "lng": "natural_gas"}


def project_fleet(request: OwnFleet) -> ProjectedFleet:
    """Project a caller's fleet by model year. DomainError(INVALID_INPUT) with every violation."""
    region = tables()
    found = fleet_violations(request, region)
    if found:
        raise invalid(found)
    battery = battery_factor_of(region, request.month_degc)
    runs = [
        run_class(
            own, region, request.years, request.standard_timetable or _REGION, battery, request.with_ages
        )
        for own in request.vehicle_classes
    ]
    sales, stock = (_shares(runs, name) for name in ("sales", "stock"))
    above = sum((run.above for run in runs), start=np.zeros(len(request.years)))
    return ProjectedFleet(
        name=request.name,
        years=request.years,
        series=tuple(s for run in runs for s in _series(run, region)),
        standards=tuple(s for run in runs for s in _standards(run)),
        carriers=_carriers(request, runs, region),
        pollutants=_pollutants(runs, region),
        notes=notes_of(request, runs, battery),
        revision=revision_of(region),
        stock_above_target_count=above,
        nev_sales_share=sales,
        nev_stock_share=stock,
    )


def tables() -> Region:
    """The region whose tables stand for a fleet anywhere."""
    return load_region(_REGION)


def _fuel(run: OwnRun, k: int, region: Region) -> str:
    """Fuel of a powertrain: a row of the table of heating values; "" for batteries."""
    if POWERTRAINS[k] == "bev":
        return ""
    row = region.table("transport/vehicle_classes").by("vehicle_class")[run.own.like_class]
    return fuel_of(POWERTRAINS[k], row["hybrid_fuel"])


def _series(run: OwnRun, region: Region) -> list[FleetSeries]:
    factor = factors_tco2_per_gj(region)
    found = []
    for i, k in enumerate(run.kinds):
        fuel = _fuel(run, k, region)
        per_gj = factor[_CARRIER.get(fuel, fuel)] if fuel else 0.0
        found.append(
            FleetSeries(
                class_id=run.own.class_id,
                powertrain=POWERTRAINS[k],
                stock_count=run.stock[i],
                sales_count=run.sales[i],
                scrapped_count=run.scrapped[i],
                retired_early_count=run.retired[i],
                distance_km=run.km[i],
                fuel_gj=run.fuel_gj[i],
                electricity_mwh=run.electric_mwh[i],
                direct_tco2=run.fuel_gj[i] * per_gj,
                stock_by_age_count=run.by_age[i],
            )
        )
    return found


def _standards(run: OwnRun) -> list[FleetStandard]:
    return [
        FleetStandard(run.own.class_id, standard, run.by_standard[s])
        for s, standard in enumerate(STANDARDS)
        if run.by_standard[s].any()
    ]


def _carriers(request: OwnFleet, runs: list[OwnRun], region: Region) -> tuple[FleetCarrier, ...]:
    """Energy, direct CO2 and the chain before the tank; liquefied and compressed gas have chains of their own."""
    years = len(request.years)
    factor = factors_tco2_per_gj(region)
    loss = request.grid_loss_share
    loss = region.number(PARAMETERS, "grid_loss_share") if loss is None else loss
    grid = np.broadcast_to(request.grid_kgco2_per_kwh or (0.0,), years)
    route = request.hydrogen_route or DEFAULT_ROUTE
    energy: dict[str, FloatArray] = {}
    chain: dict[str, FloatArray] = {}

    def add(carrier: str, gj: FloatArray, source: str) -> None:
        if source in ("electricity", "hydrogen"):
            kg = [well_to_tank_kgco2e_per_gj(region, source, route, float(g), loss) for g in grid]
            per_gj = np.array(kg)
        else:
            per_gj = np.full(years, well_to_tank_kgco2e_per_gj(region, source))
        energy[carrier] = energy.get(carrier, 0.0) + gj
        chain[carrier] = chain.get(carrier, 0.0) + gj * per_gj * T_PER_KG

    for run in runs:
        for i, k in enumerate(run.kinds):
            fuel = _fuel(run, k, region)
            if fuel:
                add(_CARRIER.get(fuel, fuel), run.fuel_gj[i], fuel)
            if run.electric_mwh[i].any():
                add("electricity", run.electric_mwh[i] * GJ_PER_MWH, "electricity")
    order = ("gasoline", "diesel", "natural_gas", "hydrogen", "electricity")
    return tuple(
        FleetCarrier(c, energy[c], energy[c] * factor.get(c, 0.0), chain[c]) for c in order if c in energy
    )


def _pollutants(runs: list[OwnRun], region: Region) -> tuple[FleetPollutant, ...]:
    """Exhaust by pollutant and what does not come from the exhaust: evaporation, wear; sulphur is in the fuel."""
    exhaust = {q: np.zeros_like(runs[0].above) for q in (*POLLUTANTS, "so2")}
    other = {q: np.zeros_like(runs[0].above) for q in exhaust}
    for run in runs:
        like = (run.own.like_class,)
        per_km, per_year = evaporation_factors(region, like)
        wear, sulphur = wear_factors(region, like), so2_factors(region, like)
        for i, k in enumerate(run.kinds):
            for q, name in enumerate(POLLUTANTS):
                exhaust[name] += run.exhaust_g[q, i] * T_PER_G
            exhaust["so2"] += run.fuel_gj[i] * sulphur[0, k] * T_PER_G
            other["voc"] += (run.km[i] * per_km[0, k] + run.stock[i] * per_year[0, k]) * T_PER_G
            other["pm25"] += run.km[i] * wear[0, k] * T_PER_G
    return tuple(FleetPollutant(q, exhaust[q], other[q]) for q in exhaust)


def _shares(runs: list[OwnRun], name: str) -> FloatArray:
    """New-energy share of sales or stock by year; 0 of nothing."""
    part = np.zeros_like(runs[0].above)
    whole = np.zeros_like(part)
    for run in runs:
        for i, k in enumerate(run.kinds):
            values = getattr(run, name)[i]
            whole += values
            if k in NEW_ENERGY:
                part += values
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
