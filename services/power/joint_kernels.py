"""Kernels of the joint dispatch of all stores: an interior-point method made for this structure. Arrays in and out.

The linear programme: in every step the load on the stack is served by segments q of rising price, stores charge c and
discharge d, contents S follow. Mehrotra's predictor-corrector (1992) on bounded variables; the normal equations couple
one balance price and one value per store and step: the balance is eliminated, the stores' values form a block
tridiagonal system (cyclic when the year is), solved by one sweep forward and one back.

Index m stores, t steps. Store data: scalars [m, 4] = (charge eff, discharge eff, throughput cost, kept share of the
content a step); limits charge, discharge [m, t] MW; contents between low and high at the end of a step [m, t];
inflow [m, t]. Units: MW and MW-steps; the caller scales.
"""

import numpy as np
from numba import njit

# Variables of a store and step, in this order: charge, discharge, content at the end, spill.
PARTS = 4


@njit(nogil=True, cache=True)
def count_segments(below, above, per, cap):
    """Offsets [t+1] of the stack segments that lie within below..above [t], MW."""
    n = below.size
    k_count = cap.shape[1]
    offset = np.zeros(n + 1, dtype=np.int64)
    for t in range(n):
        count = 0
        at = 0.0
        if below[t] < 0.0:
            count += 1
        row = cap[per[t]]
        for k in range(k_count):
            if row[k] > 0.0 and at < above[t] and at + row[k] > below[t]:
                count += 1
            at += row[k]
        if above[t] > at:
            count += 1
        offset[t + 1] = offset[t] + count
    return offset


@njit(nogil=True, cache=True)
def fill_segments(below, above, per, price, cap, voll, offset, seg_price, seg_width):
    """Price and width of those segments: surplus (price 0), blocks, unserved (voll); price [m, k] by period."""
    k_count = cap.shape[1]
    for t in range(below.size):
        i = offset[t]
        lo, hi = below[t], above[t]
        if lo < 0.0:
            seg_price[i] = 0.0
            seg_width[i] = min(hi, 0.0) - lo
            i += 1
        row = cap[per[t]]
        prow = price[per[t]]
        at = 0.0
        for k in range(k_count):
            if row[k] > 0.0 and at < hi and at + row[k] > lo:
                seg_price[i] = prow[k]
                seg_width[i] = min(at + row[k], hi) - max(at, lo)
                i += 1
            at += row[k]
        if hi > at:
            seg_price[i] = voll
            seg_width[i] = hi - max(at, lo)


@njit(nogil=True, cache=True, error_model="numpy")
def _invert(a):
    """Inverse of a small symmetric positive definite matrix in place (Gauss-Jordan)."""
    m = a.shape[0]
    for k in range(m):
        pivot = 1.0 / a[k, k]
        a[k, k] = 1.0
        for j in range(m):
            a[k, j] *= pivot
        for i in range(m):
            if i != k:
                factor = a[i, k]
                a[i, k] = 0.0
                for j in range(m):
                    a[i, j] -= factor * a[k, j]


@njit(nogil=True, cache=True, error_model="numpy")
def _factor(theta, offset, scalars, cyclic, balance, coupling, off, inverse, fill):
    """Factors of the normal equations: balance [t], coupling [t, m], off [t, m], inverse and fill [t, m, m]."""
    n, m = coupling.shape
    ns = offset[n]
    last = np.zeros((m, m))
    diag = np.zeros((m, m))
    part = np.empty(m)
    work = np.empty((m, m))
    for t in range(n):
        stack = 0.0
        for j in range(offset[t], offset[t + 1]):
            stack += theta[j]
        whole = stack
        for s in range(m):
            at = ns + (t * m + s) * PARTS
            part[s] = theta[at] + theta[at + 1]
            whole += part[s]
        balance[t] = 1.0 / whole if whole > 0.0 else 0.0
        for s in range(m):
            at = ns + (t * m + s) * PARTS
            ec, ied, keep = scalars[s, 0], 1.0 / scalars[s, 1], scalars[s, 3]
            coupling[t, s] = ec * theta[at] + ied * theta[at + 1]
            before = 0.0
            if t > 0:
                before = theta[at - PARTS * m + 2]
            elif cyclic[s]:
                before = theta[ns + ((n - 1) * m + s) * PARTS + 2]
            off[t, s] = -keep * before
            # Written so that nothing cancels when charge and discharge dominate the balance.
            own = 0.0
            if part[s] > 0.0:
                own = theta[at] * theta[at + 1] * (ec - ied) ** 2 / part[s]
                others = stack
                for q in range(m):
                    if q != s:
                        others += part[q]
                own += coupling[t, s] ** 2 / part[s] * others * balance[t]
            work[s, s] = own + theta[at + 2] + keep * keep * before + theta[at + 3]
            for q in range(s):
                work[s, q] = -coupling[t, s] * coupling[t, q] * balance[t]
                work[q, s] = work[s, q]
        if t == n - 1:
            for i in range(m):
                for j in range(m):
                    inverse[t, i, j] = work[i, j] + last[i, j]
                inverse[t, i, i] += 1e-14
            _invert(inverse[t])
            continue
        for i in range(m):
            for j in range(m):
                inverse[t, i, j] = work[i, j] + diag[i, j]
            inverse[t, i, i] += 1e-14
        if t == 0:
            fill[0, :, :] = 0.0
            for s in range(m):
                fill[0, s, s] = off[0, s]
        _invert(inverse[t])
        if t == n - 2:
            for s in range(m):
                ied = -scalars[s, 3] * theta[ns + (t * m + s) * PARTS + 2]
                fill[t, s, s] += ied
        for i in range(m):
            for j in range(m):
                total = 0.0
                for k in range(m):
                    total += inverse[t, i, k] * fill[t, k, j]
                work[i, j] = total
        for i in range(m):
            for j in range(m):
                total = 0.0
                for k in range(m):
                    total += fill[t, k, i] * work[k, j]
                last[i, j] -= total
        if t < n - 2:
            for i in range(m):
                oi = -scalars[i, 3] * theta[ns + (t * m + i) * PARTS + 2]
                for j in range(m):
                    oj = -scalars[j, 3] * theta[ns + (t * m + j) * PARTS + 2]
                    diag[i, j] = -oi * inverse[t, i, j] * oj
                    v = -oi * work[i, j]
                    fill[t + 1, i, j] = v if abs(v) > 1e-150 else 0.0


