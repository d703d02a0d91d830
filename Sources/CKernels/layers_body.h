// The loops of layers.h for one type (REAL) and one instruction set (SET). Included by layers.c only.

#define LOGISTIC(x) (1 / (1 + F(exp)(-(x))))
// Whatever these loops write at one place they read at no other. Said so, because a check of the pointers would find that
// the four gates of all rows together overlap.
#define LANES _Pragma("clang loop vectorize(assume_safety) interleave(enable)")
#define EACH LANES for (ptrdiff_t j = 0; j < units; j++)

#include "recurrent_body.h"

// MARK: attention

static void NAME(attention_forward)(
    ptrdiff_t steps, ptrdiff_t width, int32_t causal, double scale_, const uint8_t *mask, const void *q_, const void *k_,
    const void *v_, ptrdiff_t stride, void *p_, void *o_, void *scratch) {
    const REAL *k = k_, scale = (REAL)scale_;
    REAL *restrict turned = scratch;
    for (ptrdiff_t t = 0; t < steps; t++)
        for (ptrdiff_t c = 0; c < width; c++) turned[c * steps + t] = k[t * stride + c];
    for (ptrdiff_t i = 0; i < steps; i++) {
        const REAL *restrict q = (const REAL *)q_ + i * stride;
        REAL *restrict p = (REAL *)p_ + i * steps, *restrict o = (REAL *)o_ + i * stride;
        ptrdiff_t seen = causal ? i + 1 : steps;
        for (ptrdiff_t t = 0; t < steps; t++) p[t] = 0;
        for (ptrdiff_t c = 0; c < width; c++) {
            REAL factor = q[c] * scale;
            const REAL *restrict row = turned + c * steps;
            LANES for (ptrdiff_t t = 0; t < seen; t++) p[t] += factor * row[t];
        }
        REAL most = 0;
        int32_t any = 0;
        for (ptrdiff_t t = 0; t < seen; t++) {
            if (mask && mask[t]) continue;
            if (!any || p[t] > most) most = p[t];
            any = 1;
        }
        for (ptrdiff_t c = 0; c < width; c++) o[c] = 0;
        if (!any) {
            for (ptrdiff_t t = 0; t < seen; t++) p[t] = 0;
            continue;
        }
        LANES for (ptrdiff_t t = 0; t < seen; t++) p[t] = F(exp)(p[t] - most);
        if (mask) for (ptrdiff_t t = 0; t < seen; t++) if (mask[t]) p[t] = 0;
        REAL sum = 0;
        for (ptrdiff_t t = 0; t < seen; t++) sum += p[t];
        LANES for (ptrdiff_t t = 0; t < seen; t++) p[t] /= sum;
        for (ptrdiff_t t = 0; t < seen; t++) {
            REAL factor = p[t];
            const REAL *restrict v = (const REAL *)v_ + t * stride;
            LANES for (ptrdiff_t c = 0; c < width; c++) o[c] += factor * v[c];
        }
    }
}

