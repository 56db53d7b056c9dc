/* The cohort kernel of transport once more in C, for one class at a time with every column stated; see kernels.py.
   Same order of additions; built without fused operations. */
#include <stdint.h>
#include <string.h>

typedef int64_t I;

static void add_rows(double *restrict total, const double *restrict rows, I width, I slot, const double *restrict w,
                     I first, I last, I start, I end) {
    I i = first;
    for (; i + 8 <= last; i += 8) {
        const double *r = rows + (slot + i) * width;
        double w0 = w[i], w1 = w[i + 1], w2 = w[i + 2], w3 = w[i + 3], w4 = w[i + 4], w5 = w[i + 5], w6 = w[i + 6],
               w7 = w[i + 7];
        for (I j = start; j < end; j++) {
            double older = (((total[j] + r[j] * w0) + r[width + j] * w1) + r[2 * width + j] * w2) + r[3 * width + j] * w3;
            total[j] = (((older + r[4 * width + j] * w4) + r[5 * width + j] * w5) + r[6 * width + j] * w6) +
                       r[7 * width + j] * w7;
        }
    }
    for (; i + 4 <= last; i += 4) {
        const double *r = rows + (slot + i) * width;
        double w0 = w[i], w1 = w[i + 1], w2 = w[i + 2], w3 = w[i + 3];
        for (I j = start; j < end; j++)
            total[j] = (((total[j] + r[j] * w0) + r[width + j] * w1) + r[2 * width + j] * w2) + r[3 * width + j] * w3;
    }
    for (; i < last; i++) {
        const double *r0 = rows + (slot + i) * width;
        double w0 = w[i];
        for (I j = start; j < end; j++) total[j] += r0[j] * w0;
    }
}

static int any(const double *v, I n) {
    for (I i = 0; i < n; i++)
        if (v[i] > 0.0) return 1;
    return 0;
}

/* Everything the kernel is given, in the order of `Cohorts`, then `Work`, then `Sums`. */
typedef struct {
    I C, K, Y, P, A, S, Q, G, N, slots;
    const double *survival, *distance_km, *wear_years, *opening, *wanted;
    const uint8_t *sales_given;
    const double *share, *rate;
    const uint8_t *holds;
    const I *last_slot, *youngest_age;
    const double *fuel, *electric, *exhaust, *rise;
    const uint8_t *plug_in;
    const double *fuel_km_share, *standard_share;
    const I *standard_slots, *group_of, *old_slot;
    double *alive_rows, *driven_rows, *worn_rows, *driving, *wearing;
    double *alive, *alive_at, *km, *km_at, *driven, *driven_at, *worn, *worn_at, *lost, *lost_at, *keep, *keep_at;
    double *keep_driven, *keep_driven_at, *keep_worn, *keep_worn_at, *missing, *survivors;
    I *active, *column, *rise_column;
    double *stock, *sales, *scrapped, *retired, *old, *use, *standard_stock;
} Fleet;

#define SHARE(k, y) ((((c) * f->K + (k)) * f->Y + (y)) * f->P)
#define AT(k, y) ((((c) * f->Y + (y)) * f->K + (k)) * f->P)
#define USE(group, k, y) (((((c) * f->Y + (y)) * (3 + f->Q) + (group)) * f->K + (k)) * f->P)

static void times(double *restrict to, const double *restrict own, const double *restrict by, I P) {
    for (I p = 0; p < P; p++) to[p] = own[p] * by[p];
}

static void exhaust_of(const Fleet *f, double *restrict to, const double *restrict own, double grams, I c, I k, I slot) {
    I P = f->P;
    for (I p = 0; p < P; p++) to[p] = own[p] * grams;
    if (f->plug_in[k])
        for (I p = 0; p < P; p++) to[p] *= f->fuel_km_share[(c * f->slots + slot) * P + p];
}

