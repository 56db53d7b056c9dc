"""Coal and all energy of the cities, coal-equivalent method: the parts of `primary_energy`, placed by named rules.

Fuels stand where sectors use them; what plants burn, where their CO2 is counted (accounts/city_power). Other
power, local or imported, is what a city uses beyond the output of the burning plants counted in it, at the year's coal
rate; a city that sends power out has it taken off. Cities sum to the region.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from gateway.account_settings import carrier_rule, coal_rate_gj_per_mwh, setting, supply_loss_share
from gateway.primary_energy import COAL_GROUP, COKE_GROUP, LOAD_GROUP, without_fuel
from gateway.uses import SectorUse
from services.common.arrays import FloatArray
from services.common.power_outcome import PowerOutcome
from services.common.regions import Region


def place_energy(
    region: Region,
    uses: Sequence[SectorUse],
    power: PowerOutcome,
    use_share: FloatArray,
    power_city_share: Mapping[str, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Coal with net coke, and all energy, of every city, GJ; use_share: of electricity; all [place, year]."""
    coal, whole, thermal_mwh = np.zeros((3, *use_share.shape))
    generating = [t for t in power.technologies if t.imported or t.group != LOAD_GROUP]
    burning = [t for t in generating if not t.imported and not without_fuel(region, t)]
    burned = [(t.carrier, power_city_share[t.carrier] * t.fuel_gj) for t in burning]
    made = setting(region, "coke_made_share")
    coking = (
        made * setting(region, "coking_coal_per_coke_ratio") * (1 + supply_loss_share(region, COAL_GROUP))
    )
    used_gj: dict[str, FloatArray] = {}
    for carrier, gj in [*((f.carrier, f.energy_gj) for u in uses for f in u.outcome.fuel_uses), *burned]:
        used_gj[carrier] = used_gj[carrier] + gj if carrier in used_gj else gj
    for carrier, gj in used_gj.items():
        rule = carrier_rule(region, carrier)
        supplied = gj * rule.primary_share * (1 + supply_loss_share(region, rule.group))
        if rule.group == COKE_GROUP:
            supplied = supplied * (1 - made + coking)
        whole += supplied
        if rule.group in (COAL_GROUP, COKE_GROUP):
            coal += supplied
    for tech in burning:
        thermal_mwh += power_city_share[tech.carrier] * tech.energy_mwh
    used_mwh = use_share * np.sum([t.energy_mwh for t in generating], axis=0)
    return coal, whole + coal_rate_gj_per_mwh(region, power.years) * (used_mwh - thermal_mwh)