static void NAME(attention_backward)(
    ptrdiff_t steps, ptrdiff_t width, double scale_, const void *q_, const void *k_, const void *v_, const void *p_,
    const void *d_o_, void *dq_, void *dk_, void *dv_, ptrdiff_t stride, void *scratch) {
    const REAL *v_all = v_, scale = (REAL)scale_;
    REAL *restrict turned = scratch, *restrict ds = turned + steps * width;
    for (ptrdiff_t t = 0; t < steps; t++)
        for (ptrdiff_t c = 0; c < width; c++) turned[c * steps + t] = v_all[t * stride + c];
    for (ptrdiff_t t = 0; t < steps; t++) {
        REAL *dk = (REAL *)dk_ + t * stride, *dv = (REAL *)dv_ + t * stride;
        for (ptrdiff_t c = 0; c < width; c++) dk[c] = dv[c] = 0;
    }
    for (ptrdiff_t i = 0; i < steps; i++) {
        const REAL *restrict q = (const REAL *)q_ + i * stride, *restrict p = (const REAL *)p_ + i * steps;
        const REAL *restrict d_o = (const REAL *)d_o_ + i * stride;
        REAL *restrict dq = (REAL *)dq_ + i * stride;
        for (ptrdiff_t t = 0; t < steps; t++) ds[t] = 0;
        for (ptrdiff_t c = 0; c < width; c++) {
            REAL factor = d_o[c];
            const REAL *restrict row = turned + c * steps;
            LANES for (ptrdiff_t t = 0; t < steps; t++) ds[t] += factor * row[t];
        }
        REAL sum = 0;
        for (ptrdiff_t t = 0; t < steps; t++) sum += ds[t] * p[t];
        LANES for (ptrdiff_t t = 0; t < steps; t++) ds[t] = p[t] * (ds[t] - sum) * scale;
        for (ptrdiff_t c = 0; c < width; c++) dq[c] = 0;
        for (ptrdiff_t t = 0; t < steps; t++) {
            const REAL *restrict k = (const REAL *)k_ + t * stride;
            REAL *restrict dk = (REAL *)dk_ + t * stride, *restrict dv = (REAL *)dv_ + t * stride;
            REAL s = ds[t], share = p[t];
            LANES for (ptrdiff_t c = 0; c < width; c++) dq[c] += s * k[c];
            LANES for (ptrdiff_t c = 0; c < width; c++) dk[c] += s * q[c];
            LANES for (ptrdiff_t c = 0; c < width; c++) dv[c] += share * d_o[c];
        }
    }
}

// MARK: normalization

// Sums in double precision in eight lanes: the order is fixed by the length alone.
#define SUM(result, length, term)                                                                         \
    do {                                                                                                  \
        double lane[8] = {0, 0, 0, 0, 0, 0, 0, 0};                                                        \
        ptrdiff_t start = 0;                                                                              \
        for (; start + 8 <= (length); start += 8)                                                         \
            for (int l = 0; l < 8; l++) { ptrdiff_t j = start + l; lane[l] += (double)(term); }           \
        for (int l = 0; start + l < (length); l++) { ptrdiff_t j = start + l; lane[l] += (double)(term); } \
        (result) = ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])); \
    } while (0)

static void NAME(layernorm_forward)(
    ptrdiff_t rows, ptrdiff_t columns, double epsilon, const void *gamma_, const void *beta_, const void *x_,
    void *normal_, void *roots_, void *y_) {
    const REAL *gamma = gamma_, *beta = beta_;
    REAL *roots = roots_;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * columns;
        REAL *restrict normal = (REAL *)normal_ + r * columns, *restrict y = (REAL *)y_ + r * columns;
        double sum, square;
        SUM(sum, columns, x[j]);
        REAL mean = (REAL)(sum / (double)columns);
        SUM(square, columns, (x[j] - mean) * (x[j] - mean));
        REAL root = (REAL)(1 / sqrt(square / (double)columns + epsilon));
        roots[r] = root;
        LANES for (ptrdiff_t j = 0; j < columns; j++) normal[j] = (x[j] - mean) * root;
        if (gamma) LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] = normal[j] * gamma[j];
        else LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] = normal[j];
        if (beta) LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] += beta[j];
    }
}

static void NAME(layernorm_backward)(
    ptrdiff_t rows, ptrdiff_t columns, const void *gamma_, const void *normal_, const void *roots_, const void *dy_,
    void *dx_) {
    const REAL *gamma = gamma_, *roots = roots_;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict normal = (const REAL *)normal_ + r * columns, *restrict dy = (const REAL *)dy_ + r * columns;
        REAL *restrict dx = (REAL *)dx_ + r * columns;
        if (gamma) LANES for (ptrdiff_t j = 0; j < columns; j++) dx[j] = dy[j] * gamma[j];
        else LANES for (ptrdiff_t j = 0; j < columns; j++) dx[j] = dy[j];
        double sum, inner;
        SUM(sum, columns, dx[j]);
        SUM(inner, columns, dx[j] * normal[j]);
        REAL root = roots[r], mean = (REAL)(sum / (double)columns), slope = (REAL)(inner / (double)columns);
        LANES for (ptrdiff_t j = 0; j < columns; j++) dx[j] = root * (dx[j] - mean - normal[j] * slope);
    }
}