static void spread(const Fleet *f, I c, I slot, I count, I driven, I worn) {
    I P = f->P, K = f->K;
    const double *own = f->alive_rows + slot * count * P;
    double *row = f->driven_rows + slot * driven * P;
    for (I x = 0; x < driven; x++) {
        I group = f->column[2 * x], n = f->column[2 * x + 1], k = f->active[n], cell = (c * K + k) * f->slots + slot;
        if (group == 0) times(row + x * P, own + n * P, f->fuel + cell * P, P);
        else if (group == 1) times(row + x * P, own + n * P, f->electric + cell * P, P);
        else exhaust_of(f, row + x * P, own + n * P, f->exhaust[(group - 2) * f->C * K * f->slots + cell], c, k, slot);
    }
    row = f->worn_rows + slot * worn * P;
    for (I x = 0; x < worn; x++) {
        I n = f->rise_column[2 * x + 1], k = f->active[n];
        I cell = ((f->rise_column[2 * x] * f->C + c) * K + k) * f->slots + slot;
        exhaust_of(f, row + x * P, own + n * P, f->rise[cell], c, k, slot);
    }
}

static void scale(double *restrict row, const double *restrict keep, I n) {
    for (I j = 0; j < n; j++) row[j] *= keep[j];
}

static void retire(const Fleet *f, I c, I y, I first, I count, I driven, I worn) {
    I P = f->P, own = count * P;
    const double *survival = f->survival + c * f->A;
    memset(f->lost, 0, sizeof(double) * (size_t)own);
    for (I g = 0; g < f->N; g++) {
        I oldest = f->youngest_age[g] > 1 ? f->youngest_age[g] : 1;
        I until = f->last_slot[g * f->C + c] + 1, limit = y + f->A - oldest;
        const double *rate = f->rate + (g * f->Y + y) * P;
        if (limit < until) until = limit;
        if (until <= y + first || !any(rate, P)) continue;
        int found = 0;
        for (I n = 0; n < count; n++) {
            int held = f->holds[(g * f->C + c) * f->K + f->active[n]];
            found |= held;
            for (I p = 0; p < P; p++) f->keep[n * P + p] = held ? 1.0 - rate[p] : 1.0;
        }
        if (!found) continue;
        for (I x = 0; x < driven; x++)
            memcpy(f->keep_driven + x * P, f->keep + f->column[2 * x + 1] * P, sizeof(double) * (size_t)P);
        for (I x = 0; x < worn; x++)
            memcpy(f->keep_worn + x * P, f->keep + f->rise_column[2 * x + 1] * P, sizeof(double) * (size_t)P);
        for (I slot = y + first; slot < until; slot++) {
            double *restrict row = f->alive_rows + slot * own, *restrict lost = f->lost;
            const double *restrict keep = f->keep;
            double alive = survival[slot - y];
            for (I j = 0; j < own; j++) {
                double kept = row[j] * keep[j];
                lost[j] += (row[j] - kept) * alive;
                row[j] = kept;
            }
            scale(f->driven_rows + slot * driven * P, f->keep_driven, driven * P);
            scale(f->worn_rows + slot * worn * P, f->keep_worn, worn * P);
        }
    }
    for (I n = 0; n < count; n++)
        memcpy(f->retired + AT(f->active[n], y), f->lost + n * P, sizeof(double) * (size_t)P);
}

static void copy_alive(const Fleet *f, double *to, I c, I y, I count) {
    for (I n = 0; n < count; n++)
        memcpy(to + AT(f->active[n], y), f->alive + n * f->P, sizeof(double) * (size_t)f->P);
}

static void write(const Fleet *f, I c, I y, I count, I driven, I worn) {
    I P = f->P;
    size_t place = sizeof(double) * (size_t)P;
    copy_alive(f, f->stock, c, y, count);
    for (I n = 0; n < count; n++) memcpy(f->use + USE(0, f->active[n], y), f->km + n * P, place);
    for (I x = 0; x < driven; x++)
        memcpy(f->use + USE(1 + f->column[2 * x], f->active[f->column[2 * x + 1]], y), f->driven + x * P, place);
    for (I x = 0; x < worn; x++) {
        double *restrict to = f->use + USE(3 + f->rise_column[2 * x], f->active[f->rise_column[2 * x + 1]], y);
        const double *restrict risen = f->worn + x * P;
        for (I p = 0; p < P; p++) to[p] += risen[p];
    }
}

