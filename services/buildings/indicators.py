"""Values of the metrics from a projection; years from the base year, sliced later."""

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, PUBLIC_TYPES, RURAL, URBAN
from services.buildings.project import Projection
from services.buildings.stock import SAVING_75
from services.buildings.systems import END_USES
from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.units import GJ_PER_MWH, GJ_PER_TCE, M2_PER_MM2

_KG_PER_T = 1e3
_KWH_PER_MWH = 1e3
_CIVIL = slice(0, FACTORY)


def values_by_place(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    stock, roofs = p.stock, p.roofs
    area = stock.type_m2
    electricity = _electricity(p)
    fuels = sum(e.sum(axis=0) for (_, c), e in p.energy.items() if c != "electricity")
    retrofit = stock.retrofitted_m2.sum(axis=1)
    high_quality = p.paths.path("buildings.high_quality_green_building_area") * M2_PER_MM2
    new_civil = stock.completed_m2[:, _CIVIL].sum(axis=1)
    return {
        "floor_area_m2": area[:, _CIVIL].sum(axis=1),
        "urban_residential_floor_area_m2": area[:, URBAN],
        "rural_residential_floor_area_m2": area[:, RURAL],
        "public_floor_area_m2": area[:, PUBLIC].sum(axis=1),
        "factory_floor_area_m2": area[:, FACTORY],
        "vacant_floor_area_m2": (area * (1 - stock.used_share)).sum(axis=1),
        "completed_floor_area_m2": stock.completed_m2.sum(axis=1),
        "demolished_floor_area_m2": stock.demolished_m2.sum(axis=1),
        "retrofit_area_m2": retrofit,
        "retrofit_area_since_2021_m2": np.cumsum(retrofit, axis=1),
        "high_quality_green_building_area_m2": high_quality * new_civil / new_civil.sum(axis=0),
        "rooftop_pv_capacity_mw": roofs.capacity_mw,
        "rooftop_pv_new_roof_mw": roofs.new_roof_mw,
        "rooftop_pv_potential_mw": roofs.potential_mw,
        "rooftop_pv_generation_mwh": roofs.energy_mwh,
        "electricity_mwh": electricity.sum(axis=0),
        "residential_electricity_mwh": electricity[:2].sum(axis=0),
        "public_electricity_mwh": electricity[2],
        "urban_residential_electricity_booked_mwh": electricity[0] * p.factors["urban_booking"],
        "cooling_electricity_mwh": p.energy["cooling", "electricity"].sum(axis=0),
        "space_heating_electricity_mwh": (
            p.energy["space_heating", "electricity"] + p.energy["district_heating", "electricity"]
        ).sum(axis=0),
        "space_heating_heat_pump_electricity_mwh": _heat_pumps(p),
        "district_heat_gj": p.energy["district_heating", "heat"].sum(axis=0),
        "final_energy_gj": np.asarray(fuels) + electricity.sum(axis=0) * GJ_PER_MWH,
        "energy_tco2": _tco2(p),
        "rural_biomass_gj": p.raw.biomass_gj,
    }


def parts_and_wholes(
    p: Projection, places: dict[str, FloatArray]
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Shares as (part, whole) by place, [p, y]: the region's share is sum of parts over sum of wholes."""
    stock = p.stock
    lever = p.paths.by_place
    new_urban = stock.completed_m2[:, URBAN]
    new_public = stock.completed_m2[:, PUBLIC]
    new_civil = stock.completed_m2[:, _CIVIL].sum(axis=1)
    government = (_government(p)[None, :, None] * new_public).sum(axis=1)
    ultra = lever("buildings.ultra_low_energy_share_new")
    urban_75 = ultra + (1 - ultra) * lever("buildings.new_urban_residential_75_share")
    civil = stock.area_m2[:, _CIVIL]
    new_factory = stock.completed_m2[:, FACTORY]
    return {
        "new_urban_residential_75_share": (urban_75 * new_urban, new_urban),
        "saving_75_stock_share": (civil[:, :, SAVING_75:].sum(axis=(1, 2)), civil.sum(axis=(1, 2))),
        "two_star_new_government_public_share": (
            lever("buildings.two_star_share_new_government_public") * government,
            government,
        ),
        "green_building_new_share": (lever("buildings.green_building_share_new") * new_civil, new_civil),
        "prefabricated_new_starts_share": (
            lever("buildings.prefabricated_share_new_starts") * new_civil,
            new_civil,
        ),
        "renewable_substitution_share": _substitution(p),
        "rooftop_pv_coverage_new_public_share": (p.roofs.coverage_public * government, government),
        "rooftop_pv_coverage_new_factory_share": (p.roofs.coverage_factory * new_factory, new_factory),
        "electricity_share": (places["electricity_mwh"] * GJ_PER_MWH, places["final_energy_gj"]),
        "space_heating_heat_pump_share": (
            p.raw.heat_by_pump_mwh.sum(axis=0),
            p.raw.heat_mwh.sum(axis=0),
        ),
        "useful_heat_kwh_per_m2": (
            p.raw.heat_mwh.sum(axis=0) * _KWH_PER_MWH,
            places["floor_area_m2"],
        ),
    }


def region_only(p: Projection) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [y]."""
    ones = np.ones(len(p.paths.years))
    return {"rooftop_pv_coverage_new_public_factory_share": p.roofs.coverage_both} | {
        f"calibration_{name}_ratio": factor * ones for name, factor in p.factors.items()
    }


def _electricity(p: Projection) -> FloatArray:
    """Electricity by segment, MWh [s, p, y]."""
    return np.asarray(np.sum([e for (_, c), e in p.energy.items() if c == "electricity"], axis=0))


def _heat_pumps(p: Projection) -> FloatArray:
    """Electricity of heat pumps in buildings and networks, MWh [p, y]; the rest of heating is resistance."""
    used = p.energy["space_heating", "electricity"]
    raw = p.raw.energy["space_heating", "electricity"]
    part = np.divide(p.raw.pump_electricity_mwh, raw, out=np.zeros_like(raw), where=raw > 0)
    return np.asarray((used * part + p.energy["district_heating", "electricity"]).sum(axis=0))


def _tco2(p: Projection) -> FloatArray:
    factors = factors_tco2_per_gj(p.base.region)
    return np.asarray(np.sum([e.sum(axis=0) * factors[c] for (_, c), e in p.energy.items()], axis=0))


def _government(p: Projection) -> FloatArray:
    rows = p.base.region.table("buildings/public_types").by("building_type")
    return np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])


def _substitution(p: Projection) -> tuple[FloatArray, FloatArray]:
    """Renewable energy of urban buildings against their energy, both in t of standard coal [p, y] (GB/T 50801).

    Solar hot water replaces conventional heat at the reference efficiency, PV replaces electricity.
    """
    read = p.base.region.leaves(END_USES)
    tce_per_mwh = read["renewable_kgce_per_kwh"].number() * _KWH_PER_MWH / _KG_PER_T
    solar = (p.raw.solar_hot_water_mwh[0] + p.raw.solar_hot_water_mwh[2]) * GJ_PER_MWH
    replaced = solar / GJ_PER_TCE / read["solar_reference_efficiency"].number()
    replaced = replaced + p.roofs.energy_mwh * p.roofs.urban_share * tce_per_mwh
    used = np.zeros_like(replaced)
    for (_, carrier), energy in p.energy.items():
        urban = energy[0] + energy[2]
        used = used + (urban * tce_per_mwh if carrier == "electricity" else urban / GJ_PER_TCE)
    return replaced, used