@njit(nogil=True, cache=True)
def _solve(rhs_b, rhs_s, balance, coupling, off, inverse, fill, pi, mu, half):
    """Solve the factored normal equations: balance prices pi [t], store values mu [t, m]; half [t, m] is scratch."""
    n, m = coupling.shape
    last = np.zeros(m)
    carry = np.zeros(m)
    for t in range(n):
        for s in range(m):
            mu[t, s] = rhs_s[t, s] - coupling[t, s] * balance[t] * rhs_b[t] + carry[s]
        if t == n - 1:
            break
        for i in range(m):
            total = 0.0
            for k in range(m):
                total += inverse[t, i, k] * mu[t, k]
            half[t, i] = total
        for i in range(m):
            for k in range(m):
                last[i] -= fill[t, k, i] * half[t, k]
            carry[i] = -off[t + 1, i] * half[t, i] if t < n - 2 else 0.0
    for i in range(m):
        mu[n - 1, i] += last[i]
    for i in range(m):
        total = 0.0
        for k in range(m):
            total += inverse[n - 1, i, k] * mu[n - 1, k]
        last[i] = total
    mu[n - 1] = last
    for t in range(n - 2, -1, -1):
        for i in range(m):
            total = half[t, i]
            for k in range(m):
                back = 0.0
                for q in range(m):
                    back += fill[t, k, q] * last[q]
                if t < n - 2:
                    back += off[t + 1, k] * mu[t + 1, k]
                total -= inverse[t, i, k] * back
            carry[i] = total
        mu[t] = carry
    for t in range(n):
        total = rhs_b[t]
        for s in range(m):
            total -= coupling[t, s] * mu[t, s]
        pi[t] = total * balance[t]


@njit(nogil=True, cache=True)
def _transpose(pi, mu, offset, scalars, cyclic, out):
    """out = A' (pi, mu) for every variable."""
    n, m = mu.shape
    ns = offset[n]
    for t in range(n):
        for j in range(offset[t], offset[t + 1]):
            out[j] = pi[t]
        for s in range(m):
            at = ns + (t * m + s) * PARTS
            ec, ied, keep = scalars[s, 0], 1.0 / scalars[s, 1], scalars[s, 3]
            out[at] = -pi[t] - ec * mu[t, s]
            out[at + 1] = pi[t] + ied * mu[t, s]
            after = 0.0
            if t + 1 < n:
                after = mu[t + 1, s]
            elif cyclic[s]:
                after = mu[0, s]
            out[at + 2] = mu[t, s] - keep * after
            out[at + 3] = mu[t, s]


@njit(nogil=True, cache=True)
def _apply(x, low, start, offset, scalars, cyclic, out_b, out_s):
    """A x for the balance [t] and the contents [t, m]; contents are x + low."""
    n, m = out_s.shape
    ns = offset[n]
    for t in range(n):
        total = 0.0
        for j in range(offset[t], offset[t + 1]):
            total += x[j]
        for s in range(m):
            at = ns + (t * m + s) * PARTS
            ec, ied, keep = scalars[s, 0], 1.0 / scalars[s, 1], scalars[s, 3]
            total += x[at + 1] - x[at]
            if t > 0:
                before = x[at - PARTS * m + 2] + low[s, t - 1]
            elif cyclic[s]:
                before = x[ns + ((n - 1) * m + s) * PARTS + 2] + low[s, n - 1]
            else:
                before = start[s]
            out_s[t, s] = x[at + 2] + low[s, t] - keep * before - ec * x[at] + ied * x[at + 1] + x[at + 3]
        out_b[t] = total


