/* The dispatch of stores, the same algorithm as services/power/store_kernels.py, for comparison of speed.

   Exact walks of one store on a stack of blocks, and several stores in turn: rounds on a smoothed stack, then one on
   the true stack with the content at the turn of the year found by search. Names and units as there. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BIG 1e9
#define SMOOTH_LEVELS 24
#define SMOOTH_WINDOW_SHARE 0.06

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

void fill_columns(int64_t k_count, const double *price, int64_t rows, const double *cap, double voll, double ec,
                  double ed, double vom, int64_t columns, double *value, double *cd, double *cc) {
  const int64_t segments = k_count + 2, levels = 2 * segments;
  double raw[levels], cum[segments + 1];
  int64_t order[levels];
  for (int64_t s = 0; s < segments; s++) {
    const double p = s == segments - 1 ? voll : s > 0 ? price[s - 1] : 0.0;
    raw[2 * s] = (p - vom) * ed;
    raw[2 * s + 1] = (p + vom) / ec;
  }
  for (int64_t i = 0; i < levels; i++) {
    int64_t j = i;
    for (; j > 0 && raw[order[j - 1]] > raw[i]; j--) order[j] = order[j - 1];
    order[j] = i;
  }
  for (int64_t m = 0; m < rows; m++) {
    double *row_d = cd + m * columns, *row_c = cc + m * columns;
    cum[0] = -BIG;
    cum[1] = 0.0;
    for (int64_t k = 0; k < k_count; k++) cum[k + 2] = cum[k + 1] + cap[m * k_count + k];
    cum[segments] = BIG;
    int64_t used_d = 0, used_c = 0;
    row_d[0] = row_c[0] = cum[0];
    for (int64_t j = 0; j < levels; j++) {
      if (order[j] % 2 == 0)
        used_d++;
      else
        used_c++;
      row_d[j + 1] = cum[used_d];
      row_c[j + 1] = cum[used_c];
    }
    for (int64_t j = levels + 1; j < columns; j++) row_d[j] = row_c[j] = BIG;
  }
  for (int64_t j = 0; j < levels; j++) value[j] = raw[order[j]];
}

typedef struct {
  int32_t *first_filled, *first_full;
  double *lo, *hi, *low, *high;
} Work;

static Work work_of(int64_t n) {
  Work w = {malloc(n * sizeof(int32_t)), malloc(n * sizeof(int32_t)), malloc(n * 8), malloc(n * 8),
            malloc((n + 1) * 8),         malloc((n + 1) * 8)};
  return w;
}

static void work_free(Work w) {
  free(w.first_filled);
  free(w.first_full);
  free(w.lo);
  free(w.hi);
  free(w.low);
  free(w.high);
}

static void walk(int64_t n, const double *restrict r, const int64_t *restrict per, int64_t levels, int64_t columns,
                 const double *restrict cd, const double *restrict cc, const double *restrict store,
                 const double *restrict reach, double start, double end, double *restrict x, double *restrict soc, int64_t *restrict lam, Work w,
                 double *restrict s) {
  const double e_max = store[2], ec = store[3], ed = store[4], inv_ed = 1.0 / ed;
  int32_t *restrict first_filled = w.first_filled, *restrict first_full = w.first_full;
  double *restrict lo = w.lo, *restrict hi = w.hi, *restrict low = w.low, *restrict high = w.high;
  for (int64_t j = 0; j < columns; j++) s[j] = start;
  int64_t filled = 0, full = columns;
  for (int64_t h = 0; h < n; h++) {
    const double rh = r[h], pc = store[0] * reach[h], pd = store[1] * reach[h];
    const double *restrict row_d = cd + per[h] * columns, *restrict row_c = cc + per[h] * columns;
    for (int64_t j = 0; j < columns; j++) {
      const double step = least(most(row_d[j] - rh, -pd), 0.0) * inv_ed + most(least(row_c[j] - rh, pc), 0.0) * ec;
      s[j] = least(most(s[j] + step, 0.0), e_max);
    }
    while (filled < columns && s[filled] <= 0.0) filled++;
    while (filled > 0 && s[filled - 1] > 0.0) filled--;
    while (full < columns && s[full] < e_max) full++;
    while (full > 0 && s[full - 1] >= e_max) full--;
    first_filled[h] = (int32_t)filled;
    first_full[h] = (int32_t)full;
  }
  int64_t level = 0;
  while (level < levels && s[level] < end) level++;
  if (level < filled) level = filled;
  if (level < 1) level = 1;
  if (level > levels) level = levels;
  double a = end, b = end;
  for (int64_t h = n - 1; h >= 0; h--) {
    low[h + 1] = a;
    high[h + 1] = b;
    const double rh = r[h], pc = store[0] * reach[h], pd = store[1] * reach[h];
    const double *restrict row_d = cd + per[h] * columns, *restrict row_c = cc + per[h] * columns;
    const double down =
        least(most(row_d[level - 1] - rh, -pd), 0.0) * inv_ed + most(least(row_c[level - 1] - rh, pc), 0.0) * ec;
    const double up = least(most(row_d[level] - rh, -pd), 0.0) * inv_ed + most(least(row_c[level] - rh, pc), 0.0) * ec;
    lo[h] = down;
    hi[h] = up;
    lam[h] = level - 1;
    a = most(a - up, 0.0);
    b = least(b - down, e_max);
    if (h > 0) {
      if (level < first_filled[h - 1]) {
        level = first_filled[h - 1];
        b = a;
      } else if (level > first_full[h - 1]) {
        level = first_full[h - 1] > 1 ? first_full[h - 1] : 1;
        a = b;
      }
    }
  }
  double now = start;
  soc[0] = now;
  for (int64_t h = 0; h < n; h++) {
    const double t = least(most(most(now, low[h + 1]), now + lo[h]), least(now + hi[h], high[h + 1]));
    const double d = t - now;
    x[h] = r[h] + (d > 0.0 ? d / ec : d * ed);
    now = t;
    soc[h + 1] = t;
  }
}

void walk_store(int64_t n, const double *r, const int64_t *per, int64_t levels, int64_t columns, const double *cd,
                const double *cc, const double *store, const double *reach, double start, double end, double *x,
                double *soc, int64_t *lam) {
  Work w = work_of(n);
  double column[columns];
  walk(n, r, per, levels, columns, cd, cc, store, reach, start, end, x, soc, lam, w, column);
  work_free(w);
}

static double find_year_end(int64_t n, const double *r, const int64_t *per, int64_t levels, int64_t columns,
                            const double *cd, const double *cc, const double *store, const double *reach,
                            int64_t window, double *column) {
  const int64_t count = window < n ? window : n, size = 2 * count;
  double *rw = malloc(size * 8), *reachw = malloc(size * 8), *xw = malloc(size * 8), *socw = malloc((size + 1) * 8);
  int64_t *perw = malloc(size * 8), *lamw = malloc(size * 8);
  for (int64_t i = 0; i < size; i++) {
    const int64_t h = (n - count + i) % n;
    rw[i] = r[h];
    perw[i] = per[h];
    reachw[i] = reach[h];
  }
  Work w = work_of(size);
  const double half = 0.5 * store[2];
  walk(size, rw, perw, levels, columns, cd, cc, store, reachw, half, half, xw, socw, lamw, w, column);
  const double found = socw[count];
  work_free(w);
  free(rw);
  free(reachw);
  free(xw);
  free(socw);
  free(perw);
  free(lamw);
  return found;
}

static int64_t smooth_prices(int64_t k_count, const double *price, const double *width, double voll, double window_mw,
                             double low_mw, double high_mw, double *out) {
  int64_t levels = 0;
  const double step = (high_mw - low_mw) / SMOOTH_LEVELS, half = 0.5 * window_mw;
  for (int64_t i = 0; i < SMOOTH_LEVELS; i++) {
    const double y = low_mw + (i + 0.5) * step;
    double total = 0.0, at = 0.0;
    for (int64_t k = 0; k < k_count; k++) {
      total += price[k] * most(least(at + width[k], y + half) - most(at, y - half), 0.0);
      at += width[k];
    }
    total += voll * most(y + half - most(at, y - half), 0.0);
    const double mean = total / window_mw;
    if (levels == 0 || mean > out[levels - 1] * (1.0 + 1e-6) + 1e-6) out[levels++] = mean;
  }
  return levels;
}

static double smooth_widths(int64_t k_count, const double *price, const double *row, double voll, double window_mw,
                            const double *level, int64_t count, double *out) {
  const double half = 0.5 * window_mw;
  double y = -half, mean = 0.0, start = -half, last = -half;
  int64_t ahead = 0, behind = -1;
  double ahead_end = k_count > 0 ? row[0] : BIG, behind_end = 0.0;
  for (int64_t j = 0; j <= count; j++) {
    const double wanted = j == 0      ? 0.5 * level[0]
                          : j < count ? 0.5 * (level[j - 1] + level[j])
                                      : 0.5 * (level[count - 1] + voll);
    for (;;) {
      const double p_ahead = ahead < k_count ? price[ahead] : voll;
      const double p_behind = behind < 0 ? 0.0 : behind < k_count ? price[behind] : voll;
      const double slope = (p_ahead - p_behind) / window_mw;
      const double room = least(ahead_end - (y + half), behind_end - (y - half));
      double need = slope > 0.0 ? (wanted - mean) / slope : BIG;
      if (wanted <= mean) need = 0.0;
      if (need <= room || room >= BIG) {
        y += least(need, room);
        mean = wanted;
        break;
      }
      y += room;
      mean += slope * room;
      if (ahead_end - (y + half) <= behind_end - (y - half)) {
        ahead++;
        ahead_end = ahead < k_count ? ahead_end + row[ahead] : 2.0 * BIG;
      } else {
        behind++;
        behind_end = behind < k_count ? behind_end + row[behind] : 2.0 * BIG;
      }
    }
    if (j == 0)
      start = y;
    else
      out[j - 1] = y - last;
    last = y;
  }
  return start;
}

static int64_t smooth_stack(int64_t n, const double *r, int64_t k_count, const double *price, int64_t rows,
                            const double *cap, double voll, double share, double *out_price, double *out_cap,
                            double *start) {
  double lowest = r[0], highest = r[0], total = 0.0, width[k_count], wide[SMOOTH_LEVELS];
  for (int64_t h = 1; h < n; h++) {
    lowest = least(lowest, r[h]);
    highest = most(highest, r[h]);
  }
  const double window_mw = most(share * (highest - lowest), 1e-6 * most(most(fabs(highest), fabs(lowest)), 1.0));
  for (int64_t k = 0; k < k_count; k++) {
    width[k] = 0.0;
    for (int64_t m = 0; m < rows; m++) width[k] += cap[m * k_count + k];
    width[k] /= rows;
    total += width[k];
  }
  const double half = 0.5 * window_mw, low_mw = most(lowest, 0.0) - half;
  const double high_mw = most(least(highest, total) + half, low_mw + window_mw);
  const int64_t count = smooth_prices(k_count, price, width, voll, window_mw, low_mw, high_mw, out_price);
  for (int64_t m = 0; m < rows; m++) {
    start[m] = smooth_widths(k_count, price, cap + m * k_count, voll, window_mw, out_price, count, wide);
    memcpy(out_cap + m * count, wide, count * 8);
  }
  return count;
}

void dispatch_stores(int64_t n, const double *r, const int64_t *per, int64_t k_count, const double *price,
                     int64_t rows, const double *cap, double voll, int64_t count, const double *stores,
                     const double *reach, int64_t smooth_rounds, int64_t window, const int64_t *cyclic, double *edge, double *net,
                     double *soc, double *water, double *x) {
  const int64_t most_blocks = k_count > SMOOTH_LEVELS ? k_count : SMOOTH_LEVELS;
  const int64_t widest = (2 * (most_blocks + 2) + 8) / 8 * 8;
  double price2[SMOOTH_LEVELS], start[rows], value[widest], column[widest];
  double *cap2 = malloc(rows * SMOOTH_LEVELS * 8), *cd = malloc(rows * widest * 8), *cc = malloc(rows * widest * 8);
  double *y = malloc(n * 8);
  int64_t *lam = malloc(n * 8), active = 0;
  Work w = work_of(n);
  memset(start, 0, rows * 8);
  memcpy(x, r, n * 8);
  for (int64_t i = 0; i < count; i++)
    for (int64_t h = 0; h < n; h++) x[h] += net[i * n + h];
  double top = 0.0;
  for (int64_t h = 0; h < n; h++) top = most(top, r[h]);
  for (int64_t i = 0; i < count; i++) {
    const double *s = stores + 6 * i;
    active += least(least(s[0], s[1]), s[2]) > 0.0;
  }
  for (int64_t turn = 0; turn <= smooth_rounds; turn++) {
    const int last = turn == smooth_rounds;
    const double *used_price = price, *used_cap = cap;
    int64_t blocks = k_count;
    if (!last) {
      blocks = smooth_stack(n, r, k_count, price, rows, cap, voll, ldexp(SMOOTH_WINDOW_SHARE, (int)-turn), price2,
                            cap2, start);
      used_price = price2;
      used_cap = cap2;
    }
    const int64_t levels = 2 * (blocks + 2), columns = (levels + 8) / 8 * 8;
    for (int64_t i = 0; i < count; i++) {
      const double *s = stores + 6 * i;
      double *mine = net + i * n, *content = soc + i * (n + 1);
      if (s[0] <= 0.0 || s[1] <= 0.0 || s[2] <= 0.0) continue;
      if (!last && (most(s[0], s[1]) < 0.02 * top || active == 1)) continue;
      if (last)
        for (int64_t h = 0; h < n; h++) y[h] = x[h] - mine[h];
      else
        for (int64_t h = 0; h < n; h++) y[h] = x[h] - mine[h] - start[per[h]];
      fill_columns(blocks, used_price, rows, used_cap, voll, s[3], s[4], s[5], columns, value, cd, cc);
      const int64_t search = last && cyclic[i] ? window : 0;
      int64_t span = (int64_t)(20.0 * s[2] / least(s[0], s[1]));
      span = span > 168 ? span : 168;
      span = search < span ? search : span;
      for (;;) {
        if (search > 0)
          edge[2 * i] = edge[2 * i + 1] = find_year_end(n, y, per, levels, columns, cd, cc, s, reach + i * n, span, column);
        walk(n, y, per, levels, columns, cd, cc, s, reach + i * n, edge[2 * i], edge[2 * i + 1], x, content, lam, w, column);
        if (search == 0 || active != 1 || lam[0] == lam[n - 1] || span >= n) break;
        span = n;
      }
      for (int64_t h = 0; h < n; h++) water[i * n + h] = value[lam[h]];
      for (int64_t h = 0; h < n; h++) mine[h] = x[h] - y[h];
      if (!last)
        for (int64_t h = 0; h < n; h++) x[h] += start[per[h]];
    }
  }
  work_free(w);
  free(cap2);
  free(cd);
  free(cc);
  free(y);
  free(lam);
}
