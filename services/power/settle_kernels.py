"""Kernels of the settlement: hours of a dispatched year by block, own use, curtailment, and the balance of every hour.

Words and units as in `kernels`. One region, one year, hours h; arrays in, arrays out.
"""

import numpy as np
from numba import njit

DAY_HOURS = 24


@njit(nogil=True, cache=True)
def incremental_order(price, committed, no_load, commitment):
    """Blocks in rising price of one MWh more, [k]: what is committed burns its no-load fuel anyway."""
    effective = np.empty(price.size)
    for k in range(price.size):
        effective[k] = price[k] * (1.0 - no_load[k]) if committed[k] == 1 and commitment else price[k]
    return np.argsort(effective, kind="mergesort")


@njit(nogil=True, cache=True)
def block_hours(x, hours, day_month, price, cap, committed, min_load, no_load, online, commitment, out):
    """Output of every block in chosen hours, MW: out [k+2, i], segment 0 the surplus, K+1 the unserved."""
    k_count = price.size
    order = incremental_order(price, committed, no_load, commitment)
    for i in range(hours.size):
        d = hours[i] // 24
        rest = x[hours[i]]
        for k in range(k_count):
            out[k + 1, i] = 0.0
            if committed[k] == 1 and commitment:
                out[k + 1, i] = min_load[k] * online[k, d]
                rest -= out[k + 1, i]
        out[0, i] = max(-rest, 0.0)
        rest = max(rest, 0.0)
        for a in range(k_count):
            k = order[a]
            width = cap[day_month[d], k]
            if committed[k] == 1 and commitment:
                width = (1.0 - min_load[k]) * online[k, d]
            part = min(rest, width)
            out[k + 1, i] += part
            rest -= part
        out[k_count + 1, i] = rest


@njit(nogil=True, cache=True)
def settle_hours(
    x,
    day_month,
    price,
    cap,
    committed,
    min_load,
    no_load,
    online,
    commitment,
    own_use,
    fixed_own_use_mw,
    vre,
    vre_own_use,
    delivered_mw,
    own_use_mw,
    curtailed_mw,
    slack_mw,
    curtailed_mwh,
):
    """Hour by hour: what the stack delivers, own use of plants, curtailment and forced surplus.

    own_use[k] MWh used by the plant per MWh delivered; fixed_own_use_mw [month]; vre [v, h] available; curtailment is
    shared in proportion to what is available in the hour. Out: delivered_mw [h] by the stack, own_use_mw [h] of all
    plants, curtailed_mw [h], slack_mw [h] unserved (> 0) or forced surplus (< 0), curtailed_mwh [v].
    """
    k_count = price.size
    order = incremental_order(price, committed, no_load, commitment)
    curtailed_mwh[:] = 0.0
    n = x.size
    available = np.zeros(n)
    for h in range(n):
        own_use_mw[h] = fixed_own_use_mw[day_month[h // DAY_HOURS]]
    if commitment:
        for d in range(day_month.size):
            floor = 0.0
            floor_use = 0.0
            for k in range(k_count):
                if committed[k] == 1:
                    floor += min_load[k] * online[k, d]
                    floor_use += min_load[k] * online[k, d] * own_use[k]
            for i in range(DAY_HOURS):
                h = d * DAY_HOURS + i
                delivered_mw[h] = floor
                slack_mw[h] = x[h] - floor
                own_use_mw[h] += floor_use
    else:
        delivered_mw[:] = 0.0
        slack_mw[:] = x
    for v in range(vre.shape[0]):
        row = vre[v]
        factor = vre_own_use[v]
        for h in range(n):
            available[h] += row[h]
            own_use_mw[h] += row[h] * factor
    # Above the floor the blocks take what is left in order; slack_mw is what is left.
    for d in range(day_month.size):
        first = d * DAY_HOURS
        rest = slack_mw[first : first + DAY_HOURS]
        use = own_use_mw[first : first + DAY_HOURS]
        delivered = delivered_mw[first : first + DAY_HOURS]
        highest = 0.0
        for i in range(DAY_HOURS):
            highest = max(highest, rest[i])
        for a in range(k_count):
            if highest <= 0.0:
                break
            k = order[a]
            width = cap[day_month[d], k]
            if committed[k] == 1 and commitment:
                width = (1.0 - min_load[k]) * online[k, d]
            factor = own_use[k]
            highest -= width
            for i in range(DAY_HOURS):
                part = min(max(rest[i], 0.0), width)
                use[i] += part * factor
                delivered[i] += part
                rest[i] -= part
    for h in range(n):
        over = -slack_mw[h]
        cut = 0.0
        if over > 0.0:
            cut = min(over, available[h])
            if cut > 0.0:
                for v in range(vre.shape[0]):
                    part = cut * vre[v, h] / available[h]
                    curtailed_mwh[v] += part
                    own_use_mw[h] -= part * vre_own_use[v]
            slack_mw[h] = cut - over
        curtailed_mw[h] = cut


@njit(nogil=True, cache=True)
def open_share(fixed, vre, curtailed_mw, delivered_mw, imports, slack_mw, net, row_of, load):
    """Largest share of the load by which supply and demand differ in an hour; NaN where there is one.

    net [a, h] of the stores dispatched, row_of [i] the row of store i or -1.
    """
    n = load.size
    wind_and_sun, discharged, charged = np.zeros(n), np.zeros(n), np.zeros(n)
    for v in range(vre.shape[0]):
        row = vre[v]
        for h in range(n):
            wind_and_sun[h] += row[h]
    for i in range(row_of.size):
        if row_of[i] >= 0:
            row = net[row_of[i]]
            for h in range(n):
                discharged[h] += min(row[h], 0.0)
                charged[h] += max(row[h], 0.0)
    worst = 0.0
    for h in range(n):
        supply = (
            fixed[h]
            + wind_and_sun[h]
            - curtailed_mw[h]
            + delivered_mw[h]
            + imports[h]
            + max(slack_mw[h], 0.0)
        )
        demand = load[h] + max(-slack_mw[h], 0.0)
        share = abs((supply - discharged[h] - demand - charged[h]) / load[h])
        if share != share:
            return np.nan
        worst = max(worst, share)
    return worst