static int ever(const double *v, I slots, I P) {
    for (I i = 0; i < slots; i++)
        if (v[i * P] > 0.0) return 1;
    return 0;
}

static void find_columns(const Fleet *f, I c, I *count, I *driven, I *worn) {
    I K = f->K, P = f->P, cells = f->slots * P;
    *count = *driven = *worn = 0;
    for (I k = 0; k < K; k++)
        if (any(f->opening + (c * K + k) * f->A * P, f->A * P) || any(f->share + SHARE(k, 1), (f->Y - 1) * P))
            f->active[(*count)++] = k;
    for (I group = 0; group < 2 + f->Q; group++)
        for (I n = 0; n < *count; n++) {
            I k = f->active[n];
            int found = group == 0   ? ever(f->fuel + (c * K + k) * cells, f->slots, P)
                        : group == 1 ? ever(f->electric + (c * K + k) * cells, f->slots, P)
                                     : any(f->exhaust + (((group - 2) * f->C + c) * K + k) * f->slots, f->slots);
            if (found) {
                f->column[2 * *driven] = group;
                f->column[2 * (*driven)++ + 1] = n;
            }
        }
    for (I q = 0; q < f->Q; q++)
        for (I n = 0; n < *count; n++)
            if (any(f->rise + ((q * f->C + c) * K + f->active[n]) * f->slots, f->slots)) {
                f->rise_column[2 * *worn] = q;
                f->rise_column[2 * (*worn)++ + 1] = n;
            }
}

static void add_standards(const Fleet *f, I c, I y, I first, I count, const double *survival) {
    I P = f->P, all = f->G * f->S * P;
    memset(f->standard_stock + (c * f->Y + y) * all, 0, sizeof(double) * (size_t)all);
    for (I n = 0; n < count; n++)
        for (I s = 0; s < f->S; s++) {
            I k = f->active[n], cell = (c * f->K + k) * f->S + s;
            I low = f->standard_slots[2 * cell] - y, high = f->standard_slots[2 * cell + 1] + 1 - y;
            double *restrict to = f->standard_stock + (((c * f->Y + y) * f->G + f->group_of[k]) * f->S + s) * P;
            if (low < first) low = first;
            if (high > f->A) high = f->A;
            const double *share = f->standard_share + ((c * f->K + k) * f->slots + y) * f->S + s;
            int whole = low == first && high == f->A;
            for (I i = low; i < high && whole; i++) whole = share[i * f->S] == 1.0;
            if (whole) {
                const double *restrict alive = f->alive + n * P;
                for (I p = 0; p < P; p++) to[p] += alive[p];
                continue;
            }
            I i = low;
            for (; i + 2 <= high; i += 2) {
                double w0 = survival[i] * share[i * f->S], w1 = survival[i + 1] * share[(i + 1) * f->S];
                const double *restrict r0 = f->alive_rows + (y + i) * count * P + n * P, *restrict r1 = r0 + count * P;
                for (I p = 0; p < P; p++) to[p] = (to[p] + r0[p] * w0) + r1[p] * w1;
            }
            if (i < high) {
                double w0 = survival[i] * share[i * f->S];
                const double *restrict r0 = f->alive_rows + (y + i) * count * P + n * P;
                for (I p = 0; p < P; p++) to[p] += r0[p] * w0;
            }
        }
}

