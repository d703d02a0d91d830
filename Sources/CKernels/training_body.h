// The loops of training.h for one type (REAL) and one instruction set (SET). Included by training.c only.

#include "product_body.h"

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

// Where there is no loop in vector lanes: a call of the mathematics library an element.
#define SLOWLY(expression)                                        \
    for (ptrdiff_t j = 0; j < columns; j++) {                     \
        double x = z[j];                                          \
        z[j] = (expression);                                      \
    }                                                             \
    break

#define HARD(x) ((x) < -3 ? 0 : (x) > 3 ? 1 : ((x) + 3) / 6)
#define GELU_SCALE ((REAL)0.7978845608028654)  // sqrt(2 / pi)
#define GELU_CUBE ((REAL)0.044715)
#define GELU_INNER(x) (GELU_SCALE * ((x) + GELU_CUBE * (x) * (x) * (x)))

#define SELU_SCALE ((REAL)1.0507009873554805)
#define SELU_ALPHA ((REAL)1.6732632423543772)

static void NAME(activate)(
    int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *bias_, void *z_) {
    const REAL *bias = bias_;
    REAL *z = z_, a = (REAL)p;
    // Without anything that goes by rows they are one.
    if (!bias && code != NNB_F_SOFTMAX && stride == columns) columns *= rows, stride = columns, rows = rows > 0;
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
        case NNB_F_EXP: EACH(F(exp)(x));
        case NNB_F_GELU: SLOWLY((REAL)gelu_exact(x));
        case NNB_F_GELU_TANH: EACH((REAL)0.5 * x * (1 + F(tanh)(GELU_INNER(x))));
        case NNB_F_HARD_SIGMOID: EACH(HARD(x));
        case NNB_F_HARD_SWISH: EACH(x * HARD(x));
        case NNB_F_HARD_TANH: EACH(x < -1 ? -1 : x > 1 ? 1 : x);
        case NNB_F_MISH: EACH(x * F(tanh)((x < 0 ? 0 : x) + F(log1p)(F(exp)(x < 0 ? x : -x))));
        case NNB_F_RELU6: EACH(x < 0 ? 0 : x > 6 ? 6 : x);
        case NNB_F_RRELU: EACH(x < 0 ? a * x : x);
        case NNB_F_SIN: SLOWLY((REAL)sin(x));
        case NNB_F_SINC: SLOWLY((REAL)sinc_value(x));
        case NNB_F_SOFT_EXPONENTIAL: SLOWLY((REAL)soft_exponential(p, x));
        case NNB_F_SWISH: EACH(x / (1 + F(exp)(-a * x)));
        default: break;
        }
    }
}
#undef EACH

#define KEEP(slope, value)                                        \
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) {              \
        REAL x = z[j];                                            \
        s[j] = (slope);                                           \
        z[j] = (value);                                           \
    }                                                             \
    break
#define KINK(below) (x < 0 ? (below) : x > 0 ? 1 : x == 0 ? k : x)

