"""Metrics of ships, berths and port machines: rows, and their values from a projection."""

from typing import Final

from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH, GJ_PER_TCE, KWH_PER_MWH
from services.common.words import Metric
from services.transport.indicators.project import Part, Projection, ShareMakers, SumMakers, Sums
from services.transport.indicators.rows import row
from services.transport.systems.ports import container_gj_per_teu

_KGCE_PER_TCE: Final = 1e3

METRICS: Final[tuple[Metric, ...]] = (
    row("berth_electricity_mwh", "靠港船舶用电需求", "electricity needed by ships at berth", "MWh"),
    row("shore_power_mwh", "岸电用电量", "shore power", "MWh"),
    row(
        "shore_power_avoided_fuel_t", "岸电替代燃油", "fuel of auxiliary engines avoided by shore power", "t"
    ),
    row("port_energy_gj", "港口生产能耗", "energy of port production", "GJ"),
    row(
        "port_clean_energy_share",
        "港口生产新能源和清洁能源占比",
        "new and clean share of energy in port production, electricity by calorific value",
        "share",
        "JSS-16",
    ),
    row(
        "port_clean_energy_equivalent_share",
        "港口生产新能源和清洁能源占比（电力等价值）",
        "new and clean share of energy in port production, electricity by equivalent value",
        "share",
        "JSS-16",
    ),
    row(
        "container_handling_kgce_per_teu",
        "集装箱装卸单耗",
        "energy of handling a container: quay crane, yard crane, tractor",
        "kgce/TEU",
    ),
    row(
        "container_handling_electric_share",
        "集装箱装卸电气化率",
        "electric share of energy in container handling",
        "share",
    ),
)


def _port_energy(p: Projection) -> FloatArray:
    ports = p.activity.systems.ports
    return ports.diesel_gj + ports.gas_gj + ports.electric_mwh * GJ_PER_MWH


SUMS: Final[SumMakers] = {
    "berth_electricity_mwh": lambda p: p.activity.systems.berths.need_mwh,
    "shore_power_mwh": lambda p: p.activity.systems.berths.shore_mwh,
    "shore_power_avoided_fuel_t": lambda p: p.activity.systems.berths.avoided_fuel_t,
    "port_energy_gj": _port_energy,
}


def _clean_by_calorific_value(p: Projection, sums: Sums) -> Part:
    ports = p.activity.systems.ports
    return ports.gas_gj + ports.electric_mwh * GJ_PER_MWH, sums["port_energy_gj"]


def _clean_by_equivalent_value(p: Projection, sums: Sums) -> Part:
    data, ports = p.activity.systems.data, p.activity.systems.ports
    equivalent = (
        data.numbers["electricity_equivalent_kgce_per_kwh"] * KWH_PER_MWH / _KGCE_PER_TCE * GJ_PER_TCE
    )
    clean = ports.gas_gj + ports.electric_mwh * equivalent
    return clean, clean + ports.diesel_gj


def _handling_gj(p: Projection) -> FloatArray:
    """Energy of handling a container by all machines, GJ per TEU [p, y]."""
    data, ports = p.activity.systems.data, p.activity.systems.ports
    total: FloatArray = container_gj_per_teu(data, ports.electric_work_share).sum(axis=0)
    return total


def _handling_energy(p: Projection, sums: Sums) -> Part:
    throughput = sums["port_throughput_t"]  # containers go with cargo
    return p.once(_handling_gj) * (_KGCE_PER_TCE / GJ_PER_TCE) * throughput, throughput


def _handling_by_electricity(p: Projection, sums: Sums) -> Part:
    data, ports = p.activity.systems.data, p.activity.systems.ports
    throughput, all_gj = sums["port_throughput_t"], p.once(_handling_gj)
    diesel = (1.0 - ports.electric_work_share) * float((data.diesel_kg_per_teu * data.diesel_gj_per_kg).sum())
    return (all_gj - diesel) * throughput, all_gj * throughput


SHARES: Final[ShareMakers] = {
    "port_clean_energy_share": _clean_by_calorific_value,
    "port_clean_energy_equivalent_share": _clean_by_equivalent_value,
    "container_handling_kgce_per_teu": _handling_energy,
    "container_handling_electric_share": _handling_by_electricity,
}
