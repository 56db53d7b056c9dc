"""What the freight model takes from the region: modes, segments, and the balanced table of 2020."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.region_files import Leaf
from services.common.regions import Region, load_region
from services.transport.freight.balance import balanced

LEAVES: Final = "transport/freight"
MODES: Final = ("road", "rail", "inland_water", "coastal", "ocean")
ROAD, RAIL, INLAND, COASTAL, OCEAN = range(len(MODES))
CARGOES: Final = ("bulk", "container", "other")
BANDS: Final = ("under_300_km", "300_to_800_km", "over_800_km")
G_PER_T: Final = 1e6


@dataclass(frozen=True)
class FreightData:
    """Modes [m] and segments [g], cargo by cargo and within it by distance."""

    rate: FloatArray  # [m] CNY/tkm
    terminal: FloatArray  # [m] CNY/t
    speed: FloatArray  # [m] km/h
    wait: FloatArray  # [m] h
    distance_ratio: FloatArray  # [m] km of the mode over km by road
    energy: FloatArray  # [m] MJ/tkm
    improvement: FloatArray  # [m] 1/yr
    direct_gco2: FloatArray  # [m] g/tkm
    has_terminals: FloatArray  # [m] 1 where goods change to it from a truck
    contestable_modes: tuple[int, ...]
    road_km: FloatArray  # [g]
    contestable: FloatArray  # [g]
    value_of_time: FloatArray  # [g] CNY/(t h)
    port_share: FloatArray  # [g]
    leaves: Mapping[str, Leaf]

    def number(self, name: str) -> float:
        """A parameter of freight."""
        return self.leaves[name].number()


@kept(maxsize=8)
def freight_data(region_id: str) -> FreightData:
    """Figures of modes and segments of a region, else of the nation."""
    region = load_region(region_id)
    by_mode = region.table("transport/freight_modes").by("mode")
    by_cargo = region.table("transport/freight_cargo").by("cargo")
    segments = {(r["cargo"], r["band"]): r for r in region.table("transport/freight_segments").rows()}

    def mode(column: str) -> FloatArray:
        return np.array([by_mode[m][column] for m in MODES], dtype=np.float64)

    def segment(column: str) -> FloatArray:
        return np.array([segments[c, b][column] for c in CARGOES for b in BANDS])

    def cargo(column: str) -> FloatArray:
        return np.array([by_cargo[c][column] for c in CARGOES for _ in BANDS])

    return FreightData(
        rate=mode("rate_cny_per_tkm"),
        terminal=mode("terminal_cny_per_t"),
        speed=mode("speed_km_per_h"),
        wait=mode("wait_h"),
        distance_ratio=mode("distance_ratio"),
        energy=mode("energy_mj_per_tkm"),
        improvement=mode("improvement_per_year"),
        direct_gco2=mode("direct_gco2_per_tkm"),
        has_terminals=mode("has_terminals"),
        contestable_modes=tuple(i for i, m in enumerate(MODES) if by_mode[m]["contestable"]),
        road_km=segment("road_km"),
        contestable=segment("contestable_share"),
        value_of_time=cargo("value_of_time_cny_per_t_h"),
        port_share=cargo("port_share"),
        leaves=region.leaves(LEAVES),
    )


def base_table(region: Region, mode_tkm: FloatArray) -> FloatArray:
    """Tonne-km of 2020 by mode and segment, [m, g], balanced to the modes' totals [m] and the segments' shares."""
    rows = {(r["cargo"], r["band"]): r for r in region.table("transport/freight_seed").rows()}
    ordered = [rows[c, b] for c in CARGOES for b in BANDS]
    shares = np.array([r["turnover_share"] for r in ordered])
    seed = np.array([[r[m] for m in MODES] for r in ordered])
    return balanced(seed, shares / shares.sum() * mode_tkm.sum(), mode_tkm).T


def composition(table: FloatArray) -> FloatArray:
    """Share of each segment in its mode's tonne-km, [m, g]; 0 for a mode that the region does not have."""
    whole = table.sum(axis=1, keepdims=True)
    shares: FloatArray = np.divide(table, whole, out=np.zeros_like(table), where=whole > 0)
    return shares
