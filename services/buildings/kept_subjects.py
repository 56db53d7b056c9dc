"""What results that are kept in files read: other data may change without their being made again.

A test holds that nothing else is read.
"""

from typing import Final

_CLIMATE: Final = (
    "weather",
    "weather/city_stations",
    "weather/renewables_8760",
    "weather/station_normals",
    "weather/stations",
    "weather/synthesis",
    "buildings/pv_light",
    "buildings/sky",
)
ROOFS: Final = (*_CLIMATE, "buildings/pv")
ZONES: Final = (
    *_CLIMATE,
    "calendar",
    "observations",
    "buildings",
    "buildings/archetypes",
    "buildings/cooling_ownership",
    "buildings/envelopes",
    "buildings/physics",
    "buildings/public_type_shares",
    "buildings/public_types",
    "buildings/retrofit_packages",
    "buildings/schedules",
    "buildings/standard_periods",
    "buildings/stock_vintages",
    "buildings/usage_hours",
    "buildings/usage_modes",
)
