"""Report of the energy flow: carriers, conversion, what is delivered, who uses it; without knowing the sectors.

Energy by lower heating value, electricity at its own; wind, sun, water, nuclear and imports count with the electricity
they give. Every node but those of the first and last column gives what it gets: what is lost is a link of its own.
There is no way back to an earlier column, so some things are told net:

- co-generation: power plants have the fuel of their electricity, heat supply that of its heat;
- stores: what they lose is among the losses of electricity;
- electricity that makes heat or hydrogen goes there from generation; what is delivered beyond what was put in was
  bought or taken from the surroundings, what was put in beyond it is lost.

By-product gas is a supply of its own, as in the balance of statistics, while the coke it comes from counts whole. Load
that was not served, or called off, used no energy: every user has the same share less.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from gateway.account_settings import carrier_rule, setting, supply_loss_share
from gateway.primary_energy import COAL_GROUP, COKE_GROUP, LOAD_GROUP
from gateway.report import flow_nodes as at
from gateway.report.results import EnergyFlow, FlowLink
from gateway.runs import Runs
from gateway.slicing import at_years
from gateway.uses import SectorUse, sector_use
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.power_outcome import DispatchMode, PowerOutcome, Technology
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.units import GJ_PER_MWH
from services.common.words import Label, ReleaseStatus

# A use of this name makes hydrogen.
_HYDROGEN_MAKING: Final = "hydrogen_supply"
_PRIMARY_ELECTRICITY: Final = "primary_electricity"


async def energy_flow_report(
    runs: Runs, frame: Frame, scenario: Scenario, years: Sequence[int], mode: DispatchMode
) -> EnergyFlow:
    """The energy flow of one scenario; `years` ascend inside the frame."""
    whole = frame.model_copy(update={"first_year": BASE_YEAR})
    (sectors,) = await runs.sector_outcomes(whole, (scenario,))
    power = await runs.power_at(whole, scenario, sectors, years, mode)
    infos = await runs.infos()
    uses = [sector_use(at_years(o, tuple(years))) for o in sectors]
    labels = {u.outcome.sector: infos[u.outcome.sector].label for u in uses}
    return energy_flow(load_region(frame.region, frame.as_of_year), uses, power, labels)


def energy_flow(
    region: Region, uses: Sequence[SectorUse], power: PowerOutcome, labels: Mapping[str, Label]
) -> EnergyFlow:
    """The flow over power's years, which the uses have too; `labels` are the sectors' names by id."""
    links = _Links(region, len(power.years))
    used = _Used(len(power.years))
    _add_users(links, used, uses, _served_share(power))
    made = _add_generation(links, power)
    _add_heat(links, used)
    _add_hydrogen(links, used)
    links.add(at.GENERATION, at.HEAT, used.making_heat_gj)
    links.add(at.GENERATION, at.HYDROGEN, used.making_hydrogen_gj)
    links.add(at.GENERATION, at.ELECTRICITY, made - used.making_heat_gj - used.making_hydrogen_gj)
    links.add(at.ELECTRICITY, at.LOSSES, _grid_losses_gj(power))
    _add_losses_before_use(links, used)
    pairs = links.present()
    users = [(u.outcome.sector, labels[u.outcome.sector]) for u in uses]
    nodes = at.nodes_of({end for pair in pairs for end in pair}, users)
    order = {node.node_id: i for i, node in enumerate(nodes)}
    return EnergyFlow(
        years=power.years,
        nodes=nodes,
        links=tuple(
            FlowLink(a, b, gj)
            for (a, b), gj in sorted(pairs.items(), key=lambda p: (order[p[0][0]], order[p[0][1]]))
        ),
        revision=revision_of(region),
        release_status=ReleaseStatus.INTERNAL,
    )


class _Links:
    """Flows between nodes, GJ [year]; supply is told with what is lost before use."""

    def __init__(self, region: Region, year_count: int) -> None:
        self.region = region
        self._gj: dict[tuple[str, str], FloatArray] = {}
        self._zero = np.zeros(year_count)

    def add(self, from_node: str, to_node: str, gj: FloatArray) -> None:
        """So much more from one node to another."""
        self._gj[from_node, to_node] = self._gj.get((from_node, to_node), self._zero) + gj

    def supply(self, carrier: str, to_node: str, gj: FloatArray) -> str:
        """A carrier from where it comes from to a conversion; returns where that is."""
        node = at.supply_node(self.region, carrier)
        rule = carrier_rule(self.region, carrier)
        self.add(node, to_node, gj)
        self.add(node, at.LOSSES, gj * rule.primary_share * supply_loss_share(self.region, rule.group))
        return node

    def present(self) -> dict[tuple[str, str], FloatArray]:
        """Flows that are there in some year."""
        return {pair: gj for pair, gj in self._gj.items() if gj.any()}

    def into(self, node: str) -> FloatArray:
        """What a node gets."""
        return sum((gj for (_, b), gj in self._gj.items() if b == node), self._zero)


class _Used:
    """What users take that is made in the region, and what is put into making it, GJ [year]."""

    def __init__(self, year_count: int) -> None:
        zero = np.zeros(year_count)
        self.heat_gj, self.hydrogen_gj, self.coke_gj = zero, zero, zero
        self.making_heat_gj, self.making_hydrogen_gj = zero, zero


def _served_share(power: PowerOutcome) -> FloatArray:
    """Electricity delivered over electricity asked for, [year]."""
    called_off = sum(
        (t.energy_mwh for t in power.technologies if t.group == LOAD_GROUP), np.zeros(len(power.years))
    )
    return 1 - (power.unserved_mwh + called_off) / power.demand_mwh


def _add_users(links: _Links, used: _Used, uses: Sequence[SectorUse], served: FloatArray) -> None:
    """What every sector takes, and the fuel it passes through on the way; making heat or hydrogen is no use."""
    for use in uses:
        sector = use.outcome.sector
        for fuel, gj, _ in use.fuels:
            if fuel.use in use.making:
                links.supply(fuel.carrier, at.HEAT_SUPPLY, gj)
            else:
                _add_fuel(links, used, sector, fuel.carrier, gj)
        for one, mwh in zip(use.outcome.electricity_uses, use.electricity_mwh, strict=True):
            gj = GJ_PER_MWH * mwh * served
            if one.use in use.making:
                used.making_heat_gj = used.making_heat_gj + gj
            elif one.use == _HYDROGEN_MAKING:
                used.making_hydrogen_gj = used.making_hydrogen_gj + gj
            else:
                links.add(at.ELECTRICITY, sector, gj)


def _add_fuel(links: _Links, used: _Used, sector: str, carrier: str, gj: FloatArray) -> None:
    if carrier == at.HEAT:
        used.heat_gj = used.heat_gj + gj
        links.add(at.HEAT, sector, gj)
        return
    if carrier == at.HYDROGEN:
        used.hydrogen_gj = used.hydrogen_gj + gj
        links.add(at.HYDROGEN, sector, gj)
        return
    if carrier_rule(links.region, carrier).group == COKE_GROUP:
        used.coke_gj = used.coke_gj + gj
    supply = at.supply_node(links.region, carrier)
    direct, delivered = at.direct_node(supply), at.delivered_node(supply)
    links.supply(carrier, direct, gj)
    links.add(direct, delivered, gj)
    links.add(delivered, sector, gj)


def _add_generation(links: _Links, power: PowerOutcome) -> FloatArray:
    """What goes into electricity and what is lost on the way; returns the electricity made and bought."""
    made = np.zeros(len(power.years))
    for tech in power.technologies:
        if tech.group == LOAD_GROUP:
            continue
        gj = GJ_PER_MWH * tech.energy_mwh
        made = made + gj
        if tech.imported:
            links.add(at.IMPORTS, at.GENERATION, gj)
        elif _burns(links.region, tech):
            links.supply(tech.carrier, at.GENERATION, tech.fuel_gj)
            if tech.hydrogen_gj.size:
                links.add(at.HYDROGEN_BOUGHT, at.GENERATION, tech.hydrogen_gj)
        else:
            known = tech.group if tech.group in at.WITHOUT_FUEL else at.OTHER
            links.add(known, at.GENERATION, gj)
    links.add(at.GENERATION, at.LOSSES, links.into(at.GENERATION) - made)
    return made


def _burns(region: Region, tech: Technology) -> bool:
    return bool(tech.carrier) and carrier_rule(region, tech.carrier).group != _PRIMARY_ELECTRICITY


def _add_heat(links: _Links, used: _Used) -> None:
    """Heat from fuel and, net, from what is neither fuel nor electricity."""
    fuel = links.into(at.HEAT_SUPPLY)
    needed = np.maximum(used.heat_gj - used.making_heat_gj, 0.0)
    links.add(at.HEAT_BOUGHT, at.HEAT_SUPPLY, np.maximum(needed - fuel, 0.0))
    links.add(at.HEAT_SUPPLY, at.HEAT, needed)
    links.add(at.HEAT_SUPPLY, at.LOSSES, np.maximum(fuel - needed, 0.0))
    links.add(at.HEAT, at.LOSSES, np.maximum(used.making_heat_gj - used.heat_gj, 0.0))


def _add_hydrogen(links: _Links, used: _Used) -> None:
    """Hydrogen from electricity and, net, hydrogen bought."""
    bought = np.maximum(used.hydrogen_gj - used.making_hydrogen_gj, 0.0)
    direct = at.direct_node(at.HYDROGEN_BOUGHT)
    links.add(at.HYDROGEN_BOUGHT, direct, bought)
    links.add(direct, at.HYDROGEN, bought)
    links.add(at.HYDROGEN, at.LOSSES, np.maximum(used.making_hydrogen_gj - used.hydrogen_gj, 0.0))


def _grid_losses_gj(power: PowerOutcome) -> FloatArray:
    """Losses of the grid and of stores, the plants' own use, and what nobody took."""
    stores = sum((s.charged_mwh - s.discharged_mwh for s in power.stores), np.zeros(len(power.years)))
    return np.asarray(GJ_PER_MWH * (power.loss_mwh + power.plant_own_use_mwh + stores + power.surplus_mwh))


def _add_losses_before_use(links: _Links, used: _Used) -> None:
    """Washing losses of the coal that the region's coke is made of."""
    coking_coal = setting(links.region, "coking_coal_per_coke_ratio") * setting(
        links.region, "coke_made_share"
    )
    lost = supply_loss_share(links.region, COAL_GROUP)
    links.add(at.COAL, at.LOSSES, used.coke_gj * coking_coal * lost)
