/// Single precision products of matrices from the system's library: oneDNN, or Accelerate on macOS. It is loaded at the
/// first call and not before; blocked loops stand in where it is not installed.
#pragma once
#include <stdint.h>

/// Row-major: c[m, n] = alpha op(a) op(b) + beta c with op the transpose where the flag is 1; lda, ldb and ldc are the
/// lengths of a row as it is stored. Runs on the calling thread alone; any number of threads may call at once.
/// With beta 0 nothing is read of c.
void nnb_sgemm(
    int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/// The same by the loops that stand in for the library.
void nnb_sgemm_loops(
    int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/// The name of the library in use, or "loops".
const char *nnb_sgemm_library(void);
