#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "COneDNN.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static const char *name = "loops";
static pthread_once_t once = PTHREAD_ONCE_INIT;

#if defined(__APPLE__)

static void (*cblas)(
    int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

static void load(void) {
    void *library = dlopen("/System/Library/Frameworks/Accelerate.framework/Accelerate", RTLD_LAZY | RTLD_LOCAL);
    if (library) cblas = dlsym(library, "cblas_sgemm");
    if (cblas) name = "Accelerate";
}

static int call_library(
    int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    const int64_t longest = INT32_MAX;
    if (!cblas || m > longest || n > longest || k > longest || lda > longest || ldb > longest || ldc > longest) return 0;
    enum { row_major = 101, plain = 111, transposed = 112 };
    cblas(
        row_major, transpose_a ? transposed : plain, transpose_b ? transposed : plain, (int)m, (int)n, (int)k, alpha, a,
        (int)lda, b, (int)ldb, beta, c, (int)ldc);
    return 1;
}

#else

// The one function of oneDNN that is the same in its versions 2 and 3. Its matrices are row-major.
static int (*dnnl_sgemm)(
    char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float, float *,
    int64_t);
static void (*set_threads)(int);

static void load(void) {
    static const char *const names[] = {"libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"};
    void *library = NULL;
    for (int i = 0; i < 3 && !library; i++) library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
    if (!library) return;
    dnnl_sgemm = dlsym(library, "dnnl_sgemm");
    set_threads = dlsym(library, "omp_set_num_threads");
    if (dnnl_sgemm) name = "oneDNN";
}

static int call_library(
    int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    if (!dnnl_sgemm) return 0;
    // The library's own threads would fight with ours: OpenMP keeps their number for each thread that calls.
    static _Thread_local int limited;
    if (!limited) {
        if (set_threads) set_threads(1);
        limited = 1;
    }
    return dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) == 0;
}

#endif

const char *nnb_sgemm_library(void) {
    pthread_once(&once, load);
    return name;
}

void nnb_sgemm(
    int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    if (m <= 0 || n <= 0) return;
    pthread_once(&once, load);
    if (k > 0
        && call_library(transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
        return;
    nnb_sgemm_loops(transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

// Blocks of columns and of the inner dimension, so that the piece of b that a row meets stays in the cache.
void nnb_sgemm_loops(
    int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k, float alpha,
    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    enum { width = 64, depth = 128 };
    float piece[depth * width];
    int64_t a_down = transpose_a ? 1 : lda, a_across = transpose_a ? lda : 1;
    int64_t b_down = transpose_b ? 1 : ldb, b_across = transpose_b ? ldb : 1;
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
    for (int64_t column = 0; column < n; column += width) {
        int64_t columns = n - column < width ? n - column : width;
        for (int64_t inner = 0; inner < k; inner += depth) {
            int64_t inners = k - inner < depth ? k - inner : depth;
            for (int64_t l = 0; l < inners; l++)
                for (int64_t j = 0; j < columns; j++)
                    piece[l * width + j] = b[(inner + l) * b_down + (column + j) * b_across];
            for (int64_t i = 0; i < m; i++) {
                float sum[width];
                float *out = c + i * ldc + column;
                for (int64_t j = 0; j < columns; j++) sum[j] = out[j];
                for (int64_t l = 0; l < inners; l++) {
                    float factor = alpha * a[i * a_down + (inner + l) * a_across];
                    const float *row = piece + l * width;
                    for (int64_t j = 0; j < columns; j++) sum[j] += factor * row[j];
                }
                for (int64_t j = 0; j < columns; j++) out[j] = sum[j];
            }
        }
    }
}
