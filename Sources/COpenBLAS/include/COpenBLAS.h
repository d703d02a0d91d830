/// Double precision products and decompositions from the system's library: OpenBLAS, or Accelerate on macOS. It is
/// loaded at the first call and not before; the calls give NNB_NO_LIBRARY where it is not installed.
///
/// Matrices are in column-major order, as Fortran has them, unless it is said otherwise.
#pragma once
#include <stdint.h>

/// No library, or one without the routine.
enum { NNB_NO_LIBRARY = -1000, NNB_NO_MEMORY = -1001 };

/// 1 if products can be had. Loads the library.
int32_t nnb_blas_available(void);

/// Row-major: c[m, n] = op(a) op(b) + beta c with op the transpose where the flag is 1; lda is the length of a row of `a` as
/// it is stored. Only where `nnb_blas_available()`.
void nnb_dgemm(
    int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k,
    const double *a, int32_t lda, const double *b, int32_t ldb, double beta, double *c, int32_t ldc);

// The rest give LAPACK's info: 0 for success, above 0 for what the routine could not do.

/// LU of a[n, n] in place, rows exchanged as `pivots` (from 1) tell.
int32_t nnb_dgetrf(int32_t n, double *a, int32_t *pivots);
/// b[n, columns] becomes the solution of a x = b; `a` is overwritten by its LU.
int32_t nnb_dgesv(int32_t n, int32_t columns, double *a, int32_t *pivots, double *b);
/// a[m, n] = u diag(s) vt with u[m, k], s[k], vt[k, n], k = min(m, n).
int32_t nnb_dgesdd(int32_t m, int32_t n, double *a, double *s, double *u, double *vt);
/// Eigenvalues of a symmetric a[n, n] in ascending order; its columns become the eigenvectors.
int32_t nnb_dsyevd(int32_t n, double *a, double *values);
/// Eigenvalues of any a[n, n] (real and imaginary parts) and eigenvectors as the columns of `vectors`.
int32_t nnb_dgeev(int32_t n, double *a, double *real, double *imaginary, double *vectors);
/// a[m, n] becomes q[m, k] with r[k, n] upper triangular, k = min(m, n).
int32_t nnb_dgeqrf(int32_t m, int32_t n, double *a, double *r);
/// x of least norm that makes |a x - b| least: b[max(m, n), columns] becomes x; s[min(m, n)] are singular values.
int32_t nnb_dgelsd(
    int32_t m, int32_t n, int32_t columns, double *a, double *b, double *s, double rcond, int32_t *rank);
