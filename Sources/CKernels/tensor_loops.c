#include "tensor_loops.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct {
    void (*binary_f64[6])(int, ptrdiff_t, const double *, const double *, double *);
    void (*binary_f32[6])(int, ptrdiff_t, const float *, const float *, float *);
    void (*compare_f64[6])(int, ptrdiff_t, const double *, const double *, uint8_t *);
    void (*compare_f32[6])(int, ptrdiff_t, const float *, const float *, uint8_t *);
    void (*compare_u8[8])(int, ptrdiff_t, const uint8_t *, const uint8_t *, uint8_t *);
    void (*unary_f64[11])(ptrdiff_t, const double *, double *);
    void (*unary_f32[11])(ptrdiff_t, const float *, float *);
    double (*sum_f64)(ptrdiff_t, const double *);
    double (*sum_f32)(ptrdiff_t, const float *);
    double (*sum_u8)(ptrdiff_t, const uint8_t *);
    double (*dot_f64)(ptrdiff_t, const double *, const double *);
    double (*dot_f32)(ptrdiff_t, const float *, const float *);
    double (*sum_squares_f64)(ptrdiff_t, const double *, double);
    void (*add_multiple_f64)(ptrdiff_t, double, const double *, double *);
    void (*add_multiple_f32)(ptrdiff_t, float, const float *, float *);
    void (*accumulate_f32)(ptrdiff_t, const float *, double *);
    void (*accumulate_u8)(ptrdiff_t, const uint8_t *, double *);
    void (*f64_from_f32)(ptrdiff_t, const float *, double *);
    void (*f64_from_u8)(ptrdiff_t, const uint8_t *, double *);
    void (*f32_from_f64)(ptrdiff_t, const double *, float *);
    void (*f32_from_u8)(ptrdiff_t, const uint8_t *, float *);
} tensor_loops;

#pragma STDC FP_CONTRACT OFF

// e^r - 1 for |r| <= ln 2 / 2, as r + r^2 q(r) with q the Taylor series to r^11: the first term left out is below
// 4e-18. `low` is what the reduction lost of r.
static inline __attribute__((always_inline)) double expm1_reduced(double r, double low) {
    double q = 1.0 / 6227020800;
    q = q * r + 1.0 / 479001600;
    q = q * r + 1.0 / 39916800;
    q = q * r + 1.0 / 3628800;
    q = q * r + 1.0 / 362880;
    q = q * r + 1.0 / 40320;
    q = q * r + 1.0 / 5040;
    q = q * r + 1.0 / 720;
    q = q * r + 1.0 / 120;
    q = q * r + 1.0 / 24;
    q = q * r + 1.0 / 6;
    q = q * r + 0.5;
    return r + (r * r * q - low);
}

static inline __attribute__((always_inline)) double from_bits(int64_t bits) {
    double x;
    memcpy(&x, &bits, 8);
    return x;
}

// x = k ln 2 + r, with ln 2 in two pieces (the first has 21 zeros at its end, so that k times it is exact); k comes
// as the low bits of x / ln 2 + 1.5 * 2^52.
#define REDUCE(x)                                                          \
    double shifted = (x) * 1.4426950408889634 + 6755399441055744.0;        \
    double k = shifted - 6755399441055744.0;                               \
    double high = (x) - k * 0x1.62e42feep-1;                               \
    double low = k * 0x1.a39ef35793c76p-33;                                \
    double r = high - low;                                                 \
    double lost = (r - high) + low;                                        \
    int64_t bits;                                                          \
    memcpy(&bits, &shifted, 8);                                            \
    int64_t power = (int64_t)((uint64_t)bits << 32) >> 32;

// Without a branch, so that it runs in vector lanes. 2^k is applied in two halves: it reaches beyond 2^1023 and
// below 2^-1022 on the way to infinity and zero. NaN passes both bounds and stays.
static inline __attribute__((always_inline)) double exp_double(double x) {
    double bounded = x > 710 ? 710 : x < -746 ? -746 : x;
    REDUCE(bounded)
    double result = 1 + expm1_reduced(r, lost);
    int64_t half = power >> 1;
    double first = from_bits((half + 1023) << 52), second = from_bits((power - half + 1023) << 52);
    double y = result * first * second;
    return x != x ? x : y;
}

// tanh |x| = e / (e + 2) with e = exp(2|x|) - 1, which keeps its digits near zero.
static inline __attribute__((always_inline)) double tanh_double(double x) {
    double size = __builtin_fabs(x);
    double twice = size > 20 ? 40 : 2 * size;
    REDUCE(twice)
    double scale = from_bits((power + 1023) << 52);
    double e = scale * expm1_reduced(r, lost) + (scale - 1);
    double y = __builtin_copysign(e / (e + 2), x);
    return x != x ? x : y;
}

