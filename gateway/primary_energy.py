"""Primary energy of the region: the coal-equivalent (发电煤耗法) and the calorific (电热当量) method, and its shares.

Supply = fuels used by sectors and power, with losses between supply and use, without secondary carriers; coke made in
the region counts as the coking coal it takes; electricity without fuel and imported electricity are valued at the
year's coal rate or at their heat value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.account_settings import (
    carrier_rule,
    coal_rate_gj_per_mwh,
    method,
    setting,
    supply_loss_share,
)
from gateway.uses import SectorUse
from services.common.arrays import FloatArray, array
from services.common.power_outcome import PowerOutcome, Technology
from services.common.regions import Region
from services.common.units import GJ_PER_MWH

COAL_GROUP = "coal"
COKE_GROUP = "coke"
# Technologies of this group are load that is called off, not generation.
LOAD_GROUP = "other"


@dataclass(frozen=True)
class PrimaryEnergy:
    """Primary energy and the parts that its shares are made of, GJ."""

    coal_equivalent_gj: FloatArray = array("year")
    calorific_gj: FloatArray = array("year")
    coal_and_coke_gj: FloatArray = array("year")
    coal_gj: FloatArray = array("year")
    power_coal_gj: FloatArray = array("year")
    oil_gj: FloatArray = array("year")
    gas_gj: FloatArray = array("year")
    non_fossil_local_gj: FloatArray = array("year")
    clean_import_gj: FloatArray = array("year")
    renewable_local_gj: FloatArray = array("year")
    feedstock_gj: FloatArray = array("year")
    final_gj: FloatArray = array("year")
    final_electricity_gj: FloatArray = array("year")


def primary_energy(region: Region, uses: Sequence[SectorUse], power: PowerOutcome) -> PrimaryEnergy:
    """Primary energy over power's years. DomainError(BALANCE) for a carrier without a row."""
    years = power.years
    zero = np.zeros(len(years))
    rate = coal_rate_gj_per_mwh(region, years)
    burning = list(_burning(power))
    fuels = [fuel for use in uses for fuel in use.outcome.fuel_uses]
    carriers = [*(fuel.carrier for fuel in fuels), *(tech.carrier for tech in burning)]
    rules = [carrier_rule(region, carrier) for carrier in carriers]
    burned_gj = np.array([tech.fuel_gj for tech in burning]).reshape(-1, zero.size)
    used_gj = np.concatenate([*(use.fuel_gj for use in uses), burned_gj])
    with_loss = {group: 1 + supply_loss_share(region, group) for group in {r.group for r in rules}}
    primary_share = _column(r.primary_share for r in rules)
    supplied = used_gj * primary_share * _column(with_loss[r.group] for r in rules)
    by_group = {
        group: _in_order(supplied[[i for i, r in enumerate(rules) if r.group == group]], zero)
        for group in dict.fromkeys(r.group for r in rules)
    }
    non_fossil = _in_order(supplied * _column(r.non_fossil_share for r in rules), zero)
    power_coal = zero
    for tech in burning:
        if carrier_rule(region, tech.carrier).group == COAL_GROUP:
            power_coal = power_coal + tech.fuel_gj
    # Coke made in the region is supplied as coking coal, the rest of the coke used comes from outside.
    coke_used = by_group.get(COKE_GROUP, zero)
    coke_made = setting(region, "coke_made_share") * coke_used
    coking_coal = setting(region, "coking_coal_per_coke_ratio") * coke_made
    coal = by_group.get(COAL_GROUP, zero) + coking_coal * (1 + supply_loss_share(region, COAL_GROUP))
    coke_net = coke_used - coke_made
    others = [gj for group, gj in by_group.items() if group not in (COAL_GROUP, COKE_GROUP)]
    whole = np.sum([coal, coke_net, *others], axis=0)
    local = _sum((t.energy_mwh for t in power.technologies if without_fuel(region, t)), zero)
    renewable = _sum(
        (t.energy_mwh for t in power.technologies if without_fuel(region, t) and t.group != "nuclear"),
        zero,
    )
    imports = _sum((t.energy_mwh for t in power.technologies if t.imported), zero)
    clean = _sum((_clean_mwh(region, t) for t in power.technologies if t.imported), zero)
    electricity, final = _final(uses, zero)
    return PrimaryEnergy(
        coal_equivalent_gj=whole + rate * (local + imports),
        calorific_gj=whole + GJ_PER_MWH * (local + imports),
        coal_and_coke_gj=coal + coke_net,
        coal_gj=coal,
        power_coal_gj=power_coal,
        oil_gj=by_group.get("oil", zero),
        gas_gj=by_group.get("gas", zero),
        non_fossil_local_gj=non_fossil + rate * local,
        clean_import_gj=rate * clean,
        renewable_local_gj=rate * renewable,
        feedstock_gj=_in_order(
            (used_gj * primary_share)[[i for i, fuel in enumerate(fuels) if fuel.feedstock]], zero
        ),
        final_gj=final,
        final_electricity_gj=electricity,
    )


def _final(uses: Sequence[SectorUse], zero: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Electricity, and all energy, of final users, GJ by heat value: without feedstock and without making heat."""
    mwh = [
        row
        for use in uses
        for one, row in zip(use.outcome.electricity_uses, use.electricity_mwh, strict=True)
        if one.use not in use.making
    ]
    fuels = [
        gj for use in uses for fuel, gj, _ in use.fuels if not fuel.feedstock and fuel.use not in use.making
    ]
    electricity = _in_order(GJ_PER_MWH * np.array(mwh).reshape(-1, zero.size), zero)
    return electricity, electricity + _in_order(np.array(fuels).reshape(-1, zero.size), zero)


def _column(values: Iterable[float]) -> FloatArray:
    return np.array(list(values))[:, None]


def _in_order(rows: FloatArray, zero: FloatArray) -> FloatArray:
    """Sum of rows [item, year], one after the other whatever the number of years; zero when there is none."""
    return np.add.accumulate(rows, axis=0)[-1] if len(rows) else zero


def _burning(power: PowerOutcome) -> Iterable[Technology]:
    return (t for t in power.technologies if t.carrier and not t.imported)


def without_fuel(region: Region, tech: Technology) -> bool:
    """Electricity counted by itself: wind, sun, water, nuclear."""
    if tech.imported or not tech.non_fossil or tech.group == LOAD_GROUP:
        return False
    return not tech.carrier or carrier_rule(region, tech.carrier).group == "primary_electricity"


def _clean_mwh(region: Region, tech: Technology) -> FloatArray:
    """Clean part of an imported line: all of it, or what its CO2 does not explain as thermal power."""
    if tech.non_fossil:
        return tech.energy_mwh
    thermal = tech.energy_tco2 / method(region, "thermal_import_tco2_per_mwh")
    return np.maximum(0.0, tech.energy_mwh - thermal)


def _sum(items: Iterable[FloatArray], zero: FloatArray) -> FloatArray:
    total = zero
    for item in items:
        total = total + item
    return total
