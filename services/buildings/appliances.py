"""Lighting and appliances of dwellings, lighting and equipment of public buildings."""

import numpy as np

from services.buildings.base import PUBLIC_TYPES, StockBase
from services.buildings.cooking import households
from services.buildings.end_use_records import (
    LIGHTING_APPLIANCES,
    PUBLIC_SEGMENT,
    RURAL,
    URBAN,
    EndUses,
    Reader,
)
from services.buildings.stock import Stock
from services.buildings.systems import Systems
from services.buildings.use import schedule
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import KWH_PER_MWH


def appliances(
    out: EndUses, read: Reader, paths: LeverPaths, base: StockBase, stock: Stock, equipment: Systems
) -> None:
    """Electricity of lamps and appliances of all segments, uncalibrated.

    Lamps of retrofitted floor save their share of the lighting of that floor.
    """
    growth = 1 + paths.by_place("buildings.appliance_efficiency_growth")
    growth[:, 0] = 1.0
    better = np.cumprod(growth, axis=1)
    homes = read.one("household_appliance_kwh") * households(read, stock) / KWH_PER_MWH
    homes = homes * read.service("residential_appliance")
    lamps = read.one("lighting_share_of_household_appliances")
    homes = homes * (1 - lamps * equipment.lighting_saving[[URBAN, RURAL]])
    light, plugged = _public_kwh_per_m2(base.region)
    used = stock.public_used_m2 / KWH_PER_MWH
    lit = light[:, None, None] * (1 - equipment.lighting_saving[PUBLIC_SEGMENT])
    by_type = (lit + plugged[:, None, None]) * used * read.service("public_equipment")
    by_type = by_type * (1 - equipment.saving[PUBLIC_SEGMENT]) / better
    out.public_types[LIGHTING_APPLIANCES] = by_type
    out.energy[LIGHTING_APPLIANCES, "electricity"] = np.concatenate(
        [homes / better, by_type.sum(axis=0)[None]]
    )


@kept(maxsize=8)
def _public_kwh_per_m2(region: Region) -> tuple[FloatArray, FloatArray]:
    """Lighting, and equipment, of public types by density and schedule, kWh/m2 [t].

    On all floor, conditioned or not: halls and plant rooms that no system heats are lit too.
    """
    archetypes = region.table("buildings/archetypes").by("archetype")
    types = region.table("buildings/public_types").by("building_type")
    light, plugged = [], []
    for name in PUBLIC_TYPES:
        row, use = archetypes[name], types[name]["schedule"]
        light.append(row["lighting_w_per_m2"] * schedule(region.region_id, use, "light").sum())
        plugged.append(row["equipment_w_per_m2"] * schedule(region.region_id, use, "equip").sum())
    return np.array(light) / KWH_PER_MWH, np.array(plugged) / KWH_PER_MWH
