"""Prices at the wheel of private cars."""

from math import exp

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import KG_PER_T
from services.transport.base import TransportBase
from services.transport.travel.kernels import follow
from services.transport.travel.modes import travel_numbers


def car_fuel_price(base: TransportBase, paths: LeverPaths, baseline: LeverPaths) -> FloatArray:
    """Price of fuel of cars over that of 2020, [y]: oil price, and the carbon price above the baseline's.

    What the baseline itself asks for carbon is part of its own path of travel.
    """
    numbers = travel_numbers(base.region.region_id, base.region.as_of_year)
    oil = paths.path("drivers.oil_product_price_multiplier")
    carbon = paths.path("drivers.carbon_price") - baseline.path("drivers.carbon_price")
    cny_per_km = carbon * numbers["fuel_kgco2_per_km"] / KG_PER_T
    price: FloatArray = oil / oil[0] + cny_per_km / numbers["fuel_cny_per_km"]
    return price


def adjusted(utility: FloatArray, years: float) -> FloatArray:
    """What is felt of a change each year, [..., y]: 1 - exp(-t / years), t years after it."""
    step = 1.0 - exp(-1.0 / years)
    cause = np.ascontiguousarray(utility)
    felt = np.empty_like(cause)
    by_series = (-1, cause.shape[-1])
    follow(cause.reshape(by_series), step, felt.reshape(by_series))
    return felt


def phased_in(base: TransportBase, change: FloatArray) -> FloatArray:
    """A long-run change as it is felt, [..., y]: part at once, the rest with time."""
    numbers = travel_numbers(base.region.region_id, base.region.as_of_year)
    at_once = numbers["short_run_share"]
    felt: FloatArray = at_once * change + (1.0 - at_once) * adjusted(change, numbers["adjustment_years"])
    return felt
