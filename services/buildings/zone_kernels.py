"""Kernels of the hourly heat balance of a zone (ISO 13790 simple hourly method: five conductances, one capacity)."""

from numba import njit


@njit(nogil=True, cache=True)
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
    start_mass degC; the last `warm_up` hours of the year are run first.
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
    for step in range(-warm_up, hours):
        h = step if step >= 0 else step + hours
        te = outdoor[h]
        h_ve = ventilation[h]
        per_air = 1.0 / (h_ve + h_is)
        through = h_is * per_air
        h1 = h_ve * through
        h2 = h1 + windows
        per_node = 1.0 / (h2 + h_ms)
        down = h_ms * per_node
        h3 = h2 * down
        at_air = gain_air[h]
        inner = to_surface * gain_radiant[h] + windows * te + at_air * through + h1 * supply[h]
        gain = to_mass * gain_radiant[h] + mass_outside * behind[h] + down * inner
        below = 1.0 / (inertia + 0.5 * (h3 + mass_outside))
        above = inertia - 0.5 * (h3 + mass_outside)
        mass_per_watt = down * through * below
        surface_per_watt = (0.5 * h_ms * mass_per_watt + through) * per_node
        air_per_watt = (h_is * surface_per_watt + 1.0) * per_air
        fixed = h_ve * supply[h] + at_air
        air_sum = 0.0
        surface_sum = 0.0
        power_sum = 0.0
        for _ in range(sub_steps):
            after = (state * above + gain) * below
            t_surface = (0.5 * h_ms * (state + after) + inner) * per_node
            t_air = (h_is * t_surface + fixed) * per_air
            watt = 0.0
            if t_air < heat_setpoint[h]:
                watt = min((heat_setpoint[h] - t_air) / air_per_watt, heat_limit[h])
            elif t_air > cool_setpoint[h]:
                watt = max((cool_setpoint[h] - t_air) / air_per_watt, -cool_limit[h])
            state = after + mass_per_watt * watt
            air_sum += t_air + air_per_watt * watt
            surface_sum += t_surface + surface_per_watt * watt
            power_sum += watt
        if step >= 0:
            air[h] = air_sum * part
            surface[h] = surface_sum * part
            mass[h] = state
            power[h] = power_sum * part


@njit(nogil=True, cache=True)
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
    for h in range(power.shape[0]):
        heat[h] = 0.0
        cool[h] = 0.0
        if power[h] > 0.0:
            heat[h] = power[h]
            sums[0] += 0.001 * power[h]
            for k in range(systems):
                pumped = min(power[h], pump_capacity[k, h])
                sums[2 + k] += 0.001 * (pumped * inverse_heat[k, h] + (power[h] - pumped))
        elif power[h] < 0.0:
            cool[h] = latent[h] - power[h] / sensible_share
            sums[1] += 0.001 * cool[h]
            for j in range(coolers):
                sums[2 + systems + j] += 0.001 * cool[h] * inverse_cool[j, h]
