"""Constants and defaults of the zone model, from regions/national/buildings/zone.yaml."""

from collections.abc import Mapping
from typing import Final

from services.common.recording import kept
from services.common.regions import load_region, region_ids

LEAVES: Final = "buildings/zone"
MASS_TO_SURFACE: Final = 9.1  # W/(m2 K), h_ms of ISO 13790
SURFACE_TO_AIR: Final = 3.45  # W/(m2 K), h_is of ISO 13790


@kept(maxsize=1)
def physics() -> Mapping[str, float]:
    """Figures by name; they are the nation's, so any region finds the same."""
    region = load_region(region_ids()[0])
    return {name: leaf.number() for name, leaf in region.leaves(LEAVES).items()}
