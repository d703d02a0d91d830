#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // setenv, which strict C hides
#endif
#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef int32_t integer;

// The serial build of OpenBLAS hands out its buffers without a lock: two threads inside it would share one.
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
#define LOCKED(call)                            \
    do {                                        \
        pthread_mutex_lock(&one_at_a_time);     \
        call;                                   \
        pthread_mutex_unlock(&one_at_a_time);   \
    } while (0)

static void *library;
static void (*dgemm)(
    const char *, const char *, const integer *, const integer *, const integer *, const double *, const double *,
    const integer *, const double *, const integer *, const double *, double *, const integer *);

static void load(void) {
#if defined(__APPLE__)
    library = dlopen("/System/Library/Frameworks/Accelerate.framework/Accelerate", RTLD_LAZY | RTLD_LOCAL);
#else
#if defined(__x86_64__)
    // OpenBLAS before 0.3.27 does not know newer processors and falls back to kernels half as fast.
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
#endif
    // Its threads would fight with ours, and the order of sums would depend on their number.
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    library = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_LOCAL);
    if (!library) library = dlopen("libopenblas.so", RTLD_LAZY | RTLD_LOCAL);
    if (library) {
        void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
        if (set_threads) set_threads(1);
    }
#endif
    if (library) dgemm = dlsym(library, "dgemm_");
}

static void *symbol(const char *name) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return library && name ? dlsym(library, name) : NULL;
}

int32_t nnb_blas_available(void) {
    symbol(NULL);
    return dgemm != NULL;
}

void nnb_dgemm(
    int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k,
    const double *a, int32_t lda, const double *b, int32_t ldb, double beta, double *c, int32_t ldc) {
    // A row-major matrix is the transpose of a column-major one: c' = b' a'.
    double one = 1;
    LOCKED(dgemm(transpose_b ? "T" : "N", transpose_a ? "T" : "N", &n, &m, &k, &one, b, &ldb, a, &lda, &beta, c, &ldc));
}

int32_t nnb_dgetrf(int32_t n, double *a, int32_t *pivots) {
    void (*routine)(integer *, integer *, double *, integer *, integer *, integer *) = symbol("dgetrf_");
    if (!routine) return NNB_NO_LIBRARY;
    integer info = 0;
    LOCKED(routine(&n, &n, a, &n, pivots, &info));
    return info;
}

int32_t nnb_dgesv(int32_t n, int32_t columns, double *a, int32_t *pivots, double *b) {
    void (*routine)(integer *, integer *, double *, integer *, integer *, double *, integer *, integer *) =
        symbol("dgesv_");
    if (!routine) return NNB_NO_LIBRARY;
    integer info = 0;
    LOCKED(routine(&n, &columns, a, &n, pivots, b, &n, &info));
    return info;
}

// The workspace routines are called twice: once to ask how much they want.
#define WORKSPACE(size, integers, ...)                                       \
    integer info = 0, work_size = -1, wanted_integers = 1;                   \
    double wanted = 0, *work = &wanted;                                      \
    integer *integer_work = &wanted_integers;                                \
    LOCKED(__VA_ARGS__);                                                     \
    if (info != 0) return info;                                              \
    work_size = (integer)wanted > (size) ? (integer)wanted : (size);         \
    integer integer_size = wanted_integers > (integers) ? wanted_integers : (integers); \
    work = malloc(sizeof(double) * (size_t)work_size);                       \
    integer_work = malloc(sizeof(integer) * (size_t)integer_size);           \
    if (!work || !integer_work) { info = NNB_NO_MEMORY; } else { LOCKED(__VA_ARGS__); } \
    free(work);                                                              \
    free(integer_work);                                                      \
    return info;

int32_t nnb_dgesdd(int32_t m, int32_t n, double *a, double *s, double *u, double *vt) {
    void (*routine)(
        const char *, integer *, integer *, double *, integer *, double *, double *, integer *, double *, integer *,
        double *, integer *, integer *, integer *) = symbol("dgesdd_");
    if (!routine) return NNB_NO_LIBRARY;
    integer k = m < n ? m : n;
    WORKSPACE(1, 8 * k + 1, routine("S", &m, &n, a, &m, s, u, &m, vt, &k, work, &work_size, integer_work, &info))
}

int32_t nnb_dsyevd(int32_t n, double *a, double *values) {
    void (*routine)(
        const char *, const char *, integer *, double *, integer *, double *, double *, integer *, integer *, integer *,
        integer *) = symbol("dsyevd_");
    if (!routine) return NNB_NO_LIBRARY;
    integer integer_work_size = 5 * n + 3;
    WORKSPACE(
        1, integer_work_size,
        integer asked = work_size < 0 ? -1 : integer_work_size;
        routine("V", "U", &n, a, &n, values, work, &work_size, integer_work, &asked, &info))
}

int32_t nnb_dgeev(int32_t n, double *a, double *real, double *imaginary, double *vectors) {
    void (*routine)(
        const char *, const char *, integer *, double *, integer *, double *, double *, double *, integer *, double *,
        integer *, double *, integer *, integer *) = symbol("dgeev_");
    if (!routine) return NNB_NO_LIBRARY;
    integer one = 1;
    double none = 0;
    WORKSPACE(
        1, 1,
        routine("N", "V", &n, a, &n, real, imaginary, &none, &one, vectors, &n, work, &work_size, &info))
}

static int32_t factor(int32_t m, int32_t n, double *a, double *tau) {
    void (*routine)(integer *, integer *, double *, integer *, double *, double *, integer *, integer *) =
        symbol("dgeqrf_");
    if (!routine) return NNB_NO_LIBRARY;
    WORKSPACE(1, 1, routine(&m, &n, a, &m, tau, work, &work_size, &info))
}

static int32_t build_q(int32_t m, int32_t k, double *a, double *tau) {
    void (*routine)(
        integer *, integer *, integer *, double *, integer *, double *, double *, integer *, integer *) =
        symbol("dorgqr_");
    if (!routine) return NNB_NO_LIBRARY;
    WORKSPACE(1, 1, routine(&m, &k, &k, a, &m, tau, work, &work_size, &info))
}

int32_t nnb_dgeqrf(int32_t m, int32_t n, double *a, double *r) {
    int32_t k = m < n ? m : n;
    double *tau = malloc(sizeof(double) * (size_t)(k > 0 ? k : 1));
    if (!tau) return NNB_NO_MEMORY;
    int32_t info = factor(m, n, a, tau);
    if (info == 0) {
        for (int32_t column = 0; column < n; column++)
            for (int32_t row = 0; row < k; row++)
                r[(size_t)column * k + row] = row <= column ? a[(size_t)column * m + row] : 0;
        info = build_q(m, k, a, tau);
    }
    free(tau);
    return info;
}

int32_t nnb_dgelsd(
    int32_t m, int32_t n, int32_t columns, double *a, double *b, double *s, double rcond, int32_t *rank) {
    void (*routine)(
        integer *, integer *, integer *, double *, integer *, double *, integer *, double *, double *, integer *,
        double *, integer *, integer *, integer *) = symbol("dgelsd_");
    if (!routine) return NNB_NO_LIBRARY;
    integer ldb = m > n ? m : n;
    WORKSPACE(
        1, 1,
        routine(&m, &n, &columns, a, &m, b, &ldb, s, &rcond, rank, work, &work_size, integer_work, &info))
}
