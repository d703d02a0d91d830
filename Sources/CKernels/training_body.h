// The loops of training.h for one type (REAL) and one instruction set (SET). Included by training.c only.

// MARK: products

static void NAME(product)(
    int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a_, ptrdiff_t lda,
    const void *b_, ptrdiff_t ldb, void *c_, ptrdiff_t ldc) {
    const REAL *a = a_, *b = b_;
    REAL *c = c_;
    ptrdiff_t down = transpose_a ? 1 : lda, across = transpose_a ? lda : 1;
    for (ptrdiff_t i = 0; i < m; i++) {
        const REAL *row = a + i * down;
        REAL *out = c + i * ldc;
        if (transpose_b) {
            for (ptrdiff_t j = 0; j < n; j++) {
                REAL sum = 0;
                for (ptrdiff_t l = 0; l < k; l++) sum += row[l * across] * b[j * ldb + l];
                out[j] = sum;
            }
        } else {
            for (ptrdiff_t j = 0; j < n; j++) out[j] = 0;
            for (ptrdiff_t l = 0; l < k; l++) {
                REAL factor = row[l * across];
                const REAL *other = b + l * ldb;
                for (ptrdiff_t j = 0; j < n; j++) out[j] += factor * other[j];
            }
        }
    }
}

// MARK: activations

static void NAME(softmax)(ptrdiff_t columns, REAL *z) {
    REAL most = z[0];
    for (ptrdiff_t j = 1; j < columns; j++) most = z[j] > most ? z[j] : most;
    // A NaN that is not the greatest stays where it is and makes the sum NaN.
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] = F(exp)(z[j] - most);
    REAL sum = 0;
    for (ptrdiff_t j = 0; j < columns; j++) sum += z[j];
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] /= sum;
}

#define EACH(expression)                                          \
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) {              \
        REAL x = z[j];                                            \
        z[j] = (expression);                                      \
    }                                                             \
    break

#define SELU_SCALE ((REAL)1.0507009873554805)
#define SELU_ALPHA ((REAL)1.6732632423543772)

static void NAME(activate)(
    int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *bias_, void *z_) {
    const REAL *bias = bias_;
    REAL *z = z_, a = (REAL)p;
    for (ptrdiff_t i = 0; i < rows; i++, z += stride) {
        if (bias) VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] += bias[j];
        switch (code) {
        case NNB_F_SIGN: EACH(x < 0 ? -1 : x >= 0 ? 1 : x);
        case NNB_F_STEP: EACH(x < 0 ? 0 : x >= 0 ? 1 : x);
        case NNB_F_SIGMOID: EACH(1 / (1 + F(exp)(-a * x)));
        case NNB_F_TANH: EACH(F(tanh)(a * x));
        case NNB_F_RELU: EACH(x < 0 ? 0 : x);
        case NNB_F_LEAKY_RELU: EACH(x < 0 ? a * x : x);
        case NNB_F_ELU: EACH(x < 0 ? a * (F(exp)(x) - 1) : x);
        case NNB_F_SELU: EACH(SELU_SCALE * (x < 0 ? SELU_ALPHA * (F(exp)(x) - 1) : x));
        case NNB_F_SOFTSIGN: EACH(x / (1 + (x < 0 ? -x : x)));
        case NNB_F_SOFTPLUS: EACH((x < 0 ? 0 : x) + F(log1p)(F(exp)(x < 0 ? x : -x)));
        case NNB_F_SOFTMAX: NAME(softmax)(columns, z); break;
        default: break;
        }
    }
}
#undef EACH

#define EACH(expression)                                          \
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) {              \
        REAL f = y[j];                                            \
        d[j] *= (expression);                                     \
    }                                                             \
    break

// By the output alone, which is what is kept. A NaN among the outputs makes a NaN.
static void NAME(slope)(
    int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *y_, void *d_) {
    const REAL *y = y_;
    REAL *d = d_, a = (REAL)p;
    for (ptrdiff_t i = 0; i < rows; i++, y += stride, d += stride) {
        switch (code) {
        case NNB_F_SIGN: case NNB_F_STEP: EACH(f - f);
        case NNB_F_SIGMOID: EACH(a * (f * (1 - f)));
        case NNB_F_TANH: EACH(a * ((1 + f) * (1 - f)));
        case NNB_F_RELU: EACH(f > 0 ? 1 : f);
        case NNB_F_LEAKY_RELU: EACH(f > 0 ? 1 : f <= 0 ? a : f);
        case NNB_F_ELU: EACH(f > 0 ? 1 : f + a);
        case NNB_F_SELU: EACH(f > 0 ? SELU_SCALE : f + SELU_SCALE * SELU_ALPHA);
        case NNB_F_SOFTSIGN: EACH((1 - (f < 0 ? -f : f)) * (1 - (f < 0 ? -f : f)));
        case NNB_F_SOFTPLUS: EACH(1 - F(exp)(-f));
        case NNB_F_SOFTMAX: {
            REAL sum = 0;
            for (ptrdiff_t j = 0; j < columns; j++) sum += d[j] * y[j];
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) d[j] = y[j] * (d[j] - sum);
            break;
        }
        default: break;
        }
    }
}
#undef EACH

