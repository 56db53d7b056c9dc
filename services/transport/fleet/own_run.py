"""One class of a caller on the cohort kernel.

The kernel's powertrains are here pairs of powertrain and emission standard, so that a programme that ends with a
standard takes exactly its vehicles out of a model year in which the standard changed.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services.common.arrays import FloatArray
from services.common.regions import Region
from services.transport.base import AGES, PHEV, POWERTRAINS
from services.transport.emissions.factors import PARAMETERS, POLLUTANTS, rise_limit_years, standard_factors
from services.transport.emissions.standards import STANDARDS, standard_shares
from services.transport.fleet.checks import sales_shares_of
from services.transport.fleet.cohorts import Bools, Cohorts, Integers, run_cohorts, standard_range
from services.transport.fleet.doors import FleetClass
from services.transport.fleet.own_energy import PerKm, energy_by_model_year
from services.transport.fleet.own_survival import mileage_of, opening_of, survival_of

_NONE = STANDARDS.index("none")


@dataclass(frozen=True)
class OwnRun:
    """A class by year; [i] runs over the powertrains of the request."""

    own: FleetClass
    kinds: tuple[int, ...]  # [i] index into POWERTRAINS
    stock: FloatArray  # [i, y] vehicles
    sales: FloatArray
    scrapped: FloatArray
    retired: FloatArray
    km: FloatArray
    fuel_gj: FloatArray
    electric_mwh: FloatArray
    exhaust_g: FloatArray  # [q, i, y]
    by_standard: FloatArray  # [s, y] vehicles
    by_age: FloatArray  # [i, y, a] vehicles, youngest first; empty when not asked for
    above: FloatArray  # [y] vehicles above the stock wanted
    per_km: tuple[PerKm, ...]


class _Pairs(NamedTuple):
    """Pairs of powertrain and standard that any model year has."""

    train: Integers  # [x] position in the request
    kind: Integers  # [x] index into POWERTRAINS
    standard: Integers  # [x]
    share: FloatArray  # [x, slot] of the powertrain's vehicles of a model year


def run_class(
    own: FleetClass, region: Region, years: tuple[int, ...], timetable: str, battery_factor: float, ages: bool
) -> OwnRun:
    """Project a class of the caller's; its doors have been checked."""
    kinds = tuple(POWERTRAINS.index(one.powertrain) for one in own.powertrains)
    per_km = tuple(energy_by_model_year(own, one, region, years, battery_factor) for one in own.powertrains)
    pairs = _pairs(own, kinds, region, years, timetable)
    out = run_cohorts(_cohorts(own, region, years, pairs, per_km, ages))
    ratio = np.broadcast_to(own.mileage_ratio or (1.0,), len(years))

    def by_train(values: FloatArray) -> FloatArray:
        found = np.zeros((len(kinds), len(years)))
        np.add.at(found, pairs.train, values[0, :, :, 0])
        return found

    by_standard = np.zeros((len(STANDARDS), len(years)))
    np.add.at(by_standard, pairs.standard, out.stock[0, :, :, 0])
    stock, scrapped = by_train(out.stock), by_train(out.scrapped)
    scrapped[:, 0] = 0.0
    above = np.zeros(len(years))
    if own.stock_count:
        above[1:] = np.maximum(stock.sum(axis=0)[1:] - own.stock_count, 0.0)
        above[above <= 1e-9 * stock.sum(axis=0)] = 0.0
    return OwnRun(
        own=own,
        kinds=kinds,
        stock=stock,
        sales=by_train(out.sales),
        scrapped=scrapped,
        retired=by_train(out.retired),
        km=by_train(out.use[0]) * ratio,
        fuel_gj=by_train(out.use[1]) * ratio,
        electric_mwh=by_train(out.use[2]) * ratio,
        exhaust_g=np.stack([by_train(out.use[3 + q]) for q in range(len(POLLUTANTS))]) * ratio,
        by_standard=by_standard,
        by_age=_by_age(out.standard_stock[:, :, 0, :, 0], len(kinds), len(years), ages),
        above=above,
        per_km=per_km,
    )


def _pairs(
    own: FleetClass, kinds: tuple[int, ...], region: Region, years: tuple[int, ...], timetable: str
) -> _Pairs:
    slots = AGES - 1 + len(years)
    shares = standard_shares(region, timetable, (own.like_class,), years[0] - AGES + 1, slots)[0]
    found = [
        (i, k, s, shares[k, :, s])
        for i, k in enumerate(kinds)
        for s in range(len(STANDARDS))
        if shares[k, :, s].any()
    ]
    train, kind, standard, share = zip(*found, strict=True)
    return _Pairs(np.array(train), np.array(kind), np.array(standard), np.array(share))


