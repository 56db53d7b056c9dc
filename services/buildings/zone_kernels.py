"""Kernels of the hourly heat balance of a zone (ISO 13790 simple hourly method: five conductances, one capacity)."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, error_model="numpy")
def simulate_zone(
    outdoor,
    behind,
    supply,
    ventilation,
    gain_air,
    gain_radiant,
    heat_setpoint,
    cool_setpoint,
    heat_limit,
    cool_limit,
    windows,
    mass_outside,
    mass_area,
    surface_area,
    capacity,
    start_mass,
    warm_up,
    sub_steps,
    air,
    surface,
    mass,
    power,
):
    """A year of one zone, one hour a step (Crank-Nicolson), each split in `sub_steps` for very light zones.

    All extensive inputs are for the whole zone or all per m2 of floor. outdoor: air outside, behind: temperature that
    the opaque parts see, supply: temperature of incoming air, degC [h]; ventilation W/K [h] >= 0; gain_air,
    gain_radiant W [h]: to the air at once, and spread over mass and surfaces; set-points degC [h], limits W [h] >= 0.
    windows: their conductance; mass_outside: conductance mass to `behind` (H_em), W/K; areas m2; capacity J/K;
    start_mass degC; the last `warm_up` hours of the year (at most all of it) are run first.
    -> air, surface degC (means of the hour), mass degC (end of the hour), power W (heating > 0 > cooling), [h].
    """
    hours = outdoor.shape[0]
    h_ms = 9.1 * mass_area
    h_is = 3.45 * surface_area
    to_mass = mass_area / surface_area
    to_surface = 1.0 - to_mass - windows / (9.1 * surface_area)
    inertia = capacity * sub_steps / 3600.0
    part = 1.0 / sub_steps
    state = start_mass
    for step in range(-min(warm_up, hours), hours):
        h = np.uintp(step if step >= 0 else step + hours)
        h_ve = ventilation[h]
        at_air = gain_air[h]
        per_air = 1.0 / (h_ve + h_is)
        through = h_is * per_air
        h1 = h_ve * through
        h2 = h1 + windows
        per_node = 1.0 / (h2 + h_ms)
        down = h_ms * per_node
        lost = 0.5 * (h2 * down + mass_outside)
        inner = to_surface * gain_radiant[h] + windows * outdoor[h] + at_air * through + h1 * supply[h]
        gain = to_mass * gain_radiant[h] + mass_outside * behind[h] + down * inner
        below = 1.0 / (inertia + lost)
        # Each temperature is a line in the mass at the start of the step, plus its rise per watt of plant: what an
        # hour waits for of the hour before is then one product and one sum.
        mass_of_mass = (inertia - lost) * below
        mass_fixed = gain * below
        mass_per_watt = down * through * below
        surface_of_mass = 0.5 * down * (1.0 + mass_of_mass)
        surface_fixed = 0.5 * down * mass_fixed + inner * per_node
        surface_per_watt = 0.5 * down * mass_per_watt + through * per_node
        air_of_mass = through * surface_of_mass
        air_fixed = through * surface_fixed + (h_ve * supply[h] + at_air) * per_air
        air_per_watt = through * surface_per_watt + per_air
        watt_per_k = 1.0 / air_per_watt
        low = heat_setpoint[h]
        high = cool_setpoint[h]
        most_heat = heat_limit[h]
        most_cool = -cool_limit[h]
        air_sum = 0.0
        surface_sum = 0.0
        power_sum = 0.0
        for _ in range(sub_steps):
            t_air = air_of_mass * state + air_fixed
            watt = 0.0
            if t_air < low:
                watt = min((low - t_air) * watt_per_k, most_heat)
            elif t_air > high:
                watt = max((high - t_air) * watt_per_k, most_cool)
            air_sum += t_air + air_per_watt * watt
            surface_sum += surface_of_mass * state + surface_fixed + surface_per_watt * watt
            power_sum += watt
            state = mass_of_mass * state + mass_fixed + mass_per_watt * watt
        if step >= 0:
            air[h] = air_sum * part
            surface[h] = surface_sum * part
            mass[h] = state
            power[h] = power_sum * part


@njit(nogil=True, cache=True, error_model="numpy")
def weigh_loads(power, latent, sensible_share, inverse_heat, pump_capacity, inverse_cool, heat, cool, sums):
    """Useful heat and cooling of a simulated year, and the electricity of each system that could deliver them.

    power W/m2 [h] of `simulate_zone`; latent W/m2 [h], reckoned while cooling runs; sensible cooling over
    `sensible_share` is all cooling of zones whose moisture is a fixed share. inverse_heat 1/COP [k, h];
    pump_capacity W/m2 [k, h]: heat above it comes from resistance; inverse_cool 1/EER [j, h].
    -> heat, cool W/m2 [h]; sums kWh/m2 [2 + k + j]: heat, cooling, electricity by heating and by cooling system.
    """
    systems = inverse_heat.shape[0]
    coolers = inverse_cool.shape[0]
    for s in range(sums.shape[0]):
        sums[s] = 0.0
    heat_sum = 0.0
    cool_sum = 0.0
    for h in range(power.shape[0]):
        watt = power[h]
        heating = 0.0
        cooling = 0.0
        if watt > 0.0:
            heating = watt
            heat_sum += 0.001 * watt
            for k in range(systems):
                pumped = min(watt, pump_capacity[k, h])
                sums[2 + k] += 0.001 * (pumped * inverse_heat[k, h] + (watt - pumped))
        elif watt < 0.0:
            cooling = latent[h] - watt / sensible_share
            cool_sum += 0.001 * cooling
            for j in range(coolers):
                sums[2 + systems + j] += 0.001 * cooling * inverse_cool[j, h]
        heat[h] = heating
        cool[h] = cooling
    sums[0] = heat_sum
    sums[1] = cool_sum