// MARK: losses

// Sums in double precision in eight lanes: the order is fixed by the length alone.
#define SUM_ROW(result, term)                                                                            \
    do {                                                                                                 \
        double lane[8] = {0, 0, 0, 0, 0, 0, 0, 0};                                                       \
        ptrdiff_t start = 0;                                                                             \
        for (; start + 8 <= columns; start += 8)                                                         \
            for (int l = 0; l < 8; l++) { ptrdiff_t j = start + l; lane[l] += (double)(term); }          \
        for (int l = 0; start + l < columns; l++) { ptrdiff_t j = start + l; lane[l] += (double)(term); } \
        (result) = ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])); \
    } while (0)

// Probabilities are kept this far from 0 and 1 before their logarithm is taken, as Keras does.
#define EDGE ((REAL)1e-7)
INLINE REAL NAME(inner)(REAL y) { return y < EDGE ? EDGE : y > 1 - EDGE ? 1 - EDGE : y; }

static void NAME(loss)(
    int32_t code, ptrdiff_t rows, ptrdiff_t columns, const void *y_, const void *t_, double scale, void *d_,
    double *row_losses) {
    const REAL *y = y_, *t = t_;
    REAL *d = d_, s = (REAL)scale;
    for (ptrdiff_t i = 0; i < rows; i++, y += columns, t += columns) {
        switch (code) {
        case NNB_LOSS_SQUARED:
            SUM_ROW(row_losses[i], (y[j] - t[j]) * (y[j] - t[j]));
            if (d) VECTOR for (ptrdiff_t j = 0; j < columns; j++) d[j] = 2 * s * (y[j] - t[j]);
            break;
        case NNB_LOSS_ABSOLUTE:
            SUM_ROW(row_losses[i], y[j] < t[j] ? t[j] - y[j] : y[j] - t[j]);
            if (d) VECTOR for (ptrdiff_t j = 0; j < columns; j++)
                d[j] = y[j] < t[j] ? -s : y[j] > t[j] ? s : y[j] - t[j];
            break;
        case NNB_LOSS_BINARY_CROSSENTROPY:
            SUM_ROW(row_losses[i], -(t[j] * log(NAME(inner)(y[j])) + (1 - t[j]) * log1p(-NAME(inner)(y[j]))));
            if (d) for (ptrdiff_t j = 0; j < columns; j++) {
                REAL q = NAME(inner)(y[j]);
                d[j] = s * (q - t[j]) / (q * (1 - q));
            }
            break;
        default:
            SUM_ROW(row_losses[i], -t[j] * log(NAME(inner)(y[j])));
            if (d) for (ptrdiff_t j = 0; j < columns; j++) d[j] = -s * t[j] / NAME(inner)(y[j]);
            break;
        }
        if (d) d += columns;
    }
}

// The loss by log(sum of exp) of what comes in, so that no probability is rounded to 0 before its logarithm.
static void NAME(softmax_crossentropy)(
    ptrdiff_t rows, ptrdiff_t columns, void *z_, const void *t_, double scale, void *d_, double *row_losses) {
    REAL *z = z_, *d = d_, s = (REAL)scale;
    const REAL *t = t_;
    for (ptrdiff_t i = 0; i < rows; i++, z += columns, t += columns) {
        REAL most = z[0];
        for (ptrdiff_t j = 1; j < columns; j++) most = z[j] > most ? z[j] : most;
        double weight, inner;
        SUM_ROW(weight, t[j]);
        SUM_ROW(inner, t[j] * (z[j] - most));
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] = F(exp)(z[j] - most);
        REAL sum = 0;
        for (ptrdiff_t j = 0; j < columns; j++) sum += z[j];
        row_losses[i] = weight * log((double)sum) - inner;
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] /= sum;
        if (!d) continue;
        REAL w = (REAL)weight;
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) d[j] = s * (w * z[j] - t[j]);
        d += columns;
    }
}

// -(t log σ(x) + (1 - t) log(1 - σ(x))) = max(x, 0) - x t + log(1 + exp(-|x|)).
static void NAME(sigmoid_crossentropy)(
    double p, ptrdiff_t rows, ptrdiff_t columns, void *z_, const void *t_, double scale, void *d_,
    double *row_losses) {
    REAL *z = z_, *d = d_, s = (REAL)(scale * p), a = (REAL)p;
    const REAL *t = t_;
    for (ptrdiff_t i = 0; i < rows; i++, z += columns, t += columns) {
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] *= a;
        SUM_ROW(row_losses[i], (z[j] < 0 ? 0 : z[j]) - z[j] * t[j] + F(log1p)(F(exp)(z[j] < 0 ? z[j] : -z[j])));
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] = 1 / (1 + F(exp)(-z[j]));
        if (!d) continue;
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) d[j] = s * (z[j] - t[j]);
        d += columns;
    }
}

