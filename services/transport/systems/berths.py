"""Ships at berth: shore power takes over from auxiliary engines, group by group.

need of a group = calls x hours x kW, growing with the cargo of the port
shore power = need x connected share;  fuel of engines = need x (1 - connected share) x fuel per kWh
"""

from dataclasses import dataclass

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import KG_PER_T
from services.transport.freight.turnover import Freight
from services.transport.systems.data import SystemData


@dataclass(frozen=True)
class Berths:
    """Energy at berth, [p, y]."""

    need_mwh: FloatArray  # electricity that all ships at berth use, from shore or their own engines
    shore_mwh: FloatArray
    engine_fuel_t: FloatArray
    avoided_fuel_t: FloatArray


def berth_energy(data: SystemData, paths: LeverPaths, freight: Freight) -> Berths:
    """Berths of every city by its share of cargo; the lever is the connected share of the groups that may connect.

    The groups grow alike, so that their sum over groups is taken before the cities and years.
    """
    cargo = freight.throughput_t / freight.throughput_t[:, :1].sum()
    connected = paths.by_place("transport.shore_power_share")
    need = data.berth_mwh
    can = need * data.connectable_share
    fuel_t = need * data.berth_fuel_kg_per_mwh / KG_PER_T
    avoidable_t = float((fuel_t * data.connectable_share).sum())
    connected_cargo = cargo * connected
    avoided = connected_cargo * avoidable_t
    return Berths(
        need_mwh=cargo * float(need.sum()),
        shore_mwh=connected_cargo * float(can.sum()),
        engine_fuel_t=cargo * float(fuel_t.sum()) - avoided,
        avoided_fuel_t=avoided,
    )