static void NAME(moments)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *x_, double *means, double *variances) {
    for (ptrdiff_t j = 0; j < columns; j++) means[j] = variances[j] = 0;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * stride;
        LANES for (ptrdiff_t j = 0; j < columns; j++) means[j] += (double)x[j];
    }
    for (ptrdiff_t j = 0; j < columns; j++) means[j] /= (double)rows;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * stride;
        LANES for (ptrdiff_t j = 0; j < columns; j++) {
            double distance = (double)x[j] - means[j];
            variances[j] += distance * distance;
        }
    }
    for (ptrdiff_t j = 0; j < columns; j++) variances[j] /= (double)rows;
}

static void NAME(normalize)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *x_, const double *means, const double *roots, const void *gamma_,
    const void *beta_, void *normal_, void *y_) {
    const REAL *gamma = gamma_, *beta = beta_;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * stride;
        REAL *restrict y = (REAL *)y_ + r * stride;
        LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] = (REAL)(((double)x[j] - means[j]) * roots[j]);
        if (normal_) memcpy((REAL *)normal_ + r * stride, y, (size_t)columns * sizeof(REAL));
        if (gamma) LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] *= gamma[j];
        if (beta) LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] += beta[j];
    }
}

static void NAME(gradient_sums)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *d_, const void *normal_, void *sums_, void *products_) {
    REAL *restrict sums = sums_, *restrict products = products_;
    for (ptrdiff_t j = 0; j < columns; j++) sums[j] = products[j] = 0;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict d = (const REAL *)d_ + r * stride, *restrict normal = (const REAL *)normal_ + r * stride;
        LANES for (ptrdiff_t j = 0; j < columns; j++) {
            sums[j] += d[j];
            products[j] += d[j] * normal[j];
        }
    }
}

static void NAME(batchnorm_backward)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, double share_, const double *roots, const void *gamma_, const void *normal_, const void *sums_,
    const void *products_, const void *dy_, void *dx_) {
    const REAL *gamma = gamma_, *sums = sums_, *products = products_;
    REAL share = (REAL)share_;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict normal = (const REAL *)normal_ + r * stride, *restrict dy = (const REAL *)dy_ + r * stride;
        REAL *restrict dx = (REAL *)dx_ + r * stride;
        LANES for (ptrdiff_t j = 0; j < columns; j++)
            dx[j] = (REAL)roots[j] * (dy[j] - sums[j] * share - normal[j] * (products[j] * share));
        if (gamma) LANES for (ptrdiff_t j = 0; j < columns; j++) dx[j] *= gamma[j];
    }
}

// MARK: the rest

// Two rounds of a bijection of 32 bits in which each bit touches all (Wellons, "Prospecting for hash functions").
INLINE uint32_t NAME(mixed)(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

static void NAME(dropout)(
    ptrdiff_t rows, ptrdiff_t columns, int64_t first_row, uint64_t key, double rate, const void *x_, void *y_) {
    // The rate on a grid of 2^-24, as the draws are.
    uint32_t bound = (uint32_t)(rate * 16777216.0);
    REAL scale = (REAL)(1 / (1 - rate));
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * columns;
        REAL *restrict y = (REAL *)y_ + r * columns;
        uint64_t row = (uint64_t)(first_row + r);
        uint32_t low = NAME(mixed)((uint32_t)key ^ NAME(mixed)((uint32_t)row + 0x9e3779b9u));
        uint32_t high = NAME(mixed)((uint32_t)(key >> 32) + low + (uint32_t)(row >> 32));
        LANES for (ptrdiff_t j = 0; j < columns; j++) {
            uint32_t draw = NAME(mixed)(NAME(mixed)((uint32_t)j ^ low) + high) >> 8;
            y[j] = draw < bound ? x[j] * 0 : x[j] * scale;
        }
    }
}

