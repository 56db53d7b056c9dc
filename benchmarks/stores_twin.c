/* The dispatch of stores, the same algorithm as services/power/store_kernels.py, for comparison of speed.

   Exact walks of one store on a stack of blocks, and several stores in turn: rounds on a smoothed stack, then one on
   the true stack with the content at the turn of the year found by search. Names and units as there. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BIG 1e9
#define SMOOTH_LEVELS 32
#define SMOOTH_WINDOW_SHARE 0.06

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

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

#define REAL double
#define NAMED(name) name##_double
#include "walk_twin.h"
#undef REAL
#undef NAMED
#define REAL float
#define NAMED(name) name##_float
#include "walk_twin.h"

void walk_store(int64_t n, const double *r, const int64_t *per, int64_t levels, int64_t columns, const double *cd,
                const double *cc, const double *store, const double *reach, double start, double end, double *x,
                double *soc, int64_t *lam) {
  Work w = work_of(n);
  double column[columns];
  walk_double(n, r, per, levels, columns, cd, cc, store, reach, start, end, x, soc, lam, w, column);
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
  walk_double(size, rw, perw, levels, columns, cd, cc, store, reachw, half, half, xw, socw, lamw, w, column);
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
  float *cd4 = malloc(rows * widest * 4), *cc4 = malloc(rows * widest * 4), column4[widest];
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
      if (last) {
        fill_columns_double(blocks, used_price, rows, used_cap, voll, s[3], s[4], s[5], columns, value, cd, cc);
        const int64_t search = cyclic[i] ? window : 0;
        int64_t span = (int64_t)(20.0 * s[2] / least(s[0], s[1]));
        span = span > 168 ? span : 168;
        span = search < span ? search : span;
        for (;;) {
          if (search > 0)
            edge[2 * i] = edge[2 * i + 1] =
                find_year_end(n, y, per, levels, columns, cd, cc, s, reach + i * n, span, column);
          walk_double(n, y, per, levels, columns, cd, cc, s, reach + i * n, edge[2 * i], edge[2 * i + 1], x, content,
                      lam, w, column);
          if (search == 0 || active != 1 || lam[0] == lam[n - 1] || span >= n) break;
          span = n;
        }
      } else {
        fill_columns_float(blocks, used_price, rows, used_cap, voll, s[3], s[4], s[5], columns, value, cd4, cc4);
        walk_float(n, y, per, levels, columns, cd4, cc4, s, reach + i * n, edge[2 * i], edge[2 * i + 1], x, content,
                   lam, w, column4);
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
  free(cd4);
  free(cc4);
  free(y);
  free(lam);
}
