"""Kernels of the buildings sector: stock turnover, and the hourly heat balance of a zone (ISO 13790, 5R1C)."""

from numba import njit


@njit(nogil=True, cache=True)
def turn_over(
    area,
    survival,
    new_survival,
    demand,
    new_mix,
    group,
    retrofit,
    shift_one,
    shift_far,
    far,
    oldest_age,
    least_new_share,
    first_new,
    start_vintage,
    eligible,
    stock,
    completed,
    demolished,
    retrofitted,
):
    """Yearly turnover of floor area by place, type, vintage and standard generation.

    area [p, t, v, g]: m2 at the end of the base year, changed in place. survival [t, v, y]: share of a vintage
    standing at the end of y-1 that stands at the end of y; new_survival [p, t, n, y] the same for vintages from
    `first_new` on. demand [p, t, y] m2. new_mix [p, t, y, g]: standards of completions. group [t]: 0 dwellings,
    1 public, -1 not retrofitted. retrofit [2, y] m2 a year for the region. shift_one, shift_far [p, y]: shares of
    retrofitted area that reach the next generation, and generation `far`. oldest_age: least age for a retrofit.
    -> stock [p, t, g, y], completed, demolished, retrofitted [p, t, y], all m2; eligible [p, t] is scratch.
    """
    places, types, _, generations = area.shape
    years = demand.shape[2]
    for y in range(1, years):
        newest = first_new + y - 1
        for p in range(places):
            for t in range(types):
                total = 0.0
                lost = 0.0
                for v in range(newest):
                    keep = survival[t, v, y] if v < first_new else new_survival[p, t, v - first_new, y]
                    for g in range(generations):
                        gone = area[p, t, v, g] * (1.0 - keep)
                        area[p, t, v, g] -= gone
                        lost += gone
                        total += area[p, t, v, g]
                new = demand[p, t, y] - total
                least = least_new_share * total
                if new < least:
                    new = least
                for g in range(generations):
                    area[p, t, newest, g] = new * new_mix[p, t, y, g]
                completed[p, t, y] = new
                demolished[p, t, y] = lost
        old_enough = start_vintage + y - oldest_age
        for k in range(2):
            whole = 0.0
            for p in range(places):
                for t in range(types):
                    if group[t] == k:
                        eligible[p, t] = 0.0
                        for v in range(min(max(old_enough, 0), newest)):
                            eligible[p, t] += area[p, t, v, 0] + area[p, t, v, 1]
                        whole += eligible[p, t]
            if whole <= 0.0:
                continue
            share = min(retrofit[k, y] / whole, 1.0)
            for p in range(places):
                for t in range(types):
                    if group[t] != k:
                        continue
                    left = share * eligible[p, t]
                    retrofitted[p, t, y] = left
                    for g in range(2):
                        pool = 0.0
                        for v in range(min(max(old_enough, 0), newest)):
                            pool += area[p, t, v, g]
                        if pool <= 0.0:
                            continue
                        take = min(left, pool) / pool
                        left -= min(left, pool)
                        for v in range(min(max(old_enough, 0), newest)):
                            one = area[p, t, v, g] * take * shift_one[p, y]
                            kept = area[p, t, v, g] - one
                            deep = min(area[p, t, v, g] * take * shift_far[p, y], kept)
                            area[p, t, v, g] = max(kept - deep, 0.0)
                            area[p, t, v, g + 1] += one
                            area[p, t, v, far] += deep
        for p in range(places):
            for t in range(types):
                for g in range(generations):
                    total = 0.0
                    for v in range(newest + 1):
                        total += area[p, t, v, g]
                    stock[p, t, g, y] = total


@njit(nogil=True, cache=True)
def simulate_zone(
    outdoor,
    supply_weight,
    neighbour,
    solar,
    internal,
    ventilation,
    latent,
    heat_setpoint,
    cool_setpoint,
    inverse_cop,
    inverse_eer,
    windows,
    opaque,
    mass_area,
    surface_area,
    capacity,
    heat_limit,
    cool_limit,
    sensible_share,
    start_mass,
    warm_up,
    air,
    heat,
    cool,
    sums,
):
    """A year of one zone per m2 of floor, one hour a step (Crank-Nicolson).

    outdoor, neighbour degC; solar, internal, latent W/m2; ventilation W/(m2 K) [h], of which supply_weight W/(m2 K)
    is the partition to the neighbour; set-points degC [h], beyond +-90 = off. windows, opaque W/(m2 K); mass_area,
    surface_area m2/m2; capacity J/(m2 K); limits W/m2; start_mass degC; `warm_up` hours of the
    year's end are run first.
    -> air degC [h], heat, cool (with latent) W/m2 [h]; sums [4]: heat, cooling, and their electricity, kWh/m2.
    """
    hours = outdoor.shape[0]
    h_ms = 9.1 * mass_area
    h_em = 1.0 / (1.0 / opaque - 1.0 / h_ms)
    h_is = 3.45 * surface_area
    to_mass = mass_area / surface_area
    to_surface = 1.0 - to_mass - windows / (9.1 * surface_area)
    inertia = capacity / 3600.0
    mass = start_mass
    for s in range(4):
        sums[s] = 0.0
    for step in range(-warm_up, hours):
        h = step if step >= 0 else step + hours
        te = outdoor[h]
        h_ve = ventilation[h] + supply_weight
        supply = (ventilation[h] * te + supply_weight * neighbour[h]) / h_ve
        h1 = 1.0 / (1.0 / h_ve + 1.0 / h_is)
        h2 = h1 + windows
        h3 = 1.0 / (1.0 / h2 + 1.0 / h_ms)
        half = 0.5 * internal[h]
        to_air = half
        to_nodes = half + solar[h]
        at_mass = to_mass * to_nodes
        at_surface = to_surface * to_nodes
        inner = at_surface + windows * te + h1 * (to_air / h_ve + supply)
        gain = at_mass + h_em * te + h3 * inner / h2
        below = inertia + 0.5 * (h3 + h_em)
        above = inertia - 0.5 * (h3 + h_em)
        mass_free = (mass * above + gain) / below
        surface = (h_ms * 0.5 * (mass + mass_free) + inner) / (h_ms + windows + h1)
        t_free = (h_is * surface + h_ve * supply + to_air) / (h_is + h_ve)
        per_watt_mass = h3 * h1 / (h_ve * h2) / below
        per_watt_surface = (h_ms * 0.5 * per_watt_mass + h1 / h_ve) / (h_ms + windows + h1)
        per_watt_air = (h_is * per_watt_surface + 1.0) / (h_is + h_ve)
        power = 0.0
        if t_free < heat_setpoint[h]:
            power = min((heat_setpoint[h] - t_free) / per_watt_air, heat_limit)
        elif t_free > cool_setpoint[h]:
            power = max((cool_setpoint[h] - t_free) / per_watt_air, -cool_limit)
        mass = mass_free + per_watt_mass * power
        if step >= 0:
            air[h] = t_free + per_watt_air * power
            heat[h] = 0.0
            cool[h] = 0.0
            if power > 0.0:
                heat[h] = power
                sums[0] += power * 0.001
                sums[2] += power * inverse_cop[h] * 0.001
            elif power < 0.0:
                cool[h] = -power / sensible_share + latent[h]
                sums[1] += cool[h] * 0.001
                sums[3] += cool[h] * inverse_eer[h] * 0.001
