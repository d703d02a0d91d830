#include "training.h"

#include "elementary.h"

// x Φ(x), by the complement so that nothing is lost far below 0.
INLINE double gelu_exact(double x) { return 0.5 * x * erfc(-x * 0.70710678118654752); }

INLINE double sinc_value(double x) { return x == 0 ? 1 : sin(x) / x; }

// cos x / x - sin x / x^2; near 0, where that cancels, by its series: the sum of (-1)^n 2n x^(2n - 1) / (2n + 1)!.
INLINE double sinc_slope(double x) {
    if (x > 0.5 || x < -0.5 || x != x) return (cos(x) - sin(x) / x) / x;
    double s = x * x, term = x, sum = 0;
    for (int n = 1; n <= 8; n++) {
        term /= -(2.0 * n) * (2.0 * n + 1);
        sum += 2 * n * term;
        term *= s;
    }
    return sum;
}

INLINE double soft_exponential(double a, double x) {
    return a > 0 ? expm1(a * x) / a + a : a < 0 ? -log1p(-a * (x + a)) / a : x;
}

// A number in [0, 1) of 24 bits for a place under a key: the finalizer of splitmix64 (Steele et al. 2014).
INLINE float nnb_draw(uint64_t key, uint64_t place) {
    uint64_t x = key + (place + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return (float)(int32_t)(x >> 40) * 0x1p-24f;
}

// Bytes of a vector of the set.
// Vectors of a row of a product's tile.
enum { VECTORS = 2 };

#define SET plain
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define MULTIPLY_ADD __builtin_elementwise_fma
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif
#define REAL float
#include "training_body.h"
#undef REAL
#define REAL double
#include "training_body.h"
#undef REAL
#undef SET
#undef VECTOR_BYTES
#undef MULTIPLY_ADD

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SET avx2
#define VECTOR_BYTES 32
#define MULTIPLY_ADD __builtin_elementwise_fma
#define REAL float
#include "training_body.h"
#undef REAL
#define REAL double
#include "training_body.h"
#undef REAL
#undef SET
#undef VECTOR_BYTES
#undef MULTIPLY_ADD
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma"))), apply_to = function)
#define SET avx512
#define VECTOR_BYTES 64
#define MULTIPLY_ADD __builtin_elementwise_fma
#define REAL float
#include "training_body.h"
#undef REAL
#define REAL double
#include "training_body.h"
#undef REAL
#undef SET
#undef VECTOR_BYTES
#undef MULTIPLY_ADD
#pragma clang attribute pop
#endif

const nnb_training *nnb_training_loops(int32_t is_double) {
    int set = nnb_instruction_set();
    (void)set;
#if defined(__x86_64__)
    if (set == 3) return is_double ? &loops_double_avx512 : &loops_float_avx512;
    if (set == 2) return is_double ? &loops_double_avx2 : &loops_float_avx2;
#endif
    return is_double ? &loops_double_plain : &loops_float_plain;
}