// MARK: sums and rows

static void NAME(add)(ptrdiff_t count, const void *x_, void *y_) {
    const REAL *x = x_;
    REAL *y = y_;
    VECTOR for (ptrdiff_t j = 0; j < count; j++) y[j] += x[j];
}

static void NAME(column_sums)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *d_, void *sums_) {
    const REAL *d = d_;
    REAL *sums = sums_;
    for (ptrdiff_t j = 0; j < columns; j++) sums[j] = 0;
    for (ptrdiff_t i = 0; i < rows; i++, d += stride)
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) sums[j] += d[j];
}

static void NAME(gather)(
    int32_t from, ptrdiff_t rows, ptrdiff_t width, const int32_t *index, const void *source, void *out_) {
    REAL *out = out_;
    for (ptrdiff_t i = 0; i < rows; i++, out += width) {
        ptrdiff_t start = (ptrdiff_t)index[i] * width;
        if (from == NNB_FROM_FLOAT32) {
            const float *row = (const float *)source + start;
            VECTOR for (ptrdiff_t j = 0; j < width; j++) out[j] = (REAL)row[j];
        } else if (from == NNB_FROM_FLOAT64) {
            const double *row = (const double *)source + start;
            VECTOR for (ptrdiff_t j = 0; j < width; j++) out[j] = (REAL)row[j];
        } else {
            const uint8_t *row = (const uint8_t *)source + start;
            VECTOR for (ptrdiff_t j = 0; j < width; j++) out[j] = (REAL)row[j];
        }
    }
}

// MARK: optimizers

#define STEP(name)                                                                                       \
    static void NAME(name)(                                                                              \
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step c, void *x_, const void *g_,    \
        ptrdiff_t g_stride, void *u_, void *w_)
#define ROWS(statements)                                                                                 \
    {                                                                                                    \
        const REAL rate = (REAL)c.rate, momentum = (REAL)c.momentum, decay = (REAL)c.decay;              \
        const REAL fresh = (REAL)(1 - c.momentum), rest = (REAL)(1 - c.decay), scale = (REAL)c.scale;    \
        const REAL inside = (REAL)c.inside, outside = (REAL)c.outside;                                   \
        (void)rate, (void)momentum, (void)decay, (void)fresh, (void)rest, (void)scale;                   \
        (void)inside, (void)outside, (void)u_, (void)w_;                                                 \
        for (ptrdiff_t i = 0; i < rows; i++) {                                                           \
            REAL *restrict x = (REAL *)x_ + i * stride;                                                  \
            const REAL *restrict g = (const REAL *)g_ + i * g_stride;                                    \
            REAL *restrict u = (REAL *)u_ + i * stride, *restrict w = (REAL *)w_ + i * stride;           \
            (void)u, (void)w;                                                                            \
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) { statements }                                \
        }                                                                                                \
    }

STEP(sgd) ROWS(x[j] -= rate * g[j];)

STEP(momentum) {
    if (c.nesterov)
        ROWS(REAL p = g[j] + momentum * u[j]; u[j] = p; x[j] -= rate * (g[j] + momentum * p);)
    else
        ROWS(REAL p = g[j] + momentum * u[j]; u[j] = p; x[j] -= rate * p;)
}

#define ROOT(v) __builtin_elementwise_sqrt(v)  // without errno, which would keep it out of vector lanes

STEP(adagrad) ROWS(REAL s = u[j] + g[j] * g[j]; u[j] = s; x[j] -= rate * g[j] / (ROOT(s + inside) + outside);)

STEP(rmsprop)
    ROWS(REAL s = decay * u[j] + rest * (g[j] * g[j]); u[j] = s; x[j] -= rate * g[j] / (ROOT(s + inside) + outside);)

STEP(adam)
    ROWS(REAL v = momentum * u[j] + fresh * g[j]; u[j] = v;
         REAL s = decay * w[j] + rest * (g[j] * g[j]); w[j] = s;
         x[j] -= rate * v / (scale * ROOT(s) + outside);)

#undef STEP
#undef ROWS
#undef ROOT
#undef SUM_ROW
#undef EDGE
#undef SELU_SCALE
#undef SELU_ALPHA

static const nnb_training NAME(loops) = {
    sizeof(REAL), NAME(product), NAME(activate), NAME(slope), NAME(loss), NAME(softmax_crossentropy),
    NAME(sigmoid_crossentropy), NAME(add), NAME(column_sums), NAME(gather), NAME(sgd), NAME(momentum), NAME(adagrad),
    NAME(rmsprop), NAME(adam),
};
