"""Containers and the bulk of main coastal ports."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.transport.base import SECTOR, TransportBase
from services.transport.freight.data import FreightData


@dataclass(frozen=True)
class PortBulk:
    """Bulk between main coastal ports and their hinterland, [p, y]."""

    all_t: FloatArray
    rail_water_t: FloatArray  # by rail, ship, belt and pipeline
    share: FloatArray  # by the lever, in cities without a sea port too


def containers(base: TransportBase, paths: LeverPaths, name: str) -> FloatArray:
    """Containers of a kind, TEU [p, y]: the base of 2020, chained by the lever's yearly growth."""
    steps = 1.0 + paths.by_place(f"transport.{name}_growth")
    steps[:, 0] = 1.0
    start = base.local(f"{name}_teu")
    grown: FloatArray = start * base.port_weight[:, None] * np.cumprod(steps, axis=1)
    return grown


def port_bulk(
    base: TransportBase, data: FreightData, paths: LeverPaths, throughput_t: FloatArray
) -> PortBulk:
    """Tonnes of the official share: rail and water (belt and pipeline with them) over all bulk of coastal ports."""
    share = paths.by_place("transport.port_bulk_rail_water_share")
    sea = base.region.city_numbers(SECTOR, "sea_port")[:, None]
    whole: FloatArray = throughput_t * sea * data.number("port_bulk_throughput_share")
    return PortBulk(whole, np.asarray(whole * share), share)