def _cohorts(
    own: FleetClass,
    region: Region,
    years: tuple[int, ...],
    pairs: _Pairs,
    per_km: tuple[PerKm, ...],
    ages: bool,
) -> Cohorts:
    """What the kernel is given: one class, one place. With ages the stock is grouped by powertrain and model year."""
    slots, count = AGES - 1 + len(years), len(pairs.train)
    survival = survival_of(own, region)
    trains = np.array([opening_of(own, one, survival, region) for one in own.powertrains])
    share = np.zeros((count, len(years)))
    if len(years) > 1:
        sold = sales_shares_of(own, len(years) - 1)
        share[:, 1:] = (sold / sold.sum(axis=0))[pairs.train] * pairs.share[:, AGES:]
    wanted = np.zeros((1, len(years), 1))
    wanted[0, 1:, 0] = own.sales_count or own.stock_count
    new, worsens = standard_factors(region, (own.like_class,))
    grams = np.repeat(new[:, 0, pairs.kind, pairs.standard][:, None, :, None], slots, axis=3)
    worse = worsens[:, 0, pairs.kind, pairs.standard][:, None, :, None] * region.number(
        PARAMETERS, "exhaust_rise_per_year"
    )
    hybrid = [k == PHEV for k in pairs.kind]
    on_fuel = 1.0 - sum(
        p.electric_share for p, k in zip(per_km, own.powertrains, strict=True) if k.powertrain == "phev"
    )
    rate, holds, last_slot, youngest = _programmes(own, years, pairs)
    by_age = np.eye(slots) if ages else np.ones((slots, 1))
    standards = np.ascontiguousarray(np.broadcast_to(by_age, (1, count, *by_age.shape)))
    return Cohorts(
        survival=np.ascontiguousarray(survival[None]),
        distance_km=np.ascontiguousarray(mileage_of(own, trains.sum(axis=0), region)[None]),
        wear_years=np.minimum(np.arange(AGES, dtype=np.float64)[::-1], rise_limit_years(region)),
        opening=np.ascontiguousarray((trains[pairs.train] * pairs.share[:, :AGES])[None, :, :, None]),
        wanted=wanted,
        sales_given=np.array([bool(own.sales_count)]),
        share=share[None, :, :, None],
        rate=rate,
        holds=holds,
        last_slot=last_slot,
        youngest_age=youngest,
        fuel=np.array([p.fuel_gj for p in per_km])[pairs.train][None, :, :, None],
        electric=np.array([p.electric_mwh for p in per_km])[pairs.train][None, :, :, None],
        exhaust=grams,
        rise=grams * worse,
        plug_in=np.array(hybrid),
        fuel_km_share=np.full((1, slots, 1), on_fuel),
        standard_share=standards,
        standard_slots=standard_range(standards),
        group_of=pairs.train,
        old_slot=np.zeros(1, dtype=np.int64),
    )


def _programmes(
    own: FleetClass, years: tuple[int, ...], pairs: _Pairs
) -> tuple[FloatArray, Bools, Integers, Integers]:
    """Fields rate, holds, last_slot and youngest_age of `Cohorts`."""
    count = len(own.retirements)
    rate = np.zeros((count, len(years), 1))
    holds = np.zeros((count, 1, len(pairs.train)), dtype=np.bool_)
    last_slot = np.full((count, 1), AGES + len(years))
    youngest = np.ones(count, dtype=np.int64)
    names = np.array(POWERTRAINS)[pairs.kind]
    for g, programme in enumerate(own.retirements):
        for y, year in enumerate(years):
            if programme.from_year <= year <= programme.to_year:
                rate[g, y] = programme.rate_per_year
        holds[g, 0] = np.isin(names, programme.powertrains) if programme.powertrains else True
        if programme.to_standard:
            latest = STANDARDS.index(programme.to_standard)
            holds[g, 0] &= (pairs.standard <= latest) & (pairs.standard != _NONE)
        if programme.last_model_year:
            last_slot[g] = programme.last_model_year - (years[0] - AGES + 1)
        youngest[g] = max(programme.from_age_years, 1)
    return rate, holds, last_slot, youngest


def _by_age(by_slot: FloatArray, trains: int, years: int, ages: bool) -> FloatArray:
    """Stock by age, youngest first, [i, y, a], from the stock by powertrain and model year [i, slot, y]."""
    if not ages:
        return np.zeros((trains, 0, 0))
    found = np.zeros((trains, years, AGES))
    for y in range(years):
        for a in range(AGES):
            found[:, y, a] = by_slot[:trains, y + AGES - 1 - a, y]
    return found
