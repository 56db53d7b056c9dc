"""Freight and passenger splits once more, in loops, from the equations.

GC = rate + terminal / L + VOT (1 / speed + wait / L);  S' = S e^(-mu dGC) / sum, on the contestable share
s'(m|n) = s(m|n) e^(dU/l) / sum;  dIV = ln sum s(m|n) e^(dU/l);  s'(n) = s(n) e^(l dIV) / sum
"""

from math import exp, log

NESTS = {"car": "private", "taxi": "private", "bus": "public", "metro": "public",
         "walk": "active", "bicycle": "active", "e_bike": "active", "other": "other"}  # fmt: skip
GREEN = ("walk", "bicycle", "e_bike", "bus", "metro")
PER_MINUTE, PER_CNY = -0.030, -0.050
DEADHEADING = 0.30


def cost(mode, length, value_of_time, *, changed):
    rate, terminal = mode["rate_cny_per_tkm"], mode["terminal_cny_per_t"]
    speed, wait = mode["speed_km_per_h"], mode["wait_h"]
    if changed:
        rate += mode["rate_change_cny_per_tkm"]
        terminal += mode["terminal_change_cny_per_t"]
        wait += mode["wait_change_h"]
        speed *= mode["speed_ratio"]
    return rate + terminal / length + value_of_time * (1 / speed + wait / length)


def freight(market):
    """Modes of a freight market: cost, share before and after, elasticities to each rate."""
    length, value = market["distance_km"], market["value_of_time_cny_per_t_h"]
    mu, contestable = market["sensitivity"], market["contestable_share"]
    modes = market["modes"]
    before = [cost(m, length, value, changed=False) for m in modes]
    after = [cost(m, length, value, changed=True) for m in modes]
    lowest = min(b - a for a, b in zip(before, after, strict=True))
    weight = [m["share"] * exp(-mu * (b - a - lowest)) for m, a, b in zip(modes, before, after, strict=True)]
    moved = [w / sum(weight) for w in weight]
    found = []
    for i, m in enumerate(modes):
        share = (1 - contestable) * m["share"] + contestable * moved[i]
        rate = m["rate_cny_per_tkm"]
        found.append(
            {
                "mode": m["mode"],
                "cost_before_cny_per_tkm": before[i],
                "cost_after_cny_per_tkm": after[i],
                "share_before": m["share"],
                "share_after": share,
                "turnover_after_tkm": market["turnover_tkm"] * share,
                "own_rate_elasticity": -mu * rate * (1 - m["share"]) * contestable,
                "rate_elasticities": [
                    mu * rate * contestable * (m["share"] - (1 if j == i else 0)) for j in range(len(modes))
                ],
                "energy_after_gj": market["turnover_tkm"] * share * m["energy_mj_per_tkm"] / 1e3,
                "direct_after_tco2": market["turnover_tkm"] * share * m["direct_gco2_per_tkm"] / 1e6,
            }
        )
    return found


def passengers(share, utility, dissimilarity):
    """Shares of trips after changes of utility by mode; share sums to 1."""
    nests = {}
    for mode in share:
        nests.setdefault(NESTS[mode], []).append(mode)
    weight, within = {}, {}
    for nest, members in nests.items():
        total = sum(share[m] for m in members)
        if total == 0:
            weight[nest], within[nest] = 0.0, dict.fromkeys(members, 0.0)
            continue
        part = {m: share[m] / total * exp(utility.get(m, 0.0) / dissimilarity) for m in members}
        inclusive = log(sum(part.values()))
        weight[nest] = total * exp(dissimilarity * inclusive)
        within[nest] = {m: p / sum(part.values()) for m, p in part.items()}
    whole = sum(weight.values())
    return {m: weight[n] / whole * within[n][m] for n in nests for m in within[n]}


def utility(change):
    """Change of utility of a mode."""
    return (
        PER_MINUTE * (change["ride_change_min"] + 2 * change["wait_change_min"])
        + PER_CNY * change["cost_change_cny"]
        + change["utility_change"]
    )
