"""Small hand-made outcomes for the stages after power: every figure is chosen so that sums are easy in the head."""

import numpy as np

from gateway.accounts import Accounts, make_accounts
from gateway.peak_load import peak_load_of
from gateway.results import Projection
from services.common.outcome import (
    ElectricityUse,
    FuelUse,
    HeatSupply,
    Indicator,
    Outcome,
    ProcessEmission,
    empty_place_values,
)
from services.common.power_outcome import (
    DispatchMode,
    PeakDay,
    PowerOutcome,
    Store,
    SystemCost,
    Technology,
)
from services.common.regions import load_region
from services.common.scenario import Frame
from services.common.words import Label, ReleaseStatus, Revision

REGION = load_region("jiangsu")
PLACES = REGION.city_ids
YEARS = (2020, 2021)
LABELS = {s: Label(s, s) for s in ("homes", "works", "power")}
REVISION = Revision("test", "test")


def spread(total, years=YEARS):
    """A total of each year, the same in both, spread evenly over the cities, [place, year]."""
    return np.full((len(PLACES), len(years)), total / len(PLACES))


def yearly(value, years=YEARS):
    """The same value every year."""
    return np.full(len(years), float(value))


def outcome(sector, *, electricity=(), fuels=(), process=(), heat=(), indicators=(), years=YEARS):
    """An outcome from totals: electricity (use, MWh), fuels (use, carrier, GJ, t[, feedstock]), process (use, t)."""
    return Outcome(
        sector,
        PLACES,
        years,
        tuple(ElectricityUse(u, f"{sector}.flat", spread(mwh, years)) for u, mwh in electricity),
        tuple(
            FuelUse(f[0], f[1], spread(f[2], years), spread(f[3], years), feedstock=len(f) > 4) for f in fuels
        ),
        tuple(ProcessEmission(u, spread(t, years)) for u, t in process),
        tuple(HeatSupply(u, f"{sector}.flat", spread(gj, years)) for u, gj in heat),
        (),
        (),
        tuple(Indicator(m, yearly(v, years), empty_place_values()) for m, v in indicators),
        "",
        REVISION,
    )


def technology(
    name, group, *, carrier="", mwh=0.0, gj=0.0, tco2=0.0, imported=False, clean=False, years=YEARS
):
    """A technology with the same figures every year."""
    zero = yearly(0, years)
    return Technology(
        name,
        group,
        Label(name, name),
        carrier,
        imported,
        clean,
        zero,
        yearly(mwh, years),
        zero,
        yearly(gj, years),
        yearly(tco2, years),
        *(zero for _ in range(8)),
    )


def power_outcome(technologies, *, demand=0.0, loss=0.0, own_use=0.0, stores=(), years=YEARS):
    """A power outcome whose highest hour is 18:00 of the first day of July, 60 MW of cooling and 40 of industry."""
    zero = yearly(0, years)
    first = 181 * 24
    days = tuple(
        PeakDay(
            y,
            "summer",
            first,
            first + 18,
            ("cooling", "industry"),
            ("coal",),
            np.full(24, 100.0),
            np.vstack([np.full(24, 60.0), np.full(24, 40.0)]),
            np.full((1, 24), 100.0),
        )
        for y in years
    )
    hours = np.full(len(years), first + 18, dtype=np.int32)
    return PowerOutcome(
        years=years,
        technologies=tuple(technologies),
        stores=tuple(
            Store(n, Label(n, n), zero, zero, yearly(c, years), yearly(d, years), zero, zero, zero)
            for n, c, d in stores
        ),
        peak_days=days,
        indicators=(),
        system_cost=SystemCost(*(zero for _ in range(10))),
        grid_factor_checks=(),
        marginal_factors=(),
        warnings=(),
        mode=DispatchMode.FAST,
        digest="",
        revision=REVISION,
        demand_mwh=yearly(demand, years),
        loss_mwh=yearly(loss, years),
        plant_own_use_mwh=yearly(own_use, years),
        unserved_mwh=zero,
        surplus_mwh=zero,
        summer_peak_load_mw=yearly(100, years),
        summer_peak_hour=hours,
        winter_peak_load_mw=yearly(90, years),
        winter_peak_hour=np.full(len(years), 19, dtype=np.int32),
        net_peak_load_mw=yearly(80, years),
        net_peak_hour=hours,
        reserve_margin_share=yearly(0.1, years),
        mean_price_cny_per_mwh=zero,
        variable_cost_cny=zero,
        net_coal_rate_kgce_per_mwh=yearly(300, years),
        balance_residual_share=zero,
        gap_share=zero,
        supply_tco2_per_mwh=zero,
    )


def small_accounts(outcomes, power, years=YEARS) -> Accounts:
    """Accounts with a GDP that does not grow and peaks of 1 MW in every city."""
    return make_accounts(
        REGION, outcomes, power, LABELS, yearly(1, years), np.ones((len(PLACES), len(years)))
    )


def small_projection(accounts: Accounts, power: PowerOutcome, metrics=()) -> Projection:
    """A projection around accounts, for stages that read one."""
    return Projection(
        frame=Frame(region="jiangsu", last_year=power.years[-1]),
        scenario_name="",
        baseline="planned",
        places=PLACES,
        years=power.years,
        sectors=accounts.sectors,
        account=accounts.region,
        carbon_peaks=(),
        peak_load=peak_load_of(power),
        power=power,
        targets=(),
        metrics=tuple(metrics),
        cities=accounts.cities,
        digest="",
        revision=REVISION,
        release_status=ReleaseStatus.INTERNAL,
        directions=(),
    )
