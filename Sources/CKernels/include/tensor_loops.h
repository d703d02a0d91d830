/// The loops under the operations on tensors: element by element, and sums. Compiled for three instruction sets,
/// chosen once. Every result is the same on each of them, bit for bit: sums run in eight lanes whatever the
/// machine's width is, and no product is fused with a sum.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The order is that of Swift's `BinaryOperation`.
enum {
    NNB_ADD, NNB_SUBTRACT, NNB_MULTIPLY, NNB_DIVIDE, NNB_MAXIMUM, NNB_MINIMUM,
    NNB_FLOOR_DIVIDE, NNB_MODULO, NNB_POWER,
    NNB_EQUAL, NNB_NOT_EQUAL, NNB_LESS, NNB_LESS_EQUAL, NNB_GREATER, NNB_GREATER_EQUAL,
    NNB_AND, NNB_OR
};

/// Which operand runs along; the other one is a single element.
enum { NNB_BOTH_RUN, NNB_LEFT_RUNS, NNB_RIGHT_RUNS };

/// out[i] = a[i] op b[i] for the operations up to NNB_POWER. `out` may be `a` or `b`.
void nnb_binary_f64(int op, int form, ptrdiff_t n, const double *a, const double *b, double *out);
void nnb_binary_f32(int op, int form, ptrdiff_t n, const float *a, const float *b, float *out);

/// out[i] = a[i] op b[i], 0 or 1, for the comparisons (and NNB_AND, NNB_OR of bytes that are 0 or 1).
void nnb_compare_f64(int op, int form, ptrdiff_t n, const double *a, const double *b, uint8_t *out);
void nnb_compare_f32(int op, int form, ptrdiff_t n, const float *a, const float *b, uint8_t *out);
void nnb_compare_u8(int op, int form, ptrdiff_t n, const uint8_t *a, const uint8_t *b, uint8_t *out);

/// The order is that of Swift's `UnaryFunction`.
enum {
    NNB_NEGATE, NNB_ABS, NNB_SIGN, NNB_SQRT, NNB_SQUARE, NNB_FLOOR, NNB_CEIL, NNB_ROUND, NNB_EXP, NNB_TANH,
    NNB_LOG, NNB_LOG2, NNB_LOG10, NNB_LOG1P, NNB_EXPM1,
    NNB_SIN, NNB_COS, NNB_TAN, NNB_ASIN, NNB_ACOS, NNB_ATAN, NNB_SINH, NNB_COSH, NNB_ERF
};

/// out[i] = f(a[i]). `out` may be `a`.
void nnb_unary_f64(int function, ptrdiff_t n, const double *a, double *out);
void nnb_unary_f32(int function, ptrdiff_t n, const float *a, float *out);
/// The same of one number.
double nnb_unary_number(int function, double x);

/// Python's floored quotient and remainder, of a divisor that is not zero.
double nnb_floor_divide(double a, double b);
double nnb_modulo(double a, double b);

/// The sum of n elements, pairwise in runs of 128: the error grows with log n.
double nnb_sum_f64(ptrdiff_t n, const double *a);
/// float32 adds up in double precision.
double nnb_sum_f32(ptrdiff_t n, const float *a);
double nnb_sum_u8(ptrdiff_t n, const uint8_t *a);
/// The sum of a[i] b[i].
double nnb_dot_f64(ptrdiff_t n, const double *a, const double *b);
double nnb_dot_f32(ptrdiff_t n, const float *a, const float *b);
/// The sum of (a[i] - centre)^2.
double nnb_sum_squares_f64(ptrdiff_t n, const double *a, double centre);
/// y[i] += factor x[i].
void nnb_add_multiple_f64(ptrdiff_t n, double factor, const double *x, double *y);
void nnb_add_multiple_f32(ptrdiff_t n, float factor, const float *x, float *y);
/// out[m, n] = a[m, k] b[k, n] for matrices so small that the call of a library costs more: n up to NNB_NARROW.
enum { NNB_NARROW = 16 };
void nnb_narrow_product_f64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, const double *b, double *out);
/// total[i] += a[i], in double precision.
void nnb_accumulate_f32(ptrdiff_t n, const float *a, double *total);
void nnb_accumulate_u8(ptrdiff_t n, const uint8_t *a, double *total);

/// Conversions.
void nnb_f64_from_f32(ptrdiff_t n, const float *a, double *out);
void nnb_f64_from_u8(ptrdiff_t n, const uint8_t *a, double *out);
void nnb_f32_from_f64(ptrdiff_t n, const double *a, float *out);
void nnb_f32_from_u8(ptrdiff_t n, const uint8_t *a, float *out);
