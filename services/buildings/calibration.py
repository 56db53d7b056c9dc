"""Calibration of the base year: factor = statistic / uncalibrated model, within declared bounds."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, RURAL, URBAN, StockBase, stock_base
from services.buildings.demand import space_demand
from services.buildings.end_use_checks import TABLE as END_USE_CHECKS
from services.buildings.end_use_records import LIGHTING_APPLIANCES, PUBLIC_SEGMENT
from services.buildings.end_uses import EndUses, end_uses
from services.buildings.intensity import intensities
from services.buildings.levers import LEVERS
from services.buildings.stock import turn_over_stock
from services.buildings.systems import systems
from services.buildings.type_electricity import equipment_factors, public_electricity_mwh
from services.buildings.use import END_USES
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.calibration import calibration_ratio, check_factors
from services.common.drivers import LEVERS as DRIVERS
from services.common.levers import LeverPaths, levers_in, resolve
from services.common.recording import kept
from services.common.regions import Region
from services.common.scenario import Scenario
from services.common.units import GJ_PER_MTCE, KWH_PER_MWH, MWH_PER_TWH

TABLE: Final = "buildings/calibration"
_FLOWS: Final = ("residential_urban_buildings", "residential_rural_buildings", "commercial_public_buildings")
_NAMES: Final = ("urban", "rural", "public")
_CARRIERS: Final = {"gas": "natural_gas", "lpg": "lpg", "coal": "coal", "heat": "heat"}


@kept(maxsize=8)
def calibration_factors(region_id: str) -> Mapping[str, float]:
    """Factors by name. Raises RegionDataError naming every factor outside its bounds."""
    base = stock_base(region_id)
    region = base.region
    levers = levers_in((*LEVERS, *DRIVERS), region_id)
    paths = resolve(levers, region_id, Scenario(), (BASE_YEAR,))
    stock = turn_over_stock(base, paths)
    demand = space_demand(base, paths, stock, intensities(region_id, "normal"))
    raw = end_uses(base, paths, stock, demand, systems(base, paths, stock))
    factors = _floor(base, paths) | _fuels(region, raw)
    factors |= _electricity(base, raw)
    check_factors(region, TABLE, factors)
    return factors


def balance_statistics(region: Region) -> tuple[dict[tuple[str, str], float], FloatArray]:
    """Buildings in the base-year balance: GJ by (segment, carrier), and electricity TWh by segment.

    Electricity of data centres leaves commercial and public buildings; the split of the balance by branch holds it.
    """
    rows = region.table("energy_balance_2020").rows()
    fuels = {
        (_NAMES[_FLOWS.index(r["flow"])], r["carrier"]): r["energy_mtce"] * GJ_PER_MTCE
        for r in rows
        if r["flow"] in _FLOWS and r["carrier"] != "electricity"
    }
    twh = np.zeros(len(_FLOWS))
    for row in rows:
        if row["flow"] in _FLOWS and row["carrier"] == "electricity":
            twh[_FLOWS.index(row["flow"])] += row["electricity_twh"]
    for row in region.table("industry/branch_energy_2020").rows():
        if row["flow"] == _FLOWS[2] and row["branch"] == "data_centres":
            twh[2] -= row["electricity_twh"]
    return fuels, twh


def calibrated(raw: EndUses, factors: Mapping[str, float]) -> dict[tuple[str, str], FloatArray]:
    """End uses by (use, carrier) with the factors, [s, p, y]."""
    shown = {carrier: short for short, carrier in _CARRIERS.items()}
    out = {}
    for (use, carrier), energy in raw.energy.items():
        if (use, carrier) == (LIGHTING_APPLIANCES, "electricity"):
            out[use, carrier] = _lighting_appliances(raw, factors)
            continue
        if carrier == "electricity":
            scale = np.array([_electricity_factor(factors, use, s) for s in _NAMES])
        else:
            scale = np.array([factors.get(f"{shown[carrier]}_{s}", 1.0) for s in _NAMES])
        out[use, carrier] = energy * scale[:, None, None]
    return out


def _lighting_appliances(raw: EndUses, factors: Mapping[str, float]) -> FloatArray:
    """Dwellings with one factor, public buildings with one for each type, [s, p, y]."""
    energy = raw.energy[LIGHTING_APPLIANCES, "electricity"] * factors["appliances_residential"]
    by_type = raw.public_types[LIGHTING_APPLIANCES]
    energy[PUBLIC_SEGMENT] = (equipment_factors(factors)[:, None, None] * by_type).sum(axis=0)
    return np.asarray(energy)


def _electricity_factor(factors: Mapping[str, float], use: str, segment: str) -> float:
    name = {"space_heating": "heating", "cooling": "cooling"}.get(use)
    settle = "public" if segment == "public" else "residential"
    return factors.get(f"{name}_{settle}", 1.0)


def _floor(base: StockBase, paths: LeverPaths) -> dict[str, float]:
    people = base.population, base.urban_share
    urban = (people[0] * people[1]).sum() * paths.path("buildings.urban_residential_floor_per_person")[0]
    rural = (people[0] * (1 - people[1])).sum() * paths.path("buildings.rural_residential_floor_per_person")[
        0
    ]
    area = base.type_area_m2.sum(axis=0)
    return {"floor_urban": float(area[URBAN] / urban), "floor_rural": float(area[RURAL] / rural)}


def _fuels(region: Region, raw: EndUses) -> dict[str, float]:
    fuels, _ = balance_statistics(region)
    found = {}
    for short, carrier in _CARRIERS.items():
        for s, name in enumerate(_NAMES):
            model = sum(e[s, :, 0].sum() for (_, c), e in raw.energy.items() if c == carrier)
            if (name, carrier) in fuels:
                found[f"{short}_{name}"] = calibration_ratio(float(fuels[name, carrier]), float(model))
    return found


def _electricity(base: StockBase, raw: EndUses) -> dict[str, float]:
    region = base.region
    _, twh = balance_statistics(region)
    used = {
        use: energy[:, :, 0].sum(axis=1) / MWH_PER_TWH
        for (use, carrier), energy in raw.energy.items()
        if carrier == "electricity"
    }
    area = base.type_area_m2.sum(axis=0)
    public_m2 = area[PUBLIC].sum()

    def target(name: str, square_metres: float) -> float:
        per_m2 = region.number(END_USES, f"calibrated_{name}_kwh_per_m2")
        return float(per_m2 * square_metres / KWH_PER_MWH / MWH_PER_TWH)

    found = {
        "heating_residential": target("urban_heating", area[URBAN]) / used["space_heating"][0],
        "cooling_residential": target("urban_cooling", area[URBAN]) / used["cooling"][0],
        "cooling_public": target("public_cooling", public_m2) / used["cooling"][2],
    }
    others = np.zeros(2)
    for use, energy in used.items():
        if use != LIGHTING_APPLIANCES:
            others += [_electricity_factor(found, use, s) * energy[i] for i, s in enumerate(_NAMES[:2])]
    lights = used[LIGHTING_APPLIANCES]
    found["appliances_residential"] = (twh[:2].sum() - others.sum()) / lights[:2].sum()
    found["urban_booking"] = twh[0] / (others[0] + found["appliances_residential"] * lights[0])
    found |= _equipment(base, raw, found, twh[2])
    return {name: float(value) for name, value in found.items()}


def _equipment(
    base: StockBase, raw: EndUses, found: Mapping[str, float], public_twh: float
) -> dict[str, float]:
    """Factors of lighting and equipment by public type: types stand to each other as measured, their sum as booked.

    Monitoring platforms meter large buildings: their pattern is kept, their level is not.
    """
    measured = {row["check"]: row["value"] for row in base.region.table(END_USE_CHECKS).rows()}
    area = base.type_area_m2[:, PUBLIC].sum(axis=0)
    whole = area * np.array([measured[t] for t in PUBLIC_TYPES])
    whole = whole / whole.sum() * public_twh
    without = {
        (use, carrier): energy * _electricity_factor(found, use, "public")
        for (use, carrier), energy in raw.energy.items()
        if use != LIGHTING_APPLIANCES
    }
    others = public_electricity_mwh(raw, without, {})[..., 0].sum(axis=1) / MWH_PER_TWH
    lights = raw.public_types[LIGHTING_APPLIANCES][..., 0].sum(axis=1) / MWH_PER_TWH
    return {f"equipment_{t}": float(f) for t, f in zip(PUBLIC_TYPES, (whole - others) / lights, strict=True)}
