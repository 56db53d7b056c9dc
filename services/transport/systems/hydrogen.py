"""Electricity that the hydrogen of vehicles needs: compression of all, electrolysis of the green part."""

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import KWH_PER_MWH
from services.transport.base import TransportBase


def hydrogen_supply_mwh(base: TransportBase, paths: LeverPaths, hydrogen_gj: FloatArray) -> FloatArray:
    """Electricity of filling stations and electrolysers, MWh [p, y]; hydrogen by its lower heating value."""
    green = paths.by_place("transport.hydrogen_green_share")
    kwh_per_kg = base.number("hydrogen_compression_kwh_per_kg") + green * base.number(
        "electrolysis_kwh_per_kg"
    )
    gj_per_kg = base.region.table("transport/fuels").by("fuel")["hydrogen"]["gj_per_unit"]
    mwh: FloatArray = hydrogen_gj * kwh_per_kg / (gj_per_kg * KWH_PER_MWH)
    return mwh