@njit(nogil=True, cache=True, error_model="numpy")
def joint_dispatch(
    offset,
    seg_price,
    seg_width,
    scalars,
    charge,
    discharge,
    low,
    high,
    inflow,
    waste,
    cyclic,
    start,
    tolerance,
    turns,
):
    """Least-cost schedule of all stores together, to a relative gap of `tolerance` or `turns` iterations.

    The stack's segments start at load r - sum of discharge. waste [m, t] what may be spilled at most; cyclic [m] 1
    where the last content is the first, else start [m] is given and the end lies within low, high. Returns (contents
    and spill [m, t] at the end of every step, prices pi [t] of the balance, multipliers mu [t, m] of the contents: the
    worth of stored energy is -mu, True when the gap was reached).
    """
    m, n = charge.shape
    ns = offset[n]
    size = ns + n * m * PARTS
    x, u, cost = np.empty(size), np.empty(size), np.zeros(size)
    cost[:ns] = seg_price
    u[:ns] = seg_width
    need = np.zeros(n)
    for t in range(n):
        for s in range(m):
            at = ns + (t * m + s) * PARTS
            u[at], u[at + 1] = charge[s, t], discharge[s, t]
            u[at + 2] = high[s, t] - low[s, t]
            u[at + 3] = waste[s, t]
            cost[at] = scalars[s, 2]
            cost[at + 1] = scalars[s, 2]
            need[t] += discharge[s, t]
    free = np.zeros(size, dtype=np.bool_)
    count = 0
    for j in range(size):
        x[j] = 0.0
        if u[j] > 1e-9:
            free[j] = True
            x[j] = 0.5 * u[j]
            count += 1
    pi, mu = np.zeros(n), np.zeros((n, m))
    for t in range(n):
        # Start with the price in the middle of the step's segments.
        i = (offset[t] + offset[t + 1]) // 2
        if offset[t + 1] > offset[t]:
            pi[t] = seg_price[min(i, offset[t + 1] - 1)]
    mean = 0.0
    for t in range(n):
        mean += pi[t] / n
    for t in range(n):
        for s in range(m):
            mu[t, s] = -mean
    z, w = np.zeros(size), np.zeros(size)
    image, theta, rho = np.empty(size), np.empty(size), np.empty(size)
    dx, dz, dw = np.zeros(size), np.zeros(size), np.zeros(size)
    _transpose(pi, mu, offset, scalars, cyclic, image)
    for j in range(size):
        if free[j]:
            reduced = cost[j] - image[j]
            z[j] = max(reduced, 0.0) + 0.5
            w[j] = max(-reduced, 0.0) + 0.5
    balance, coupling, off = np.empty(n), np.empty((n, m)), np.empty((n, m))
    inverse, fill = np.empty((n, m, m)), np.empty((n, m, m))
    res_b, res_s, rhs_b, rhs_s = np.empty(n), np.empty((n, m)), np.empty(n), np.empty((n, m))
    dpi, dmu, half = np.empty(n), np.empty((n, m)), np.empty((n, m))
    turn = 0
    while turn < turns:
        _apply(x, low, start, offset, scalars, cyclic, res_b, res_s)
        primal_error = 0.0
        for t in range(n):
            res_b[t] = need[t] - res_b[t]
            primal_error = max(primal_error, abs(res_b[t]))
            for s in range(m):
                res_s[t, s] = inflow[s, t] - res_s[t, s]
                primal_error = max(primal_error, abs(res_s[t, s]))
        _transpose(pi, mu, offset, scalars, cyclic, image)
        gap = 0.0
        value = 0.0
        dual_error = 0.0
        for j in range(size):
            if not free[j]:
                theta[j] = 0.0
                continue
            gap += x[j] * z[j] + (u[j] - x[j]) * w[j]
            value += abs(cost[j]) * x[j]
            image[j] = cost[j] - image[j] - z[j] + w[j]
            dual_error = max(dual_error, abs(image[j]))
            theta[j] = 1.0 / (z[j] / x[j] + w[j] / (u[j] - x[j]))
        if gap <= tolerance * max(value, 1e-9) and primal_error < 1e-7 and dual_error < 1e-6:
            break
        barrier = gap / (2 * count)
        _factor(theta, offset, scalars, cyclic, balance, coupling, off, inverse, fill)
        target = 0.0
        for phase in range(2):
            for j in range(size):
                rho[j] = 0.0
                if free[j]:
                    # The second-order terms of the predictor enter the corrector.
                    rxz = target - x[j] * z[j]
                    rsw = target - (u[j] - x[j]) * w[j]
                    if phase == 1:
                        rxz -= dx[j] * dz[j]
                        rsw += dx[j] * dw[j]
                    rho[j] = image[j] - rxz / x[j] + rsw / (u[j] - x[j])
            for t in range(n):
                total = res_b[t]
                for j in range(offset[t], offset[t + 1]):
                    total += theta[j] * rho[j]
                for s in range(m):
                    at = ns + (t * m + s) * PARTS
                    ec, ied, keep = scalars[s, 0], 1.0 / scalars[s, 1], scalars[s, 3]
                    total += theta[at + 1] * rho[at + 1] - theta[at] * rho[at]
                    before = 0.0
                    if t > 0:
                        before = theta[at - PARTS * m + 2] * rho[at - PARTS * m + 2]
                    elif cyclic[s]:
                        e = ns + ((n - 1) * m + s) * PARTS + 2
                        before = theta[e] * rho[e]
                    rhs_s[t, s] = (
                        res_s[t, s]
                        - ec * theta[at] * rho[at]
                        + ied * theta[at + 1] * rho[at + 1]
                        + theta[at + 2] * rho[at + 2]
                        - keep * before
                        + theta[at + 3] * rho[at + 3]
                    )
                rhs_b[t] = total
            _solve(rhs_b, rhs_s, balance, coupling, off, inverse, fill, dpi, dmu, half)
            # The change of the duals seen by the variables goes where the old directions were, one by one.
            primal_step, dual_step = 1.0, 1.0
            for t in range(n):
                first, end = offset[t], offset[t + 1]
                for i in range(first, end + m * PARTS):
                    if i < end:
                        j = i
                        change = dpi[t]
                    else:
                        s = (i - end) // PARTS
                        part = (i - end) % PARTS
                        j = ns + (t * m + s) * PARTS + part
                        if part == 0:
                            change = -dpi[t] - scalars[s, 0] * dmu[t, s]
                        elif part == 1:
                            change = dpi[t] + dmu[t, s] / scalars[s, 1]
                        elif part == 2:
                            after = 0.0
                            if t + 1 < n:
                                after = dmu[t + 1, s]
                            elif cyclic[s]:
                                after = dmu[0, s]
                            change = dmu[t, s] - scalars[s, 3] * after
                        else:
                            change = dmu[t, s]
                    if not free[j]:
                        continue
                    rest = u[j] - x[j]
                    rxz = target - x[j] * z[j]
                    rsw = target - rest * w[j]
                    if phase == 1:
                        rxz -= dx[j] * dz[j]
                        rsw += dx[j] * dw[j]
                    v = theta[j] * (change - rho[j])
                    dx[j] = v
                    dz[j] = (rxz - z[j] * v) / x[j]
                    dw[j] = (rsw + w[j] * v) / rest
                    if v < 0.0:
                        primal_step = min(primal_step, -x[j] / v)
                    elif v > 0.0:
                        primal_step = min(primal_step, rest / v)
                    if dz[j] < 0.0:
                        dual_step = min(dual_step, -z[j] / dz[j])
                    if dw[j] < 0.0:
                        dual_step = min(dual_step, -w[j] / dw[j])
            if phase == 0:
                ahead = 0.0
                for j in range(size):
                    if free[j]:
                        ahead += (x[j] + primal_step * dx[j]) * (z[j] + dual_step * dz[j])
                        ahead += (u[j] - x[j] - primal_step * dx[j]) * (w[j] + dual_step * dw[j])
                target = (ahead / gap) ** 3 * barrier
        primal_step = min(1.0, 0.9995 * primal_step)
        dual_step = min(1.0, 0.9995 * dual_step)
        for j in range(size):
            if free[j]:
                x[j] = min(max(x[j] + primal_step * dx[j], 1e-14 * u[j]), u[j] * (1.0 - 1e-14))
                z[j] = max(z[j] + dual_step * dz[j], 1e-14)
                w[j] = max(w[j] + dual_step * dw[j], 1e-14)
        for t in range(n):
            pi[t] += dual_step * dpi[t]
            for s in range(m):
                mu[t, s] += dual_step * dmu[t, s]
        turn += 1
    contents, spilled = np.empty((m, n)), np.empty((m, n))
    for t in range(n):
        for s in range(m):
            at = ns + (t * m + s) * PARTS
            contents[s, t] = x[at + 2] + low[s, t]
            spilled[s, t] = x[at + 3]
    return contents, spilled, pi, mu, turn < turns
