"""Capacity outage probability table by exact convolution, its tail sums, and loss of load read from them.

Method: recursive convolution of two-state units (Billinton and Allan, Reliability Evaluation of Power Systems,
1996, chapter 2). A capacity between two points of the grid is split between them so that its mean is kept.
"""

import numba as nb

# Terms below this are dropped; all that are dropped together stay far below the rounding of one.
NEGLIGIBLE = 1e-40
# Below this the first term of a binomial would lose digits, so units are folded one by one.
SMALLEST_START = 1e-200
# A margin this close below a grid point counts as on it (share of a step): rounding must not open a state.
ON_GRID = 1e-9


@nb.njit(nogil=True, cache=True)
def fold_units(low, weight, outage, count, taps, probability):
    """Fold classes of identical units into the table; returns the highest state kept.

    A unit of class u out of service, which happens with probability outage[u], loses low[u] steps, or one more with
    probability weight[u]. `probability` [state] is overwritten; its length must hold all units out at once.
    `taps` is scratch, longer than the largest count.
    """
    probability[:] = 0.0
    probability[0] = 1.0
    top = 0
    for u in range(low.size):
        q, w, k, n = outage[u], weight[u], low[u], count[u]
        if q == 0.0 or n == 0:
            continue
        if w == 0.0 and n > 2 and (1.0 - q) ** n > SMALLEST_START:
            top = _fold_class(k, q, n, taps, probability, top)
        else:
            for _ in range(n):
                top = _fold_unit(k, w, q, probability, top)
    return top


@nb.njit(nogil=True, cache=True)
def _fold_unit(k, w, q, p, top):
    """One unit; states are taken from the top down, so that the table is its own source."""
    reach = k + 1 if w > 0.0 else k
    high = min(top + reach, p.size - 1)
    stay, first, second = 1.0 - q, q * (1.0 - w), q * w
    for x in range(high, -1, -1):
        value = stay * p[x]
        if x >= k:
            value += first * p[x - k]
        if x > k:
            value += second * p[x - k - 1]
        p[x] = value
    return _trimmed(p, high)


@nb.njit(nogil=True, cache=True)
def _fold_class(k, q, n, taps, p, top):
    """n units of k whole steps at once: the number out of service is binomial."""
    if k == 0:
        return top
    taps[0] = (1.0 - q) ** n
    last = 0
    for j in range(n):
        taps[j + 1] = taps[j] * (n - j) / (j + 1) * (q / (1.0 - q))
        if taps[j + 1] >= NEGLIGIBLE:
            last = j + 1
    high = min(top + k * last, p.size - 1)
    for x in range(high, -1, -1):
        value = 0.0
        for j in range(min(last, x // k) + 1):
            value += taps[j] * p[x - j * k]
        p[x] = value
    return _trimmed(p, high)


@nb.njit(nogil=True, cache=True)
def _trimmed(p, top):
    """The highest state worth keeping; those above are set to 0."""
    while top > 0 and p[top] < NEGLIGIBLE:
        p[top] = 0.0
        top -= 1
    return top


@nb.njit(nogil=True, cache=True)
def sum_tails(probability, step_mw, tail, excess_mw):
    """tail[k] = P(outage > k steps); excess_mw[k] = E[(outage - k steps)+]. Summed from the small end."""
    above = 0.0
    beyond = 0.0
    for k in range(probability.size - 1, -1, -1):
        tail[k] = above
        beyond += above * step_mw
        excess_mw[k] = beyond
        above += probability[k]


@nb.njit(nogil=True, cache=True)
def _loss(margin_mw, step_mw, tail):
    """P(outage > margin): 1 where the margin is negative."""
    at = margin_mw / step_mw + ON_GRID
    if at < 0.0:
        return 1.0
    if at >= tail.size:
        return 0.0
    return tail[int(at)]


@nb.njit(nogil=True, cache=True)
def hourly_risk(margin_mw, step_mw, tail, excess_mw, loss, unserved_mw):
    """Loss-of-load probability and expected unserved load of every hour from its margin without outages."""
    for t in range(margin_mw.size):
        m = margin_mw[t]
        loss[t] = _loss(m, step_mw, tail)
        if m < 0.0:
            unserved_mw[t] = excess_mw[0] - m
            continue
        at = m / step_mw
        if at >= tail.size:
            unserved_mw[t] = 0.0
            continue
        k = int(at)
        unserved_mw[t] = max(excess_mw[k] - (m - k * step_mw) * tail[k], 0.0)


@nb.njit(nogil=True, cache=True)
def carried_load(margin_mw, step_mw, tail, target, low_mw, high_mw, tolerance_mw, work):
    """The largest constant load that may be added with the sum of loss probabilities at or below `target`.

    Bisection between `low_mw`, which must meet the target, and `high_mw`, which must not. Hours without any risk at
    the upper end and hours lost for certain at the lower end are taken out on the way; `work` is scratch [h].
    """
    n = margin_mw.size
    work[:] = margin_mw
    lost = 0.0
    full = tail.size * step_mw
    while high_mw - low_mw > tolerance_mw:
        middle = 0.5 * (low_mw + high_mw)
        if middle <= low_mw or middle >= high_mw:
            # Numbers lie no closer than this.
            break
        total = lost
        for t in range(n):
            total += _loss(work[t] - middle, step_mw, tail)
        if total <= target:
            low_mw = middle
        else:
            high_mw = middle
        kept = 0
        for t in range(n):
            m = work[t]
            if (m - low_mw) / step_mw + ON_GRID < 0.0:
                lost += 1.0
            elif m - high_mw < full:
                work[kept] = m
                kept += 1
        n = kept
    return low_mw
