"""Cooking: useful energy of households and kitchens by fuel."""

import numpy as np

from services.buildings.base import PUBLIC_TYPES, StockBase
from services.buildings.end_use_records import COOKING, PUBLIC_SEGMENT, RURAL, URBAN, EndUses, Reader
from services.buildings.stock import Stock
from services.buildings.systems import Systems
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH, KWH_PER_MWH

_HOBS = ("gas_hob_efficiency", "gas_hob_efficiency", "public_kitchen_efficiency")


def cooking(
    out: EndUses,
    read: Reader,
    paths: LeverPaths,
    base: StockBase,
    stock: Stock,
    equipment: Systems,
) -> None:
    """Cooking of all segments, uncalibrated."""
    solid = paths.by_place("buildings.rural_solid_fuel_share")
    by_type = _public_mwh(base, stock)
    homes = read.one("household_cooking_kwh") * households(read, stock) / KWH_PER_MWH
    useful = np.concatenate([homes, by_type.sum(axis=0)[None]])
    coal_share = np.zeros_like(useful)
    coal_share[URBAN] = read("urban_coal_cooking_share")
    coal_share[RURAL] = solid * read.one("coal_share_of_rural_solid")
    solid_share = coal_share.copy()
    solid_share[RURAL] = solid
    electric = np.minimum(_electric(read, paths, equipment), 1 - solid_share)
    stove = read.one("solid_stove_efficiency")
    out.energy[COOKING, "electricity"] = useful * electric / read.one("electric_hob_efficiency")
    out.energy[COOKING, "coal"] = useful * coal_share * GJ_PER_MWH / stove
    out.biomass_gj = out.biomass_gj + (useful * (solid_share - coal_share))[RURAL] * GJ_PER_MWH / stove
    efficiency = np.array([read.one(name) for name in _HOBS])[:, None, None]
    burnt = np.maximum(1 - electric - solid_share, 0.0)
    read.split_gas(out, COOKING, useful * burnt * GJ_PER_MWH / efficiency)
    out.public_types[COOKING] = by_type * electric[PUBLIC_SEGMENT]


def households(read: Reader, stock: Stock) -> FloatArray:
    """Households, urban and rural, [2, p, y]."""
    persons = np.array([stock.urban_population, stock.rural_population])
    return np.asarray(persons / read("household_persons_path"))


def _electric(read: Reader, paths: LeverPaths, equipment: Systems) -> FloatArray:
    lever = paths.by_place("buildings.electric_cooking_share")
    return np.array(
        [
            lever,
            lever + read("rural_electric_cooking_extra_share"),
            1 - (1 - lever) * (1 - equipment.all_electric_public),
        ]
    )


def _public_mwh(base: StockBase, stock: Stock) -> FloatArray:
    """Useful energy of kitchens by public type, MWh [t, p, y]."""
    rows = base.region.table("buildings/public_types").by("building_type")
    per_m2 = np.array([rows[name]["cooking_kwh_per_m2"] for name in PUBLIC_TYPES])
    return np.asarray(per_m2[:, None, None] * stock.public_used_m2 / KWH_PER_MWH)
