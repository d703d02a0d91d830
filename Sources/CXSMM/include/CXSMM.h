/// LIBXSMM: products of small matrices by code that is made for their shape when it is first asked for. A call costs
/// nothing but the product, so that even a few rows at a time are multiplied at the processor's full rate.
#pragma once
#include <stdint.h>

#pragma clang assume_nonnull begin

/// c[m, n] = op(a) b, or c += op(a) b, for the shape it was made for.
typedef void (*nnb_small_product)(const float *b, const float *a, float *c);

/// The code for a shape, matrices row-major with rows lda, ldb and ldc apart; `transpose_a` where a is [k, m]. NULL where
/// the library has none: not on this processor or system, or not for this shape. Sums go over k from first to last.
nnb_small_product _Nullable nnb_small_product_for(
    int32_t transpose_a, int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc, int32_t adds);

#pragma clang assume_nonnull end