static void NAME(keep)(
    int32_t code, double p, double q, double zero, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride,
    const void *bias_, void *z_, void *slopes, uint64_t key, ptrdiff_t first) {
    const REAL *bias = bias_;
    REAL *z = z_, *s = slopes, a = (REAL)p, k = (REAL)zero;
    for (ptrdiff_t i = 0; i < rows; i++, z += stride, s += stride) {
        if (bias) VECTOR for (ptrdiff_t j = 0; j < columns; j++) z[j] += bias[j];
        switch (code) {
        case NNB_F_RELU: KEEP(KINK(0), x < 0 ? 0 : x);
        case NNB_F_LEAKY_RELU: KEEP(KINK(a), x < 0 ? a * x : x);
        case NNB_F_ELU: KEEP(KINK(a * F(exp)(x)), x < 0 ? a * (F(exp)(x) - 1) : x);
        case NNB_F_SELU:
            KEEP(
                x == 0 ? k : SELU_SCALE * (x < 0 ? SELU_ALPHA * F(exp)(x) : x > 0 ? 1 : x),
                SELU_SCALE * (x < 0 ? SELU_ALPHA * (F(exp)(x) - 1) : x));
        case NNB_F_RRELU: {
            uint64_t place = (uint64_t)(first + i * columns), mixed = nnb_mixed(key);
            REAL width = (REAL)(q - p);
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) {
                REAL x = z[j], drawn = a + width * (REAL)nnb_draw(mixed, place + (uint64_t)j);
                s[j] = x < 0 ? drawn : x > 0 ? 1 : x == 0 ? (k != k ? drawn : k) : x;
                z[j] = x < 0 ? drawn * x : x;
            }
            break;
        }
        case NNB_F_GELU:
            for (ptrdiff_t j = 0; j < columns; j++) {
                double x = z[j];
                s[j] = (REAL)(0.5 * erfc(-x * 0.70710678118654752) + x * 0.3989422804014327 * exp(-0.5 * x * x));
                z[j] = (REAL)gelu_exact(x);
            }
            break;
        case NNB_F_GELU_TANH:
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) {
                REAL x = z[j], t = F(tanh)(GELU_INNER(x)), half = (REAL)0.5;
                s[j] = half * (1 + t) + half * x * ((1 + t) * (1 - t)) * GELU_SCALE * (1 + 3 * GELU_CUBE * x * x);
                z[j] = half * x * (1 + t);
            }
            break;
        case NNB_F_HARD_SWISH:
            KEEP(x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6, x * HARD(x));
        case NNB_F_MISH:
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) {
                REAL x = z[j], e = F(exp)(x < 0 ? x : -x);
                REAL t = F(tanh)((x < 0 ? 0 : x) + F(log1p)(e));
                REAL sigmoid = x < 0 ? e / (1 + e) : 1 / (1 + e);
                s[j] = t + x * ((1 + t) * (1 - t)) * sigmoid;
                z[j] = x * t;
            }
            break;
        case NNB_F_SIN:
            for (ptrdiff_t j = 0; j < columns; j++) {
                double x = z[j];
                s[j] = (REAL)cos(x);
                z[j] = (REAL)sin(x);
            }
            break;
        case NNB_F_SINC:
            for (ptrdiff_t j = 0; j < columns; j++) {
                double x = z[j];
                s[j] = (REAL)sinc_slope(x);
                z[j] = (REAL)sinc_value(x);
            }
            break;
        case NNB_F_SWISH:
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) {
                REAL x = z[j], f = 1 / (1 + F(exp)(-a * x));
                s[j] = f + a * x * (f * (1 - f));
                z[j] = x * f;
            }
            break;
        default: break;
        }
    }
}
#undef KEEP
#undef KINK

static void NAME(multiply)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *s_, void *d_) {
    const REAL *s = s_;
    REAL *d = d_;
    for (ptrdiff_t i = 0; i < rows; i++, s += stride, d += stride)
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) d[j] *= s[j];
}

static void NAME(prelu)(ptrdiff_t rows, ptrdiff_t columns, const void *a_, const void *z_, void *y_) {
    const REAL *a = a_, *z = z_;
    REAL *y = y_;
    for (ptrdiff_t i = 0; i < rows; i++, z += columns, y += columns)
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) y[j] = z[j] < 0 ? a[j] * z[j] : z[j];
}

static void NAME(prelu_back)(
    ptrdiff_t rows, ptrdiff_t columns, double zero, const void *a_, const void *z_, const void *d_, void *dx_) {
    const REAL *a = a_, *z = z_, *d = d_;
    REAL *dx = dx_, k = (REAL)zero;
    for (ptrdiff_t i = 0; i < rows; i++, z += columns, d += columns, dx += columns)
        VECTOR for (ptrdiff_t j = 0; j < columns; j++)
            dx[j] = d[j] * (z[j] < 0 ? a[j] : z[j] > 0 ? 1 : z[j] == 0 ? (k != k ? a[j] : k) : z[j]);
}

static void NAME(prelu_train)(ptrdiff_t rows, ptrdiff_t columns, const void *z_, const void *d_, void *da_) {
    const REAL *z = z_, *d = d_;
    REAL *da = da_;
    for (ptrdiff_t i = 0; i < rows; i++, z += columns, d += columns)
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) da[j] += z[j] > 0 ? 0 : d[j] * z[j];
}

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
    if (code != NNB_F_SOFTMAX && stride == columns) columns *= rows, stride = columns, rows = rows > 0;
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
        case NNB_F_EXP: EACH(f);
        // Where a NaN comes in, f - f makes one of the constant.
        case NNB_F_HARD_SIGMOID: EACH(f <= 0 || f >= 1 ? 0 : (REAL)(1.0 / 6) + (f - f));
        case NNB_F_HARD_TANH: EACH(f <= -1 || f >= 1 ? 0 : 1 + (f - f));
        case NNB_F_RELU6: EACH(f <= 0 || f >= 6 ? 0 : 1 + (f - f));
        case NNB_F_SOFT_EXPONENTIAL: EACH(a > 0 ? a * (f - a) + 1 : F(exp)(a * f));
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
#define INNER NAME(inner)(y[j])

