/* The exact walk of one store, the same algorithm as services/power/store_kernels.walk_store, for comparison. */
#include <stdint.h>

static inline double clamp(double v, double lo, double hi) { return v < lo ? lo : (v > hi ? hi : v); }

void walk_store(int64_t n, const double *restrict r, const int64_t *restrict per, int64_t levels, int64_t columns,
                const double *restrict cd, const double *restrict cc, double pc, double pd, double e_max, double ec,
                double ed, double start, double end, double *restrict x, double *restrict soc, int64_t *restrict lam,
                double *restrict n0, double *restrict ne, double *restrict lo, double *restrict hi,
                double *restrict wa, double *restrict wb, double *restrict s) {
  const double inv_ed = 1.0 / ed;
  for (int64_t j = 0; j < columns; j++) s[j] = start;
  for (int64_t h = 0; h < n; h++) {
    const double rh = r[h];
    const double *restrict rd = cd + per[h] * columns, *restrict rc = cc + per[h] * columns;
    double empty = 0.0, below = 0.0;
    for (int64_t j = 0; j < columns; j++) {
      const double step = clamp(rd[j] - rh, -pd, 0.0) * inv_ed + clamp(rc[j] - rh, 0.0, pc) * ec;
      const double v = clamp(s[j] + step, 0.0, e_max);
      s[j] = v;
      empty += v <= 0.0 ? 1.0 : 0.0;
      below += v < e_max ? 1.0 : 0.0;
    }
    n0[h] = empty;
    ne[h] = below;
  }
  int64_t level = 0;
  while (level < levels && s[level] < end) level++;
  if (level < (int64_t)n0[n - 1]) level = (int64_t)n0[n - 1];
  if (level < 1) level = 1;
  if (level > levels) level = levels;
  double a = end, b = end;
  for (int64_t h = n - 1; h >= 0; h--) {
    wa[h + 1] = a;
    wb[h + 1] = b;
    const double rh = r[h];
    const double *rd = cd + per[h] * columns, *rc = cc + per[h] * columns;
    const double l = clamp(rd[level - 1] - rh, -pd, 0.0) * inv_ed + clamp(rc[level - 1] - rh, 0.0, pc) * ec;
    const double u = clamp(rd[level] - rh, -pd, 0.0) * inv_ed + clamp(rc[level] - rh, 0.0, pc) * ec;
    lo[h] = l;
    hi[h] = u;
    lam[h] = level - 1;
    a = a - u > 0.0 ? a - u : 0.0;
    b = b - l < e_max ? b - l : e_max;
    if (h > 0) {
      if (level < (int64_t)n0[h - 1]) {
        level = (int64_t)n0[h - 1];
        b = a;
      } else if (level > (int64_t)ne[h - 1]) {
        level = (int64_t)ne[h - 1] > 1 ? (int64_t)ne[h - 1] : 1;
        a = b;
      }
    }
  }
  double now = start;
  soc[0] = now;
  for (int64_t h = 0; h < n; h++) {
    double t = now + lo[h] > wa[h + 1] ? now + lo[h] : wa[h + 1];
    t = now > t ? now : t;
    double u = now + hi[h] < wb[h + 1] ? now + hi[h] : wb[h + 1];
    t = t < u ? t : u;
    const double d = t - now;
    x[h] = r[h] + (d > 0.0 ? d / ec : d * ed);
    now = t;
    soc[h + 1] = t;
  }
}
