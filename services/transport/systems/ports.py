"""Energy of port machines: the whole port by throughput, container handling by machine."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH, GJ_PER_TCE, MWH_PER_KWH
from services.transport.base import TransportBase
from services.transport.freight.turnover import Freight
from services.transport.systems.data import SystemData

_T_PER_10KT = 1e4


@dataclass(frozen=True)
class Ports:
    """Energy of port production, [p, y]."""

    diesel_gj: FloatArray
    gas_gj: FloatArray
    electric_mwh: FloatArray
    electric_work_share: FloatArray  # share of the machines' work that electricity does


def port_energy(base: TransportBase, data: SystemData, paths: LeverPaths, freight: Freight) -> Ports:
    """Energy of port machines; the same work needs less energy as electricity replaces diesel.

    clean share s = (electricity + gas) / total, electricity by its calorific value
    total = work / ((1 - s) eta_diesel + s ((1 - a) eta_diesel + a eta_electric)),  a = electric part of s
    """
    per_10kt = np.where(
        data.sea_port > 0, base.local("sea_port_tce_per_10kt"), base.local("river_port_tce_per_10kt")
    )
    clean = paths.by_place("transport.port_clean_energy_share")
    electric = base.number("port_clean_electric_share")
    by_diesel = base.number("port_diesel_efficiency_share")
    by_electricity = base.number("port_electric_efficiency_share")
    work = by_diesel + clean * (electric * (by_electricity - by_diesel))
    gj_per_t = per_10kt[:, None] * (GJ_PER_TCE / _T_PER_10KT) * work[:, :1]
    total = freight.throughput_t * gj_per_t / work
    return Ports(
        diesel_gj=total * (1.0 - clean),
        gas_gj=total * (clean * (1.0 - electric)),
        electric_mwh=total * (clean * (electric / GJ_PER_MWH)),
        electric_work_share=clean * (electric * by_electricity) / work,
    )


def container_gj_per_teu(data: SystemData, electric_work_share: FloatArray) -> FloatArray:
    """Energy of handling a container by machine, GJ per TEU [m, ...]; electricity by its calorific value.

    A machine that exists in both kinds does the given share of its moves electrically; quay cranes are electric.
    """
    share = electric_work_share[None]
    tail = (-1,) + (1,) * electric_work_share.ndim
    diesel_gj = (data.diesel_kg_per_teu * data.diesel_gj_per_kg).reshape(tail)
    electric_gj = (data.electric_kwh_per_teu * MWH_PER_KWH * GJ_PER_MWH).reshape(tail)
    electric = np.where(diesel_gj > 0, share, 1.0)
    gj: FloatArray = electric * electric_gj + (1.0 - electric) * diesel_gj
    return gj