#define DISTANCE (y[j] < t[j] ? t[j] - y[j] : y[j] - t[j])

#define EACH_ROW(term)                                            \
    for (ptrdiff_t i = 0; i < rows; i++) {                        \
        const REAL *y = outputs + i * columns, *t = targets + i * columns; \
        SUM_ROW(row_losses[i], term);                             \
    }
#define EACH(expression)                                          \
    if (d) VECTOR for (ptrdiff_t j = 0; j < rows * columns; j++) d[j] = (expression); \
    break

static void NAME(loss)(
    int32_t code, double p, ptrdiff_t rows, ptrdiff_t columns, const void *y_, const void *t_, double scale, void *d_,
    double *row_losses) {
    const REAL *outputs = y_, *targets = t_, *y = y_, *t = t_;
    REAL *d = d_, s = (REAL)scale, a = (REAL)p;
    switch (code) {
    case NNB_LOSS_SQUARED:
        EACH_ROW((y[j] - t[j]) * (y[j] - t[j]))
        EACH(2 * s * (y[j] - t[j]));
    case NNB_LOSS_ABSOLUTE:
        EACH_ROW(DISTANCE)
        EACH(y[j] < t[j] ? -s : y[j] > t[j] ? s : y[j] - t[j]);
    case NNB_LOSS_BINARY_CROSSENTROPY:
        EACH_ROW(-(t[j] * log(INNER) + (1 - t[j]) * log1p(-INNER)))
        EACH(s * (INNER - t[j]) / (INNER * (1 - INNER)));
    case NNB_LOSS_HINGE:
        EACH_ROW(1 - t[j] * y[j] < 0 ? 0 : 1 - t[j] * y[j])
        EACH(1 - t[j] * y[j] > 0 ? -s * t[j] : 0 * y[j]);
    case NNB_LOSS_PERCEPTRON:
        EACH_ROW(-t[j] * y[j] < 0 ? 0 : -t[j] * y[j])
        EACH(t[j] * y[j] <= 0 ? -s * t[j] : 0 * y[j]);
    case NNB_LOSS_ZERO_ONE:
        EACH_ROW(y[j] < 0 ? (t[j] + 1) * (t[j] + 1) : y[j] >= 0 ? (t[j] - 1) * (t[j] - 1) : y[j])
        EACH(0 * y[j]);
    case NNB_LOSS_HUBER:
        EACH_ROW(DISTANCE > a ? a * (DISTANCE - a / 2) : DISTANCE * DISTANCE / 2)
        EACH(s * (y[j] - t[j] > a ? a : y[j] - t[j] < -a ? -a : y[j] - t[j]));
    case NNB_LOSS_KL:
        EACH_ROW(t[j] > 0 ? t[j] * log(t[j] / INNER) : y[j] - y[j])
        EACH(-s * t[j] / INNER);
    default:
        EACH_ROW(-t[j] * log(INNER))
        EACH(-s * t[j] / INNER);
    }
}
#undef EACH_ROW
#undef EACH

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

static void NAME(add_pieces)(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t pieces, ptrdiff_t distance, const void *x_, const void *bias_, void *y_) {
    const REAL *x = x_, *bias = bias_;
    REAL *y = y_;
    for (ptrdiff_t i = 0; i < rows; i++, x += columns, y += columns) {
        if (pieces == 2 && bias) {
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) y[j] = (x[j] + x[distance + j]) + bias[j];
            continue;
        }
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) y[j] = x[j];
        for (ptrdiff_t p = 1; p < pieces; p++)
            VECTOR for (ptrdiff_t j = 0; j < columns; j++) y[j] += x[p * distance + j];
        if (bias) VECTOR for (ptrdiff_t j = 0; j < columns; j++) y[j] += bias[j];
    }
}