// x = 2^k m with m from sqrt(1/2) to sqrt 2; ln m = 2 atanh s with s = f / (2 + f), f = m - 1, |s| <= 0.172. The series
// 2 s^3 / 3 + ... stops at s^21: the first term left out is below 1e-18 of the result. Written as
// f - (f^2 / 2 - s (f^2 / 2 + ...)), only the small part is rounded.
static inline __attribute__((always_inline)) double log_double(double x) {
    int tiny = x < 0x1p-1022;
    double scaled = tiny ? x * 0x1p54 : x;
    int64_t bits;
    memcpy(&bits, &scaled, 8);
    const int64_t root_half = 0x3FE6A09E667F3BCD;
    int64_t power = (bits - root_half) >> 52;
    double f = from_bits(bits - (int64_t)((uint64_t)power << 52)) - 1;
    double k = from_bits(0x4338000000000000 + power) - 6755399441055744.0 - (tiny ? 54 : 0);
    double s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double r = 2.0 / 21;
    r = r * z + 2.0 / 19;
    r = r * z + 2.0 / 17;
    r = r * z + 2.0 / 15;
    r = r * z + 2.0 / 13;
    r = r * z + 2.0 / 11;
    r = r * z + 2.0 / 9;
    r = r * z + 2.0 / 7;
    r = r * z + 2.0 / 5;
    r = r * z + 2.0 / 3;
    double y = k * 0x1.62e42feep-1 - ((half - (s * (half + r * z) + k * 0x1.a39ef35793c76p-33)) - f);
    y = x == __builtin_inf() ? x : y;
    y = x == 0 ? -__builtin_inf() : y;
    return x < 0 ? __builtin_nan("") : x != x ? x : y;
}

#define NAME(x) x##_plain
#include "tensor_loops_body.h"
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define NAME(x) x##_avx2
#include "tensor_loops_body.h"
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define NAME(x) x##_avx512
#include "tensor_loops_body.h"
#undef NAME
#pragma clang attribute pop
#endif

static const tensor_loops *choose(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return &loops_avx512;
    if (__builtin_cpu_supports("avx2")) return &loops_avx2;
#endif
    return &loops_plain;
}

static _Atomic(const tensor_loops *) chosen;

static inline const tensor_loops *loops(void) {
    const tensor_loops *table = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (__builtin_expect(!table, 0)) {
        table = choose();
        atomic_store_explicit(&chosen, table, memory_order_relaxed);
    }
    return table;
}

double nnb_modulo(double a, double b) {
    double remainder = fmod(a, b);
    if (remainder == 0) return copysign(0, b);
    return (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

double nnb_floor_divide(double a, double b) {
    double remainder = fmod(a, b);
    double quotient = (a - remainder) / b;
    if (remainder != 0 && (remainder < 0) != (b < 0)) quotient -= 1;
    if (quotient == 0) return copysign(0, a / b);
    // The division may have rounded away from the whole number it stands for.
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

// The operations that no vector unit has: one call of the C library an element.
#define BY_CALL(T, table)                                                                             \
    ptrdiff_t step_a = form != NNB_RIGHT_RUNS, step_b = form != NNB_LEFT_RUNS;                        \
    if (op == NNB_FLOOR_DIVIDE) {                                                                     \
        for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)nnb_floor_divide(a[i * step_a], b[i * step_b]); \
    } else if (op == NNB_MODULO) {                                                                    \
        for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)nnb_modulo(a[i * step_a], b[i * step_b]);       \
    } else if (op == NNB_POWER) {                                                                     \
        for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)pow(a[i * step_a], b[i * step_b]);              \
    } else {                                                                                          \
        loops()->table[op](form, n, a, b, out);                                                       \
    }

void nnb_binary_f64(int op, int form, ptrdiff_t n, const double *a, const double *b, double *out) {
    BY_CALL(double, binary_f64)
}
void nnb_binary_f32(int op, int form, ptrdiff_t n, const float *a, const float *b, float *out) {
    BY_CALL(float, binary_f32)
}
void nnb_compare_f64(int op, int form, ptrdiff_t n, const double *a, const double *b, uint8_t *out) {
    loops()->compare_f64[op - NNB_EQUAL](form, n, a, b, out);
}
void nnb_compare_f32(int op, int form, ptrdiff_t n, const float *a, const float *b, uint8_t *out) {
    loops()->compare_f32[op - NNB_EQUAL](form, n, a, b, out);
}
void nnb_compare_u8(int op, int form, ptrdiff_t n, const uint8_t *a, const uint8_t *b, uint8_t *out) {
    loops()->compare_u8[op - NNB_EQUAL](form, n, a, b, out);
}