static void sell(const Fleet *f, I c, I y, I count) {
    I P = f->P;
    double *row = f->alive_rows + (y + f->A - 1) * count * P;
    memcpy(f->missing, f->wanted + (c * f->Y + y) * P, sizeof(double) * (size_t)P);
    if (!f->sales_given[c]) {
        memset(f->survivors, 0, sizeof(double) * (size_t)P);
        for (I n = 0; n < count; n++)
            for (I p = 0; p < P; p++) f->survivors[p] += f->alive[n * P + p];
        for (I p = 0; p < P; p++) {
            double lack = f->missing[p] - f->survivors[p];
            f->missing[p] = lack > 0.0 ? lack : 0.0;
        }
    }
    for (I n = 0; n < count; n++) {
        const double *restrict share = f->share + SHARE(f->active[n], y), *restrict missing = f->missing;
        double *restrict sold = f->sales + AT(f->active[n], y), *restrict to = row + n * P;
        for (I p = 0; p < P; p++) to[p] = sold[p] = missing[p] * share[p];
    }
}

void project_cohorts(const Fleet *f) {
    I A = f->A, P = f->P, K = f->K;
    for (I c = 0; c < f->C; c++) {
        I count, driven, worn, first = 0;
        const double *survival = f->survival + c * A;
        find_columns(f, c, &count, &driven, &worn);
        while (survival[first] <= 0.0) first++;
        I own = count * P;
        for (I n = 0; n < count; n++)
            for (I i = first; i < A; i++)
                for (I p = 0; p < P; p++)
                    f->alive_rows[i * own + n * P + p] =
                        f->opening[((c * K + f->active[n]) * A + i) * P + p] / survival[i];
        for (I i = first; i < A - 1; i++) f->wearing[i] = survival[i + 1] - survival[i];
        memset(f->lost, 0, sizeof(double) * (size_t)own);
        add_rows(f->lost, f->alive_rows, own, 0, f->wearing, first, A - 1, 0, own);
        for (I n = 0; n < count; n++)
            for (I p = 0; p < P; p++) {
                f->sales[AT(f->active[n], 0) + p] = f->opening[((c * K + f->active[n]) * A + A - 1) * P + p];
                f->scrapped[AT(f->active[n], 0) + p] = f->lost[n * P + p];
            }
        for (I i = 0; i < A; i++) {
            f->driving[i] = survival[i] * f->distance_km[c * A + i];
            f->wearing[i] = f->driving[i] * f->wear_years[i];
        }
        for (I slot = first; slot < A; slot++) spread(f, c, slot, count, driven, worn);
        for (I y = 0; y < f->Y; y++) {
            if (y > 0) retire(f, c, y, first, count, driven, worn);
            memset(f->alive, 0, sizeof(double) * (size_t)own);
            memset(f->km, 0, sizeof(double) * (size_t)own);
            memset(f->driven, 0, sizeof(double) * (size_t)(driven * P));
            memset(f->worn, 0, sizeof(double) * (size_t)(worn * P));
            I split = f->old_slot[c] - y;
            split = split < first ? first : split > A - 1 ? A - 1 : split;
            add_rows(f->alive, f->alive_rows, own, y, survival, first, split, 0, own);
            copy_alive(f, f->old, c, y, count);
            add_rows(f->alive, f->alive_rows, own, y, survival, split, A - 1, 0, own);
            if (y > 0) {
                for (I n = 0; n < count; n++)
                    for (I p = 0; p < P; p++)
                        f->scrapped[AT(f->active[n], y) + p] =
                            f->stock[AT(f->active[n], y - 1) + p] - f->alive[n * P + p];
                sell(f, c, y, count);
                spread(f, c, y + A - 1, count, driven, worn);
            }
            add_rows(f->alive, f->alive_rows, own, y, survival, A - 1, A, 0, own);
            if (f->old_slot[c] > y + A - 1) copy_alive(f, f->old, c, y, count);
            add_standards(f, c, y, first, count, survival);
            add_rows(f->km, f->alive_rows, own, y, f->driving, first, A, 0, own);
            add_rows(f->driven, f->driven_rows, driven * P, y, f->driving, first, A, 0, driven * P);
            add_rows(f->worn, f->worn_rows, worn * P, y, f->wearing, first, A, 0, worn * P);
            write(f, c, y, count, driven, worn);
        }
    }
}
