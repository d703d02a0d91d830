#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CXSMM.h"

#include <stddef.h>

#if defined(__linux__) && defined(__x86_64__)

#include <libxsmm.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

// Left alone the library asks OpenMP to pin threads, and one that is loaded later would put ours on one core.
static void begin(void) {
    int is_asked = getenv("OMP_PROC_BIND") != NULL;
    if (!is_asked) setenv("OMP_PROC_BIND", "FALSE", 1);
    libxsmm_init();
    if (!is_asked) unsetenv("OMP_PROC_BIND");
}

// The library's matrices are stored by columns: it multiplies the transposes, bᵀ op(a)ᵀ.
nnb_small_product nnb_small_product_for(
    int32_t transpose_a, int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc, int32_t adds) {
    const int64_t longest = INT32_MAX;
    if (m <= 0 || n <= 0 || k <= 0 || m > longest || n > longest || k > longest || lda > longest || ldb > longest || ldc > longest)
        return NULL;
    pthread_once(&once, begin);
    libxsmm_blasint left = (libxsmm_blasint)ldb, right = (libxsmm_blasint)lda, result = (libxsmm_blasint)ldc;
    float alpha = 1, beta = adds ? 1 : 0;
    int flags = (transpose_a ? LIBXSMM_GEMM_FLAG_TRANS_B : 0) | (adds ? 0 : LIBXSMM_GEMM_FLAG_BETA_0);
    libxsmm_smmfunction made = libxsmm_smmdispatch(
        (libxsmm_blasint)n, (libxsmm_blasint)m, (libxsmm_blasint)k, &left, &right, &result, &alpha, &beta, &flags, NULL);
    return (nnb_small_product)(void *)made;
}

#else

nnb_small_product nnb_small_product_for(
    int32_t transpose_a, int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc, int32_t adds) {
    return NULL;
}

#endif