static void NAME(lookup)(
    ptrdiff_t rows, ptrdiff_t width, ptrdiff_t count, ptrdiff_t padding, const void *ids_, const void *table_, void *y_) {
    const REAL *ids = ids_;
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL *y = (REAL *)y_ + r * width;
        REAL id = ids[r];
        if (!(id >= 0 && id < (REAL)count) || id != (REAL)(ptrdiff_t)id) {
            for (ptrdiff_t j = 0; j < width; j++) y[j] = (REAL)NAN;
        } else if ((ptrdiff_t)id == padding) {
            for (ptrdiff_t j = 0; j < width; j++) y[j] = 0;
        } else {
            memcpy(y, (const REAL *)table_ + (ptrdiff_t)id * width, (size_t)width * sizeof(REAL));
        }
    }
}

static void NAME(lookup_gradient)(
    ptrdiff_t rows, ptrdiff_t width, ptrdiff_t first, ptrdiff_t count, ptrdiff_t padding, const void *ids_, const void *d_,
    void *g_) {
    const REAL *ids = ids_;
    memset(g_, 0, (size_t)(count * width) * sizeof(REAL));
    for (ptrdiff_t r = 0; r < rows; r++) {
        REAL id = ids[r];
        if (!(id >= (REAL)first && id < (REAL)(first + count)) || (ptrdiff_t)id == padding) continue;
        const REAL *restrict d = (const REAL *)d_ + r * width;
        REAL *restrict g = (REAL *)g_ + ((ptrdiff_t)id - first) * width;
        LANES for (ptrdiff_t j = 0; j < width; j++) g[j] += d[j];
    }
}

static void NAME(add)(ptrdiff_t count, const void *x_, void *y_) {
    const REAL *restrict x = x_;
    REAL *restrict y = y_;
    LANES for (ptrdiff_t j = 0; j < count; j++) y[j] += x[j];
}

static void NAME(add_row)(ptrdiff_t rows, ptrdiff_t columns, const void *x_, const void *table_, void *y_) {
    const REAL *restrict table = table_;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * columns;
        REAL *restrict y = (REAL *)y_ + r * columns;
        LANES for (ptrdiff_t j = 0; j < columns; j++) y[j] = x[j] + table[j];
    }
}

#undef SUM
#undef EACH
#undef LANES
#undef LOGISTIC

static const nnb_layers NAME(layers) = {
    .lstm_forward = NAME(lstm_forward),
    .lstm_backward = NAME(lstm_backward),
    .gru_forward = NAME(gru_forward),
    .gru_backward = NAME(gru_backward),
    .gru_gates = NAME(gru_gates),
    .gru_state = NAME(gru_state),
    .gru_state_backward = NAME(gru_state_backward),
    .gru_gates_backward = NAME(gru_gates_backward),
    .keep = NAME(keep),
    .pass = NAME(pass),
    .copy = NAME(copy),
    .transpose = NAME(transpose),
    .clear = NAME(clear),
    .mark = NAME(mark),
    .attention_forward = NAME(attention_forward),
    .attention_backward = NAME(attention_backward),
    .layernorm_forward = NAME(layernorm_forward),
    .layernorm_backward = NAME(layernorm_backward),
    .moments = NAME(moments),
    .normalize = NAME(normalize),
    .gradient_sums = NAME(gradient_sums),
    .batchnorm_backward = NAME(batchnorm_backward),
    .dropout = NAME(dropout),
    .lookup = NAME(lookup),
    .lookup_gradient = NAME(lookup_gradient),
    .add = NAME(add),
    .add_row = NAME(add_row),
};
