/* Tables and walk of one store in one precision: define REAL and NAMED(name), then include. */

static void NAMED(fill_columns)(int64_t k_count, const double *price, int64_t rows, const double *cap, double voll, double ec,
                  double ed, double vom, int64_t columns, double *value, REAL *cd, REAL *cc) {
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
    REAL *row_d = cd + m * columns, *row_c = cc + m * columns;
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

static void NAMED(walk)(int64_t n, const double *restrict r, const int64_t *restrict per, int64_t levels, int64_t columns,
                 const REAL *restrict cd, const REAL *restrict cc, const double *restrict store,
                 const double *restrict reach, double start, double end, double *restrict x, double *restrict soc, int64_t *restrict lam, Work w,
                 REAL *restrict s) {
  const double e_max = store[2], ec = store[3], ed = store[4], inv_ed = 1.0 / ed;
  int32_t *restrict first_filled = w.first_filled, *restrict first_full = w.first_full;
  double *restrict lo = w.lo, *restrict hi = w.hi, *restrict low = w.low, *restrict high = w.high;
  for (int64_t j = 0; j < columns; j++) s[j] = (REAL)start;
  const REAL size = (REAL)e_max, charged = (REAL)ec, given = (REAL)inv_ed;
  int64_t filled = 0, full = columns;
  for (int64_t h = 0; h < n; h++) {
    const double rh = r[h], pc = store[0] * reach[h], pd = store[1] * reach[h];
    const REAL *restrict row_d = cd + per[h] * columns, *restrict row_c = cc + per[h] * columns;
    const REAL at = (REAL)rh, up = (REAL)pc, down = (REAL)-pd;
    for (int64_t j = 0; j < columns; j++) {
      REAL give = row_d[j] - at, take = row_c[j] - at;
      give = give > down ? give : down;
      give = give < 0 ? give : 0;
      take = take < up ? take : up;
      take = take > 0 ? take : 0;
      REAL then = s[j] + give * given + take * charged;
      then = then > 0 ? then : 0;
      s[j] = then < size ? then : size;
    }
    while (filled < columns && s[filled] <= 0) filled++;
    while (filled > 0 && s[filled - 1] > 0) filled--;
    while (full < columns && s[full] < size) full++;
    while (full > 0 && s[full - 1] >= size) full--;
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
    const REAL *restrict row_d = cd + per[h] * columns, *restrict row_c = cc + per[h] * columns;
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
