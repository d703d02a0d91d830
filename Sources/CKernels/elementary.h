// What the loops of every instruction set begin with: exp, tanh and log1p without branches, and the names of a type's
// and an instruction set's own functions. Included by the C files of the kernels only.
#pragma once
#include <math.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

// exp without a branch, so that it runs in vector lanes: x = k ln 2 + r with ln 2 in two pieces (the first ends in
// zeros, so that k times it is exact), a Taylor polynomial of r, and 2^k applied in two halves, because it reaches
// beyond the exponent's range on the way to infinity and zero. NaN passes both bounds and stays.

// exp x is what this gives times 2^power.
INLINE float exp_float_reduced(float x, int32_t *power) {
    float shifted = x * 1.44269504f + 12582912.0f;
    float k = shifted - 12582912.0f;
    float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float q = 1.0f / 5040;
    q = q * r + 1.0f / 720;
    q = q * r + 1.0f / 120;
    q = q * r + 1.0f / 24;
    q = q * r + 1.0f / 6;
    q = q * r + 0.5f;
    uint32_t bits;
    memcpy(&bits, &shifted, 4);
    *power = (int32_t)(bits << 16) >> 16;
    return 1 + (r + r * r * q);
}

INLINE float power_of_two_float(int32_t power) {
    uint32_t bits = (uint32_t)(power + 127) << 23;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

INLINE float exp_float(float x) {
    int32_t power;
    float q = exp_float_reduced(x > 89 ? 89 : x < -105 ? -105 : x, &power);
    int32_t half = power >> 1;
    return q * power_of_two_float(half) * power_of_two_float(power - half);
}

INLINE double exp_double(double x) {
    double bounded = x > 710 ? 710 : x < -746 ? -746 : x;
    double shifted = bounded * 1.4426950408889634 + 6755399441055744.0;
    double k = shifted - 6755399441055744.0;
    double r = (bounded - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
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
    q = 1 + (r + r * r * q);
    uint64_t bits;
    memcpy(&bits, &shifted, 8);
    int64_t power = (int64_t)(bits << 32) >> 32;
    int64_t half = power >> 1;
    uint64_t first_bits = (uint64_t)(half + 1023) << 52, second_bits = (uint64_t)(power - half + 1023) << 52;
    double first, second;
    memcpy(&first, &first_bits, 8);
    memcpy(&second, &second_bits, 8);
    return q * first * second;
}

// tanh by (1 - e) / (1 + e), e = exp(-2|x|); below 0.5, where that cancels, by its continued fraction. Beyond 10 it is 1.
INLINE float tanh_float(float x) {
    float size = __builtin_fabsf(x);
    int32_t power;
    float e = exp_float_reduced(size > 10 ? -20 : -2 * size, &power);
    e *= power_of_two_float(power);
    float s = x * x;
    // One division for both.
    float above = size < 0.5f ? size * (945 + s * (105 + s)) : 1 - e;
    float below = size < 0.5f ? 945 + s * (420 + s * 15) : 1 + e;
    return __builtin_copysignf(above / below, x);
}

INLINE double tanh_double(double x) {
    double size = __builtin_fabs(x);
    double e = exp_double(-2 * size);
    double s = x * x;
    double above = size < 0.25 ? size * (34459425 + s * (4729725 + s * (135135 + s * (990 + s)))) : 1 - e;
    double below = size < 0.25 ? 34459425 + s * (16216200 + s * (945945 + s * (13860 + s * 45))) : 1 + e;
    return __builtin_copysign(above / below, x);
}

// log(1 + e) for 0 <= e <= 1 by 2 artanh(e / (2 + e)), whose argument is at most 1/3.
INLINE double log1p_double(double e) {
    double s = e / (2 + e), t = s * s, q = 1.0 / 33;
    for (int n = 31; n >= 1; n -= 2) q = q * t + 1.0 / n;
    return 2 * s * q;
}

INLINE float log1p_float(float e) {
    float s = e / (2 + e), t = s * s, q = 1.0f / 15;
    for (int n = 13; n >= 1; n -= 2) q = q * t + 1.0f / n;
    return 2 * s * q;
}

#define VECTOR _Pragma("clang loop vectorize(enable) interleave(enable)")

#define JOIN2(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN2(a, b, c)
#define NAME(x) JOIN(x, REAL, SET)
#define F(x) JOIN3(x, REAL)
#define JOIN3(a, b) JOIN4(a, b)
#define JOIN4(a, b) a##_##b

// The best instruction set of this processor: 3 AVX-512, 2 AVX2, 1 what every one has.
static inline int nnb_instruction_set(void) {
    static _Atomic int chosen;
    int set = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (set) return set;
    set = 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
        set = 3;
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        set = 2;
#endif
    atomic_store_explicit(&chosen, set, memory_order_relaxed);
    return set;
}