static void NAME(column_sums)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, const void *d_, void *sums_) {
    const REAL *d = d_;
    REAL *sums = sums_;
    for (ptrdiff_t j = 0; j < columns; j++) sums[j] = 0;
    for (ptrdiff_t i = 0; i < rows; i++, d += stride)
        VECTOR for (ptrdiff_t j = 0; j < columns; j++) sums[j] += d[j];
}

// Rows lie anywhere in memory: each is asked for while one some places before it is copied, a line of the cache at a time.
#define COPY_ROW(TYPE)                                                                                          \
    {                                                                                                           \
        enum { line = 64 / sizeof(TYPE) };                                                                      \
        typedef TYPE here __attribute__((ext_vector_type(line), aligned(sizeof(TYPE))));                        \
        typedef REAL there __attribute__((ext_vector_type(line), aligned(sizeof(REAL))));                       \
        const TYPE *row = (const TYPE *)source + (ptrdiff_t)index[i] * stride;                                  \
        const TYPE *later = (const TYPE *)source + (ptrdiff_t)index[i + ahead < rows ? i + ahead : i] * stride; \
        ptrdiff_t j = 0;                                                                                        \
        __builtin_prefetch(later);                                                                              \
        for (; j + line <= width; j += line) {                                                                  \
            __builtin_prefetch(later + j);                                                                      \
            *(there *)(out + j) = __builtin_convertvector(*(const here *)(row + j), there);                     \
        }                                                                                                       \
        for (; j < width; j++) out[j] = (REAL)row[j];                                                           \
    }

static void NAME(gather)(
    int32_t from, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const int32_t *index, const void *source, void *out_,
    ptrdiff_t out_stride) {
    REAL *out = out_;
    const ptrdiff_t ahead = width < 64 ? 8 : 2;
    for (ptrdiff_t i = 0; i < rows; i++, out += out_stride) {
        if (from == NNB_FROM_FLOAT32) COPY_ROW(float)
        else if (from == NNB_FROM_FLOAT64) COPY_ROW(double)
        else COPY_ROW(uint8_t)
    }
}
#undef COPY_ROW

// MARK: optimizers

#define STEP(name)                                                                                       \
    static void NAME(name)(                                                                              \
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, nnb_step c, void *x_, const void *g_,    \
        ptrdiff_t g_stride, void *u_, void *w_)
#define ROWS(statements)                                                                                 \
    {                                                                                                    \
        const REAL rate = (REAL)c.rate, momentum = (REAL)c.momentum, decay = (REAL)c.decay;              \
        const REAL fresh = (REAL)(1 - c.momentum), rest = (REAL)(1 - c.decay), scale = (REAL)c.scale;    \
        const REAL inside = (REAL)c.inside, outside = (REAL)c.outside, extra = (REAL)c.extra;            \
        (void)rate, (void)momentum, (void)decay, (void)fresh, (void)rest, (void)scale;                   \
        (void)inside, (void)outside, (void)extra, (void)u_, (void)w_;                                                 \
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
    if (c.nesterov == 3)
        ROWS(REAL p = momentum * u[j] - rate * g[j]; u[j] = p; x[j] += momentum * p - rate * g[j];)
    else if (c.nesterov == 2)
        ROWS(REAL p = momentum * u[j] - rate * g[j]; u[j] = p; x[j] += p;)
    else if (c.nesterov)
        ROWS(REAL p = g[j] + momentum * u[j]; u[j] = p; x[j] -= rate * (g[j] + momentum * p);)
    else
        ROWS(REAL p = g[j] + momentum * u[j]; u[j] = p; x[j] -= rate * p;)
}

STEP(nag) ROWS(REAL p = g[j] + momentum * u[j]; x[j] += inside * u[j] - (rate + outside) * p; u[j] = p;)

#define ROOT(v) __builtin_elementwise_sqrt(v)  // without errno, which would keep it out of vector lanes

STEP(adagrad) ROWS(REAL s = u[j] + g[j] * g[j]; u[j] = s; x[j] -= rate * g[j] / (ROOT(s + inside) + outside);)

STEP(rmsprop)
    ROWS(REAL s = decay * u[j] + rest * (g[j] * g[j]); u[j] = s; x[j] -= rate * g[j] / (ROOT(s + inside) + outside);)

STEP(adam)
    ROWS(REAL v = momentum * u[j] + fresh * g[j]; u[j] = v;
         REAL s = decay * w[j] + rest * (g[j] * g[j]); w[j] = s;
         x[j] -= rate * v / (scale * ROOT(s) + outside);)

