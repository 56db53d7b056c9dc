"""Kernels of heating systems and of what completions bring into the stock, year after year."""

from numba import njit


@njit(nogil=True, cache=True)
def mix_in(new_share, value, out):
    """out [i, y]: share of the stock that has what a share `value` of completions brings, starting from 0."""
    for i in range(out.shape[0]):
        out[i, 0] = 0.0
        for y in range(1, out.shape[1]):
            gained = new_share[i, y] * value[i, y]
            out[i, y] = (1 - new_share[i, y]) * out[i, y - 1] + gained


@njit(nogil=True, cache=True)
def renew_units(growth, turnover, new_ratio, out):
    """Efficiency of the stock of units, first year = 1, out [p, y]: one cohort a year over their life.

    New units start at `new_ratio` and grow by `growth` [p, y]; a share `turnover` of the stock is replaced a year.
    """
    for p in range(out.shape[0]):
        new = new_ratio
        out[p, 0] = 1.0
        for y in range(1, out.shape[1]):
            new = new * (1 + growth[p, y])
            out[p, y] = 1 / ((1 - turnover) / out[p, y - 1] + turnover / new)


@njit(nogil=True, cache=True)
def turn_over_plant(
    start, hydronic_new, gas_of_rest, resistance, fuel_free, pump_new, ground_new, per_life, new, own
):
    """Shares of one's own heating systems, own [k, s, p, y]: split, hydronic, ground, gas, resistance; sum 1.

    start [s, 3]: hydronic, ground and gas in the first year. Of completions (share new [s, p, y] of the stock) what
    pump_new [p, y] leaves is gas, as far as buildings of the segment are heated with it (gas_of_rest [s]) and not
    free of fuel [s, p, y]; the rest is heat pumps beside resistance [s, y]: ground_new [p, y] of them ground-source,
    hydronic_new [s] of the others air to water. A share per_life [p, y] of the boilers that stay ends in a year and
    becomes air to water.
    """
    _, segments, places, years = own.shape
    for s in range(segments):
        for p in range(places):
            hydronic, ground, gas = start[s, 0], start[s, 1], start[s, 2]
            for y in range(years):
                left = resistance[s, y]
                if y > 0:
                    by_gas = (1 - pump_new[p, y]) * gas_of_rest[s] * (1 - fuel_free[s, p, y])
                    pumps = max(1 - by_gas - left, 0.0)
                    by_ground = pumps * ground_new[p, y]
                    by_water = pumps * (1 - ground_new[p, y]) * hydronic_new[s]
                    added, kept = new[s, p, y], 1 - new[s, p, y]
                    ended = gas * per_life[p, y]
                    hydronic = hydronic * kept + by_water * added + kept * ended
                    ground = ground * kept + by_ground * added
                    gas = gas * kept + by_gas * added - kept * ended
                own[0, s, p, y] = max(1 - (((hydronic + ground) + gas) + left), 0.0)
                own[1, s, p, y] = hydronic
                own[2, s, p, y] = ground
                own[3, s, p, y] = gas
                own[4, s, p, y] = left


@njit(nogil=True, cache=True)
def weigh_states(value, area, first, end, out):
    """Mean of value [e] by area [p, t, e, y] over the types first[s] to end[s] of a segment, out [s, p, y]."""
    _, _, states, years = area.shape
    for s in range(out.shape[0]):
        for p in range(out.shape[1]):
            for y in range(years):
                weighed, whole = 0.0, 0.0
                for e in range(states):
                    own = 0.0
                    for t in range(first[s], end[s]):
                        own += area[p, t, e, y]
                    weighed += value[e] * own
                    whole += own
                out[s, p, y] = weighed / whole
