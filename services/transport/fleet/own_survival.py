"""Survival, opening ages and mileage of a caller's class, from its own figures or the class it is like."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.regions import Region
from services.transport.base import AGES, NEW_ENERGY, POWERTRAINS, SUBJECT
from services.transport.fleet.cohorts import seen
from services.transport.fleet.doors import FleetClass, FleetPowertrain


def survival_of(own: FleetClass, region: Region) -> FloatArray:
    """Share of a model year alive, [a] oldest first: the caller's table, or exp(-(age/T)^k) up to the oldest age."""
    alive = np.zeros(AGES)
    if own.survival_share:
        alive[: len(own.survival_share)] = own.survival_share
        return seen(alive)[::-1]
    row = region.table("transport/vehicle_classes").by("vehicle_class")[own.like_class]
    life = row["life_years"] if own.life_years is None else own.life_years
    shape = row["shape"] if own.life_shape is None else own.life_shape
    age = np.arange(AGES)
    alive = np.exp(-((age / life) ** shape))
    oldest = own.oldest_age_years
    if oldest is None:
        oldest = 0 if np.isnan(row["max_age_years"]) else int(row["max_age_years"])
    if oldest:
        alive[oldest + 1 :] = 0.0
    return seen(alive)[::-1]


def opening_of(own: FleetClass, one: FleetPowertrain, survival: FloatArray, region: Region) -> FloatArray:
    """Vehicles at the end of first_year, [a] oldest first.

    Without ages: what is left of sales that grew at a constant rate, weights (1 + g)^-age S(age).
    """
    if one.opening_by_age:
        by_age = np.zeros(AGES)
        by_age[: len(one.opening_by_age)] = one.opening_by_age
        return by_age[::-1]
    growth = one.opening_growth_per_year
    if growth is None:
        row = region.table("transport/vehicle_classes").by("vehicle_class")[own.like_class]
        young = POWERTRAINS.index(one.powertrain) in NEW_ENERGY and row["sector_energy"]
        growth = (
            region.number(SUBJECT, "opening_nev_growth_per_year") if young else row["opening_growth_per_year"]
        )
    weight = (1.0 + growth) ** -np.arange(AGES)[::-1].astype(np.float64) * survival
    opening: FloatArray = (one.opening_count or 0.0) * weight / weight.sum()
    return opening


def mileage_of(own: FleetClass, opening: FloatArray, region: Region) -> FloatArray:
    """Km a year of a vehicle by age, [a] oldest first; opening [a] is the class' stock.

    The mean over the opening stock is the mileage asked for; without an opening stock a new vehicle drives it.
    """
    row = region.table("transport/vehicle_classes").by("vehicle_class")[own.like_class]
    usual = region.table("transport/vehicles").by("vehicle_class")[own.like_class]["mileage_km"]
    mileage = usual if own.mileage_km is None else own.mileage_km
    decay = (
        row["mileage_decay_per_year"] if own.mileage_decay_per_year is None else own.mileage_decay_per_year
    )
    by_age = np.exp(-decay * np.arange(AGES)[::-1])
    total = opening.sum()
    mean = (by_age * opening).sum() / total if total > 0 else 1.0
    scaled: FloatArray = by_age * (mileage / mean)
    return scaled