STEP(adamw)
    ROWS(REAL v = momentum * u[j] + fresh * g[j]; u[j] = v;
         REAL s = decay * w[j] + rest * (g[j] * g[j]); w[j] = s;
         x[j] -= extra * x[j]; x[j] -= rate * v / (scale * ROOT(s) + outside);)

STEP(nadam)
    ROWS(REAL v = momentum * u[j] + fresh * g[j]; u[j] = v;
         REAL s = decay * w[j] + rest * (g[j] * g[j]); w[j] = s;
         x[j] -= (rate * v + extra * g[j]) / (scale * ROOT(s) + outside);)

STEP(adadelta)
    ROWS(REAL s = decay * u[j] + rest * (g[j] * g[j]); u[j] = s;
         REAL e = w[j]; REAL step = g[j] * ROOT(e + inside) / ROOT(s + inside);
         w[j] = decay * e + rest * (step * step); x[j] -= rate * step;)

STEP(rprop)
    ROWS(REAL now = g[j]; REAL product = now * u[j];
         REAL h = w[j] * (product > 0 ? decay : product < 0 ? momentum : 1);
         h = h < inside ? inside : h > outside ? outside : h; w[j] = h;
         now = product < 0 ? 0 : now; u[j] = now;
         x[j] -= now > 0 ? h : now < 0 ? -h : now;)

// MARK: between a gradient and the step

static double NAME(penalty)(ptrdiff_t columns, double l1, double l2, const void *x_, void *g_) {
    const REAL *x = x_;
    REAL *g = g_, first = (REAL)l1, second = (REAL)(2 * l2);
    double sizes = 0, squares = 0;
    if (l1 != 0) SUM_ROW(sizes, x[j] < 0 ? -x[j] : x[j]);
    if (l2 != 0) SUM_ROW(squares, (double)x[j] * (double)x[j]);
    if (g) VECTOR for (ptrdiff_t j = 0; j < columns; j++)
        g[j] += (x[j] > 0 ? first : x[j] < 0 ? -first : x[j]) + second * x[j];
    return l1 * sizes + l2 * squares;
}

static void NAME(clip)(ptrdiff_t columns, double limit, void *g_) {
    REAL *g = g_, most = (REAL)limit;
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) g[j] = g[j] > most ? most : g[j] < -most ? -most : g[j];
}

static void NAME(scale)(ptrdiff_t columns, double factor, void *g_) {
    REAL *g = g_, f = (REAL)factor;
    VECTOR for (ptrdiff_t j = 0; j < columns; j++) g[j] *= f;
}

static double NAME(squares)(ptrdiff_t columns, const void *g_) {
    const REAL *g = g_;
    double sum;
    SUM_ROW(sum, (double)g[j] * (double)g[j]);
    return sum;
}

#undef STEP
#undef ROWS
#undef ROOT
#undef SUM_ROW
#undef EDGE
#undef DISTANCE
#undef INNER
#undef SLOWLY
#undef HARD
#undef GELU_SCALE
#undef GELU_CUBE
#undef GELU_INNER
#undef SELU_SCALE
#undef SELU_ALPHA

static const nnb_training NAME(loops) = {
    .size = sizeof(REAL),
    .product = NAME(product),
    .product_of_used = NAME(product_of_used),
    .activate = NAME(activate),
    .slope = NAME(slope),
    .keep = NAME(keep),
    .multiply = NAME(multiply),
    .prelu = NAME(prelu),
    .prelu_back = NAME(prelu_back),
    .prelu_train = NAME(prelu_train),
    .loss = NAME(loss),
    .softmax_crossentropy = NAME(softmax_crossentropy),
    .sigmoid_crossentropy = NAME(sigmoid_crossentropy),
    .add = NAME(add),
    .add_pieces = NAME(add_pieces),
    .column_sums = NAME(column_sums),
    .gather = NAME(gather),
    .sgd = NAME(sgd),
    .momentum = NAME(momentum),
    .nag = NAME(nag),
    .adagrad = NAME(adagrad),
    .rmsprop = NAME(rmsprop),
    .adam = NAME(adam),
    .adamw = NAME(adamw),
    .nadam = NAME(nadam),
    .adadelta = NAME(adadelta),
    .rprop = NAME(rprop),
    .penalty = NAME(penalty),
    .clip = NAME(clip),
    .scale = NAME(scale),
    .squares = NAME(squares),
};
