"""PV of a region's cities: hourly output by the chain, once a region."""

from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from services.buildings.climate.place import place_weather
from services.buildings.kept_subjects import ROOFS
from services.buildings.roofs.pv_yield import LEAVES, Plane, output_per_kw, usual_chain
from services.common.arrays import FloatArray
from services.common.kept_files import kept_in_file
from services.common.recording import kept
from services.common.regions import load_region

_WEATHER = "normal"  # sun does not differ between weather years; temperature moves yields by a per mille


@dataclass(frozen=True, eq=False)
class CityOutput:
    """Output of 1 kW on the usual plane (south, 25 degrees), kW [p, h]."""

    kw: FloatArray


@kept(maxsize=8)
def city_output(region_id: str) -> FloatArray:
    """Output of 1 kW on the usual plane, kW [p, h]; from the cache folder, or calculated by pvlib in some seconds."""
    words = ("city_output", region_id, load_region(region_id).revision_of(*ROOFS), version("pvlib"))
    packages = ("buildings", "common")
    return kept_in_file("city_output", words, packages, ROOFS, CityOutput, lambda: _calculated(region_id)).kw


def _calculated(region_id: str) -> CityOutput:
    region = load_region(region_id)
    read = region.leaves(LEAVES)
    plane = Plane(read["azimuth_deg"].number(), read["tilt_deg"].number(), flush=False)
    chain = usual_chain(region)
    found = np.array(
        [output_per_kw(place_weather(region, c, _WEATHER, 0.0), plane, chain) for c in region.city_ids]
    )
    found.flags.writeable = False
    return CityOutput(found)


@kept(maxsize=8)
def city_yields(region_id: str) -> FloatArray:
    """Output of new modules in a year over their power, kWh/kW (MWh/MW) [p]."""
    found = np.asarray(city_output(region_id).sum(axis=1))
    found.flags.writeable = False
    return found
