"""The one emission-factor library: every sector and the accounts read their factors here."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from services.common.regions import Region, load_region
from services.common.units import GJ_PER_TCE

DEFAULT_LIBRARY: Final = "balance_2020"


def factors_tco2_per_gj(region: Region, library: str = DEFAULT_LIBRARY) -> Mapping[str, float]:
    """Direct CO2 of combustion by carrier, t/GJ (lower heating value); heat, electricity, biomass are 0.

    Raises KeyError for an unknown library. Figures: regions/national/emission_factors.csv.
    """
    return _factors(region.region_id, library)


@lru_cache(maxsize=16)
def _factors(region_id: str, library: str) -> Mapping[str, float]:
    table = load_region(region_id).table("emission_factors")
    found = {
        row["carrier"]: row["tco2_per_tce"] / GJ_PER_TCE for row in table.rows() if row["library"] == library
    }
    if not found:
        raise KeyError(f"no emission-factor library {library}")
    return found
