"""Figures of the systems that no scenario changes, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import load_region
from services.common.units import KW_PER_MW

SYSTEMS = "transport/systems"
SHORE_GROUPS = "transport/shore_power"
PORT_MACHINES = "transport/port_machines"


@dataclass(frozen=True)
class SystemData:
    """Ships at berth by group [g], port machines by kind [m], and leaves of the subject transport/systems."""

    ship_groups: tuple[str, ...]
    berth_mwh: FloatArray  # [g] electricity needed at berth in the base year
    connectable_share: FloatArray  # [g] highest share that may take shore power
    berth_fuel_kg_per_mwh: FloatArray  # [g] of auxiliary engines
    machines: tuple[str, ...]
    diesel_kg_per_teu: FloatArray  # [m] 0 for a machine that is electric only
    electric_kwh_per_teu: FloatArray  # [m]
    sea_port: FloatArray  # [p] 1 or 0
    diesel_gj_per_kg: float
    numbers: dict[str, float]


@kept(maxsize=8)
def system_data(region_id: str, as_of_year: int) -> SystemData:
    """The figures of a region as known at the end of `as_of_year`."""
    region = load_region(region_id, as_of_year)
    ships = region.table(SHORE_GROUPS).rows()
    machines = region.table(PORT_MACHINES).rows()

    def column(rows: list[Mapping[str, Any]], name: str) -> FloatArray:
        return np.array([row[name] for row in rows], dtype=np.float64)

    calls, hours, kw = (column(ships, n) for n in ("calls_count", "hours_per_call", "mean_berth_kw"))
    diesel_gj_per_l = region.table("transport/fuels").by("fuel")["diesel"]["gj_per_unit"]
    return SystemData(
        ship_groups=tuple(row["ship_group"] for row in ships),
        berth_mwh=calls * hours * kw / KW_PER_MW,
        connectable_share=column(ships, "connectable_share"),
        berth_fuel_kg_per_mwh=column(ships, "aux_fuel_g_per_kwh"),
        machines=tuple(row["machine"] for row in machines),
        diesel_kg_per_teu=np.nan_to_num(column(machines, "diesel_kg_per_teu")),
        electric_kwh_per_teu=column(machines, "electric_kwh_per_teu"),
        sea_port=region.city_numbers("transport", "sea_port"),
        diesel_gj_per_kg=diesel_gj_per_l / region.number("transport/parameters", "diesel_kg_per_l"),
        numbers={name: leaf.number() for name, leaf in region.leaves(SYSTEMS).items()},
    )
