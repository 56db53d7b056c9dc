"""Kernels of the branches: activity x intensity x mix, then efficiency, electrification, coal to gas, in that order."""

from numba import njit


@njit(nogil=True, cache=True)
def project_branches(
    base_gj,
    base_mwh,
    fuel_scale,
    row_of,
    electricity_scale,
    reduction,
    efficiency_factor,
    electrification,
    electrification_factor,
    electricity_per_fuel,
    coal_to_gas,
    coal_to_gas_factor,
    gas_per_coal,
    gj_per_mwh,
    coal,
    gas,
    out_gj,
    out_mwh,
):
    """Fuel and electricity of every branch, place and year.

    base_gj [b, f] and base_mwh [b]: the region's use in the base year. fuel_scale [n, p, y], of which a fuel of
    a branch has the row row_of [b, f], and electricity_scale [b, p, y]: share of the place x activity x mix, base year
    summing to 1 over places.
    reduction, electrification, coal_to_gas, electricity_per_fuel [p, y]: levers (shares; GJ/GJ).
    efficiency_factor, electrification_factor [b, f], coal_to_gas_factor [b]: how far a lever acts.
    coal, gas: positions of the two fuels. -> out_gj [b, f, p, y], out_mwh [b, p, y].

        E = base . scale . (1 - r . factor);  moved = x . factor . E;  electricity += phi . moved
        coal left . y . factor -> gas at gas_per_coal
    """
    branches, fuels, places, years = out_gj.shape
    for b in range(branches):
        for p in range(places):
            for y in range(years):
                out_mwh[b, p, y] = base_mwh[b] * electricity_scale[b, p, y]
        for f in range(fuels):
            base = base_gj[b, f]
            keep = efficiency_factor[b, f]
            move = electrification_factor[b, f]
            if base == 0.0:
                out_gj[b, f] = 0.0
                continue
            scale = fuel_scale[row_of[b, f]]
            for p in range(places):
                for y in range(years):
                    energy = base * scale[p, y] * (1.0 - reduction[p, y] * keep)
                    moved = energy * electrification[p, y] * move
                    out_gj[b, f, p, y] = energy - moved
                    out_mwh[b, p, y] += moved * electricity_per_fuel[p, y] / gj_per_mwh
        for p in range(places):
            for y in range(years):
                switched = out_gj[b, coal, p, y] * coal_to_gas[p, y] * coal_to_gas_factor[b]
                out_gj[b, coal, p, y] -= switched
                out_gj[b, gas, p, y] += switched * gas_per_coal


@njit(nogil=True, cache=True)
def measure_energy(
    base_gj,
    fuel_scale,
    row_of,
    reduction,
    efficiency_factor,
    electrification,
    electrification_factor,
    coal_to_gas,
    coal_to_gas_factor,
    coal,
    out_gj,
):
    """Fuel that each measure of `project_branches` acts on, summed over branches.

    Arguments as there. -> out_gj [3, p, y]: saved by efficiency, moved to electricity, coal moved to gas.
    """
    branches, fuels = base_gj.shape
    _, places, years = fuel_scale.shape
    out_gj[:] = 0.0
    for b in range(branches):
        for f in range(fuels):
            base = base_gj[b, f]
            if base == 0.0:
                continue
            keep = efficiency_factor[b, f]
            move = electrification_factor[b, f]
            gas = coal_to_gas_factor[b] if f == coal else 0.0
            scale = fuel_scale[row_of[b, f]]
            for p in range(places):
                for y in range(years):
                    before = base * scale[p, y]
                    saved = before * reduction[p, y] * keep
                    moved = (before - saved) * electrification[p, y] * move
                    out_gj[0, p, y] += saved
                    out_gj[1, p, y] += moved
                    out_gj[2, p, y] += (before - saved - moved) * coal_to_gas[p, y] * gas


@njit(nogil=True, cache=True)
def sum_members(values, group_of, out):
    """Sums over branches of a group, in their order: out[u, n, p, y] = sum of values[b, n, p, y], group_of[b] = u."""
    out[:] = 0.0
    branches, kinds, places, years = values.shape
    for b in range(branches):
        u = group_of[b]
        for n in range(kinds):
            for p in range(places):
                for y in range(years):
                    out[u, n, p, y] += values[b, n, p, y]


@njit(nogil=True, cache=True)
def sum_emitted(burned_gj, group_of, tco2_per_gj, captured, left, out):
    """CO2 of fuels by group of branches: the same sums of burned_gj [b, f, p, y] times tco2_per_gj [f].

    Branches that capture (captured [b] 1) emit the share left [p, y]. -> out [u, f, p, y].
    """
    out[:] = 0.0
    branches, fuels, places, years = burned_gj.shape
    for b in range(branches):
        u = group_of[b]
        for f in range(fuels):
            factor = tco2_per_gj[f]
            for p in range(places):
                if captured[b] == 1:
                    for y in range(years):
                        out[u, f, p, y] += burned_gj[b, f, p, y] * factor * left[p, y]
                else:
                    for y in range(years):
                        out[u, f, p, y] += burned_gj[b, f, p, y] * factor


@njit(nogil=True, cache=True)
def sum_emissions(burned_gj, factor, out):
    """Emission of fuels: out[q, p, y] = sum over u, f of burned_gj[u, f, p, y] factor[u, f, q, y]."""
    out[:] = 0.0
    groups, fuels, places, years = burned_gj.shape
    for u in range(groups):
        for f in range(fuels):
            for q in range(factor.shape[2]):
                own = factor[u, f, q]
                if not own.any():
                    continue
                for p in range(places):
                    for y in range(years):
                        out[q, p, y] += burned_gj[u, f, p, y] * own[y]