#define CALLS(T)                                                                            \
    switch (function) {                                                                     \
    case NNB_LOG2: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)log2(a[i]); break;         \
    case NNB_LOG10: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)log10(a[i]); break;       \
    case NNB_LOG1P: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)log1p(a[i]); break;       \
    case NNB_EXPM1: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)expm1(a[i]); break;       \
    case NNB_SIN: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)sin(a[i]); break;           \
    case NNB_COS: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)cos(a[i]); break;           \
    case NNB_TAN: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)tan(a[i]); break;           \
    case NNB_ASIN: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)asin(a[i]); break;         \
    case NNB_ACOS: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)acos(a[i]); break;         \
    case NNB_ATAN: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)atan(a[i]); break;         \
    case NNB_SINH: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)sinh(a[i]); break;         \
    case NNB_COSH: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)cosh(a[i]); break;         \
    case NNB_ERF: for (ptrdiff_t i = 0; i < n; i++) out[i] = (T)erf(a[i]); break;           \
    }

void nnb_unary_f64(int function, ptrdiff_t n, const double *a, double *out) {
    if (function <= NNB_LOG) loops()->unary_f64[function](n, a, out);
    else CALLS(double)
}
void nnb_unary_f32(int function, ptrdiff_t n, const float *a, float *out) {
    if (function <= NNB_LOG) loops()->unary_f32[function](n, a, out);
    else CALLS(float)
}
double nnb_unary_number(int function, double x) {
    double y = x;
    nnb_unary_f64(function, 1, &x, &y);
    return y;
}

double nnb_sum_f64(ptrdiff_t n, const double *a) { return loops()->sum_f64(n, a); }
double nnb_sum_f32(ptrdiff_t n, const float *a) { return loops()->sum_f32(n, a); }
double nnb_sum_u8(ptrdiff_t n, const uint8_t *a) { return loops()->sum_u8(n, a); }
double nnb_dot_f64(ptrdiff_t n, const double *a, const double *b) { return loops()->dot_f64(n, a, b); }
double nnb_dot_f32(ptrdiff_t n, const float *a, const float *b) { return loops()->dot_f32(n, a, b); }
double nnb_sum_squares_f64(ptrdiff_t n, const double *a, double centre) {
    return loops()->sum_squares_f64(n, a, centre);
}
void nnb_add_multiple_f64(ptrdiff_t n, double factor, const double *x, double *y) {
    loops()->add_multiple_f64(n, factor, x, y);
}
void nnb_add_multiple_f32(ptrdiff_t n, float factor, const float *x, float *y) {
    loops()->add_multiple_f32(n, factor, x, y);
}
// Each row of the result is summed up in registers, in the order of k.
void nnb_narrow_product_f64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, const double *b, double *out) {
    for (ptrdiff_t row = 0; row < m; row++) {
        ptrdiff_t column = 0;
        for (; column + 4 <= n; column += 4) {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (ptrdiff_t i = 0; i < k; i++) {
                double x = a[row * k + i];
                const double *y = b + i * n + column;
                s0 += x * y[0], s1 += x * y[1], s2 += x * y[2], s3 += x * y[3];
            }
            double *z = out + row * n + column;
            z[0] = s0, z[1] = s1, z[2] = s2, z[3] = s3;
        }
        for (; column < n; column++) {
            double sum = 0;
            for (ptrdiff_t i = 0; i < k; i++) sum += a[row * k + i] * b[i * n + column];
            out[row * n + column] = sum;
        }
    }
}
void nnb_accumulate_f32(ptrdiff_t n, const float *a, double *total) { loops()->accumulate_f32(n, a, total); }
void nnb_accumulate_u8(ptrdiff_t n, const uint8_t *a, double *total) { loops()->accumulate_u8(n, a, total); }
void nnb_f64_from_f32(ptrdiff_t n, const float *a, double *out) { loops()->f64_from_f32(n, a, out); }
void nnb_f64_from_u8(ptrdiff_t n, const uint8_t *a, double *out) { loops()->f64_from_u8(n, a, out); }
void nnb_f32_from_f64(ptrdiff_t n, const double *a, float *out) { loops()->f32_from_f64(n, a, out); }
void nnb_f32_from_u8(ptrdiff_t n, const uint8_t *a, float *out) { loops()->f32_from_u8(n, a, out); }
