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

// The finalizer of splitmix64 (Steele et al. 2014).
INLINE uint64_t nnb_mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// A number in [0, 1) of 24 bits for a place under a key that was mixed: keys that grow as places do would give the same
// numbers again, one place further.
INLINE float nnb_draw(uint64_t key, uint64_t place) {
    return (float)(int32_t)(nnb_mixed(key + (place + 1) * 0x9e3779b97f4a7c15u) >> 40) * 0x1p-24f;
}

// Vectors of a row of a product's tile.
enum { VECTORS = 2 };

#define BODY "training_body.h"
#include "each_set.h"

const nnb_training *nnb_training_loops(int32_t is_double) { return TABLE(loops); }
