"""The contract's answer from a balance: uses by group of branches, indicators, the years asked for."""

import numpy as np

from services.common.arrays import in_years
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.outcome import (
    ElectricityUse,
    FuelUse,
    HeatSupply,
    Indicator,
    Outcome,
    ProcessEmission,
    checked,
    empty_place_values,
    sealed,
)
from services.common.revision import revision_of
from services.common.scenario import Frame
from services.industry.balance import IndustryBalance
from services.industry.base import FUELS, IndustryBase
from services.industry.indicators import metric_values
from services.industry.metrics import METRICS
from services.industry.shapes import HEAT_PUMP_SHAPE, HEAT_SHAPE, shape_id

SECTOR = "industry"
_METRIC_NAMES = tuple((m.metric_id, m.metric_id.partition(".")[2]) for m in METRICS)


def make_outcome(
    base: IndustryBase,
    balance: IndustryBalance,
    paths: LeverPaths,
    frame: Frame,
    only: frozenset[str] | None = None,
    *,
    with_digest: bool = True,
) -> Outcome:
    """Outcome of the frame's years, sealed; with `only` these metrics alone; without the digest checked only."""
    cut = slice(frame.first_year - BASE_YEAR, frame.last_year - BASE_YEAR + 1)
    finish = sealed if with_digest else checked
    return finish(
        Outcome(
            sector=SECTOR,
            places=base.region.city_ids,
            years=frame.years,
            electricity_uses=_electricity(base, balance, cut),
            fuel_uses=_fuels(base, balance, cut) + _feedstock(base, balance, cut) + _supply(balance, cut),
            process_emissions=(ProcessEmission("cement", in_years(balance.process_tco2, cut)),),
            heat_supplies=(HeatSupply("heat_supply", HEAT_SHAPE, in_years(balance.heat.chp_gj, cut)),),
            on_site_generations=(),
            flexible_loads=(),
            indicators=_indicators(base, balance, paths, cut, only),
            digest="",
            revision=revision_of(base.region),
        )
    )


def _electricity(base: IndustryBase, balance: IndustryBalance, cut: slice) -> tuple[ElectricityUse, ...]:
    groups: dict[tuple[str, str], list[int]] = {}
    for b, row in enumerate(base.branches):
        groups.setdefault((row.use, row.shape), []).append(b)
    uses = [
        ElectricityUse(use, shape_id(shape), in_years(balance.electricity_mwh[members].sum(axis=0), cut))
        for (use, shape), members in groups.items()
    ]
    pumps = ElectricityUse("heat_supply", HEAT_PUMP_SHAPE, in_years(balance.heat.heat_pump_mwh, cut))
    return (*uses, pumps)


def _fuels(base: IndustryBase, balance: IndustryBalance, cut: slice) -> tuple[FuelUse, ...]:
    """Fuels and heat bought by use and carrier, those that the use had in 2020 or moves to."""
    energy, tco2 = in_years(balance.use_fuel_gj, cut), in_years(balance.use_fuel_tco2, cut)
    return tuple(FuelUse(base.uses[u], FUELS[f], energy[u, f], tco2[u, f]) for u, f in base.fuels_of_uses)


def _feedstock(base: IndustryBase, balance: IndustryBalance, cut: slice) -> tuple[FuelUse, ...]:
    return tuple(
        FuelUse(
            "chemical_feedstock",
            carrier,
            in_years(balance.carrier_feedstock_gj[f], cut),
            np.zeros_like(in_years(balance.process_tco2, cut)),
            feedstock=True,
        )
        for f, carrier in enumerate(FUELS)
        if base.feedstock_gj[:, f].any()
    )


def _supply(balance: IndustryBalance, cut: slice) -> tuple[FuelUse, ...]:
    """Fuel of the heat supply, and what coke ovens lose."""
    heat = balance.heat
    return (
        FuelUse("heat_supply", "coal", in_years(heat.coal_gj, cut), in_years(heat.coal_tco2, cut)),
        FuelUse("heat_supply", "natural_gas", in_years(heat.gas_gj, cut), in_years(heat.gas_tco2, cut)),
        FuelUse(
            "heat_supply",
            "biomass",
            in_years(heat.biomass_gj, cut),
            np.zeros_like(in_years(heat.biomass_gj, cut)),
        ),
        FuelUse(
            "coking",
            "coking_coal",
            in_years(balance.coking.loss_gj, cut),
            in_years(balance.coking.energy_tco2, cut),
        ),
    )


def _indicators(
    base: IndustryBase,
    balance: IndustryBalance,
    paths: LeverPaths,
    cut: slice,
    only: frozenset[str] | None,
) -> tuple[Indicator, ...]:
    """Every metric once, in the order of the rows; with `only` these alone."""
    wanted = {i: name for i, name in _METRIC_NAMES if only is None or i in only}
    region, places = metric_values(base, balance, paths, tuple(wanted.values()))
    none = empty_place_values()
    return tuple(
        Indicator(
            metric_id,
            in_years(region[name], cut),
            in_years(places[name], cut) if name in places else none,
        )
        for metric_id, name in wanted.items()
    )
